"""The pages of our own letters, drawn as they come."""

from collections.abc import Iterable
from typing import BinaryIO

from merge.letters.composer import Composer, Letter
from merge.letters.output.index import Listed, draw_index
from merge.letters.pdf import LetterPress
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas


class DrawnSheets:
    """Writes to `file` as it goes."""

    def __init__(self, file: BinaryIO, first: Letter, composer: Composer) -> None:
        """`first` says the document's title, author and date."""
        record, template = first.record, first.layout.template
        self._canvas = StreamedCanvas(file, title=template.title, author=record.cabinet.name, day=record.today)
        self._sheet = Sheet(self._canvas, composer.fonts)
        self._press = LetterPress(self._sheet)

    @property
    def count(self) -> int:
        return self._canvas.pages

    def add(self, letter: Letter) -> None:
        self._press.print(letter)

    def add_blank(self) -> None:
        self._canvas.showPage()

    def add_index(self, listed: Iterable[Listed], where: str) -> None:
        draw_index(self._sheet, listed, where)

    def save(self) -> None:
        self._canvas.save()
