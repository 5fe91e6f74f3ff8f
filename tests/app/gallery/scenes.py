"""The catalogue of scenes: a name for each screen, dialog and page in one state, and how to bring it about."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from tests.app.gallery.stage import Stage

Play = Callable[[Stage], QWidget]


@dataclass(frozen=True)
class Scene:
    """`play` answers the window or dialog to look at."""

    name: str
    play: Play


SCENES: dict[str, Scene] = {}
"""By name; the modules `…_scenes` add theirs when they are imported (see `tests.app.gallery.everything`)."""


def scene(name: str) -> Callable[[Play], Play]:
    """Add this function as a scene."""

    def added(play: Play) -> Play:
        assert name not in SCENES, name
        SCENES[name] = Scene(name, play)
        return play

    return added
