"""Small questions of the mail merge: the name of a model, which field to insert."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.mailing.highlights import FieldChoice, field_choices
from app.mailing.library import MAX_NAME, checked_name
from app.mailing.picker import Picker
from app.widgets.form import Field
from app.widgets.form_dialog import FormDialog
from app.widgets.labels import label
from app.widgets.table_model import Column, Look
from cabinet.errors import WebOrthoError


class NameDialog(FormDialog):
    """Asks for the name of a new model; `name` is a right one once it was accepted."""

    def __init__(self, parent: QWidget | None, like: str, taken: tuple[str, ...]) -> None:
        super().__init__("Nouveau modèle", "Créer le modèle", parent)
        self._taken = taken
        self.name = ""
        self.form.addWidget(label(f"Il commence comme une copie de « {like} ».", "quiet", wrap=True))
        self.entry = QLineEdit()
        self.entry.setMaxLength(MAX_NAME)
        self._field = Field("Nom du modèle", self.entry)
        self.form.addWidget(self._field)
        self.entry.returnPressed.connect(self.finish)

    def finish(self) -> None:
        try:
            self.name = checked_name(self.entry.text(), self._taken)
        except WebOrthoError as error:
            self._field.say_wrong(f"{error.what} {error.todo}".strip())
            return
        self.accept()


def field_picker(parent: QWidget | None) -> Picker[FieldChoice]:
    """Every field, with what it says and an example."""
    return Picker(
        parent,
        "Insérer un champ",
        "Nom, adresse, rendez-vous…",
        "Insérer",
        columns=[
            Column("Champ", lambda choice: choice.token, Look.CODE, 200),
            Column("Ce qu’il écrit", lambda choice: choice.description, tip=lambda choice: choice.description),
            Column("Exemple", lambda choice: choice.sample, Look.QUIET, 150, tip=lambda choice: choice.sample),
        ],
        items=field_choices(),
        words=lambda choice: f"{choice.token} {choice.description} {choice.sample}",
    )
