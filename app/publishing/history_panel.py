"""« Historique »: the table of runs, one of them in full, and the last failure below."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import Trouble
from app.publishing.dialogs import kind_of
from app.publishing.history import SHOWN_DAYS, Failure, Line, Remedy
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.panel import Panel
from app.widgets.pill import Kind, PillData
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel

COMPUTER = 2
"""The column that says which computer ran: shown where several do."""


class HistoryPanel(Panel):
    """`opened` when somebody wants a run in full; `mended` with how (a `Remedy`) they would mend the last failure."""

    opened = Signal(object)
    mended = Signal(object)

    def __init__(self) -> None:
        super().__init__("Historique", flush=True)
        self.add_aside(label(f"{SHOWN_DAYS} derniers jours", "quiet"))
        self.model: SimpleTableModel[Line] = SimpleTableModel(_columns(), key=lambda line: line.key)
        self.table: Table[Line] = Table("Historique des synchronisations", self.model, sortable=False, row_height=40)
        self.table.link_pressed.connect(lambda line, _: self.opened.emit(line))
        self.table.row_activated.connect(self.opened)
        self.nothing = EmptyState("Lecture de l’historique…")
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.nothing, 1)
        self._remedy = Remedy.NONE
        self.failure = Notice()
        self.failure.acted.connect(lambda: self.mended.emit(self._remedy))
        self.failure_place = QWidget()
        around = QVBoxLayout(self.failure_place)
        around.setContentsMargins(14, 14, 14, 20)
        around.addWidget(self.failure)
        self.body.addWidget(self.failure_place)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.model.set_rows(lines)
        self.table.setColumnHidden(COMPUTER, all(line.entry is not None for line in lines))
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self.nothing.say("Aucune synchronisation depuis 30 jours.", "Synchroniser maintenant")

    def show_failure(self, failure: Failure | None) -> None:
        self.failure_place.setVisible(failure is not None)
        if failure is not None:
            self._remedy = failure.remedy
            self.failure.say(Kind.ERROR, failure.what, failure.todo, failure.remedy)

    def show_trouble(self, trouble: Trouble) -> None:
        """The journal itself cannot be read."""
        self.failure_place.show()
        self.failure.say_trouble(trouble)


def _columns() -> tuple[Column[Line], ...]:
    def pill(line: Line) -> PillData:
        return PillData(kind_of(line.verdict.tone), line.verdict.words)

    return (
        Column("Date", lambda line: line.date, Look.STRONG, width=140),
        Column("Heure", lambda line: line.hour, width=66),
        Column("Poste", lambda line: line.computer, Look.QUIET, width=116, tip=lambda line: line.computer),
        Column("Lancement", lambda line: line.launch, Look.QUIET, width=106),
        Column("Durée", lambda line: line.duration, width=82, right=True),
        Column("Ajoutés", lambda line: line.added, width=78, right=True),
        Column("Modifiés", lambda line: line.changed, width=82, right=True),
        Column("Retirés", lambda line: line.withdrawn, width=74, right=True),
        Column("Résultat", lambda line: line.verdict.words, pill=pill, tip=lambda line: line.verdict.words),
        Column("", lambda _: "Détail", Look.LINK, width=66, right=True),
    )
