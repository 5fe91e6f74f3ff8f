"""The letters of a run as a folder of PDFs: one for each, or batches; with an index and a mail house's table."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from merge.letters.fonts import FontBook
from merge.letters.output import mail_house
from merge.letters.output.binding import Binding, Form, Place
from merge.letters.output.index import TITLE, Listed, draw_index
from merge.letters.output.mail_house import Sent
from merge.letters.output.names import batch_name, batch_number, letter_name, letter_number
from merge.letters.output.volume import OpenSheets, PaperT, Volume
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.whole_file import private_file, whole_file, whole_folder
from merge.record import MergeRecord

WHOLE = "lettres.pdf"
INDEX = "index.pdf"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every entry of a ZIP file: the same letters give the same bytes."""
_UNIX = 3
_FOR_ITS_OWNER = 0o600 << 16


def write_folder(papers: Iterable[PaperT], path: Path, binding: Binding, open_sheets: OpenSheets[PaperT]) -> None:
    """Write `papers`, at least one, to the folder `path`; to a ZIP file of it where it ends in .zip.

    Raise `OutputError` for a folder that is not empty, and when the disk refuses.
    """
    with whole_or_zipped(path) as folder:
        _Folder(folder, binding, open_sheets).fill(papers)


def whole_or_zipped(path: Path) -> AbstractContextManager[Path]:
    """An empty folder that becomes `path` when the block ends well, or a ZIP file of that name. Raise `OutputError`."""
    return _zipped(path) if path.suffix.lower() == ".zip" else whole_folder(path)


@dataclass(frozen=True)
class _Folder(Generic[PaperT]):
    path: Path
    binding: Binding
    open_sheets: OpenSheets[PaperT]

    def fill(self, papers: Iterable[PaperT]) -> None:
        placed = list(self._print(papers))
        names = self._names(placed)
        for number, name in enumerate(names):
            (self.path / str(number)).rename(self.path / name)
        if self.binding.index:
            self._write_index(placed, len(names))
        if self.binding.mail_house:
            sent = [Sent(record, names[place.file], place) for record, place in placed]
            self._write(mail_house.TABLE, mail_house.table(sent))
            self._write(mail_house.READ_ME, mail_house.read_me(sent, len(names), duplex=self.binding.duplex))

    def _print(self, papers: Iterable[PaperT]) -> Iterator[tuple[MergeRecord, Place]]:
        """Print to numbered files: what they are called depends on how many there will be."""
        volume: Volume[PaperT] | None = None
        count = 0
        with ExitStack() as files:
            for paper in papers:
                if volume is not None and self._is_full(volume, paper):
                    volume.end()
                    files.close()
                    volume = None
                if volume is None:
                    file = files.enter_context(private_file(self.path / str(count)))
                    volume = Volume(self.open_sheets(file, paper), duplex=self.binding.duplex)
                    count += 1
                yield paper.record, Place(count - 1, volume.add(paper), paper.pages)
            if volume is not None:
                volume.end()

    def _is_full(self, volume: Volume[PaperT], paper: PaperT) -> bool:
        match self.binding.form:
            case Form.ONE:
                return False
            case Form.EACH:
                return True
            case Form.BATCHES:
                return volume.pages_with(paper) > self.binding.batch_pages

    def _names(self, placed: list[tuple[MergeRecord, Place]]) -> list[str]:
        """The files' names in their order."""
        total = placed[-1][1].file + 1
        match self.binding.form:
            case Form.ONE:
                return [WHOLE]
            case Form.EACH:
                return [letter_name(record, place.file + 1, total) for record, place in placed]
            case Form.BATCHES:
                return [batch_name(place, total) for place in range(1, total + 1)]

    def _write_index(self, placed: list[tuple[MergeRecord, Place]], files: int) -> None:
        """A PDF of its own: the letters are in several."""
        head = {Form.ONE: "Page", Form.EACH: "Fichier", Form.BATCHES: "Lot, page"}[self.binding.form]
        listed = [line for record, place in placed for line in Listed.each(record, self._where(place, files))]
        record = placed[0][0]
        with private_file(self.path / INDEX) as file:
            canvas = StreamedCanvas(file, title=TITLE, author=record.cabinet.name, day=record.today)
            draw_index(Sheet(canvas, FontBook()), listed, head)
            canvas.save()

    def _where(self, place: Place, files: int) -> str:
        match self.binding.form:
            case Form.ONE:
                return str(place.page)
            case Form.EACH:
                return letter_number(place.file + 1, files)
            case Form.BATCHES:
                return f"{batch_number(place.file + 1, files)}, {place.page}"

    def _write(self, name: str, content: bytes) -> None:
        with private_file(self.path / name) as file:
            file.write(content)


@contextmanager
def _zipped(path: Path) -> Iterator[Path]:
    """A folder whose files, in the order of their names, are the ZIP file `path` when the block ends well."""
    with whole_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        folder = Path(file.name).with_name("contenu")
        folder.mkdir(mode=0o700)
        yield folder
        for content in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(content.name, _EPOCH)
            entry.create_system, entry.external_attr = _UNIX, _FOR_ITS_OWNER
            entry.compress_type = zipfile.ZIP_STORED if content.suffix == ".pdf" else zipfile.ZIP_DEFLATED
            entry.file_size = content.stat().st_size
            with content.open("rb") as source, archive.open(entry, "w") as target:
                while block := source.read(1 << 20):
                    target.write(block)
