"""A letter's rows as a text document and back: runs are character formats, what a row is besides is its block's.

A new paragraph takes the block format of the one it was split from, and so its size, space and place in the letter.
The sign-in picture and the signature are objects in a block of their own: they can be moved and deleted, not typed in.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from PySide6.QtCore import QRect, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPen,
    QPixmap,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)

from app import style
from app.mailing.editor import LINE_BREAK, blocks_of
from app.mailing.letter_rows import Row
from merge.letters.model import (
    Block,
    EachChild,
    Paragraph,
    Picture,
    QrCode,
    Run,
    Signature,
    SignInPicture,
    Table,
)

BOLD, CODE, LINK, SOFT = 1, 2, 4, 8
_STYLE = int(QTextCharFormat.Property.UserProperty) + 1
_SOURCE = int(QTextBlockFormat.Property.UserProperty) + 2
_BESIDE = int(QTextBlockFormat.Property.UserProperty) + 3
_FIXTURE = int(QTextCharFormat.Property.UserProperty) + 4
_OBJECT = "\ufffc"
_WIDTH = 560


class LetterDocument:
    """The document of one letter. `rows()` answers what it says now, each row with the place of its origin."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._sources: dict[int, Row] = {}
        self._cards = {"picture": _picture_card()} | {name: _card_of(icon, words) for name, icon, words in _FIXTURES}

    def fill(self, rows: Sequence[tuple[int, Row]]) -> None:
        """Show these rows, with nothing to undo."""
        self._sources = dict(rows)
        # Clearing forgets the pictures too.
        self._document.clear()
        for name, card in self._cards.items():
            self._document.addResource(QTextDocument.ResourceType.ImageResource, _url(name), card)
        cursor = QTextCursor(self._document)
        for index, (place, row) in enumerate(rows):
            block_format = _block_format(place, row)
            if index:
                cursor.insertBlock(block_format, QTextCharFormat())
            else:
                cursor.setBlockFormat(block_format)
            self._insert(cursor, place, row)
        self._document.clearUndoRedoStacks()

    def rows(self) -> tuple[tuple[int, Row], ...]:
        return tuple(one for block in blocks_of(self._document) for one in self._rows_of(block))

    def has(self, kind: type[SignInPicture | Signature]) -> bool:
        return any(isinstance(row.block, kind) for _, row in self.rows())

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

    def insert_picture(self, at: QTextCursor, picture: SignInPicture) -> None:
        """The sign-in picture below this paragraph."""
        place = max(self._sources, default=0) + 1
        self._sources[place] = row = Row(picture)
        at.beginEditBlock()
        at.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        at.insertBlock(_block_format(place, row), QTextCharFormat())
        self._insert(at, place, row)
        at.endEditBlock()

    def toggle(self, cursor: QTextCursor, bit: int) -> None:
        """Give the selected text (or the word) a manner, or take it away."""
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        new = style_at(cursor) ^ bit
        cursor.mergeCharFormat(_char_format(new))

    def align(self, cursor: QTextCursor, *, justified: bool) -> None:
        made = QTextBlockFormat()
        made.setAlignment(Qt.AlignmentFlag.AlignJustify if justified else Qt.AlignmentFlag.AlignLeft)
        cursor.mergeBlockFormat(made)

    def _insert(self, cursor: QTextCursor, place: int, row: Row) -> None:
        if isinstance(row.block, Paragraph):
            for run in row.block.runs:
                cursor.insertText(run.text.replace("\n", LINE_BREAK), _char_format(_bits(run)))
            return
        image = QTextImageFormat()
        image.setName(_url(_card_name(row.block)).toString())
        image.setProperty(_FIXTURE, place)
        cursor.insertImage(image)

    def _rows_of(self, block: QTextBlock) -> Iterator[tuple[int, Row]]:
        """One row, or several where words were typed around an object."""
        source = block.blockFormat().intProperty(_SOURCE)
        pieces = list(self._pieces(block))
        if not pieces:
            yield source, self._paragraph(block, ())
            return
        for is_object, group in groupby(pieces, key=lambda piece: isinstance(piece, int)):
            if is_object:
                yield from ((place, self._sources[place]) for place in group if isinstance(place, int))
            else:
                runs = tuple(piece for piece in group if isinstance(piece, Run))
                if len(pieces) == len(runs) or any(run.text.strip() for run in runs):
                    yield source, self._paragraph(block, runs)

    def _pieces(self, block: QTextBlock) -> Iterator[Run | int]:
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            look, text = fragment.charFormat(), fragment.text()
            if _OBJECT in text and look.hasProperty(_FIXTURE):
                yield from [look.intProperty(_FIXTURE)] * text.count(_OBJECT)
            else:
                text = text.replace(LINE_BREAK, "\n").replace(_OBJECT, "")
                yield _run(text, look.intProperty(_STYLE))
            fragments += 1

    def _paragraph(self, block: QTextBlock, runs: tuple[Run, ...]) -> Row:
        block_format = block.blockFormat()
        source = self._sources.get(block_format.intProperty(_SOURCE))
        like = source.block if source and isinstance(source.block, Paragraph) else Paragraph(())
        justified = bool(block_format.alignment() & Qt.AlignmentFlag.AlignJustify)
        paragraph = msgspec.structs.replace(like, runs=_joined(runs), align="justified" if justified else "left")
        return Row(paragraph, beside_code=_is_beside(block))


