"""One PDF under way: letters one after the other, each on the front of a sheet where both sides are printed."""

from collections.abc import Callable, Iterable
from typing import BinaryIO, Generic, Protocol, TypeVar

from merge.letters.output.index import Listed
from merge.record import MergeRecord


class Paper(Protocol):
    """A letter that may be bound."""

    @property
    def record(self) -> MergeRecord:
        """Whose it is."""
        ...

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        ...


PaperT = TypeVar("PaperT", bound=Paper)
Taken_contra = TypeVar("Taken_contra", bound=Paper, contravariant=True)


class Sheets(Protocol[Taken_contra]):
    """A PDF's pages, in whatever way they are made."""

    @property
    def count(self) -> int:
        """How many pages there are."""
        ...

    def add(self, paper: Taken_contra) -> None:
        """Add a letter's pages, with a bookmark that reception can find it by."""
        ...

    def add_blank(self) -> None:
        """Add a page without anything."""
        ...

    def add_index(self, listed: Iterable[Listed], where: str) -> None:
        """Add the recipients' index (`merge.letters.output.index.draw_index`)."""
        ...

    def save(self) -> None:
        """End the document."""
        ...


OpenSheets = Callable[[BinaryIO, PaperT], Sheets[PaperT]]
"""Begins a PDF in a file, for a run of letters of which the first is given; that one is not yet in."""


class Volume(Generic[PaperT]):
    """Puts letters on sheets."""

    def __init__(self, sheets: Sheets[PaperT], *, duplex: bool) -> None:
        self._sheets = sheets
        self._sides = 2 if duplex else 1

    def pages_with(self, paper: PaperT) -> int:
        """How many pages there would be with this letter, blank backs included."""
        return self._whole(self._whole(self._sheets.count) + paper.pages)

    def add(self, paper: PaperT) -> int:
        """Add a letter and answer its first page, from 1."""
        self._begin_on_front()
        page = self._sheets.count + 1
        self._sheets.add(paper)
        return page

    def end(self, listed: Iterable[Listed] = ()) -> None:
        """End the document, with the index of those who are listed."""
        if listed:
            self._begin_on_front()
            self._sheets.add_index(listed, "Page")
        self._sheets.save()

    def _begin_on_front(self) -> None:
        """Leave the back of the last sheet blank where both sides are printed."""
        for _ in range(self._whole(self._sheets.count) - self._sheets.count):
            self._sheets.add_blank()

    def _whole(self, pages: int) -> int:
        """So many pages on whole sheets."""
        return -(-pages // self._sides) * self._sides
