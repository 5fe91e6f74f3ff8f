"""In the place of an e-mail's text: the e-mail is the model's letter, and where that is edited."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.buttons import secondary
from app.widgets.labels import label, picture

_WHAT = "Cet e-mail est la lettre du modèle"
_HOW = (
    "Ses mots, ses tableaux, ses images et son code à scanner, avec un bouton vers le lien personnel. L’adresse, le "
    "lieu et la date restent sur le papier. Les mêmes mots partent aussi en texte seul, pour qui lit ses e-mails ainsi."
)


class LetterItselfPanel(QWidget):
    """`edit_wanted`: the person wants to see the letter's words."""

    edit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 16, 28, 16)
        column.setSpacing(14)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(picture("envelope-simple", "canard", px=28))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(_WHAT, "strong"))
        words.addWidget(label(_HOW, "quiet", wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        row = QHBoxLayout()
        self.edit = secondary("Modifier la lettre", "pencil-simple")
        self.edit.clicked.connect(self.edit_wanted)
        row.addWidget(self.edit)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
