"""What every screen is to the window around it: an entry of the navigation, made when it is first shown."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.board import Board
from app.desk.desk import Desk
from app.tasks import Tasks


class Context(msgspec.Struct, frozen=True):
    """What a screen is given; it reaches for nothing else."""

    desk: Desk
    board: Board
    tasks: Tasks
    navigate: Callable[[str, object], None]
    """`navigate("patients", "5312")`: show that screen, and give its `receive` what to look at (or None)."""
    tell: Callable[[str], None]
    """A short sentence that all went well, shown for a moment and in the status bar."""


class Screen(QWidget):
    """One screen. `busy_with` is what a person would lose by closing now: the window asks first."""

    title_changed = Signal(str)

    def shown(self) -> None:
        """It came to the front: bring what it shows up to date."""

    def receive(self, subject: object) -> None:
        """Somebody navigated here with something to look at. None: nothing in particular."""

    def busy_with(self) -> str:
        """A French sentence when closing now needs a question (« Un envoi est en cours. … »), else ""."""
        return ""

    def closing(self) -> None:
        """The window closes: stop what runs, keep drafts."""


class Entry(msgspec.Struct, frozen=True):
    """A line of the navigation."""

    key: str
    label: str
    icon: str
    """Phosphor's name, without prefix: `house`."""
    make: Callable[[Context], Screen]
    at_bottom: bool = False
