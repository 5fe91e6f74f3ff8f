"""A screen's frame: its title row, and the margins that every screen has."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.labels import label

MARGINS = (22, 18, 22, 16)
"""Left, top, right, bottom, of a screen's content."""
GAP = 14
"""Between panels."""


def page_layout(screen: QWidget) -> QVBoxLayout:
    """The vertical layout of a screen, with the margins of the pictures."""
    layout = QVBoxLayout(screen)
    layout.setContentsMargins(*MARGINS)
    layout.setSpacing(GAP)
    return layout


class PageHeader(QWidget):
    """« Patients  1 302 dossiers, 1 248 publiés » and, at the right, the screen's buttons (`add`)."""

    def __init__(self, title: str, aside: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(36)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._title = label(title, "title")
        self._aside = label(aside, "quiet")
        self._row.addWidget(self._title)
        self._row.addSpacing(6)
        self._row.addWidget(self._aside, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._aside.setVisible(bool(aside))

    def set_aside(self, text: str) -> None:
        """What stands beside the title: a date, how many there are."""
        self._aside.setText(text)
        self._aside.setVisible(bool(text))

    def add_beside(self, widget: QWidget) -> None:
        """Just after the title: a pill, the steps."""
        self._row.insertWidget(self._row.count() - 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, widget: QWidget) -> None:
        """At the right end."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