def style_at(cursor: QTextCursor) -> int:
    """The manner of what is selected, or of the character before the cursor."""
    probe = QTextCursor(cursor)
    if cursor.hasSelection():
        probe.setPosition(cursor.selectionStart() + 1)
    return probe.charFormat().intProperty(_STYLE)


def is_justified(cursor: QTextCursor) -> bool:
    return bool(cursor.blockFormat().alignment() & Qt.AlignmentFlag.AlignJustify)


def _is_beside(block: QTextBlock) -> bool:
    return bool(block.blockFormat().intProperty(_BESIDE))


def _bits(run: Run) -> int:
    return BOLD * run.bold | CODE * run.code | LINK * run.link | SOFT * run.soft


def _run(text: str, bits: int) -> Run:
    return Run(text, bold=bool(bits & BOLD), code=bool(bits & CODE), link=bool(bits & LINK), soft=bool(bits & SOFT))


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours of one manner are one run."""
    return tuple(_run("".join(run.text for run in group), bits) for bits, group in groupby(runs, key=_bits))


def _char_format(bits: int) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setProperty(_STYLE, bits)
    heavy = bits & (BOLD | LINK | CODE)
    made.setFontWeight(QFont.Weight.Bold if heavy else QFont.Weight.Normal)
    made.setFontFamilies([style.CODE_FAMILY if bits & CODE else style.TEXT_FAMILY])
    made.setForeground(style.colour("canard" if bits & LINK else "encre2" if bits & SOFT else "encre"))
    return made


def _block_format(place: int, row: Row) -> QTextBlockFormat:
    made = _beside_format(wanted=row.beside_code)
    made.setProperty(_SOURCE, place)
    made.setTopMargin(0)
    made.setBottomMargin(9)
    made.setLineHeight(120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if isinstance(row.block, Paragraph):
        justified = row.block.align == "justified"
        made.setAlignment(Qt.AlignmentFlag.AlignJustify if justified else Qt.AlignmentFlag.AlignLeft)
    return made


def _beside_format(*, wanted: bool) -> QTextBlockFormat:
    """A paragraph beside the QR code leaves its room free, as on paper."""
    made = QTextBlockFormat()
    made.setProperty(_BESIDE, int(wanted))
    made.setRightMargin(96 if wanted else 0)
    return made


def _url(name: str) -> QUrl:
    return QUrl(f"webortho:{name}")


def _picture_card() -> QPixmap:
    made, painter = _card(66)
    style.paint_icon(painter, QRect(16, 20, 26, 26), "image", "canard")
    painter.setPen(style.colour("encre"))
    painter.setFont(style.font(14, QFont.Weight.Bold))
    painter.drawText(QRectF(58, 12, _WIDTH - 70, 20), Qt.AlignmentFlag.AlignVCenter, "Image de connexion annotée")
    left = 58.0
    for words, field in (("Code ", "@CABINET"), (" · identifiant ", "@ORDRE"), (" · mot de passe ", "@MDP")):
        left = _draw(painter, left, words, field)
    painter.end()
    return made


_FIXTURES = (
    ("signature", "pen", "Signature du praticien"),
    ("table", "table", "Tableau"),
    ("image", "image", "Image"),
    ("code", "qr-code", "QR code"),
    ("children", "users", "Pour chaque enfant de la famille"),
)


def _card_name(block: Block) -> str:
    match block:
        case SignInPicture():
            return "picture"
        case Table():
            return "table"
        case Picture():
            return "image"
        case QrCode():
            return "code"
        case EachChild():
            return "children"
        case _:
            return "signature"


def _card_of(icon: str, words: str) -> QPixmap:
    made, painter = _card(40)
    style.paint_icon(painter, QRect(16, 9, 22, 22), icon, "canard")
    painter.setPen(style.colour("encre"))
    painter.setFont(style.font(14, QFont.Weight.Bold))
    painter.drawText(QRectF(58, 0, _WIDTH - 70, 40), Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return made


def _card(height: int) -> tuple[QPixmap, QPainter]:
    made = QPixmap(_WIDTH * 2, height * 2)
    made.setDevicePixelRatio(2)
    made.fill(style.colour("fond"))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(style.colour("contour"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(QRectF(0.5, 0.5, _WIDTH - 1, height - 1))
    return made, painter


def _draw(painter: QPainter, left: float, words: str, field: str) -> float:
    """Words and a field on its ground, in the card's second line; where the next ones begin."""
    painter.setFont(style.font(14))
    painter.setPen(style.colour("encre"))
    width = painter.fontMetrics().horizontalAdvance(words)
    painter.drawText(QRectF(left, 34, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, words)
    painter.setFont(style.font(14, code=True))
    advance = painter.fontMetrics().horizontalAdvance(field)
    ground = QRectF(left + width, 34, advance + 8, 20)
    painter.fillRect(ground, style.colour("canard-100"))
    painter.setPen(style.colour("canard"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, field)
    return left + width + advance + 10
