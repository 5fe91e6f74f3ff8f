"""The texts' editor: @fields on a ground of their own, what the merge refuses underlined, plain text alone pasted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app import style
from app.mailing.highlights import Highlight, read

LINE_BREAK = "\u2028"
"""How a document writes a line break within a paragraph."""
_OBJECT = "\ufffc"
"""How it writes what is placed and not typed (Unicode's object replacement character)."""


class FieldHighlighter(QSyntaxHighlighter):
    """Colours what `highlights.read` finds; formats of this kind are no part of the text, nor of its undo."""

    changed = Signal()
    """`problems` and `fields` are those of the text as it stands."""

    def __init__(self, document: QTextDocument, *, by_paragraph: bool) -> None:
        """`by_paragraph`: each paragraph is a text of its own (a letter's are), or the document is one text."""
        super().__init__(document)
        self._by_paragraph = by_paragraph
        self._found: list[tuple[Highlight, ...]] = []
        self._coloured: dict[int, tuple[object, ...]] = {}
        self._stale = True
        self._cursor = -1
        self._dear = frozenset[str]()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._catch_up)
        document.contentsChange.connect(self._expire)

    @property
    def problems(self) -> tuple[tuple[int, Highlight], ...]:
        """What is refused, with its block; an offset counts from the block's beginning."""
        return tuple((block, one) for block, found in enumerate(self._all()) for one in found if one.problem)

    @property
    def fields(self) -> int:
        return sum(not one.problem for found in self._all() for one in found)

    def set_by_paragraph(self, *, yes: bool) -> None:
        """As at the beginning: the same editor shows letters, and texts in one piece."""
        self._by_paragraph = yes
        self._expire()

    def show_cursor(self, position: int) -> None:
        """The field there stands out."""
        self._cursor = position
        self._later.start()

    def show_dear(self, signs: frozenset[str]) -> None:
        """Characters to underline: those that make an SMS dearer."""
        if signs != self._dear:
            self._dear = signs
            self._later.start()

    def highlightBlock(self, text: str) -> None:  # noqa: ARG002, N802 - Qt's signature
        block = self.currentBlock()
        looks = self._looks(block)
        for start, length, kind in looks:
            self.setFormat(start, length, _FORMATS[kind]())
        self._coloured[block.blockNumber()] = looks

    def _looks(self, block: QTextBlock) -> tuple[tuple[int, int, str], ...]:
        text = block.text()
        found = self._all()
        number = block.blockNumber()
        looks: list[tuple[int, int, str]] = []
        for one in found[number] if number < len(found) else ():
            start, end = units(text, one.start), units(text, one.start + one.length)
            here = start <= self._cursor - block.position() <= end
            looks.append((start, end - start, "problem" if one.problem else "current" if here else "field"))
        for place, sign in enumerate(text):
            if sign in self._dear:
                looks.append((units(text, place), units(sign, 1), "dear"))
        return tuple(looks)

    def _all(self) -> list[tuple[Highlight, ...]]:
        if self._stale:
            self._stale = False
            texts = [block.text().replace(LINE_BREAK, "\n") for block in blocks_of(self.document())]
            self._found = [read(text).highlights for text in texts] if self._by_paragraph else _by_line(texts)
        return self._found

    def _expire(self, *_: int) -> None:
        self._stale = True
        self._later.start()

    def _catch_up(self) -> None:
        """Blocks whose look changed because of another one's text, or of the cursor."""
        for block in list(blocks_of(self.document())):
            if self._coloured.get(block.blockNumber()) != self._looks(block):
                self.rehighlightBlock(block)
        self.changed.emit()


def _by_line(texts: Sequence[str]) -> list[tuple[Highlight, ...]]:
    """The places of one text, by line, counted from the line's beginning."""
    found: list[list[Highlight]] = [[] for _ in texts]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    for one in read("\n".join(texts)).highlights:
        line = max(index for index, start in enumerate(starts[:-1]) if start <= one.start)
        found[line].append(Highlight(one.start - starts[line], one.length, one.problem, one.suggestion))
    return [tuple(line) for line in found]


def blocks_of(document: QTextDocument) -> "list[QTextBlock]":
    blocks = []
    block = document.begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    return blocks


