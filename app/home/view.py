"""The home screen: its frame at once, its figures when the window is there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from app.board import Connection
from app.home.chart import ActivationChart
from app.home.tiles import ActionTile
from app.home.todo_view import TodoPanel
from app.screen import Context, Screen
from app.widgets.buttons import primary
from app.widgets.figure import KeyFigure
from app.widgets.labels import label
from app.widgets.page import GAP, PageHeader, page_layout
from app.widgets.panel import Panel
from app.widgets.pill import Kind, Pill, PillData
from app.widgets.progress import Bar
from app.widgets.tabbing import tab_last

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.home.presenter import Known
    from app.home.todo import Todo
    from app.tasks import Reporter

CARDS_HEIGHT = 186


def make(context: Context) -> Screen:
    return HomeScreen(context)


class HomeScreen(Screen):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._incomplete: int | None = None
        self._build()
        board = context.board
        for signal in (
            board.history_changed,
            board.schedule_changed,
            board.nights_changed,
            board.overview_changed,
            board.shared_changed,
            board.unpublished_changed,
            board.connection_changed,
        ):
            signal.connect(self._show)
        board.reading_changed.connect(self._count_addresses)
        board.accounts_changed.connect(self._count_addresses)
        if board.reading is not None:
            self._count_addresses()

    def shown(self) -> None:
        self._context.board.refresh_history()
        self._context.board.refresh_overview()
        self._show()

    # What it shows

    def _known(self) -> Known:
        from app.home.presenter import Known  # noqa: PLC0415 - see the module

        board = self._context.board
        return Known(
            now=dt.datetime.now().astimezone(),
            history=board.history,
            overview=board.overview,
            dossiers=None if board.reading is None else len(board.dossiers),
            incomplete=self._incomplete,
            reads_source=board.reads_source,
            unpublished=board.unpublished,
            conflicts=len(board.shared.conflicts) if board.shared else 0,
            newer_settings=len(self._context.desk.config.newer),
            is_offline=board.connection is Connection.OFFLINE,
            evening=board.evening,
            is_scheduled=board.is_scheduled,
        )

    def _show(self) -> None:
        from app.home import presenter, todo  # noqa: PLC0415 - see the module

        known = self._known()
        self.header.set_aside(presenter.today(known))
        sync = presenter.sync_card(known)
        self.sync_figure.show_value(sync.figure, sync.aside)
        self.sync_pill.setVisible(sync.verdict is not None)
        if sync.verdict is not None:
            self.sync_pill.show_state(PillData(Kind[sync.verdict.tone.value], sync.verdict.words))
        self.sync_below.setText(sync.below)
        published = presenter.published_card(known)
        self.published_figure.show_value(published.figure, published.aside)
        self.published_bar.setVisible(published.part is not None)
        self.published_bar.show_part(published.part or 0)
        self.published_below.setText(published.below)
        activated = presenter.activated_card(known)
        self.chart.show_card(activated)
        self.activated_share.setText(activated.share)
        self.todo.show_list(todo.todo_list(known))
        tab_last(*self.tiles.values())

    def _count_addresses(self) -> None:
        board = self._context.board
        if board.reading is None:
            self._incomplete = None
            self._show()
            return
        dossiers, accounts = board.dossiers, board.accounts

        def counted(_: Reporter) -> int:
            # In the worker: letters' modules are no part of what the first window needs.
            from app.home.addresses import incomplete_addresses  # noqa: PLC0415 - see above

            return incomplete_addresses(dossiers, accounts)

        def keep(count: int) -> None:
            self._incomplete = count
            self._show()

        self._context.tasks.run(counted, done=keep, owner=self)

    # What it leads to

    def _go(self, todo: Todo) -> None:
        self._context.navigate(todo.goes_to, todo.subject)

    def _to(self, key: str, subject: object = None) -> Callable[[], None]:
        return lambda: self._context.navigate(key, subject)

    def _open_portal(self) -> None:
        from PySide6.QtCore import QUrl  # noqa: PLC0415 - see the module
        from PySide6.QtGui import QDesktopServices  # noqa: PLC0415 - see the module

        from portal.pages.addresses import CABINET_SIGN_IN  # noqa: PLC0415 - see the module

        config = self._context.desk.config
        QDesktopServices.openUrl(QUrl(config.portal.rstrip("/") + CABINET_SIGN_IN.format(code=config.cabinet)))

    # Making

    def _build(self) -> None:
        layout = page_layout(self)
        self.header = PageHeader("Bonjour")
        self.sync_button = primary("Synchroniser maintenant", "arrows-clockwise")
        self.sync_button.clicked.connect(self._to("publishing", "start"))
        self.header.add(self.sync_button)
        layout.addWidget(self.header)
        cards = QHBoxLayout()
        cards.setSpacing(GAP)
        cards.addWidget(self._sync_card(), 338)
        cards.addWidget(self._published_card(), 338)
        cards.addWidget(self._activated_card(), 422)
        layout.addLayout(cards)
        below = QHBoxLayout()
        below.setSpacing(GAP)
        self.todo = TodoPanel(self._go)
        below.addWidget(self.todo, 740)
        below.addLayout(self._tiles(), 372)
        layout.addLayout(below, 1)

    def _sync_card(self) -> Panel:
        panel = _card("Synchronisation", "arrows-clockwise")
        self.sync_figure = KeyFigure()
        self.sync_pill = Pill(Kind.NEUTRAL, "")
        self.sync_pill.hide()
        self.sync_below = label("", "quiet", wrap=True)
        panel.body.addWidget(self.sync_figure)
        panel.body.addWidget(self.sync_pill)
        panel.body.addStretch(1)
        panel.body.addWidget(self.sync_below)
        return panel

    def _published_card(self) -> Panel:
        panel = _card("Patients publiés", "users")
        self.published_figure = KeyFigure()
        self.published_bar = Bar("Part des patients publiés", height=10)
        self.published_bar.hide()
        self.published_below = label("", "quiet", wrap=True)
        panel.body.addWidget(self.published_figure)
        panel.body.addSpacing(4)
        panel.body.addWidget(self.published_bar)
        panel.body.addStretch(1)
        panel.body.addWidget(self.published_below)
        return panel

    def _activated_card(self) -> Panel:
        panel = _card("Comptes activés sur 12 mois", "chart-bar")
        self.activated_share = label("", "strong")
        panel.add_aside(self.activated_share)
        self.chart = ActivationChart()
        panel.body.addWidget(self.chart, 1)
        return panel

    def _tiles(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        self.tiles = {
            "mailing": ActionTile(
                "Informer les patients",
                "Lettre, e-mail ou SMS avec les codes d’accès",
                "envelope-open",
                is_main=True,
            ),
            "patients": ActionTile(
                "Imprimer une fiche d’accès", "Recherche par nom ou par N°\u00a0interne", "identification-card"
            ),
            "portal_editor": ActionTile("Modifier le portail", "Textes, horaires, éléments visibles", "browser"),
            "open": ActionTile("Ouvrir le portail", "Le voir comme un patient", "eye"),
        }
        for key, tile in self.tiles.items():
            tile.clicked.connect(self._open_portal if key == "open" else self._to(key))
            column.addWidget(tile, 1)
        return column


def _card(heading: str, icon: str) -> Panel:
    panel = Panel(heading, icon=icon, quiet=True)
    panel.setFixedHeight(CARDS_HEIGHT)
    panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    panel.body.setSpacing(2)
    return panel
