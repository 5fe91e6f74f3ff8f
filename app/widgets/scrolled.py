"""A page that scrolls where it has less room than it needs: without a frame, and by itself no stop on Tab's way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """`sideways`: also where it is too wide. `reading`: Tab does stop, because nothing inside takes the keys."""

    def __init__(
        self,
        name: str,
        page: QWidget | None = None,
        *,
        sideways: bool = True,
        reading: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        if reading:
            self.setProperty("role", "reading")
        else:
            # Whatever has the focus is scrolled to.
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if not sideways:
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if page is not None:
            self.show_page(page)

    def show_page(self, page: QWidget) -> None:
        """In the place of the former one."""
        page.setProperty("role", "page")
        self.setWidget(page)
