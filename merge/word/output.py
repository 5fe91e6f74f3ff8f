"""Letters of a Word template as a person wants them: for Word or as PDF, one file or many."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from merge.letters.address import address_block
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.bound import bind
from merge.letters.problems import LetterProblem, Printed
from merge.letters.provisional import provisional
from merge.record import MergeRecord
from merge.word.conversion import ConversionError, convert, needed_converter
from merge.word.template import WordTemplate
from merge.word.writing import Progress, WordWriter

TOGETHER: Final = 50
"""Most letters of a document that becomes a PDF: one each takes ten times as long, and in more each costs more."""


@dataclass(frozen=True, slots=True)
class WordOutput:
    """What is to be written. Raise `BindingError` for what only a PDF can be."""

    binding: Binding = ONE_PDF
    pdf: bool = False

    def __post_init__(self) -> None:
        if not self.pdf:
            self.binding.require_documents()

    def check(self) -> None:
        """Raise `merge.word.conversion.ConversionError` where this computer cannot write it."""
        if self.pdf:
            needed_converter()


def write_word(
    writer: WordWriter, records: Sequence[MergeRecord], path: Path, output: WordOutput, *, progress: Progress
) -> Printed:
    """Write every right letter to `path`, whole or not at all, and list the refused ones.

    `path` is a file, or what the binding makes: a new folder, or a ZIP file of it. `progress` is told how many records
    are done and may raise to stop; while a PDF is made it is told the last count again and again. Raise
    `merge.letters.whole_file.OutputError`, and `merge.word.conversion.ConversionError`.
    """
    output.check()
    if output.pdf:
        _write_pdf(writer, records, path, output.binding, progress)
    else:
        writer.write(records, path, binding=output.binding, progress=progress)
    return writer.printed


def _write_pdf(
    writer: WordWriter, records: Sequence[MergeRecord], path: Path, binding: Binding, progress: Progress
) -> None:
    """Through a converter, which is started once for all documents."""
    from merge.word.cut import (  # noqa: PLC0415 - who wants no PDF does not wait for its library
        CutSheets,
        LettersLostError,
        cut_marked,
        cut_single,
    )

    together = _together(writer.template)
    apart = together == 1
    with provisional():
        folder = tempfile.TemporaryDirectory(prefix="webortho-word-")
    with folder as name:
        with provisional():
            documents = _Documents(Path(name, "1"))
            written = writer.write_each(
                records,
                documents.place,
                letters=together,
                marked=not apart,
                numbers_notes=not (apart or needed_converter().counts_by_section),
                refuse=_without_address if binding.mail_house else _nothing,
                progress=progress,
            )
        if not written:
            return

        def made(documents: "_Documents") -> Iterator[Path]:
            return convert(documents.paths, letters=len(written), check=lambda: progress(len(records)))

        if not apart:
            try:
                bind(cut_marked(made(documents), written), path, binding, CutSheets)
            except LettersLostError:
                with provisional():
                    documents = _Documents(Path(name, "2"))
                    WordWriter(writer.template).write_each(written, documents.place)
            else:
                return
        try:
            bind(cut_single(made(documents), written), path, binding, CutSheets)
        except LettersLostError as error:
            raise ConversionError("Le PDF de ces lettres ne peut pas être lu.", "Choisissez le format Word.") from error


def _together(template: WordTemplate) -> int:
    """How many letters share a document that becomes a PDF."""
    if template.keep_apart:
        return 1
    return min(TOGETHER, template.lists.letters) if template.lists else TOGETHER


class _Documents:
    """Numbered documents in a new folder, for a converter."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.paths: list[Path] = []

    def place(self, number: int) -> Path:
        self.paths.append(self._folder / f"{number}.docx")
        return self.paths[-1]


def _nothing(_: MergeRecord) -> Sequence[LetterProblem]:
    return ()


def _without_address(record: MergeRecord) -> Sequence[LetterProblem]:
    """A mail house's table has everybody's address."""
    return [LetterProblem.of_address(record, problem) for problem in address_block(record.addressee).problems]
