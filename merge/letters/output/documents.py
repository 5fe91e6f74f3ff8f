"""Puts letters into Word documents as a person chose: all in one, or a folder of them. Their pages are Word's."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from merge.letters.output.binding import Binding, Form
from merge.letters.output.folder import whole_or_zipped
from merge.letters.output.names import batch_name, letter_name
from merge.letters.whole_file import private_file, whole_file
from merge.record import MergeRecord


class OfOne(Protocol):
    """A letter of a person."""

    @property
    def record(self) -> MergeRecord:
        """Whose it is."""
        ...


LetterT = TypeVar("LetterT", bound=OfOne)
WriteDocument = Callable[[LetterT, Iterator[LetterT], BinaryIO], None]
"""Writes a document: its first letter, and those that follow, which it takes to the last."""


def letters_a_document(binding: Binding) -> int:
    """How many letters each document of a folder holds; 0 where all are in one document. Raise as `write_documents`."""
    binding.require_documents()
    return {Form.ONE: 0, Form.EACH: 1, Form.BATCHES: binding.batch_pages}[binding.form]


def write_documents(letters: Iterable[LetterT], path: Path, binding: Binding, write: WriteDocument[LetterT]) -> None:
    """Write `letters`, read one at a time, to `path`: a document, a folder, or a ZIP file of it. Without any, nothing.

    Raise `BindingError` for what only a PDF can be, and `merge.letters.whole_file.OutputError`.
    """
    most = letters_a_document(binding)
    rest = iter(letters)
    first = next(rest, None)
    if first is None:
        return
    if not most:
        with whole_file(path) as file:
            write(first, rest, file)
        return
    with whole_or_zipped(path) as folder:
        begun: list[MergeRecord] = []
        while first is not None:
            with private_file(folder / str(len(begun))) as file:
                write(first, islice(rest, most - 1), file)
            begun.append(first.record)
            first = next(rest, None)
        for number, record in enumerate(begun, 1):
            name = letter_name if binding.form is Form.EACH else _batch_name
            (folder / str(number - 1)).rename((folder / name(record, number, len(begun))).with_suffix(".docx"))


def _batch_name(_: MergeRecord, number: int, total: int) -> str:
    return batch_name(number, total)
