"""A letter's rows as a text document and back: runs are character formats, what a row is besides is its block's.

A new paragraph takes the block format of the one it was split from, and so its size, space and place in the letter.
Tables, pictures, codes and the signature are objects in a block of their own: they can be moved, deleted and opened
(`cards`), not typed in.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, Literal

import msgspec
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextList,
    QTextListFormat,
)

from app import style
from app.mailing.editor import LINE_BREAK, blocks_of
from app.mailing.letter.cards import card
from app.mailing.letter.manners import format_of, joined, manner_of
from app.mailing.letter.rows import Row
from merge.letters.model import Block, Paragraph, Run

Alignment = Literal["left", "centre", "right", "justified"]
Item = Literal["", "bullet", "number"]
DEEPEST: Final = 3
_SOURCE = int(QTextBlockFormat.Property.UserProperty) + 2
_BESIDE = int(QTextBlockFormat.Property.UserProperty) + 3
_PLACE = int(QTextCharFormat.Property.UserProperty) + 4
_CHILD = int(QTextBlockFormat.Property.UserProperty) + 7
_OBJECT = "\ufffc"
_QT_ALIGNMENTS: dict[Alignment, Qt.AlignmentFlag] = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
    "justified": Qt.AlignmentFlag.AlignJustify,
}
_LIST_STYLES: dict[Item, QTextListFormat.Style] = {
    "bullet": QTextListFormat.Style.ListDisc,
    "number": QTextListFormat.Style.ListDecimal,
}
_CODE_ROOM = 96
"""Pixels that a paragraph leaves free for the QR code beside it."""


class LetterDocument:
    """The document of one letter. `rows()` answers what it says now, each row with the place of its origin."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._sources: dict[int, Row] = {}

    def fill(self, rows: Sequence[tuple[int, Row]]) -> None:
        """Show these rows, with nothing to undo."""
        self._sources = dict(rows)
        self._document.clear()
        cursor = QTextCursor(self._document)
        lists: dict[int, QTextList] = {}
        for index, (place, row) in enumerate(rows):
            block_format = _block_format(place, row)
            if index:
                cursor.insertBlock(block_format, QTextCharFormat())
            else:
                cursor.setBlockFormat(block_format)
            _list_on(cursor, row.block, lists)
            self._insert(cursor, place, row)
        self._document.clearUndoRedoStacks()

    def rows(self) -> tuple[tuple[int, Row], ...]:
        return tuple(one for block in blocks_of(self._document) for one in self._rows_of(block))

    def has(self, kind: type[Block]) -> bool:
        return any(isinstance(row.block, kind) for _, row in self.rows())

    # Paragraphs

    def toggle_code(self, at: QTextCursor) -> None:
        """The QR code beside this paragraph and the next, or nowhere when it stands there already."""
        here = at.block()
        remove = _is_beside(here)
        near = set() if remove else {here.blockNumber(), here.blockNumber() + 1}
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        for block in blocks_of(self._document):
            wanted = block.blockNumber() in near and _OBJECT not in block.text()
            if wanted != _is_beside(block):
                QTextCursor(block).mergeBlockFormat(_beside_format(wanted=wanted))
        cursor.endEditBlock()

    def is_beside_code(self, at: QTextCursor) -> bool:
        return _is_beside(at.block())

    def toggle_each_child(self, at: QTextCursor) -> None:
        """Print the selected paragraphs and objects for each child of the household, or once again."""
        QTextCursor(at).mergeBlockFormat(_child_format(wanted=not is_each_child(at)))

    def align(self, at: QTextCursor, alignment: Alignment) -> None:
        made = QTextBlockFormat()
        made.setAlignment(_QT_ALIGNMENTS[alignment])
        QTextCursor(at).mergeBlockFormat(made)

    def set_item(self, at: QTextCursor, item: Item, level: int = 0) -> None:
        """Make the selected paragraphs points of a list, as deep as `level`, or no points."""
        cursor = QTextCursor(at)
        cursor.beginEditBlock()
        for block in self._selected(at):
            if _OBJECT not in block.text():
                _leave_list(block)
                if item:
                    _join_list(block, item, level)
        cursor.endEditBlock()

    # Objects

    def insert_object(self, at: QTextCursor, block: Block) -> None:
        """An object below this paragraph."""
        place = max(self._sources, default=0) + 1
        self._sources[place] = row = Row(block, each_child=is_each_child(at))
        at.beginEditBlock()
        at.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        at.insertBlock(_block_format(place, row), QTextCharFormat())
        _leave_list(at.block())
        self._insert(at, place, row)
        at.endEditBlock()

    def object_at(self, cursor: QTextCursor) -> tuple[QTextCursor, Block] | None:
        """The object beside the cursor, selected by a cursor of its own; None where there is none."""
        for position in (cursor.position(), cursor.position() - 1):
            if position >= 0 and self._document.characterAt(position) == _OBJECT:
                found = QTextCursor(self._document)
                found.setPosition(position)
                found.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
                return found, self._sources[found.charFormat().intProperty(_PLACE)].block
        return None

    def replace_object(self, selected: QTextCursor, block: Block) -> None:
        """Another object in the place of the one that `object_at` selected; it can be undone."""
        place = max(self._sources) + 1
        self._sources[place] = Row(block)
        selected.setCharFormat(self._image(place, block))

    def _insert(self, cursor: QTextCursor, place: int, row: Row) -> None:
        if isinstance(row.block, Paragraph):
            for run in row.block.runs:
                cursor.insertText(run.text.replace("\n", LINE_BREAK), format_of(run))
        else:
            cursor.insertImage(self._image(place, row.block))

    def _image(self, place: int, block: Block) -> QTextImageFormat:
        name = f"webortho:{place}"
        self._document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), card(block))
        image = QTextImageFormat()
        image.setName(name)
        image.setProperty(_PLACE, place)
        return image

    # What it says

    def _rows_of(self, block: QTextBlock) -> Iterator[tuple[int, Row]]:
        """One row, or several where words were typed around an object."""
        source = block.blockFormat().intProperty(_SOURCE)
        each_child = bool(block.blockFormat().intProperty(_CHILD))
        pieces = list(_pieces(block))
        if not pieces:
            yield source, self._paragraph(block, ())
            return
        for is_object, group in groupby(pieces, key=lambda piece: isinstance(piece, int)):
            if is_object:
                for place in group:
                    if isinstance(place, int):
                        yield place, Row(self._sources[place].block, each_child=each_child)
            else:
                runs = tuple(piece for piece in group if isinstance(piece, Run))
                if len(pieces) == len(runs) or any(run.text.strip() for run in runs):
                    yield source, self._paragraph(block, runs)

    def _paragraph(self, block: QTextBlock, runs: tuple[Run, ...]) -> Row:
        source = self._sources.get(block.blockFormat().intProperty(_SOURCE))
        like = source.block if source and isinstance(source.block, Paragraph) else Paragraph(())
        item, level = _item_of(block)
        paragraph = msgspec.structs.replace(
            like,
            runs=joined(runs),
            align=alignment_of(QTextCursor(block)),
            item=item,
            level=level,
            start=like.start if item == "number" and _is_first(block) else None,
        )
        return Row(paragraph, beside_code=_is_beside(block), each_child=is_each_child(QTextCursor(block)))

    def _selected(self, at: QTextCursor) -> list[QTextBlock]:
        first = self._document.findBlock(at.selectionStart()).blockNumber()
        last = self._document.findBlock(at.selectionEnd()).blockNumber()
        return blocks_of(self._document)[first : last + 1]


