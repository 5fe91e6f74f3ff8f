"""Step 3, « Contrôle »: what was found with its remedy, how the messages are spread, what they cost."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.mailing.channels import CHANNEL_ICONS, CHANNEL_LABELS
from app.mailing.check_presenter import BAD_EMAIL, GRAVITY_LABELS, Action, Checked, Concerned, Row
from app.style import TOKENS
from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.figure import KeyFigure
from app.widgets.fitting import Fitting
from app.widgets.labels import label, picture
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.panel import Panel, line
from app.widgets.pill import Kind, Pill, PillData
from app.widgets.progress import ProgressRow
from app.widgets.scrolled import Scrolled
from app.widgets.tabbing import tab_last
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel
from merge.findings import Gravity
from merge.french import agree
from merge.recipients import ChannelKind
from sync.wording import number

_NBSP = "\u00a0"
CARDS, CARDS_LEAST = 348, 270
"""Pixels of the cards at the right, as many as there is room for."""
_KINDS = {Gravity.BLOCKING: Kind.ERROR, Gravity.VERIFY: Kind.ALERT, Gravity.INFORMATION: Kind.INFO}


class CheckPage(QWidget):
    """`acted` with the row and the action that a person pressed."""

    acted = Signal(object, object)
    again_wanted = Signal()
    back_wanted = Signal()
    next_wanted = Signal()
    close_wanted = Signal()
    patient_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checked: Checked | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.notice = Notice()
        column.addWidget(self.notice)
        sides = QHBoxLayout()
        sides.setSpacing(GAP)
        sides.addWidget(self._findings_panel(), 2)
        sides.addWidget(self._cards(), 1)
        column.addLayout(sides, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        close = secondary("Fermer")
        close.clicked.connect(self.close_wanted)
        back = secondary("Destinataires", "caret-left")
        back.clicked.connect(self.back_wanted)
        self.again = secondary("Contrôler à nouveau", "arrows-clockwise")
        self.again.clicked.connect(self.again_wanted)
        self.next = primary(f"Suivant{_NBSP}: Envoi", "caret-right", after=True)
        self.next.clicked.connect(self.next_wanted)
        foot.addWidget(close)
        foot.addStretch(1)
        self._foot = (close, back, self.again, self.next)
        for button in self._foot[1:]:
            foot.addWidget(button)
        column.addLayout(foot)
        self.first = self.next  # where the keyboard begins

    def wait(self) -> None:
        """A check runs."""
        self.busy.begin("Contrôle des lettres, des e-mails et des SMS…")
        self.again.setEnabled(False)
        self.next.setEnabled(False)

    def stop_waiting(self) -> None:
        self.busy.end()
        self.again.setEnabled(True)

    def show_checked(self, checked: Checked) -> None:
        self.stop_waiting()
        self.notice.hide()
        self.checked = checked
        self.title.setText(checked.report.summary)
        counts = checked.report.counts()
        for gravity, pill in self._pills.items():
            count = counts[gravity]
            plural = {Gravity.BLOCKING: ("bloquant", "bloquants"), Gravity.INFORMATION: ("information", "informations")}
            one, many = plural.get(gravity, ("à vérifier", "à vérifier"))
            pill.show_state(PillData(_KINDS[gravity], agree(count, one, many), ""))
            pill.setVisible(count > 0)
        self._fill_rows(checked)
        tab_last(*self._foot)
        self._fill_cards(checked)
        self.next.setText(checked.continue_label)
        self.next.setEnabled(bool(checked.sendable))

    def show_concerned(self, row: Row) -> None:
        """The list behind « Corriger » and « Voir »."""
        if self.checked is None:
            return
        dialog = RecordsDialog(self, row, self.checked.concerned.get(row.finding.code, ()))
        if dialog.exec() and dialog.number:
            self.patient_wanted.emit(dialog.number)
        dialog.deleteLater()

    def _findings_panel(self) -> Panel:
        panel = Panel(flush=True)
        column = panel.body
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 16, 14)
        head.setSpacing(8)
        self.title = label("", "heading", wrap=True)
        head.addWidget(self.title, 1)
        self._pills = {gravity: Pill(kind, "") for gravity, kind in _KINDS.items()}
        for pill in self._pills.values():
            pill.hide()
            head.addWidget(pill)
        column.addLayout(head)
        self.busy = ProgressRow(can_cancel=False)
        self.busy.setContentsMargins(16, 0, 16, 12)
        column.addWidget(self.busy)
        column.addWidget(_table_head())
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        column.addWidget(Scrolled("Ce qui a été trouvé", inner), 1)
        self._buttons: dict[tuple[str, Action], QWidget] = {}
        return panel

    def _cards(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        spread = Panel("Répartition")
        spread.setMaximumWidth(CARDS)
        self._counts: dict[ChannelKind, QLabel] = {}
        for kind, icon in CHANNEL_ICONS.items():
            row, count = _count_row(CHANNEL_LABELS[kind], icon)
            self._counts[kind] = count
            spread.body.addLayout(row)
            spread.body.addWidget(line())
        row, self._excluded = _count_row("Exclus tant que non corrigés", "x-circle", wrong=True)
        spread.body.addLayout(row)
        spread.body.addWidget(line())
        row, self._total = _count_row("Total", "")
        spread.body.addLayout(row)
        self._sms = Panel("Coût des SMS")
        self._sms.setMaximumWidth(CARDS)
        self._cost = KeyFigure("", px=30)
        self._cost_words = label("", "quiet", wrap=True)
        self._sms.body.addWidget(self._cost)
        self._sms.body.addWidget(self._cost_words)
        self._post = Panel("Affranchissement")
        self._post.setMaximumWidth(CARDS)
        self._post_words = label("", "quiet", wrap=True)
        self._post.body.addWidget(self._post_words)
        for panel in (spread, self._sms, self._post):
            column.addWidget(panel)
        self._sms.hide()
        self._post.hide()
        column.addStretch(1)
        beside = Fitting(inside)
        beside.setMinimumWidth(CARDS_LEAST)
        beside.setMaximumWidth(CARDS)
        return beside

    def _fill_rows(self, checked: Checked) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons.clear()
        for row in checked.rows:
            self._rows.addWidget(self._row(row))
            self._rows.addWidget(line())
        clean = Notice()
        all_filled = "Tous les champs du modèle sont remplis." if not checked.blocked else ""
        clean.say(Kind.OK, checked.unremarked, all_filled)
        frame = QWidget()
        around = QVBoxLayout(frame)
        around.setContentsMargins(16, 16, 16, 16)
        around.addWidget(clean)
        self._rows.addWidget(frame)
        self._rows.addStretch(1)

    def _row(self, row: Row) -> QWidget:
        found = row.finding
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        gravity = QWidget()
        gravity.setFixedWidth(122)
        inside = QHBoxLayout(gravity)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Pill(_KINDS[found.gravity], GRAVITY_LABELS[found.gravity]))
        inside.addStretch(1)
        layout.addWidget(gravity)
        count = label(number(found.count))
        count.setStyleSheet("font-size: 22px; font-weight: 700;")
        count.setFixedWidth(52)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(count)
        layout.addSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(found.title, "strong", wrap=True))
        words.addWidget(label(found.detail, "aid", wrap=True))
        layout.addLayout(words, 1)
        for action in row.actions:
            button = secondary(action.value)
            button.setMinimumWidth(100)
            button.setAccessibleName(f"{action.value}{_NBSP}: {found.title}")
            button.clicked.connect(self._press(row, action))
            if action is Action.SHOW and not (self.checked and self.checked.concerned.get(found.code)):
                continue
            self._buttons[found.code, action] = button
            layout.addWidget(button)
        return widget

    def _press(self, row: Row, action: Action) -> Callable[[], None]:
        return lambda: self.acted.emit(row, action)

    def _fill_cards(self, checked: Checked) -> None:
        report = checked.report
        for kind, count in self._counts.items():
            count.setText(number(report.by_channel[kind]))
        self._excluded.setText(number(checked.blocked))
        self._total.setText(number(report.total))
        cost, words = checked.sms_cost
        self._sms.setVisible(bool(cost))
        self._cost.show_value(cost)
        self._cost_words.setText(words)
        self._post.setVisible(bool(checked.postage))
        self._post_words.setText(checked.postage)


class RecordsDialog(Dialog):
    """The records of a finding, and where to correct them. `number` is the one to open in Patients, or ""."""

    def __init__(self, parent: QWidget, row: Row, concerned: tuple[Concerned, ...]) -> None:
        super().__init__(parent)
        self.number = ""
        found = row.finding
        self.setProperty("role", "question")
        self.setWindowTitle(found.title)
        self.resize(860, 480)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(found.title, "heading", wrap=True))
        todo = found.detail
        if Action.CORRECT in row.actions:
            todo += " Corrigez ces fiches dans le logiciel du cabinet, refaites l’export, puis contrôlez à nouveau."
        column.addWidget(label(todo, "quiet", wrap=True))
        columns: list[Column[Concerned]] = (
            [
                Column("Valeur", lambda one: one.where, Look.STRONG, tip=lambda one: one.where),
                Column("Où, dans l’export", lambda one: one.patient, tip=lambda one: one.patient),
            ]
            if found.code == BAD_EMAIL
            else [
                Column("N°", lambda one: one.number, Look.CODE, 100),
                Column("Patient", lambda one: one.patient, Look.STRONG, 200, tip=lambda one: one.patient),
                Column("Destinataire", lambda one: one.addressee, tip=lambda one: one.addressee),
                Column("Canal", lambda one: one.channel, width=80),
                Column("Adresse", lambda one: one.where, Look.QUIET, tip=lambda one: one.where),
            ]
        )
        model = SimpleTableModel(columns, concerned)
        self.table: Table[Concerned] = Table(found.title, model, row_height=40)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = secondary("Fermer")
        close.clicked.connect(self.reject)
        foot.addWidget(close)
        if found.code != BAD_EMAIL:
            self.open_button = primary("Ouvrir dans Patients", "users")
            self.open_button.clicked.connect(lambda: self._take(self.table.selected_row()))
            self.table.row_activated.connect(self._take)
            foot.addWidget(self.open_button)
        column.addLayout(foot)
        self.table.select_first()

    def _take(self, one: Concerned | None) -> None:
        if one is not None:
            self.number = one.number
            self.accept()


def _table_head() -> QFrame:
    head = QFrame()
    head.setObjectName("findings-head")
    head.setStyleSheet(f"#findings-head {{ background: {TOKENS['puits']}; border: none; }}")
    row = QHBoxLayout(head)
    row.setContentsMargins(12, 7, 12, 7)
    row.setSpacing(10)
    gravity, count, problem = label("Gravité", "aid"), label("Nb", "aid"), label("Problème", "aid")
    gravity.setFixedWidth(122)
    count.setFixedWidth(52)
    count.setAlignment(Qt.AlignmentFlag.AlignRight)
    row.addWidget(gravity)
    row.addWidget(count)
    row.addSpacing(8)
    row.addWidget(problem, 1)
    return head


def _count_row(name: str, icon: str, *, wrong: bool = False) -> tuple[QHBoxLayout, QLabel]:
    row = QHBoxLayout()
    row.setSpacing(10)
    if icon:
        row.addWidget(picture(icon, "erreur" if wrong else "canard"))
    words = label(name, "" if icon else "strong")
    if wrong:
        words.setProperty("role", "wrong")
    row.addWidget(words, 1)
    count = label("–", "strong")
    count.setAccessibleName(name)
    row.addWidget(count)
    return row, count
