"""The row of buttons above a text: manners of a letter's words, its paragraphs, fields, and what can be inserted."""

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeySequence, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from app import style
from app.mailing.dialogs import field_picker
from app.mailing.editor import FieldEdit
from app.mailing.letter.document import (
    DEEPEST,
    Alignment,
    Item,
    LetterDocument,
    alignment_of,
    is_each_child,
    item_at,
)
from app.mailing.letter.manners import change_manner, format_of, manner_at
from app.mailing.letter.object_dialogs import NEW_OBJECTS
from app.widgets.buttons import link, tool
from app.widgets.panel import line
from merge.letters.model import SignInPicture

HEIGHT = 44
_COLOURS = (
    ("Encre", ""),
    ("Canard", style.TOKENS["canard"]),
    ("Abricot foncé", "#B45A10"),
    ("Vert", style.TOKENS["ok"]),
    ("Rouge", style.TOKENS["erreur"]),
)
"""All of them legible on paper and on the screen: at least 4.5:1 on white (WCAG 2.2, 1.4.3)."""
_SIZES: tuple[tuple[str, float | None], ...] = (("Petit", 9.0), ("Normal", None), ("Grand", 13.0), ("Titre", 16.0))


class LetterTools(QFrame):
    """Acts on `editor`, the one that has or had the focus; the letter's own buttons are there for letters alone."""

    insert_wanted = Signal(str)
    """An object of this kind (`object_dialogs.NEW_OBJECTS`) is wanted below the cursor's paragraph."""
    edit_wanted = Signal()
    """The object at the cursor is to be changed."""

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
        self.bold = self._manner("Gras (Ctrl+G)", "G", "bold", "Ctrl+G")
        self.italic = self._manner("Italique (Ctrl+Maj+I)", "I", "italic", "Ctrl+Shift+I")
        self.underline = self._manner("Souligné (Ctrl+U)", "S", "underline", "Ctrl+U")
        self.aligned: dict[Alignment, QPushButton] = {
            "left": self._alignment("Aligner à gauche", "text-align-left", "left"),
            "centre": self._alignment("Centrer", "text-align-center", "centre"),
            "justified": self._alignment("Justifier", "text-align-justify", "justified"),
        }
        self.items: dict[Item, QPushButton] = {
            "bullet": self._item("Liste à puces", "list-bullets", "bullet"),
            "number": self._item("Liste numérotée", "list-numbers", "number"),
        }
        self.more = tool("Taille, couleur, retrait…", "text-aa", bare=True)
        self._more_menu()
        self.field = link("Insérer un champ", "plus-circle")
        self.field.setShortcut(QKeySequence("Ctrl+I"))
        self.field.setToolTip("Insérer un champ (Ctrl+I)")
        self.field.clicked.connect(self.insert_field)
        self.insert = link("Insérer", "plus")
        self._insert_menu()
        rules = [line(vertical=True), line(vertical=True)]
        manners = (self.bold, self.italic, self.underline)
        paragraphs = (*self.aligned.values(), *self.items.values(), self.more)
        for widget in (*manners, rules[0], *paragraphs, rules[1]):
            row.addWidget(widget)
        row.addWidget(self.field)
        row.addStretch(1)
        row.addWidget(self.insert)
        self._of_letters: tuple[QWidget, ...] = (*manners, *paragraphs, self.insert, *rules)
        body.cursorPositionChanged.connect(self._show_manner)
        body.object_opened.connect(self.edit_wanted)

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

    # Words

    def _manner(self, name: str, letter: str, flag: str, keys: str) -> QPushButton:
        """A button that shows its letter in the manner that it gives, as French programs do."""
        button = tool(name, bare=True, checkable=True)
        shown = style.font(16, QFont.Weight.Bold)
        shown.setItalic(flag == "italic")
        shown.setUnderline(flag == "underline")
        button.setFont(shown)
        button.setText(letter)
        button.clicked.connect(lambda: self._toggle(flag))
        button.setShortcut(QKeySequence(keys))
        return button

    def _toggle(self, flag: str) -> None:
        self._change({flag: not getattr(manner_at(self._body.textCursor()), flag)})

    def _change(self, changes: dict[str, object]) -> None:
        """Of the selected words, of the word at the cursor, or of what will be typed there."""
        cursor = self._body.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        if cursor.hasSelection():
            change_manner(cursor, changes)
        else:
            self._body.setCurrentCharFormat(format_of(msgspec.structs.replace(manner_at(cursor), **changes)))
        self._done()

    # Paragraphs

    def _alignment(self, name: str, icon: str, alignment: Alignment) -> QPushButton:
        button = tool(name, icon, bare=True, checkable=True)
        button.clicked.connect(lambda: self._align(alignment))
        return button

    def _align(self, alignment: Alignment) -> None:
        self._letter.align(self._body.textCursor(), alignment)
        self._done()

    def _item(self, name: str, icon: str, item: Item) -> QPushButton:
        button = tool(name, icon, bare=True, checkable=True)
        button.clicked.connect(lambda: self._toggle_item(item))
        return button

    def _toggle_item(self, item: Item) -> None:
        cursor = self._body.textCursor()
        now, level = item_at(cursor)
        self._letter.set_item(cursor, "" if now == item else item, level)
        self._done()

    def _indent(self, by: int) -> None:
        cursor = self._body.textCursor()
        item, level = item_at(cursor)
        if item:
            self._letter.set_item(cursor, item, min(max(level + by, 0), DEEPEST))
            self._done()

    def _done(self) -> None:
        self._body.setFocus()
        self._show_manner()

    # Menus

    def _more_menu(self) -> None:
        menu = self._menu(self.more)
        sizes, colours = menu.addMenu("Taille"), menu.addMenu("Couleur")
        for name, size in _SIZES:
            sizes.addAction(name, partial(self._change, {"size": size}))
        for name, colour in _COLOURS:
            colours.addAction(name, partial(self._change, {"colour": colour, "soft": False}))
        colours.addAction("Encre douce", lambda: self._change({"colour": "", "soft": True}))
        self.code = self._flag(menu, "À recopier, comme un code", "code")
        self.link = self._flag(menu, "Comme un lien", "link")
        menu.addSeparator()
        menu.addAction("Aligner à droite", lambda: self._align("right"))
        self.deeper = menu.addAction("Point plus en retrait", QKeySequence("Ctrl+M"), lambda: self._indent(1))
        self.outer = menu.addAction("Point moins en retrait", QKeySequence("Ctrl+Shift+M"), lambda: self._indent(-1))
        menu.addSeparator()
        self.each_child = menu.addAction("Pour chaque enfant de la famille", self._toggle_each_child)
        self.each_child.setCheckable(True)

    def _flag(self, menu: QMenu, name: str, flag: str) -> QAction:
        action = menu.addAction(name, lambda: self._toggle(flag))
        action.setCheckable(True)
        return action

    def _insert_menu(self) -> None:
        menu = self._menu(self.insert)
        self.qr = menu.addAction(style.icon("qr-code"), "QR code à droite de ce paragraphe", self._toggle_code)
        self.qr.setCheckable(True)
        self.image = menu.addAction(style.icon("image"), "Image de connexion annotée", self._insert_picture)
        menu.addSeparator()
        for kind, (words, icon) in NEW_OBJECTS.items():
            menu.addAction(style.icon(icon), f"{words}…", partial(self.insert_wanted.emit, kind))
        menu.addSeparator()
        self.edit = menu.addAction(style.icon("pencil-simple"), "Modifier cet objet…", self.edit_wanted.emit)
        self.edit.setShortcut(QKeySequence(Qt.Key.Key_F2))
        # A shortcut acts only where its action is a widget's, not while its menu alone has it.
        self.addActions([self.edit, self.deeper, self.outer])

    def _menu(self, button: QPushButton) -> QMenu:
        menu = QMenu(button)
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        return menu

    def _toggle_code(self) -> None:
        self._letter.toggle_code(self._body.textCursor())
        self._done()

    def _toggle_each_child(self) -> None:
        self._letter.toggle_each_child(self._body.textCursor())
        self._done()

    def _insert_picture(self) -> None:
        self._letter.insert_object(QTextCursor(self._body.textCursor()), self._picture())
        self.show_state()

    def _show_manner(self) -> None:
        cursor = self._body.textCursor()
        manner = manner_at(cursor)
        self.bold.setChecked(manner.bold)
        self.italic.setChecked(manner.italic)
        self.underline.setChecked(manner.underline)
        self.code.setChecked(manner.code)
        self.link.setChecked(manner.link)
        aligned, (item, level) = alignment_of(cursor), item_at(cursor)
        for alignment, button in self.aligned.items():
            button.setChecked(alignment == aligned)
        for kind, button in self.items.items():
            button.setChecked(kind == item)
        self.deeper.setEnabled(bool(item) and level < DEEPEST)
        self.outer.setEnabled(level > 0)
        self.each_child.setChecked(is_each_child(cursor))
        self.qr.setChecked(self._letter.is_beside_code(cursor))
        found = self._letter.object_at(cursor)
        self.edit.setEnabled(found is not None and not isinstance(found[1], SignInPicture))
