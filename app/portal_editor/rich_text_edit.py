"""A text zone in a Qt text editor: loads clean HTML, gives clean HTML back, and cleans what is pasted."""

import math
import re

from PySide6.QtCore import QEvent, QMimeData, QSize, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextListFormat,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionFrame, QTextEdit, QWidget

from app import style
from app.portal_editor import lines
from app.portal_editor.lines import Line, Run
from portal.pages.rich_text import LINK_SCHEMES

INKS = {
    "couleur-canard": "canard",
    "couleur-gris": "encre2",
    "couleur-vert": "ok",
    "couleur-brun": "abricot-encre",
    "couleur-rouge": "erreur",
}
"""The palette's classes as the design language's colours."""
MAX_PASTED = 20_000
"""Characters: somebody pasted a whole document by mistake."""
_COLOUR = QTextFormat.Property.UserProperty
_BLOCK_END = re.compile(r"</(?:div|h[1-6]|tr|td|section|article)>", re.IGNORECASE)
_STYLES = {"ul": QTextListFormat.Style.ListDisc, "ol": QTextListFormat.Style.ListDecimal}
_TALLEST = 220


class RichTextEdit(QTextEdit):
    """`edited` with clean HTML after each change that a person makes. Undoing is the screen's."""

    edited = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setIndentWidth(18)
        self._is_loading = False
        self.textChanged.connect(self._on_change)
        # Its lines break anew with its width, which is known only once it stands in its row.
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())

    def show_html(self, html: str) -> None:
        """Without telling anybody; the cursor goes where the texts begin to differ."""
        if lines.canonical(html) == self.html():
            return
        before = self.toPlainText()
        self._is_loading = True
        self.clear()
        self._insert(lines.parse(html))
        self._is_loading = False
        after = self.toPlainText()
        same_end = next((n for n, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
        cursor = self.textCursor()
        cursor.setPosition(max(0, len(after) - same_end))
        self.setTextCursor(cursor)
        self.updateGeometry()

    def html(self) -> str:
        """What it holds, clean."""
        return lines.write(self._lines())

    def toggle_bold(self) -> None:
        made = QTextCharFormat()
        made.setFontWeight(400 if self.currentCharFormat().fontWeight() >= 600 else 700)
        self._style(made)

    def toggle_italic(self) -> None:
        made = QTextCharFormat()
        made.setFontItalic(not self.currentCharFormat().fontItalic())
        self._style(made)

    def set_colour(self, name: str) -> None:
        """A class of the palette, or "" for the text's own colour."""
        made = QTextCharFormat()
        _colour(made, name)
        self._style(made)

    def set_link(self, address: str) -> None:
        """Link what is selected, or change the link that the cursor stands in; "" takes the link away.

        With neither, the address itself is written and linked.
        """
        cursor = self._linked()
        if not cursor.hasSelection():
            if address:
                cursor.insertText(address.partition(":")[2].strip("/"), _format(Run("", link=address)))
                cursor.insertText(" ", QTextCharFormat())
            return
        made = QTextCharFormat()
        _link(made, address)
        cursor.mergeCharFormat(made)

    @property
    def link(self) -> str:
        """The address of the link that the cursor stands in, or ""."""
        return self._linked().charFormat().anchorHref()

    def toggle_list(self, kind: str) -> None:
        """Make the chosen lines items of a list ("ul" or "ol"), or plain lines again."""
        cursor = self.textCursor()
        current = cursor.currentList()
        if current is not None and current.format().style() == _STYLES[kind]:
            cursor.beginEditBlock()
            block = self.document().findBlock(cursor.selectionStart())
            while block.isValid() and block.position() <= cursor.selectionEnd():
                if block.textList() is not None:
                    block.textList().remove(block)
                    QTextCursor(block).setBlockFormat(QTextBlockFormat())
                block = block.next()
            cursor.endEditBlock()
        else:
            cursor.createList(_STYLES[kind])
        self._on_change()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Only what a zone may hold comes in."""
        if source.hasHtml():
            html = _BLOCK_END.sub("<br>", source.html()[: 10 * MAX_PASTED])
            pasted = lines.parse(html)
        else:
            text = source.text()[:MAX_PASTED].replace("\r\n", "\n").rstrip("\n")
            pasted = tuple(Line((Run(each.replace("\t", " ")),)) for each in text.split("\n"))
        self._insert(pasted)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        return source.hasHtml() or source.hasText()

    def event(self, event: QEvent) -> bool:
        # The screen's own undo goes over all texts and boxes.
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()
            return False
        return super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        height = math.ceil(self.document().size().height()) + self._around
        return QSize(super().sizeHint().width(), max(38, min(height, _TALLEST)))

    @property
    def _around(self) -> int:
        """Height of the style's border and padding."""
        self.ensurePolished()
        frame = QStyleOptionFrame()
        self.initStyleOption(frame)
        inside = self.style().subElementRect(QStyle.SubElement.SE_ShapedFrameContents, frame, self)
        return frame.rect.height() - inside.height()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(60, self.sizeHint().height())

    def _on_change(self) -> None:
        if self._is_loading:
            return
        self.updateGeometry()
        self.edited.emit(self.html())

    def _style(self, made: QTextCharFormat) -> None:
        self.mergeCurrentCharFormat(made)
        self._on_change()

    def _linked(self) -> QTextCursor:
        """The selection, or the whole of the link that the cursor stands in."""
        cursor = self.textCursor()
        address = cursor.charFormat().anchorHref()
        if cursor.hasSelection() or not address:
            return cursor
        iterator = cursor.block().begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            if fragment.charFormat().anchorHref() == address and fragment.contains(cursor.position() - 1):
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                break
            iterator += 1
        return cursor

    def _insert(self, pasted: tuple[Line, ...]) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        for index, line in enumerate(pasted):
            if index:
                cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
            if line.bullet:
                made = cursor.currentList()
                before = cursor.block().previous().textList() if index else None
                if before is not None and before.format().style() == _STYLES[line.bullet]:
                    before.add(cursor.block())
                elif made is None:
                    cursor.createList(_STYLES[line.bullet])
            elif index and cursor.currentList() is not None:
                cursor.currentList().remove(cursor.block())
                cursor.setBlockFormat(QTextBlockFormat())
            for run in line.runs:
                cursor.insertText(run.text, _format(run))
        cursor.setCharFormat(QTextCharFormat())
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _lines(self) -> tuple[Line, ...]:
        found: list[Line] = []
        block = self.document().begin()
        while block.isValid():
            found.append(Line(_runs(block), _bullet(block)))
            block = block.next()
        return tuple(found)


def is_link(address: str) -> bool:
    """Whether a zone may hold a link to it."""
    scheme, colon, rest = address.strip().partition(":")
    return bool(colon) and scheme.lower() in LINK_SCHEMES and bool(rest.strip("/"))


def _bullet(block: QTextBlock) -> str:
    of = block.textList()
    if of is None:
        return ""
    return "ol" if of.format().style() == QTextListFormat.Style.ListDecimal else "ul"


def _runs(block: QTextBlock) -> tuple[Run, ...]:
    runs: list[Run] = []
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        made = fragment.charFormat()
        runs.append(
            Run(
                fragment.text().replace("\ufffc", ""),
                bold=made.fontWeight() >= 600,
                italic=made.fontItalic(),
                colour=str(made.property(_COLOUR) or ""),
                link=made.anchorHref(),
            )
        )
        iterator += 1
    return tuple(runs)


def _format(run: Run) -> QTextCharFormat:
    made = QTextCharFormat()
    if run.bold:
        made.setFontWeight(700)
    if run.italic:
        made.setFontItalic(True)
    if run.colour:
        _colour(made, run.colour)
    if run.link:
        _link(made, run.link)
    return made


def _colour(made: QTextCharFormat, name: str) -> None:
    made.setProperty(_COLOUR, name)
    made.setForeground(style.colour(INKS.get(name, "encre")))


def _link(made: QTextCharFormat, address: str) -> None:
    made.setAnchor(bool(address))
    made.setAnchorHref(address)
    made.setFontUnderline(bool(address))
    made.setForeground(style.colour("canard" if address else "encre"))
