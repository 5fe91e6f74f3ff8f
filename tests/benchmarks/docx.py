"""A cabinet's Word document filled a thousand times, whole process: ours, docx-mailmerge2 and docxtpl.

All fill the same template (fields in each one's own form) with the same values; every letter's values are looked for in
what each wrote. Ours renders the values from the dossiers and checks them; the others are given them as text.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.docx_template import asked, jinja_field, merge_field, write_template, write_values
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.letter_data import LETTERS
from tests.benchmarks.letters import _missing, _size, _texts
from tests.benchmarks.processes import BenchmarkFailed, measure

SIZES = (100, 1_000, 10_000)
_PEERS = Path(peers.__file__).parent
_OURS = (sys.executable, "-m", "tests.benchmarks.docx_ours")


def run(rounds: int) -> Iterator[Table]:
    """One document with all letters, and a document each."""
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as name:
        job = _Job(Path(name), LETTERS)
        whole = [
            job.ours("webortho, un document", "ours.docx"),
            job.peer("docx-mailmerge2, un document", "docx_mailmerge2.py", "merge.docx", "mailmerge.docx", "mailmerge"),
        ]
        each = [
            job.ours("webortho, un document par lettre", "ours"),
            job.peer("docxtpl, un document par lettre", "docx_docxtpl.py", "jinja.docx", "docxtpl", "docxtpl"),
        ]
        yield compete(f"{LETTERS} lettres d’un modèle Word, un document", whole, rounds)
        yield compete(f"{LETTERS} lettres d’un modèle Word, un document par lettre", each, rounds)


def growth(rounds: int) -> list[Table]:
    """Ours alone, one document, at several numbers of letters: what one letter costs, and the memory of them all."""
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as name:
        template, output = Path(name, "merge.docx"), Path(name, "ours.docx")
        write_template(template, merge_field)

        def contender(size: int) -> Contender:
            def once(_: int) -> Sample:
                usage = measure([*_OURS, str(size), template, output])
                figures = {"µs CPU/lettre": usage.cpu * 1_000_000 / size, "ko": _size(output) / 1000}
                return Sample(usage.wall, usage.cpu, usage.peak_mb, figures)

            return Contender(f"{size:,} lettres".replace(",", "\u202f"), once)

        return [compete("Un modèle Word, un document", [contender(size) for size in SIZES], rounds)]


class _Job:
    def __init__(self, folder: Path, letters: int) -> None:
        self._folder = folder
        self._letters = letters
        write_template(folder / "merge.docx", merge_field)
        write_template(folder / "jinja.docx", jinja_field)
        write_values(letters, folder / "values.json")
        self._wanted = json.loads((folder / "values.json").read_text(encoding="utf-8"))["letters"]

    def ours(self, name: str, output: str) -> Contender:
        program: list[str | Path] = [*_OURS, str(self._letters), self._folder / "merge.docx", self._folder / output]
        return Contender(name, self._runner(program, output))

    def peer(self, name: str, script: str, template: str, output: str, module: str) -> Contender:
        files = [self._folder / one for one in ("values.json", template, output)]
        runner = self._runner([peers.PYTHON, _PEERS / script, *files], output)
        return Contender(name, runner, _missing(module), "sans contrôle des valeurs")

    def _runner(self, command: list[str | Path], output: str) -> Callable[[int], Sample]:
        def once(_: int) -> Sample:
            usage = measure(command)
            self._check(self._folder / output)
            figures = {"lettres/s": self._letters / usage.wall, "ko": _size(self._folder / output) / 1000}
            return Sample(usage.wall, usage.cpu, usage.peak_mb, figures)

        return once

    def _check(self, output: Path) -> None:
        """Every letter's own values are there; in one document, in the order of the letters."""
        texts = _texts(output)
        if len(texts) not in (1, self._letters):
            raise BenchmarkFailed(f"{output.name}: {len(texts)} letters instead of {self._letters}")
        place = 0
        for index, letter in enumerate(self._wanted):
            values = [" ".join(value.split()) for value in asked(letter)]
            if len(texts) > 1:
                lost = [value for value in values if value not in texts[index]]
            else:
                start = place
                lost = [value for value in values if texts[0].find(value, start) < 0]
                place = max(start, texts[0].find(letter["DPREN"], start))
            if lost:
                raise BenchmarkFailed(f"{output.name}: letter {index + 1} lacks {lost}")
