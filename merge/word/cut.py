"""Converted documents, cut into their letters: pages that `merge.letters.output` puts into files.

A letter's bookmarks (`merge.word.letter.BEGINS`, `ENDS`) are made named destinations of the PDF by LibreOffice
(ISO 32000-1, 12.3.2.3), and entries of its outline by Word (12.3.3). Each letter must begin on the page after the one
where the letter before it ends: a page in doubt could reach somebody else.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pikepdf import Array, Dictionary, Name, NameTree, Object, Pdf, PdfError

from merge.letters.fonts import FontBook
from merge.letters.output.index import TITLE, Listed, draw_index
from merge.letters.output.names import bookmark_of
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.record import MergeRecord
from merge.word.copying import CopiedPages
from merge.word.letter import BEGINS, ENDS

_CATALOG: Final = b"/Lang(fr-FR)/ViewerPreferences<</PrintScaling/None>>"


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


def cut_marked(documents: Iterable[Path], records: Sequence[MergeRecord]) -> Iterator[CutLetter]:
    """The letters of documents that hold many each; a document is open while its letters are taken.

    Raise `LettersLostError`.
    """
    rest = iter(records)
    for path in documents:
        with _opened(path) as document:
            for first, last in _ends(document):
                record = next(rest, None)
                if record is None:
                    raise LettersLostError
                yield CutLetter(record, document, first, last + 1 - first)
    if next(rest, None) is not None:
        raise LettersLostError


def cut_single(documents: Iterable[Path], records: Sequence[MergeRecord]) -> Iterator[CutLetter]:
    """The letters of documents that hold one each. Raises as `cut_marked`."""
    for path, record in zip(documents, records, strict=True):
        with _opened(path) as document:
            yield CutLetter(record, document, 0, len(document.pages))


def _opened(path: Path) -> Pdf:
    try:
        return Pdf.open(path)
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
    """Puts pages of converted documents together as they come."""

    def __init__(self, file: BinaryIO, first: CutLetter) -> None:
        """`first` says the document's author and date."""
        self._pages = CopiedPages(file)
        self._first = first.record
        self._bookmarks: list[tuple[str, int]] = []
        self._size = (0.0, 0.0)
        """Of the page added last."""

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._pages.count

    def add(self, letter: CutLetter) -> None:
        self._bookmarks.append((bookmark_of(letter.record), self.count))
        for page in letter.document.pages[letter.first : letter.first + letter.pages]:
            left, bottom, right, top = map(float, page.mediabox)
            self._size = (right - left, top - bottom)
            self._pages.add(letter.document, page)

    def add_blank(self) -> None:
        self._pages.add_blank(*self._size)

    def add_index(self, listed: Iterable[Listed], where: str) -> None:
        drawn = io.BytesIO()
        canvas = StreamedCanvas(drawn, title=TITLE, author=self._first.cabinet.name, day=self._first.today)
        draw_index(Sheet(canvas, FontBook()), listed, where)
        canvas.save()
        self._bookmarks.append((TITLE, self.count))
        with Pdf.open(drawn) as index:
            for page in index.pages:
                self._pages.add(index, page)

    def save(self) -> None:
        facts = {"Title": "Lettres", "Author": self._first.cabinet.name, "Creator": "WebOrtho"}
        day = f"D:{self._first.today:%Y%m%d}"
        self._pages.save(self._bookmarks, {**facts, "CreationDate": day}, _CATALOG)
