"""The right letters of a run, bound as a person chose; the refused ones are listed."""

from collections.abc import Callable, Iterable
from pathlib import Path

from merge.letters.composer import Composer
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.bound import bind
from merge.letters.output.drawn import DrawnSheets
from merge.letters.problems import Printed
from merge.record import MergeRecord


def write_letters(
    records: Iterable[MergeRecord],
    letters: LetterSet,
    path: Path,
    *,
    composer: Composer | None = None,
    binding: Binding = ONE_PDF,
    progress: Callable[[int], None] = lambda _: None,
) -> Printed:
    """Write every right letter to `path` and list the refused ones. Records are read one at a time.

    `path` is a PDF, or what `binding` makes of it: a folder, or a ZIP file of it. It appears whole or not at all;
    without a single right letter nothing is written, and what was there stays. `progress` is told how many records are
    done and may raise to stop the run. Raise `OutputError` when the disk refuses, or for a folder that is not empty;
    `merge.template.TemplateError` for a template with an unknown field.
    """
    composer = composer or Composer(letters)
    printed = Printed()
    right = printed.right(records, composer.compose, progress)
    bind(right, path, binding, lambda file, first: DrawnSheets(file, first, composer))
    return printed
