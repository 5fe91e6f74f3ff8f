"""How words of a letter look in the editor: a run's manner as a character format, and back.

A manner is a `Run` without text. What the model knows of it travels in properties of the format; the font and the ink
that people see are derived from them.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
from PySide6.QtGui import QColor, QFont, QTextBlock, QTextCharFormat, QTextCursor, QTextFormat

from app import style
from merge.letters.model import Run

Manner = Run
PLAIN = Manner("")
_FLAGS = ("bold", "italic", "underline", "code", "link", "soft")
_PROPERTY = int(QTextFormat.Property.UserProperty)
_STYLE, _COLOUR, _SIZE = _PROPERTY + 1, _PROPERTY + 5, _PROPERTY + 6
_PIXELS_A_POINT = style.BODY_PX / 11
"""The editor shows eleven points, a letter's usual size, in the application's own."""


def manner_of(look: QTextFormat) -> Manner:
    """The manner that a format carries."""
    bits, size = look.intProperty(_STYLE), look.doubleProperty(_SIZE)
    flags = {name: True for place, name in enumerate(_FLAGS) if bits >> place & 1}
    return msgspec.structs.replace(PLAIN, **flags, colour=look.stringProperty(_COLOUR), size=size or None)


def format_of(manner: Manner) -> QTextCharFormat:
    """The format that shows a manner and carries it."""
    made = QTextCharFormat()
    made.setProperty(_STYLE, sum(getattr(manner, name) << place for place, name in enumerate(_FLAGS)))
    made.setProperty(_COLOUR, manner.colour)
    made.setProperty(_SIZE, manner.size or 0.0)
    heavy = manner.bold or manner.link or manner.code
    made.setFontWeight(QFont.Weight.Bold if heavy else QFont.Weight.Normal)
    made.setFontFamilies([style.CODE_FAMILY if manner.code else style.TEXT_FAMILY])
    made.setFontItalic(manner.italic)
    made.setFontUnderline(manner.underline)
    if manner.size:
        made.setProperty(QTextFormat.Property.FontPixelSize, round(manner.size * _PIXELS_A_POINT))
    token = "canard" if manner.link else "encre2" if manner.soft else "encre"
    made.setForeground(QColor(manner.colour) if manner.colour else style.colour(token))
    return made


def manner_at(cursor: QTextCursor) -> Manner:
    """The manner of what is selected, or of the character before the cursor."""
    probe = QTextCursor(cursor)
    if cursor.hasSelection():
        probe.setPosition(cursor.selectionStart() + 1)
    return manner_of(probe.charFormat())


def change_manner(cursor: QTextCursor, changes: dict[str, object]) -> None:
    """Change this much of the manner of the selected words, and leave the rest of it to each of them."""
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    document = cursor.document()
    found: list[tuple[int, int, Manner]] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        found += _stretches(block, start, end)
        block = block.next()
    cursor.beginEditBlock()
    for first, last, manner in found:
        part = QTextCursor(document)
        part.setPosition(first)
        part.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        part.setCharFormat(format_of(msgspec.structs.replace(manner, **changes)))
    cursor.endEditBlock()


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one manner are one run."""
    return tuple(
        msgspec.structs.replace(manner, text="".join(run.text for run in group))
        for manner, group in groupby(runs, key=lambda run: msgspec.structs.replace(run, text=""))
    )


def _stretches(block: QTextBlock, start: int, end: int) -> Iterator[tuple[int, int, Manner]]:
    """The parts of a block between two places, each of one manner; objects are none of them."""
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        first = max(start, fragment.position())
        last = min(end, fragment.position() + fragment.length())
        if first < last and not fragment.charFormat().isImageFormat():
            yield first, last, manner_of(fragment.charFormat())
        fragments += 1
