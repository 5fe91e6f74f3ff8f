"""Puts letters into files as a person chose: one PDF, or a folder."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from merge.letters.output.binding import Binding
from merge.letters.output.index import Listed
from merge.letters.output.volume import OpenSheets, PaperT, Volume
from merge.letters.whole_file import whole_file


def bind(papers: Iterable[PaperT], path: Path, binding: Binding, open_sheets: OpenSheets[PaperT]) -> None:
    """Write `papers`, read one at a time, to `path`: a PDF, a folder, or a ZIP file of it. Without any, write nothing.

    Raise `merge.letters.whole_file.OutputError` when the disk refuses, or for a folder that is not empty.
    """
    papers = iter(papers)
    first = next(papers, None)
    if first is None:
        return
    every = chain((first,), papers)
    if binding.is_folder:
        from merge.letters.output.folder import write_folder  # noqa: PLC0415 - one PDF needs nothing of it

        write_folder(every, path, binding, open_sheets)
        return
    with whole_file(path) as file:
        volume = Volume(open_sheets(file, first), duplex=binding.duplex)
        listed: list[Listed] = []
        for paper in every:
            page = volume.add(paper)
            if binding.index:
                listed += Listed.each(paper.record, str(page))
        volume.end(listed)
