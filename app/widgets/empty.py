"""Nothing to show: one sentence and one thing to do, without any picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.buttons import secondary
from app.widgets.labels import label


class EmptyState(QWidget):
    """`acted` when its button is pressed; without `action`, the sentence stands alone."""

    acted = Signal()

    def __init__(self, sentence: str, action: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(14)
        layout.addStretch(1)
        self._sentence = label(sentence, "quiet", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._sentence)
        self.button = secondary(action, icon)
        self.button.clicked.connect(self.acted)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.setVisible(bool(action))
        layout.addStretch(1)

    def say(self, sentence: str, action: str = "") -> None:
        self._sentence.setText(sentence)
        self.button.setText(action)
        self.button.setVisible(bool(action))
