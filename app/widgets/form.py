"""A field of a form: its label above, its aid below the label, and what is wrong with it below the field."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.labels import label


class Field(QWidget):
    """Wraps any input. `say_wrong("")` clears the complaint."""

    def __init__(self, name: str, entry: QWidget, aid: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = label(name, "label")
        title.setBuddy(entry)
        entry.setAccessibleName(name)
        column.addWidget(title)
        if aid:
            column.addWidget(label(aid, "aid", wrap=True))
            entry.setAccessibleDescription(aid)
        column.addWidget(entry)
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        column.addWidget(self._wrong)

    def set_around(self, around: QWidget) -> None:
        """This, which holds the entry and what stands beside it, takes the entry's place."""
        self._column.replaceWidget(self.entry, around)

    def say_wrong(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        if self.entry.property("wrong") != bool(sentence):
            self.entry.setProperty("wrong", bool(sentence))
            self.entry.style().unpolish(self.entry)
            self.entry.style().polish(self.entry)
