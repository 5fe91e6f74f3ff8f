"""Letters of a Word template as a person wants them: one document or one each, for Word or as PDF."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from merge.letters.output.binding import ONE_PDF, Binding, BindingError, Form
from merge.letters.output.names import letter_name
from merge.letters.problems import Printed
from merge.letters.whole_file import whole, whole_folder
from merge.record import MergeRecord
from merge.word.conversion import convert, needed_office
from merge.word.writing import Progress, WordWriter

_EACH = Binding(Form.EACH)


@dataclass(frozen=True, slots=True)
class WordOutput:
    """What is to be written."""

    one_file: bool = True
    """One document with all letters; otherwise a folder with one each."""
    pdf: bool = False

    @classmethod
    def of(cls, binding: Binding, *, pdf: bool) -> Self:
        """What a binding of our own letters means for Word's. Raise `BindingError` for what only ours can be."""
        if binding not in (ONE_PDF, _EACH):
            raise BindingError(
                "Les lettres d’un document Word ne peuvent pas être mises en lots, ni avec un index ou un verso blanc.",
                "Choisissez un seul fichier, ou un fichier par lettre.",
            )
        return cls(one_file=binding == ONE_PDF, pdf=pdf)

    def check(self) -> None:
        """Raise `merge.word.conversion.ConversionError` where this computer cannot write it."""
        if self.pdf:
            needed_office()


_FOLDER = "Choisissez un dossier."
_EACH_OR_WORD = "Choisissez un fichier par lettre, ou le format Word."


class _NothingToWriteError(Exception):
    """No letter is right: the folder is not made."""


def write_word(
    writer: WordWriter, records: Sequence[MergeRecord], path: Path, output: WordOutput, *, progress: Progress
) -> Printed:
    """Write every right letter to `path`, whole or not at all, and list the refused ones.

    `path` is a file, or a new folder. `progress` is told how many records are done and may raise to stop; while a PDF
    is made it is told the last count again and again. Raise `merge.letters.whole_file.OutputError`, and
    `merge.word.conversion.ConversionError`.
    """
    output.check()
    if not output.one_file and path.suffix.lower() == ".zip":
        raise BindingError("Les lettres d’un document Word ne peuvent pas être écrites dans un fichier ZIP.", _FOLDER)
    if output.pdf and output.one_file and writer.template.has_endnotes and len(records) > 1:
        raise BindingError("LibreOffice réunit les notes de fin après la dernière lettre.", _EACH_OR_WORD)
    if not output.one_file:
        _write_folder(writer, records, path, progress, pdf=output.pdf)
    elif not output.pdf:
        writer.write(records, path, progress=progress)
    else:
        with tempfile.TemporaryDirectory(prefix="webortho-word-") as folder:
            document = Path(folder, "1.docx")
            writer.write(records, document, progress=progress)
            if document.exists():
                (made,) = convert([document], letters=len(records), check=_still(progress, len(records)))
                with whole(path) as part:
                    shutil.copyfile(made, part)
                    part.chmod(0o600)
    return writer.printed


def _write_folder(
    writer: WordWriter, records: Sequence[MergeRecord], path: Path, progress: Progress, *, pdf: bool
) -> None:
    try:
        with whole_folder(path) as folder:
            written: list[MergeRecord] = []

            def place(record: MergeRecord) -> Path:
                written.append(record)
                return folder / f"{len(written)}.docx"

            writer.write_each(records, place, progress=progress)
            if not written:
                raise _NothingToWriteError
            files = [folder / f"{number}.docx" for number in range(1, len(written) + 1)]
            if pdf:
                made = list(convert(files, letters=len(files), check=_still(progress, len(records))))
                for file in files:
                    file.unlink()
                files = made
            for number, (file, record) in enumerate(zip(files, written, strict=True), 1):
                name = letter_name(record, number, len(files))
                file.rename((folder / name).with_suffix(file.suffix))
    except _NothingToWriteError:
        return


def _still(progress: Progress, count: int) -> Callable[[], None]:
    return lambda: progress(count)
