"""Writes a PDF of pages of other PDFs, as they come: nothing of a page stays in memory but its number.

A library that puts ten thousand pages together keeps the objects of them all until it saves. Here each page is written
with what it refers to as soon as it is added; what pages of one document share is written once (ISO 32000-1, 7.5).
"""

import hashlib
from array import array
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

_CATALOG, _PAGES, _INFO, _OUTLINES = 1, 2, 3, 4
_OF_ITS_DOCUMENT = frozenset({"/Parent", "/StructParents", "/StructParent", "/Tabs"})
"""What a page or a note on it says of parts of its document that are not taken along."""
_IN_STREAM = frozenset({"/Length"})


class CopiedPages:
    """A PDF under way in `file`, which it does not close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.blake2b(digest_size=16)
        self._size = 0
        self._offsets = array("Q", [0] * (_OUTLINES + 1))
        """Where each object stands, by its number; 0 for one that nobody wrote, which is nothing to readers."""
        self._pages = array("L")
        self._source: Pdf | None = None
        self._numbers: dict[tuple[int, int], int] = {}
        """Of the objects of the document whose pages are being added."""
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def count(self) -> int:
        return len(self._pages)

    def add(self, document: Pdf, page: Page) -> None:
        """Add a page of a document that was opened as usual: a page then has all that it would inherit.

        What pages of a document share is shared while they come one after the other.
        """
        if document is not self._source:
            self._source, self._numbers = document, {}
        waiting: list[tuple[int, Object]] = []
        number = self._number(page.obj)
        written = self._entries(page.obj.items(), waiting)
        self._object(number, b"<<%b/Parent %d 0 R>>" % (written, _PAGES))
        self._pages.append(number)
        while waiting:
            self._object(*self._described(*waiting.pop(), waiting))

    def add_blank(self, width: float, height: float) -> None:
        """Add an empty page, in points."""
        self._offsets.append(0)
        number = len(self._offsets) - 1
        box = b"<</Type/Page/Parent %d 0 R/Resources<<>>/MediaBox[0 0 %.4f %.4f]>>" % (_PAGES, width, height)
        self._object(number, box)
        self._pages.append(number)

    def save(self, bookmarks: Iterable[tuple[str, int]], facts: Mapping[str, str], catalog: bytes) -> None:
        """End the document. `bookmarks`: titles and pages from 0. `catalog`: entries of the document's own."""
        outline = self._outline(list(bookmarks))
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._object(_PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids))
        said = b"".join(b"/%b %b" % (name.encode(), String(value).unparse()) for name, value in facts.items())
        self._object(_INFO, b"<<%b>>" % said)
        self._object(_CATALOG, b"<</Type/Catalog/Pages %d 0 R%b%b>>" % (_PAGES, outline, catalog))
        self._end()

    def _outline(self, bookmarks: list[tuple[str, int]]) -> bytes:
        """The entry of the catalog for the bookmarks, which are written."""
        if not bookmarks:
            return b""
        first = len(self._offsets)
        last = first + len(bookmarks) - 1
        self._offsets.extend([0] * len(bookmarks))
        for number, (title, page) in enumerate(bookmarks, first):
            beside = b"/Prev %d 0 R" % (number - 1) if number > first else b""
            beside += b"/Next %d 0 R" % (number + 1) if number < last else b""
            name = String(title).unparse()
            place = b"/Dest[%d 0 R/Fit]" % self._pages[page]
            self._object(number, b"<</Title %b/Parent %d 0 R%b%b>>" % (name, _OUTLINES, beside, place))
        said = (len(bookmarks), first, last)
        self._object(_OUTLINES, b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>" % said)
        return b"/Outlines %d 0 R" % _OUTLINES

    def _number(self, given: Object) -> int:
        """The new number of an object of the document's."""
        known = self._numbers.get(given.objgen)
        if known is None:
            known = self._numbers[given.objgen] = len(self._offsets)
            self._offsets.append(0)
        return known

    def _described(self, number: int, given: Object, waiting: list[tuple[int, Object]]) -> tuple[int, bytes]:
        """An object with its number, as a file has it."""
        if not isinstance(given, Stream):
            return number, self._direct(given, waiting)
        data = given.read_raw_bytes()
        said = self._entries(((key, one) for key, one in given.items() if key not in _IN_STREAM), waiting)
        return number, b"<<%b/Length %d>>\nstream\n%b\nendstream" % (said, len(data), data)

    def _entries(self, items: Iterable[tuple[str, Object]], waiting: list[tuple[int, Object]]) -> bytes:
        return b"".join(
            Name(key).unparse() + b" " + self._value(value, waiting)
            for key, value in items
            if key not in _OF_ITS_DOCUMENT
        )

    def _value(self, value: object, waiting: list[tuple[int, Object]]) -> bytes:
        """A value within another: a reference to an object, which then waits to be written, or itself."""
        if not isinstance(value, Object) or not value.is_indirect:
            return self._direct(value, waiting)
        known = value.objgen in self._numbers
        number = self._number(value)
        if not known and not (isinstance(value, Dictionary) and value.get(Name.Type) == Name.Page):
            waiting.append((number, value))
        return b"%d 0 R" % number

    def _direct(self, value: object, waiting: list[tuple[int, Object]]) -> bytes:
        if isinstance(value, Dictionary):
            return b"<<" + self._entries(value.items(), waiting) + b">>"
        if isinstance(value, Array):
            return b"[" + b" ".join(self._value(one, waiting) for one in value) + b"]"
        return value.unparse(resolved=True) if isinstance(value, Object) else _plain(value)

    def _object(self, number: int, content: bytes) -> None:
        self._offsets[number] = self._size
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, content))

    def _end(self) -> None:
        """The list of all objects; those that nobody wrote are said to be free."""
        start = self._size
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset if offset else b"0000000000 65535 f \n")
        name = self._digest.hexdigest().encode()
        said = (len(self._offsets), _CATALOG, _INFO, name, name, start)
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n" % said)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)


def _plain(value: object) -> bytes:
    """A value that the library gives as Python's own."""
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return format(value, "f" if isinstance(value, Decimal) else "").encode()
