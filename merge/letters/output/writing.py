"""The right letters of a run, bound as a person chose; the refused ones are listed."""

from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.folder import write_folder
from merge.letters.output.index import Listed, draw_index
from merge.letters.output.volume import Volume
from merge.letters.problems import Printed
from merge.letters.whole_file import whole_file
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
    first = next(right, None)
    if first is None:
        return printed
    every = chain((first,), right)
    if binding.is_folder:
        write_folder(every, path, binding, composer)
    else:
        _write_one(first, every, path, binding, composer)
    return printed


def _write_one(first: Letter, letters: Iterable[Letter], path: Path, binding: Binding, composer: Composer) -> None:
    with whole_file(path) as file:
        volume = Volume(file, first, composer, duplex=binding.duplex)
        listed: list[Listed] = []
        for letter in letters:
            page = volume.add(letter)
            if binding.index:
                listed += Listed.each(letter.record, str(page))
        if listed:
            volume.begin_on_front()
            draw_index(volume.canvas, composer.fonts, listed, "Page")
        volume.canvas.save()
