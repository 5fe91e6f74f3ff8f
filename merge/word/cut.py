"""Converted documents, cut into their letters: pages that `merge.letters.output` puts into files.

A letter's bookmarks (`merge.word.letter.BEGINS`, `ENDS`) are made named destinations of the PDF by LibreOffice
(ISO 32000-1, 12.3.2.3), and entries of its outline by Word (12.3.3). Each letter must begin on the page after the one
where the letter before it ends: a page in doubt could reach somebody else.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pikepdf import Array, Dictionary, Name, NameTree, Object, ObjectStreamMode, OutlineItem, Pdf, PdfError, String

from merge.letters.fonts import FontBook
from merge.letters.output.index import TITLE, Listed, draw_index
from merge.letters.output.names import bookmark_of
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.record import MergeRecord
from merge.word.letter import BEGINS, ENDS

_AT_ONCE: Final = 50
"""Documents of one letter that are put together, so that few files are open."""
_OF_ITS_DOCUMENT = (Name.StructParents, Name.Tabs)
"""What a page says of parts of its document that are not taken along."""


class LettersLostError(Exception):
    """A converted document does not say for sure on which pages its letters are."""


@dataclass(frozen=True, slots=True)
class CutLetter:
    """A letter's pages in an open document."""

    record: MergeRecord
    document: Pdf
    first: int
    """From 0."""
    pages: int


def cut_marked(documents: Iterable[Path], records: Sequence[MergeRecord], files: ExitStack) -> Iterator[CutLetter]:
    """The letters of documents that hold many each; the documents stay open as long as `files`.

    Raise `LettersLostError`.
    """
    rest = iter(records)
    for path in documents:
        document = _opened(path, files)
        for first, last in _ends(document):
            record = next(rest, None)
            if record is None:
                raise LettersLostError
            yield CutLetter(record, document, first, last + 1 - first)
    if next(rest, None) is not None:
        raise LettersLostError


def cut_single(documents: Iterable[Path], records: Sequence[MergeRecord], files: ExitStack) -> Iterator[CutLetter]:
    """The letters of documents that hold one each; their pages are open as long as `files`."""
    together = Pdf.new()
    for number, (path, record) in enumerate(zip(documents, records, strict=True)):
        if number % _AT_ONCE == 0:
            together = _opened(path, files)
            yield CutLetter(record, together, 0, len(together.pages))
            continue
        first = len(together.pages)
        with ExitStack() as opened:
            together.pages.extend(_opened(io.BytesIO(path.read_bytes()), opened).pages)
        yield CutLetter(record, together, first, len(together.pages) - first)


def _opened(path: Path | BinaryIO, files: ExitStack) -> Pdf:
    try:
        return files.enter_context(Pdf.open(path))
    except PdfError as error:
        raise LettersLostError from error


def _ends(document: Pdf) -> list[tuple[int, int]]:
    """The first and the last page, from 0, of each letter. Raise `LettersLostError` where pages are in doubt."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    found: dict[str, int] = {}
    for name, place in _places(document):
        if place.objgen in pages:
            found[name.removeprefix("/")] = pages[place.objgen]
    ends: list[tuple[int, int]] = []
    while f"{BEGINS}{len(ends) + 1}" in found:
        number = len(ends) + 1
        first, last = (found.get(f"{which}{number}", -1) for which in (BEGINS, ENDS))
        if first != (ends[-1][1] + 1 if ends else 0) or last < first:
            raise LettersLostError
        ends.append((first, last))
    if not ends or ends[-1][1] + 1 != len(pages):
        raise LettersLostError
    return ends


def _places(document: Pdf) -> Iterator[tuple[str, Object]]:
    """Names, and the page that each leads to."""
    root = document.Root
    named: list[tuple[object, object]] = list(root.get(Name.Dests, Dictionary()).items())
    tree = root.get(Name.Names, Dictionary()).get(Name.Dests)
    if tree is not None:
        named += NameTree(tree).items()
    with document.open_outline() as outline:
        named += [(item.title, item.destination) for item in outline.root]
    for name, given in named:
        place = given.get(Name.D) if isinstance(given, Dictionary) else given
        if isinstance(place, Array) and len(place):
            yield str(name), place[0]


class CutSheets:
    """Puts pages of converted documents together; they are written when the document ends."""

    def __init__(self, file: BinaryIO, first: CutLetter) -> None:
        """`first` says the document's author and date."""
        self._file = file
        self._first = first.record
        self._pdf = Pdf.new()
        self._bookmarks: list[tuple[str, int]] = []
        self._size = (0.0, 0.0)
        """Of the page added last."""
        self._kept = ExitStack()
        self.count = 0
        """Of the pages so far."""

    def add(self, letter: CutLetter) -> None:
        self._bookmarks.append((bookmark_of(letter.record), self.count))
        for page in letter.document.pages[letter.first : letter.first + letter.pages]:
            left, bottom, right, top = map(float, page.mediabox)
            self._size = (right - left, top - bottom)
            self._pdf.pages.append(page)
            self.count += 1

    def add_blank(self) -> None:
        self._pdf.add_blank_page(page_size=self._size)
        self.count += 1

    def add_index(self, listed: Iterable[Listed], where: str) -> None:
        drawn = io.BytesIO()
        canvas = StreamedCanvas(drawn, title=TITLE, author=self._first.cabinet.name, day=self._first.today)
        draw_index(Sheet(canvas, FontBook()), listed, where)
        canvas.save()
        self._bookmarks.append((TITLE, self.count))
        index = self._kept.enter_context(Pdf.open(drawn))
        self._pdf.pages.extend(index.pages)
        self.count += len(index.pages)

    def save(self) -> None:
        # One pass: the place of a page in a long document is slow to ask for.
        pages = [page.obj for page in self._pdf.pages]
        for page in pages:
            for key in _OF_ITS_DOCUMENT:
                if key in page:
                    del page[key]
        with self._kept, self._pdf as pdf:
            with pdf.open_outline() as outline:
                entries = (OutlineItem(title, Array([pages[place], Name.Fit])) for title, place in self._bookmarks)
                outline.root.extend(entries)
            pdf.Root.Lang = String("fr-FR")
            pdf.Root.ViewerPreferences = Dictionary(PrintScaling=Name("/None"))
            facts = {"Title": "Lettres", "Author": self._first.cabinet.name, "Creator": "WebOrtho"}
            for fact, value in (*facts.items(), ("CreationDate", f"D:{self._first.today:%Y%m%d}")):
                pdf.docinfo[Name(f"/{fact}")] = String(value)
            pdf.save(self._file, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
