"""The boxes above the pipeline: what waits for a practitioner, one for each kind of thing."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.publishing.waiting import CASES, REUSED, WITHDRAWALS, Case
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.pill import Kind
from portal.api.desk import Overview
from sync.report import RunReport
from sync.telling import doubts


class WaitingBoxes(QWidget):
    """`asked` with the case whose list a person wants to see."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.held, self.reused = Notice(), Notice()
        self._boxes: dict[Case, Notice] = {WITHDRAWALS: self.held, REUSED: self.reused}
        self._waiting: dict[Case, int] = {}
        """By the last run of this computer."""
        self._doubts: tuple[str, ...] = ()
        """The same, of withdrawals that look like a fault of the export."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for case, box in self._boxes.items():
            box.acted.connect(partial(self.asked.emit, case))
            column.addWidget(box)
        self.hide()

    def learn(self, report: RunReport) -> None:
        """What a run of this computer left waiting."""
        self._waiting = {case: len(case.numbers(report)) for case in CASES}
        self._doubts = doubts(report)

    def show_waiting(self, overview: Overview | None, *, may_confirm: bool) -> None:
        """As the portal knows it, or as this computer's last run does where that was more."""
        for case, box in self._boxes.items():
            count = max(case.known(overview) if overview else 0, self._waiting.get(case, 0))
            box.setVisible(bool(count))
            if count:
                why = (
                    case.why,
                    *(self._doubts if case is WITHDRAWALS else ()),
                    *(() if may_confirm else (case.elsewhere,)),
                )
                box.say(
                    Kind.ALERT, case.what(count), " ".join(why), "Vérifier la liste" if may_confirm else "Voir la liste"
                )
        self.setVisible(any(box.isVisibleTo(self) for box in self._boxes.values()))

    def offer(self, *, enabled: bool) -> None:
        """Whether the lists may be asked for: not while something runs."""
        for box in self._boxes.values():
            box.button.setEnabled(enabled)
