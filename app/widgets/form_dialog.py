"""A dialog with one thing to fill in: its title, the form, « Annuler » and the one action."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.fitting import Fitting
from app.widgets.labels import label


class FormDialog(Dialog):
    """`form` is laid out by the dialog's own class; `finish` is what the action does."""

    def __init__(self, title: str, action: str, parent: QWidget | None = None, *, width: int = 480) -> None:
        super().__init__(parent)
        self.setProperty("role", "question")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, "heading", wrap=True))
        inside = QWidget()
        self.form = QVBoxLayout(inside)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(12)
        column.addWidget(Fitting(inside), 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.cancel = secondary("Annuler")
        self.cancel.clicked.connect(self.reject)
        self.action = primary(action)
        self.action.clicked.connect(self.finish)
        # Enter in a field ends it; in a text of several lines it begins the next.
        self.action.setDefault(True)
        row.addWidget(self.cancel)
        row.addWidget(self.action)
        column.addLayout(row)

    def finish(self) -> None:
        """Accept what the form says, or say in the form what is wrong."""
        self.accept()
