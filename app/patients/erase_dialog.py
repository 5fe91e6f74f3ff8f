"""The question before a patient's data are erased for good: the number must be typed."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import danger, secondary
from app.widgets.dialog import Dialog
from app.widgets.form import Field
from app.widgets.labels import label

WIDTH = 480
TEXT = (
    "Son dossier, ses mots de passe et ses messages seront supprimés du portail, et la synchronisation ne le publiera "
    "plus jamais. Le logiciel du cabinet n’est pas modifié. Cette suppression est définitive."
)


class EraseDialog(Dialog):
    """Accepted only with the patient's number typed."""

    def __init__(self, parent: QWidget | None, name: str, number: str) -> None:
        super().__init__(parent)
        self._number = number
        title = f"Effacer du portail les données de {name}\u00a0?"
        self.setProperty("role", "question")
        self.setWindowTitle("Effacer un patient")
        self.setAccessibleName(title)
        self.setAccessibleDescription(TEXT)
        self.setMinimumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(label(title, "heading", wrap=True))
        column.addWidget(label(TEXT, wrap=True))
        self.typed = QLineEdit()
        self.typed.setProperty("role", "mono")
        column.addWidget(Field("N°\u00a0interne", self.typed, f"Pour confirmer, tapez {number}."))
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.cancel = secondary("Annuler")
        self.action = danger("Effacer définitivement", "trash")
        self.action.setEnabled(False)
        self.cancel.clicked.connect(self.reject)
        self.action.clicked.connect(self.accept)
        self.typed.textChanged.connect(lambda text: self.action.setEnabled(text.strip() == self._number))
        row.addWidget(self.cancel)
        row.addWidget(self.action)
        column.addLayout(row)
        self.typed.setFocus()
