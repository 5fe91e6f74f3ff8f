"""A ReportLab canvas whose pages go to the file one by one, so that ten thousand letters take the memory of one.

ReportLab keeps a whole document in memory until `save`. Here it still draws, subsets fonts and formats what is shared
(forms, images, fonts), while each page and bookmark is written and forgotten as soon as it is shown. Pages inherit
size and resources from the page tree (ISO 32000-1, 7.7.3.4). Nothing in the file depends on the clock or on chance:
the same letters give the same bytes.
"""

import datetime as dt
import zlib
from hashlib import blake2b
from typing import BinaryIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

rl_config.useA85 = 0
"""Fonts and pictures as bytes: written as letters they are a quarter larger, and a preview takes twice as long."""
_PAGES_A_NODE = 64
"""A flat page tree of thousands of pages is slow to open at the last one."""
_COMPRESSION = 1
"""A page of 1.6 kB, where level 6 makes 1.3, in a third of the time: most of a letter's is its code's rectangles."""


class StreamedCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """Draws as any ReportLab canvas does; `showPage` writes the page to `file`, `save` writes the rest."""

    def __init__(
        self, file: BinaryIO, *, title: str, author: str, day: dt.date, size: tuple[float, float] = A4
    ) -> None:
        """`title` and `author` are the document's metadata; `day` is its date, for the same bytes on the same day.

        `size` is every page's, width and height in points.
        """
        self._file = file
        self._written = 0
        self._offsets: dict[int, int] = {}
        self._fingerprint = blake2b(digest_size=16)
        super().__init__(file, pagesize=size, pageCompression=1, invariant=1)
        self._facts = {"Title": title, "Author": author, "Creator": "WebOrtho", "Producer": "WebOrtho, ReportLab"}
        self._day = day
        self._shared: dict[str, None] = {}
        self._root, self._outline = self._new_number(), self._new_number()
        self._nodes: list[tuple[int, list[int]]] = []
        self._pages = 0
        self._bookmark: tuple[int, int, str] | None = None
        self._first_bookmark = self._last_bookmark = self._bookmarks = 0
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages were shown."""
        return self._pages

    @property
    def document(self) -> pdfdoc.PDFDocument:
        """The ReportLab document, which TrueType fonts count their subsets by."""
        return self._doc

    def _make_preamble(self) -> None:
        """No default font: an unused Helvetica would be the only face that is not embedded."""
        self._preamble = "1 0 0 1 0 0 cm"

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        """Write the page drawn so far and begin the next one."""
        content = zlib.compress("\n".join(self._code).encode("latin-1"), _COMPRESSION)
        self._shared.update(dict.fromkeys(self._formsinuse))
        self._doc.inObject = None
        self._code_of_next_page()
        if self._pages % _PAGES_A_NODE == 0:
            self._nodes.append((self._new_number(), []))
        node, kids = self._nodes[-1]
        stream, page = self._new_number(), self._new_number()
        self._write_object(
            stream, b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(content), content)
        )
        self._write_object(page, b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (node, stream))
        kids.append(page)
        self._pages += 1

    def bookmark_last_page(self, title: str) -> None:
        """Add `title` to the document's outline, leading to the page shown last."""
        number = self._new_number()
        self._write_bookmark(following=number)
        self._bookmark = (number, self._nodes[-1][1][-1], title)
        self._bookmarks += 1

    def save(self) -> None:
        """Write the shared parts, the page tree and the cross-reference table. The canvas is then used up."""
        self._write_bookmark(following=0)
        for font in self._doc.delayedFonts:
            font.addObjects(self._doc)
        resources, info, catalogue = (self._new_number() for _ in range(3))
        self._write_page_tree(resources)
        self._write_outline()
        self._write_resources(resources)
        self._write_shared_objects()
        self._write_object(info, self._information())
        self._write_object(
            catalogue,
            b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R/Lang(fr-FR)/ViewerPreferences<</PrintScaling/None>>>>"
            % (self._root, self._outline),
        )
        self._write_trailer(catalogue, info)

    def _code_of_next_page(self) -> None:
        self._restartAccumulators()
        self.init_graphics_state()
        self.state_stack: list[object] = []

    def _new_number(self) -> int:
        self._doc.objectcounter += 1
        return int(self._doc.objectcounter)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._fingerprint.update(data)
        self._written += len(data)

    def _write_object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._written
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write_bookmark(self, following: int) -> None:
        if self._bookmark is None:
            return
        number, page, title = self._bookmark
        links = b"/Prev %d 0 R" % self._last_bookmark if self._last_bookmark else b""
        links += b"/Next %d 0 R" % following if following else b""
        self._write_object(
            number,
            b"<</Title %b/Parent %d 0 R/Dest[%d 0 R/Fit]%b>>" % (_text_string(title), self._outline, page, links),
        )
        self._first_bookmark = self._first_bookmark or number
        self._last_bookmark = number

    def _write_outline(self) -> None:
        ends = b"/First %d 0 R/Last %d 0 R" % (self._first_bookmark, self._last_bookmark) if self._bookmarks else b""
        self._write_object(self._outline, b"<</Type/Outlines/Count %d%b>>" % (self._bookmarks, ends))

    def _write_page_tree(self, resources: int) -> None:
        for number, kids in self._nodes:
            self._write_object(
                number,
                b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (self._root, len(kids), _references(kids)),
            )
        width, height = self._pagesize
        self._write_object(
            self._root,
            b"<</Type/Pages/Count %d/Kids[%b]/MediaBox[0 0 %.2f %.2f]/Resources %d 0 R>>"
            % (self._pages, _references([number for number, _ in self._nodes]), width, height, resources),
        )

    def _write_resources(self, number: int) -> None:
        shared = self._doc.xobjDict(self._shared).format(self._doc)
        fonts = self._doc.Reference(self._doc.idToObject[pdfdoc.BasicFonts], pdfdoc.BasicFonts).format(self._doc)
        self._write_object(number, b"<</Font %b/XObject %b>>" % (fonts, shared))

    def _write_shared_objects(self) -> None:
        """What ReportLab holds: forms, images, fonts. Formatting one may add others, so until none is left."""
        done: set[int] = set()
        while waiting := [number for number in self._doc.numberToId if number not in done]:
            for number in waiting:
                name = self._doc.numberToId[number]
                body = pdfdoc.PDFIndirectObject(name, self._doc.idToObject[name]).format(self._doc)
                self._offsets[number] = self._written
                self._write(body)
                done.add(number)

    def _information(self) -> bytes:
        entries = b"".join(b"/%b %b" % (key.encode(), _text_string(value)) for key, value in self._facts.items())
        return b"<<%b/CreationDate(D:%b)>>" % (entries, f"{self._day:%Y%m%d}".encode())

    def _write_trailer(self, catalogue: int, info: int) -> None:
        start, size = self._written, max(self._offsets) + 1
        identity = self._fingerprint.hexdigest().encode()
        entries = [b"0000000000 65535 f \n"]
        entries += [b"%010d 00000 n \n" % self._offsets[number] for number in range(1, size)]
        self._write(b"xref\n0 %d\n%b" % (size, b"".join(entries)))
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, catalogue, info, identity, identity, start)
        )


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _text_string(text: str) -> bytes:
    """A PDF text string (ISO 32000-1, 7.9.2.2): UTF-16 in hexadecimal, so nothing in it can end it early."""
    return b"<feff%b>" % text.encode("utf-16-be").hex().encode()
