"""The right letters of a run as one PDF; the refused ones are listed."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterSet
from merge.letters.pdf import LetterPress
from merge.letters.problems import Printed
from merge.letters.stream import StreamedCanvas
from merge.letters.whole_file import whole_file
from merge.record import MergeRecord


def write_letters(
    records: Iterable[MergeRecord],
    letters: LetterSet,
    path: Path,
    *,
    composer: Composer | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write every right letter to one PDF at `path` and list the refused ones. Records are read one at a time.

    The file appears whole or not at all; without a single right letter none is written, and what was there stays.
    `progress` is told how many records are done and may raise to stop the run. Raise `OutputError` when the disk
    refuses, `merge.template.TemplateError` for a template with an unknown field.
    """
    composer = composer or Composer(letters)
    printed = Printed()
    composed = right_letters(records, composer, printed, progress)
    first = next(composed, None)
    if first is None:
        return printed
    with whole_file(path) as file:
        record, template = first.record, first.layout.template
        canvas = StreamedCanvas(file, title=template.title, author=record.cabinet.name, day=record.today)
        press = LetterPress(canvas, composer)
        press.print(first)
        for letter in composed:
            press.print(letter)
        canvas.save()
    return printed


def right_letters(
    records: Iterable[MergeRecord], composer: Composer, printed: Printed, progress: Callable[[int], None]
) -> Iterator[Letter]:
    """The letters that may be printed; `printed` is kept up to date with both kinds."""
    for done, record in enumerate(records, 1):
        composed = composer.compose(record)
        if isinstance(composed, Letter):
            printed.note(record)
            yield composed
        else:
            printed.refused += composed
        progress(done)
