"""A switch of two or more parts (Ordinateur / Téléphone): one is chosen, arrows move between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from app import style
from app.widgets.buttons import GAP
from app.widgets.pressing import PushButton
from app.widgets.tabbing import tab_to_chosen


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    icon: str = ""


class Switch(QFrame):
    """`chosen` with the part's key when a person picks another one."""

    chosen = Signal(str)

    def __init__(self, name: str, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "switch")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._words = {part.key: part.label for part in parts}
        for part in parts:
            button = PushButton(part.label)
            button.setProperty("role", "part")
            button.setCheckable(True)
            if part.icon:
                button.setIcon(style.icon(part.icon, "encre", chosen="sur-canard", side=Qt.AlignmentFlag.AlignLeft))
                button.setIconSize(QSize(18 + GAP, 18))
            self._buttons[part.key] = button
            self._group.addButton(button)
            row.addWidget(button)
        tab_to_chosen(*self._buttons.values())
        if parts:
            self._buttons[parts[0].key].setChecked(True)
        self._group.buttonClicked.connect(lambda _: self.chosen.emit(self.current))

    def show_words(self, *, yes: bool) -> None:
        """Without them, the icons alone: each part's name is then its tooltip."""
        for key, button in self._buttons.items():
            words = self._words[key]
            button.setText(words if yes else "")
            button.setIconSize(QSize(18 + (GAP if yes else 0), 18))
            button.setAccessibleName(words)
            button.setToolTip("" if yes else words)

    @property
    def current(self) -> str:
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Without telling anybody."""
        self._buttons[key].setChecked(True)

    def set_label(self, key: str, label: str) -> None:
        """Such as « Échecs (1) »."""
        self._buttons[key].setText(label)

    def part(self, key: str) -> QPushButton:
        return self._buttons[key]
