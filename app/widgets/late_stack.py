"""Pages of which one is shown, each made when it is asked for: all of them at once would leave the window deaf."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget


class LateStack(QStackedWidget):
    """`make` answers the page of a place, from 0; it is asked once for each."""

    def __init__(self, make: Sequence[Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._made: dict[int, QWidget] = {}
        for _ in make:
            self.addWidget(QWidget())
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._make_next)

    def page(self, place: int) -> QWidget:
        """Made now if it never was."""
        if place not in self._made:
            page = self._made[place] = self._make[place]()
            self.insertWidget(place, page)
            if kept := self.widget(place + 1):
                self.removeWidget(kept)
                kept.deleteLater()
        return self._made[place]

    def show_page(self, place: int) -> None:
        self.setCurrentWidget(self.page(place))

    def make_all(self) -> None:
        """Make those that are not there yet, one in each turn of the event loop."""
        self._next.start()

    def _make_next(self) -> None:
        for place in range(len(self._make)):
            if place not in self._made:
                self.page(place)
                self._next.start()
                return
