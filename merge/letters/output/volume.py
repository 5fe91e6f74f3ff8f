"""One PDF under way: letters one after the other, each on the front of a sheet where both sides are printed."""

from typing import BinaryIO

from merge.letters.composer import Composer, Letter
from merge.letters.pdf import LetterPress
from merge.letters.stream import StreamedCanvas


class Volume:
    """Writes to `file` as it goes; `canvas.save` ends the document."""

    def __init__(self, file: BinaryIO, first: Letter, composer: Composer, *, duplex: bool) -> None:
        """`first` says the document's title, author and date; it is not yet in."""
        record, template = first.record, first.layout.template
        self.canvas = StreamedCanvas(file, title=template.title, author=record.cabinet.name, day=record.today)
        self._press = LetterPress(self.canvas, composer)
        self._sides = 2 if duplex else 1

    def pages_with(self, letter: Letter) -> int:
        """How many pages there would be with `letter`, blank backs included."""
        return self._whole(self._whole(self.canvas.pages) + letter.pages)

    def add(self, letter: Letter) -> int:
        """Print a letter and answer its first page, from 1."""
        self.begin_on_front()
        page = self.canvas.pages + 1
        self._press.print(letter)
        return page

    def begin_on_front(self) -> None:
        """Leave the back of the last sheet blank where both sides are printed."""
        for _ in range(self._whole(self.canvas.pages) - self.canvas.pages):
            self.canvas.showPage()

    def _whole(self, pages: int) -> int:
        """So many pages on whole sheets."""
        return -(-pages // self._sides) * self._sides