def alignment_of(cursor: QTextCursor) -> Alignment:
    aligned = cursor.blockFormat().alignment()
    return next((name for name, flag in _QT_ALIGNMENTS.items() if aligned & flag), "left")


def item_at(cursor: QTextCursor) -> tuple[Item, int]:
    """What kind of point the paragraph is, and how deep."""
    return _item_of(cursor.block())


def is_each_child(cursor: QTextCursor) -> bool:
    return bool(cursor.blockFormat().intProperty(_CHILD))


def _pieces(block: QTextBlock) -> Iterator[Run | int]:
    """The block's runs, and the places of the objects among them."""
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        look, text = fragment.charFormat(), fragment.text()
        if _OBJECT in text and look.hasProperty(_PLACE):
            yield from [look.intProperty(_PLACE)] * text.count(_OBJECT)
        else:
            text = text.replace(LINE_BREAK, "\n").replace(_OBJECT, "")
            yield msgspec.structs.replace(manner_of(look), text=text)
        fragments += 1


def _is_beside(block: QTextBlock) -> bool:
    return bool(block.blockFormat().intProperty(_BESIDE))


def _item_of(block: QTextBlock) -> tuple[Item, int]:
    points = block.textList()
    if points is None:
        return "", 0
    shown = points.format()
    item: Item = "number" if shown.style() is QTextListFormat.Style.ListDecimal else "bullet"
    return item, min(max(shown.indent() - 1, 0), DEEPEST)


