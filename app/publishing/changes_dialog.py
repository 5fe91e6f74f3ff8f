"""One patient, line by line: what the portal shows and what the next synchronisation would put in its place."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.publishing.changes import Changes, Row, ask
from app.publishing.runs import Person
from app.screen import Context
from app.widgets.busy import BusyLine
from app.widgets.buttons import secondary
from app.widgets.dialog import Dialog
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.panel import Panel
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel
from cabinet.dossier import Dossier

MARGIN = 22


class ChangesDialog(Dialog):
    """Asks the portal as it opens; the patient's trail keeps that this computer looked."""

    def __init__(
        self, context: Context, person: Person, dossier: Dossier | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Ce qui change")
        self.resize(1040, 520)
        self.model: SimpleTableModel[Row] = SimpleTableModel(
            (
                Column("Information", lambda row: row.what, Look.STRONG, tip=lambda row: row.what),
                Column("Sur le portail", lambda row: row.shown, Look.QUIET, width=225, tip=lambda row: row.shown),
                Column("Dans l’export", lambda row: row.now, width=225, tip=lambda row: row.now),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 18, MARGIN, 18)
        column.setSpacing(12)
        column.addWidget(label(f"Ce qui change pour {person.name} ({person.number})", "heading", wrap=True))
        self.sentence = label("", "quiet", wrap=True)
        self.busy, self.notice = BusyLine(), Notice()
        for widget in (self.sentence, self.busy, self.notice):
            column.addWidget(widget)
        self.sentence.hide()
        panel = Panel(flush=True)
        self.table = Table("Ce qui change", self.model, sortable=False, row_height=36)
        panel.body.addWidget(self.table)
        column.addWidget(panel, 1)
        self.unchanged = label("", "quiet", wrap=True)
        column.addWidget(self.unchanged)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.close_button = secondary("Fermer")
        self.close_button.clicked.connect(self.accept)
        foot.addWidget(self.close_button)
        column.addLayout(foot)
        self.close_button.setFocus()
        self.busy.begin("Le portail est interrogé…")
        work = partial(ask, context.desk, person.number, dossier)
        context.tasks.run(work, done=self._show, failed=self._failed, owner=self)

    def _show(self, changes: Changes) -> None:
        self.busy.end()
        self.sentence.setText(changes.sentence)
        self.sentence.show()
        self.model.set_rows(changes.rows)
        self.unchanged.setText(changes.unchanged)

    def _failed(self, trouble: Trouble) -> None:
        self.busy.end()
        self.notice.say_trouble(trouble)


def show_changes(context: Context, person: Person, dossier: Dossier | None, parent: QWidget) -> None:
    """Open it over another window. `dossier`: None where the export lost the patient since it was compared."""
    dialog = ChangesDialog(context, person, dossier, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
