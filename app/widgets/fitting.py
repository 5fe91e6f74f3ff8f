"""Holds what must never be squeezed: where there is less room than it needs at least, it scrolls."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Fitting(QScrollArea):
    """Around one widget with a layout; as large as that wants to be, and as small as anybody likes."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        # Whatever has the focus is scrolled to; the area itself is no stop on the way.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(_Holder(inside))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        wanted = self._inside.sizeHint()
        if self._inside.hasHeightForWidth():
            wanted.setHeight(self._inside.heightForWidth(wanted.width()))
        return wanted

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as what it holds: only height is given up."""
        return QSize(self._inside.minimumSizeHint().width(), 80)


class _Holder(QWidget):
    """Knows how high its widget must be at its width; a scroll area by itself would take the height that it likes."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._inside = inside
        inside.setParent(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        least, layout = self._inside.minimumSizeHint(), self._inside.layout()
        if layout is not None and layout.hasHeightForWidth():
            least.setHeight(layout.minimumHeightForWidth(max(self.width(), least.width())))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._inside.resize(event.size())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)
