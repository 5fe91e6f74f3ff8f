"""Lists, dates and numbers that the wheel passes over: it scrolls the page, and changes one only that has the focus."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QDoubleSpinBox, QSpinBox, QWidget

if TYPE_CHECKING:
    _Widget = QWidget  # which stands below each
else:
    _Widget = object  # Qt allows one widget among the bases of a class


class _Steady(_Widget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt would let the wheel give the focus first.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ComboBox(_Steady, QComboBox):
    pass


class DateEdit(_Steady, QDateEdit):
    pass


class NumberEdit(_Steady, QDoubleSpinBox):
    pass


class CountEdit(_Steady, QSpinBox):
    pass
