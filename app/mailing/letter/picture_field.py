"""Chooses a picture of a letter: its name, a small look at it, and what is wrong with the one that was chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.widgets.buttons import link, secondary
from app.widgets.labels import label

_KINDS = "Images (*.png *.jpg *.jpeg)"
_SIDE = 56


class PictureShop(Protocol):
    """Where a letter's pictures are."""

    def take(self, path: Path, took: Callable[[str], None], failed: Callable[[Trouble], None], owner: QObject) -> None:
        """Bring a picture of this computer to the letter's; tell `owner`, if it lives then, the name it has there."""
        ...

    def path(self, name: str) -> Path:
        """Where the letter's picture of this name is."""
        ...


class PictureField(QWidget):
    """`name` is the picture's file name beside the letter, "" for none; `removable` offers to go without."""

    changed = Signal()

    def __init__(self, shop: PictureShop, name: str, *, removable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._removable = removable
        self.name = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._look = label("")
        self._look.setFixedSize(_SIDE, _SIDE)
        self._look.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = label("", "quiet", wrap=True)
        self.choose = secondary("Choisir une image…", "image")
        self.choose.clicked.connect(self._ask)
        self.remove = link("Retirer")
        self.remove.clicked.connect(lambda: self._use(""))
        row.addWidget(self._look)
        row.addWidget(self._words, 1)
        row.addWidget(self.remove)
        row.addWidget(self.choose)
        column.addLayout(row)
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        column.addWidget(self._wrong)
        self._show()

    def say_wrong(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))

    def take(self, path: Path) -> None:
        """Use a picture of this computer."""
        self.choose.setEnabled(False)
        self._words.setText("L’image est préparée…")
        self._shop.take(path, self._use, self._refuse, self)

    def _ask(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Choisir une image", "", _KINDS)
        if chosen:
            self.take(Path(chosen))

    def _use(self, name: str) -> None:
        self.name = name
        self.say_wrong("")
        self._show()
        self.changed.emit()

    def _refuse(self, trouble: Trouble) -> None:
        self._show()
        self.say_wrong(f"{trouble.what} {trouble.todo}".strip())

    def _show(self) -> None:
        self.choose.setEnabled(True)
        self.remove.setVisible(self._removable and bool(self.name))
        self._words.setText(self.name or "Aucune image")
        drawn = QPixmap(str(self._shop.path(self.name))) if self.name else QPixmap()
        if not drawn.isNull():
            mode = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            drawn = drawn.scaled(_SIDE, _SIDE, *mode)
        self._look.setPixmap(drawn)
        self._look.setVisible(not drawn.isNull())
