"""The Portail screen: texts and elements at the left, the preview at the right, the strip above."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.portal_editor.access_form import AccessForm
from app.portal_editor.detail import Detail
from app.portal_editor.draft_store import store_of
from app.portal_editor.element_tree import ElementTree
from app.portal_editor.errands import Errands
from app.portal_editor.items import said
from app.portal_editor.presenter import Presenter
from app.portal_editor.preview_panel import PreviewPanel
from app.portal_editor.strip import NOT_A_PRACTITIONER, Strip
from app.portal_editor.versions import Versions
from app.portal_editor.zone_rows import ZoneRows
from app.screen import Context, Screen
from app.widgets.empty import EmptyState
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.panel import Panel
from app.widgets.pill import Kind
from app.widgets.scrolled import Scrolled
from portal.pages.settings import PortalSettings

LEFT = 324
SAVE_AFTER = 400
"""Milliseconds without a change before the draft is written to disk."""
WAITING = "Le portail est interrogé…"
NOTHING_YET = "Les textes publiés n’ont pas encore pu être lus sur le portail."


def make(context: Context) -> Screen:
    return PortalScreen(context)


class PortalScreen(Screen):
    """Lays the parts out and brings them up to date after each change; what the portal is asked is in `Errands`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._store = store_of(context.desk)
        self.presenter = Presenter(self._store)
        self.presenter.start()
        self._shown: PortalSettings | None = None
        """What tree and form show: most keystrokes change neither."""
        self.looked_at: PortalSettings | None = None
        """A version of the past, while it is looked at."""
        self._was_told = False
        """That this computer cannot publish: said once."""
        self._save_soon = QTimer(self)
        self._save_soon.setSingleShot(True)
        self._save_soon.setInterval(SAVE_AFTER)
        self.strip = Strip()
        self.notice = Notice(dismissible=True)
        self.rows = ZoneRows()
        self.tree = ElementTree()
        self.form = AccessForm()
        self.versions = Versions()
        self.empty = EmptyState(WAITING)
        self.errands = Errands(context, self, self.presenter, self._store)
        self.panel = PreviewPanel(self.errands.surroundings())
        self._lay_out()
        self._connect()
        self.errands.start()

    # What the window asks

    def shown(self) -> None:
        self.errands.ask_what_is_missing()
        self.refresh()

    def receive(self, subject: object) -> None:
        """A patient's number: the preview shows that one."""
        if isinstance(subject, str) and subject:
            self.errands.show_number(subject)

    def busy_with(self) -> str:
        return "Une publication est en cours." if self.errands.is_publishing else ""

    def closing(self) -> None:
        self.errands.save()
        self.panel.closing()

    # What changed

    def refresh(self) -> None:
        """Everything as the draft has it now."""
        board = self._context.board
        board.set_unpublished(len(self.presenter.changes))
        is_reception = board.identity is not None and not board.is_practitioner
        self.strip.show_state(self.presenter, is_reception=is_reception, is_publishing=self.errands.is_publishing)
        if is_reception and self.presenter.changes and not self._was_told:
            self._was_told = True
            self.notice.say(Kind.INFO, NOT_A_PRACTITIONER)
        if not self.presenter.is_ready:
            self._left.setCurrentWidget(self.empty)
            return
        if self._left.currentWidget() is self.empty:
            self._left.setCurrentWidget(self._tabs)
        self._refresh_texts()
        settings = self.presenter.settings
        if self._shown is None or settings.hidden != self._shown.hidden:
            self.tree.show_settings(settings)
        self.form.show_settings(settings, self.errands.codes)
        self._shown = settings
        if self.looked_at is None:
            self.panel.show_settings(settings)

    def changed(self) -> None:
        """A person changed the draft: show it, and keep it."""
        self._save_soon.start()
        self.refresh()

    def focus_on(self, item: str) -> None:
        """Bring the place where an item is edited to the front."""
        part, _, name = item.partition(".")
        if part == "zones":
            self._choose_tab(0)
            self.rows.open(name)
        elif part == "hidden":
            self._choose_tab(0)
            self.tree.point_at(name)
        elif item:
            self._choose_tab(1)
            self.form.focus_on(item)

    def show_detail(self) -> Detail:
        """The changes one by one. Not modal: the preview stays in sight."""
        detail = Detail(self.presenter, self)
        detail.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        detail.changed.connect(self.changed)
        detail.open()
        return detail

    def look_at(self, settings: PortalSettings | None) -> None:
        """Show a version of the past in the preview; None: the draft again."""
        self.looked_at = settings
        if self.presenter.is_ready:
            self.panel.show_settings(settings or self.presenter.settings)

    def show_versions(self) -> None:
        self._left.setCurrentWidget(self.versions)
        self.errands.ask_versions()

    def close_versions(self) -> None:
        self.look_at(None)
        self._left.setCurrentWidget(self._tabs)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.rows)
        column.addStretch(1)
        texts = Scrolled("Textes du cabinet", page, sideways=False)
        both = self._both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(texts)
        both.addWidget(self.tree)
        both.setChildrenCollapsible(False)
        self._sides = QStackedWidget()
        self._sides.addWidget(both)
        self._sides.addWidget(self.form)
        self._bar = QTabBar()
        self._bar.setAccessibleName("Ce qui se modifie")
        self._bar.setExpanding(True)
        self._bar.addTab("Textes et éléments")
        self._bar.addTab("Accès et noms")
        self._tabs = QWidget()
        inner = QVBoxLayout(self._tabs)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._bar)
        inner.addWidget(self._sides, 1)
        self._left = QStackedWidget()
        for side in (self._tabs, self.versions, self.empty):
            self._left.addWidget(side)
        left = Panel(flush=True)
        left.setFixedWidth(LEFT)
        left.body.addWidget(self._left)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(left)
        row.addWidget(self.panel, 1)
        content = QVBoxLayout()
        content.setContentsMargins(18, 14, 18, 14)
        content.setSpacing(10)
        content.addWidget(self.notice)
        content.addLayout(row, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.strip)
        outer.addLayout(content, 1)

    def _connect(self) -> None:
        self._save_soon.timeout.connect(self.errands.save)
        self._bar.currentChanged.connect(self._sides.setCurrentIndex)
        self.empty.acted.connect(self._context.board.refresh_settings)
        self.rows.edited.connect(self._edit_zone)
        self.rows.revert_asked.connect(lambda name: self._do(lambda: self.presenter.revert(f"zones.{name}")))
        self.rows.opened.connect(self.panel.mark_zone)
        self.rows.grown.connect(self._fit_texts)
        self.tree.toggled.connect(lambda key: self._do(lambda: self.presenter.toggle(key), renew_tree=True))
        self.tree.pointed.connect(self.panel.point_at)
        self.form.edited.connect(self._edit_item)
        self.form.picture_chosen.connect(self.errands.choose_picture)
        self.panel.hide_asked.connect(self._hide)
        self.panel.show_asked.connect(lambda key: self._do(lambda: self.presenter.show(key)))
        self.panel.zone_asked.connect(lambda zone: self.focus_on(f"zones.{zone}"))
        self.panel.patient_chosen.connect(self.errands.show_patient)
        self.strip.detail_asked.connect(self.show_detail)
        self.strip.versions_asked.connect(self.show_versions)
        self.strip.undo_asked.connect(self.undo)
        self.strip.publish_asked.connect(self.errands.publish)
        self.versions.closed.connect(self.close_versions)
        self.versions.looked_at.connect(self.errands.ask_version)
        self.versions.taken.connect(lambda _: self._take_version())
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo), ("Ctrl+Shift+Z", self.redo)):
            QShortcut(QKeySequence(keys), self, act, context=within)

    def undo(self) -> None:
        self._travelled(self.presenter.undo())

    def redo(self) -> None:
        self._travelled(self.presenter.redo())

    def _travelled(self, item: str) -> None:
        self.changed()
        self.focus_on(item)

    def _edit_zone(self, name: str, html: str) -> None:
        if self.presenter.set_zone(name, html):
            self.changed()
        else:
            # Longer than a document may hold: what was typed last is taken back.
            self._refresh_texts()

    def _edit_item(self, item: str, value: object, typed: bool) -> None:
        self.presenter.set_value(item, value, typed=typed)  # type: ignore[arg-type]  # a signal knows no unions
        self.form.say_wrong("", "")
        self.changed()

    def _hide(self, key: str) -> None:
        self._do(lambda: self.presenter.hide(key))
        self.tree.point_at(key)

    def _do(self, act: Callable[[], None], *, renew_tree: bool = False) -> None:
        act()
        if renew_tree:
            # A click ticks the box by itself, also where nothing changes.
            self._shown = None
        self.changed()

    def _take_version(self) -> None:
        if self.looked_at is not None:
            taken = self.looked_at
            self.close_versions()
            self._do(lambda: self.presenter.replace_all(taken))

    def _refresh_texts(self) -> None:
        zones = self.presenter.settings.zones
        for name, row in self.rows.rows.items():
            html = getattr(zones, name)
            value = said(f"zones.{name}", html).replace("\n", ", ")
            row.show_state(
                html, value, self.presenter.counter(name), is_changed=self.presenter.is_changed(f"zones.{name}")
            )

    def _fit_texts(self) -> None:
        """As much height as the texts need, and at least two fifths for the elements."""
        height = self._both.height()
        texts = min(self.rows.sizeHint().height() + 10, height * 3 // 5)
        self._both.setSizes([texts, height - texts])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit_texts)

    def _choose_tab(self, index: int) -> None:
        if self._left.currentWidget() is self.versions:
            self.close_versions()
        self._bar.setCurrentIndex(index)
