"""The question before what cannot be undone: it names the count, and « Annuler » has the focus."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.buttons import danger, primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.labels import label

WIDTH = 460


class Question(Dialog):
    """`confirm` shows it; tests press its `action` or `cancel`."""

    def __init__(
        self, parent: QWidget | None, title: str, text: str, action_label: str, *, is_dangerous: bool = True
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "question")
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        heading = label(title, "heading", wrap=True)
        words = label(text, wrap=True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        column.addWidget(heading)
        column.addWidget(words)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.cancel = secondary("Annuler")
        self.action = danger(action_label) if is_dangerous else primary(action_label)
        self.cancel.clicked.connect(self.reject)
        self.action.clicked.connect(self.accept)
        row.addWidget(self.cancel)
        row.addWidget(self.action)
        column.addLayout(row)
        self.cancel.setFocus()


def confirm(parent: QWidget | None, title: str, text: str, action_label: str, danger: bool = True) -> bool:
    """Whether the person wants it. `title` is the question with its count (« Réinitialiser 12 accès ? »)."""
    question = Question(parent, title, text, action_label, is_dangerous=danger)
    try:
        return question.exec() == QDialog.DialogCode.Accepted
    finally:
        question.deleteLater()
