"""The row of buttons above a text: manners of a letter's words, fields, the QR code, the sign-in picture."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.mailing.dialogs import field_picker
from app.mailing.editor import FieldEdit
from app.mailing.letter_document import BOLD, CODE, LINK, LetterDocument, is_justified, style_at
from app.widgets.buttons import link, tool
from app.widgets.panel import line
from merge.letters.model import SignInPicture

HEIGHT = 44


class LetterTools(QFrame):
    """Acts on `editor`, the one that has or had the focus; the letter's own buttons are there for letters alone."""

    replace_wanted = Signal()
    """Put safe characters into the SMS."""

    def __init__(
        self,
        body: FieldEdit,
        letter: LetterDocument,
        picture: Callable[[], SignInPicture],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._body = body
        self._letter = letter
        self._picture = picture
        self.editor = body
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.setSpacing(2)
        self.bold = self._manner("Gras (Ctrl+G)", "text-bolder", BOLD, "Ctrl+G")
        self.code = self._manner("À recopier, comme un code", "code-simple", CODE)
        self.link = self._manner("Comme un lien", "link-simple", LINK)
        self.left = tool("Aligner à gauche", "text-align-left", bare=True, checkable=True)
        self.justified = tool("Justifier", "text-align-justify", bare=True, checkable=True)
        self.left.clicked.connect(lambda: self._align(justified=False))
        self.justified.clicked.connect(lambda: self._align(justified=True))
        self.field = link("Insérer un champ", "plus-circle")
        self.field.setShortcut(QKeySequence("Ctrl+I"))
        self.field.setToolTip("Insérer un champ (Ctrl+I)")
        self.field.clicked.connect(self.insert_field)
        self.qr = link("QR code", "qr-code")
        self.qr.setToolTip("Placer le code personnel à droite de ce paragraphe, ou le retirer")
        self.qr.clicked.connect(lambda: self._letter.toggle_code(self._body.textCursor()))
        self.image = link("Image de connexion", "image")
        self.image.setToolTip("Remettre l’image de connexion annotée sous ce paragraphe")
        self.image.clicked.connect(self._insert_picture)
        self._rules = [line(vertical=True), line(vertical=True)]
        manners = (self.bold, self.code, self.link)
        for widget in (*manners, self._rules[0], self.left, self.justified, self._rules[1]):
            row.addWidget(widget)
        row.addWidget(self.field)
        row.addStretch(1)
        row.addWidget(self.qr)
        row.addWidget(self.image)
        self._of_letters: tuple[QWidget, ...] = (*manners, self.left, self.justified, self.qr, self.image, *self._rules)
        body.cursorPositionChanged.connect(self._show_manner)

    def show_letters(self, *, yes: bool) -> None:
        for widget in self._of_letters:
            widget.setVisible(yes)

    def insert_field(self) -> None:
        """Ask which, and put it where the cursor is."""
        picker = field_picker(self)
        if picker.exec() and picker.chosen:
            self.editor.insert_field(picker.chosen.token)
        picker.deleteLater()

    def show_state(self) -> None:
        """Which buttons do something now."""
        self.image.setEnabled(not self._letter.has(SignInPicture))
        self._show_manner()

    def _manner(self, name: str, icon: str, bit: int, keys: str = "") -> QPushButton:
        button = tool(name, icon, bare=True, checkable=True)
        button.clicked.connect(lambda: self._toggle(bit))
        if keys:
            button.setShortcut(QKeySequence(keys))
        return button

    def _toggle(self, bit: int) -> None:
        cursor = self._body.textCursor()
        self._letter.toggle(cursor, bit)
        self._body.setFocus()
        self._show_manner()

    def _align(self, *, justified: bool) -> None:
        self._letter.align(self._body.textCursor(), justified=justified)
        self._body.setFocus()
        self._show_manner()

    def _insert_picture(self) -> None:
        self._letter.insert_picture(QTextCursor(self._body.textCursor()), self._picture())
        self.show_state()

    def _show_manner(self) -> None:
        cursor = self._body.textCursor()
        bits = style_at(cursor)
        for button, bit in ((self.bold, BOLD), (self.code, CODE), (self.link, LINK)):
            button.setChecked(bool(bits & bit))
        self.left.setChecked(not is_justified(cursor))
        self.justified.setChecked(is_justified(cursor))
