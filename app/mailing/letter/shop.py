"""The pictures of the letter that is open: brought to the model's folder off the window's thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.errors import Trouble
from app.mailing.library import Library
from app.tasks import Tasks


class ModelPictures:
    """A `PictureShop` of one model."""

    def __init__(self, library: Library, model: str, tasks: Tasks) -> None:
        self._library = library
        self._model = model
        self._tasks = tasks

    def take(self, path: Path, took: Callable[[str], None], failed: Callable[[Trouble], None], owner: QObject) -> None:
        library, model = self._library, self._model
        self._tasks.run(lambda _: library.add_picture(model, path), done=took, failed=failed, owner=owner)

    def path(self, name: str) -> Path:
        return self._library.folder_of(self._model) / name
