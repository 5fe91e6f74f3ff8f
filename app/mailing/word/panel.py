"""In the place of the letter's text: which Word document the letters are made with, and each of its fields."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.mailing.word.letter import FieldRow, WordLetter
from app.widgets.buttons import link, secondary
from app.widgets.labels import label, picture
from app.widgets.notice import Notice
from app.widgets.pill import Kind, PillData
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel

_HOW = "Modifiez-le dans Word et enregistrez-le, puis relisez-le ici. L’aperçu est fait par LibreOffice ou Word."
_RIGHT, _WRONG = PillData(Kind.OK, "Reconnu"), PillData(Kind.ERROR, "À corriger")


class WordPanel(QWidget):
    """`show_letter`; what a person wants is told by signals."""

    edit_wanted = Signal()
    read_wanted = Signal()
    choose_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 12, 18, 10)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(picture("file-text", "canard", px=28))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Ces lettres sont faites avec votre document Word", "strong"))
        words.addWidget(label(_HOW, "quiet", wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for text, icon, signal in (
            ("Modifier dans Word", "pencil-simple", self.edit_wanted),
            ("Relire", "arrows-clockwise", self.read_wanted),
            ("Choisir un autre…", "folder-open", self.choose_wanted),
        ):
            button = secondary(text, icon)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.notice = Notice()
        column.addWidget(self.notice)
        columns: list[Column[FieldRow]] = [
            Column("Champ", lambda row: row.token, Look.CODE, 150),
            Column("Ce qu’il devient, ou ce qui ne va pas", lambda row: row.words, tip=lambda row: row.whole),
            Column("État", lambda row: _state(row).text, width=130, pill=_state),
        ]
        self.rows = SimpleTableModel(columns)
        self.table = Table("Champs du document Word", self.rows, sortable=False, row_height=38)
        column.addWidget(self.table, 1)
        back = link("Revenir à la lettre de WebOrtho", "arrow-counter-clockwise")
        back.clicked.connect(self.forget_wanted)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        column.addLayout(foot)

    def show_letter(self, letter: WordLetter) -> None:
        self.rows.set_rows(letter.rows)
        if letter.error is not None:
            self.notice.say(Kind.ERROR, letter.error.what, letter.error.todo)
        elif not letter.rows:
            self.notice.say(
                Kind.ALERT,
                "Ce document n’a aucun champ\u00a0: toutes les lettres seront pareilles.",
                "Écrivez par exemple @DNOM à la place du nom, puis relisez-le.",
            )
        else:
            self.notice.hide()


def _state(row: FieldRow) -> PillData:
    return _WRONG if row.is_wrong else _RIGHT