def _is_first(block: QTextBlock) -> bool:
    points = block.textList()
    return points is not None and points.itemNumber(block) == 0


def _list_on(cursor: QTextCursor, block: Block, lists: dict[int, QTextList]) -> None:
    """Make the block that was just begun a point; `lists` are those that go on, by their depth."""
    if not isinstance(block, Paragraph) or not block.item:
        lists.clear()
        return
    for deeper in [level for level in lists if level > block.level]:
        del lists[deeper]
    known = lists.get(block.level)
    if known is not None and known.format().style() is _LIST_STYLES[block.item] and block.start is None:
        known.add(cursor.block())
    else:
        lists[block.level] = cursor.createList(_list_format(block.item, block.level, block.start))


def _list_format(item: Item, level: int, start: int | None = None) -> QTextListFormat:
    made = QTextListFormat()
    made.setStyle(_LIST_STYLES[item])
    made.setIndent(level + 1)
    made.setStart(start or 1)
    return made


def _join_list(block: QTextBlock, item: Item, level: int) -> None:
    """The list of the paragraph above where it is of the same kind and depth, else one of its own."""
    above = block.previous()
    points = above.textList() if above.isValid() else None
    if points is not None and _item_of(above) == (item, level):
        points.add(block)
    else:
        QTextCursor(block).createList(_list_format(item, level))


def _leave_list(block: QTextBlock) -> None:
    points = block.textList()
    if points is not None:
        points.remove(block)
        # Qt keeps the look of a point as an indent.
        made = QTextBlockFormat()
        made.setIndent(0)
        QTextCursor(block).mergeBlockFormat(made)


def _block_format(place: int, row: Row) -> QTextBlockFormat:
    made = _beside_format(wanted=row.beside_code)
    made.merge(_child_format(wanted=row.each_child))
    made.setProperty(_SOURCE, place)
    made.setTopMargin(0)
    made.setBottomMargin(9)
    made.setLineHeight(120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if isinstance(row.block, Paragraph):
        made.setAlignment(_QT_ALIGNMENTS[row.block.align])
    return made


def _beside_format(*, wanted: bool) -> QTextBlockFormat:
    """A paragraph beside the QR code leaves its room free, as on paper."""
    made = QTextBlockFormat()
    made.setProperty(_BESIDE, int(wanted))
    made.setRightMargin(_CODE_ROOM if wanted else 0)
    return made


def _child_format(*, wanted: bool) -> QTextBlockFormat:
    """What is repeated for each child stands on a ground of its own."""
    made = QTextBlockFormat()
    made.setProperty(_CHILD, int(wanted))
    made.setBackground(style.colour("canard-50" if wanted else "surface"))
    return made
