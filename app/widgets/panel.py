"""A white card with a fine border: the ground of everything on a screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.widgets.labels import label, picture

PADDING = 18


def line(*, vertical: bool = False) -> QFrame:
    """A decorative rule of one pixel."""
    made = QFrame()
    made.setProperty("role", "line-v" if vertical else "line")
    policy = QSizePolicy.Policy
    made.setSizePolicy(*((policy.Fixed, policy.Expanding) if vertical else (policy.Expanding, policy.Fixed)))
    return made


class Panel(QFrame):
    """Add widgets to `body`. With a heading, `heading_row` takes what stands at its right (`add_aside`).

    `flush` leaves no margin around the body: for a table, whose edges touch the panel's; the heading keeps its own.
    `quiet` is for a card whose figure says more than its heading.
    """

    def __init__(
        self,
        heading: str = "",
        *,
        icon: str = "",
        flush: bool = False,
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        outer = QVBoxLayout(self)
        # The border is inside the frame: one pixel on each side stays free for it.
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.heading: QLabel | None = None
        self.heading_row = QHBoxLayout()
        self.heading_row.setSpacing(8)
        if heading:
            self.setAccessibleName(heading)
            row = PADDING - 4
            self.heading_row.setContentsMargins(PADDING - 1, row, row, row if flush else 0)
            if icon:
                self.heading_row.addWidget(picture(icon, "canard", px=18 if quiet else 20))
            self.heading = label(heading, "card" if quiet else "heading")
            self.heading_row.addWidget(self.heading)
            self.heading_row.addStretch(1)
            outer.addLayout(self.heading_row)
        self.body = QVBoxLayout()
        edge = 0 if flush else PADDING - 1
        self.body.setContentsMargins(edge, 8 if heading and not flush else edge, edge, edge)
        self.body.setSpacing(0 if flush else 10)
        outer.addLayout(self.body, 1)

    def add_aside(self, widget: QWidget) -> None:
        """At the right of the heading."""
        self.heading_row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


def well() -> QFrame:
    """A quieter frame inside a panel."""
    made = QFrame()
    made.setProperty("role", "well")
    return made
