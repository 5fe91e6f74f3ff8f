"""One run in full, and whom a plan concerns: two windows over the screen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.publishing.changes import COMPARABLE
from app.publishing.history import Detail, ProblemLine, Tone
from app.publishing.runs import Group, Person
from app.widgets.buttons import danger, primary, secondary
from app.widgets.copy_button import copy_button
from app.widgets.dialog import Dialog
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.panel import Panel, well
from app.widgets.pill import Kind, Pill
from app.widgets.scrolled import Scrolled
from app.widgets.switch import Part, Switch
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel

MARGIN = 22


def kind_of(tone: Tone) -> Kind:
    return Kind[tone.value]


class DetailDialog(Dialog):
    """What a run did and every kind of problem that it met; all of it can be copied."""

    def __init__(self, detail: Detail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(detail.title)
        self.resize(760, 540)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 18, MARGIN, 18)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label(detail.title, "heading"))
        head.addSpacing(8)
        head.addWidget(Pill(kind_of(detail.verdict.tone), detail.verdict.words))
        head.addStretch(1)
        column.addLayout(head)
        for sentence in detail.sentences:
            column.addWidget(label(sentence, wrap=True))
        column.addWidget(_problems(detail.problems), 1)
        foot = QHBoxLayout()
        self.copy = copy_button(detail.as_text, "Copier le détail")
        self.close_button = secondary("Fermer")
        self.close_button.clicked.connect(self.accept)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column.addLayout(foot)
        self.close_button.setFocus()


def _problems(problems: Sequence[ProblemLine]) -> QWidget:
    if not problems:
        return EmptyState("Aucun problème n’a été trouvé dans l’export.")
    return problem_list(problems)


def problem_list(problems: Sequence[ProblemLine]) -> Scrolled:
    """Each kind of problem in a frame of its own: how many, where, and the sentence that says what to do."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(8)
    for problem in problems:
        column.addWidget(_problem(problem))
    column.addStretch(1)
    return Scrolled("Problèmes de l’export", page, sideways=False, reading=True)


def _problem(problem: ProblemLine) -> QFrame:
    frame = well()
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 10, 14, 10)
    column.setSpacing(6)
    head = QHBoxLayout()
    head.setSpacing(10)
    head.addWidget(Pill(kind_of(problem.tone), problem.count))
    head.addWidget(label(problem.where, "strong", wrap=True), 1)
    column.addLayout(head)
    words = label(problem.sentence, wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(words)
    return frame


class PeopleDialog(Dialog):
    """Whom a plan concerns. Accepted when its `action` is pressed: the person wants it done.

    `looked` with the `Person` whose changes are wanted, where the portal and the export can be compared.
    """

    looked = Signal(object)

    def __init__(
        self,
        title: str,
        sentence: str,
        groups: Sequence[Group],
        action: str = "",
        *,
        is_dangerous: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(680, 540)
        self._groups = {group.key: group for group in groups}
        self.model: SimpleTableModel[Person] = SimpleTableModel(
            (
                Column("N° interne", lambda person: person.number, Look.CODE, width=170),
                Column("Patient", lambda person: person.name, Look.STRONG, tip=lambda person: person.name),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 18, MARGIN, 18)
        column.setSpacing(12)
        column.addWidget(label(title, "heading"))
        column.addWidget(label(sentence, wrap=True))
        self.switch = Switch("Patients concernés", [Part(group.key, group.label) for group in groups])
        self.switch.chosen.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self.switch)
        row.addStretch(1)
        column.addLayout(row)
        self.switch.setVisible(len(groups) > 1)
        self._nobody = EmptyState("Personne dans cette liste.")
        self._table = Table("Patients", self.model, row_height=36)
        self._table.row_activated.connect(self._look)
        self._panel = Panel(flush=True)
        self._panel.body.addWidget(self._table, 1)
        self._panel.body.addWidget(self._nobody, 1)
        column.addWidget(self._panel, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.look = secondary("Voir ce qui change", "eye")
        self.look.clicked.connect(lambda: self._look(self._table.selected_row()))
        foot.addWidget(self.look)
        foot.addStretch(1)
        self.close_button = secondary("Fermer")
        self.close_button.clicked.connect(self.reject)
        foot.addWidget(self.close_button)
        self.action = danger(action) if is_dangerous else primary(action, "arrows-clockwise")
        self.action.setVisible(bool(action))
        self.action.clicked.connect(self.accept)
        foot.addWidget(self.action)
        column.addLayout(foot)
        first = next((group.key for group in groups if group.people), groups[0].key)
        self.switch.choose(first)
        self._show(first)
        self.close_button.setFocus()

    def _look(self, person: Person | None) -> None:
        if person is not None and self.look.isVisibleTo(self):
            self.looked.emit(person)

    def _show(self, key: str) -> None:
        people = self._groups[key].people
        self.look.setVisible(key in COMPARABLE and bool(people))
        self.model.set_rows(people)
        if self.look.isVisibleTo(self):
            self._table.select_first()
        self._table.setVisible(bool(people))
        self._nobody.setVisible(not people)
