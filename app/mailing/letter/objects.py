"""Opens the dialog of a letter's object: of a new one, or of the one at the cursor."""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from app.mailing.editor import FieldEdit
from app.mailing.letter.document import LetterDocument
from app.mailing.letter.object_dialogs import CodeDialog, ObjectDialog, PictureDialog, SignatureDialog
from app.mailing.letter.picture_field import PictureShop
from app.mailing.letter.table_dialog import NEW as NEW_TABLE
from app.mailing.letter.table_dialog import TableDialog
from merge.letters.model import Block, Picture, QrCode, Signature, Table


class LetterObjects:
    """Of the letter in `body`."""

    def __init__(self, body: FieldEdit, letter: LetterDocument) -> None:
        self._body = body
        self._letter = letter

    def insert(self, kind: str, shop: PictureShop, parent: QWidget) -> None:
        """Ask for an object of this kind (`object_dialogs.NEW_OBJECTS`), and place it below the cursor's paragraph."""
        made = _ask(_dialog_for_new(kind, shop, parent))
        if made is not None:
            self._letter.insert_object(QTextCursor(self._body.textCursor()), made)

    def edit(self, shop: PictureShop, parent: QWidget) -> None:
        """Change the object at the cursor; the sign-in picture has nothing to be changed."""
        found = self._letter.object_at(self._body.textCursor())
        if found is None:
            return
        selected, block = found
        dialog = _dialog_for(block, shop, parent)
        if dialog is not None and (made := _ask(dialog)) is not None and made != block:
            self._letter.replace_object(selected, made)


def _ask(dialog: ObjectDialog) -> Block | None:
    try:
        return dialog.made if dialog.exec() else None
    finally:
        dialog.deleteLater()


def _dialog_for_new(kind: str, shop: PictureShop, parent: QWidget) -> ObjectDialog:
    if kind == "picture":
        return PictureDialog(shop, None, parent)
    new: dict[str, Block] = {"table": NEW_TABLE, "code": QrCode(), "signature": Signature()}
    dialog = _dialog_for(new[kind], shop, parent)
    assert dialog is not None  # noqa: S101 - each of these has one
    return dialog


def _dialog_for(block: Block, shop: PictureShop, parent: QWidget) -> ObjectDialog | None:
    match block:
        case Table():
            return TableDialog(block, parent)
        case Picture():
            return PictureDialog(shop, block, parent)
        case QrCode():
            return CodeDialog(block, parent)
        case Signature():
            return SignatureDialog(shop, block, parent)
        case _:
            return None