def units(text: str, characters: int) -> int:
    """How many of Qt's units (UTF-16) the first characters of a text are."""
    return len(text[:characters].encode("utf-16-le")) // 2


def _format(ground: str, ink: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontFamilies([style.CODE_FAMILY])
    made.setFontWeight(QFont.Weight.Bold)
    made.setBackground(style.colour(ground))
    made.setForeground(style.colour(ink))
    return made


def _underlined(token: str, kind: QTextCharFormat.UnderlineStyle) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setUnderlineStyle(kind)
    made.setUnderlineColor(QColor(style.TOKENS[token]))
    return made


_FORMATS: dict[str, Callable[[], QTextCharFormat]] = {
    "field": lambda: _format("canard-100", "canard"),
    "current": lambda: _format("abricot", "sur-abricot"),
    "problem": lambda: _underlined("erreur", QTextCharFormat.UnderlineStyle.WaveUnderline),
    "dear": lambda: _underlined("alerte", QTextCharFormat.UnderlineStyle.SpellCheckUnderline),
}


class FieldEdit(QTextEdit):
    """An editor of text with @fields. `edited` at each change that a person made, undo included."""

    edited = Signal()
    entered = Signal()
    """It got the focus: fields are inserted here."""
    object_opened = Signal()
    """A person clicked twice on an object that stands in the text; the cursor is beside it."""

    def __init__(
        self, name: str, *, by_paragraph: bool = False, one_line: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._one_line = one_line
        self._filling = False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setAcceptRichText(False)
        self.document().setDocumentMargin(2 if one_line else 12)
        if one_line:
            self.setFixedHeight(36)
            self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.highlighter = FieldHighlighter(self.document(), by_paragraph=by_paragraph)
        self.document().contentsChange.connect(self._on_change)
        self.cursorPositionChanged.connect(self._show_cursor)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """What changes meanwhile was not typed by anybody."""
        self._filling = True
        try:
            yield
        finally:
            self._filling = False

    def fill(self, text: str) -> None:
        """Another text, with nothing to undo."""
        with self.filling():
            self.setPlainText(text)
        self.document().clearUndoRedoStacks()

    @property
    def content(self) -> str:
        return self.toPlainText().replace(LINE_BREAK, "\n").replace("\u2029", "\n")

    def replace_all(self, text: str) -> None:
        """As if somebody had typed it: it can be undone."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()

    def insert_field(self, token: str) -> None:
        """At the cursor, in the place of what is selected; « @ENFANTS … @FINENFANTS » goes around it."""
        cursor = self.textCursor()
        if " … " in token:
            before, after = token.split(" … ")
            inside = cursor.selectedText() or "@PPREN"
            cursor.insertText(f"{before} {inside} {after}")
        else:
            cursor.insertText(token)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def select_place(self, block: int, start: int, length: int) -> None:
        """Put the cursor around characters of a block; offsets are characters."""
        found = self.document().findBlockByNumber(block)
        text = found.text()
        cursor = QTextCursor(found)
        cursor.setPosition(found.position() + units(text, start))
        cursor.setPosition(found.position() + units(text, start + length), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if self._one_line and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cursor = self.cursorForPosition(event.position().toPoint())
        places = (cursor.position(), cursor.position() - 1)
        if any(self.document().characterAt(place) == _OBJECT for place in places if place >= 0):
            self.setTextCursor(cursor)
            self.object_opened.emit()
        else:
            super().mouseDoubleClickEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Words alone: what comes from a letter or a web page brings neither its fonts nor its pictures."""
        text = source.text().replace("\r\n", "\n").replace(_OBJECT, "")
        self.textCursor().insertText(" ".join(text.split()) if self._one_line else text)

    def focusInEvent(self, event: "object") -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)  # type: ignore[arg-type] # Qt's own event
        self._show_cursor()
        self.entered.emit()

    def _show_cursor(self) -> None:
        """Nowhere before somebody has been here: of several texts, one alone is typed in."""
        if self.hasFocus():
            self.highlighter.show_cursor(self.textCursor().position())

    def _on_change(self, _: int, removed: int, added: int) -> None:
        if not self._filling and (removed or added):
            self.edited.emit()
