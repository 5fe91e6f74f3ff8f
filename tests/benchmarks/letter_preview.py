"""A keystroke in a letter, from the changed text to the picture of its page: composed, written as a PDF, read, drawn.

Exactly the page that will be printed; nothing of it is the window's thread's work but the last step.
"""

import datetime as dt
import os
import time
from pathlib import Path
from statistics import quantiles

from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtPdf import QPdfDocument

from app.mailing.library import Part
from app.mailing.previews import Previewer, recipients_for
from merge.emails.message import Sender
from merge.letters.model import LetterTemplate, Paragraph
from merge.letters.shipped import shipped_letter
from merge.preparing import Setting
from portal.pages.settings import FirstAccess
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.processes import BenchmarkFailed, tree_peak_mb
from tests.merge.letters import rich
from tests.merge.letters.conftest import CABINET

KEYSTROKES = 60
PAGE = QSize(408, 577)
"""Pixels: the whole page in a window of 1366×768."""
_LONG = 100
"""Characters: in such a paragraph is typed."""


def run(rounds: int, folder: Path) -> Table:
    """One table; the pictures of the rich letter are put into `folder`."""
    for name, picture in rich.pictures().items():
        folder.joinpath(name).write_bytes(picture.png)
    simple = _Typing(shipped_letter("lettre-enfant"), Part.LETTER_CHILD, folder, pages=1)
    full = _Typing(rich.LETTER, Part.LETTER_FAMILY, folder, pages=2)
    return compete(
        "Une frappe dans une lettre, jusqu’à l’image de sa page",
        [
            Contender("la lettre fournie, une page", simple),
            Contender("une lettre avec tout ce qu’elle peut avoir, deux pages", full),
        ],
        rounds,
    )


class _Typing:
    """Each keystroke adds a character to the letter's first long paragraph."""

    def __init__(self, letter: LetterTemplate, part: Part, folder: Path, *, pages: int) -> None:
        setting = Setting(CABINET, dt.date(2026, 1, 12))
        self._previewer = Previewer(setting, FirstAccess(), Sender(CABINET.name, "cabinet@exemple.fr"))
        [self._recipient, *_] = recipients_for(part, (), setting.today)
        self._letter, self._folder, self._pages = letter, folder, pages
        self._typed = 0
        self._stroke()

    def __call__(self, _: int) -> Sample:
        wall, taken = time.perf_counter(), []
        for _ in range(KEYSTROKES):
            cpu = time.process_time()
            self._stroke()
            taken.append(time.process_time() - cpu)
        wall = (time.perf_counter() - wall) / KEYSTROKES
        cuts = quantiles(taken, n=20)
        figures = {"ms CPU (médiane)": cuts[9] * 1000, "ms CPU (95e centile)": cuts[18] * 1000}
        return Sample(wall, sum(taken) / KEYSTROKES, tree_peak_mb(os.getpid()), figures)

    def _stroke(self) -> None:
        made = self._previewer.letter(self._changed(), self._recipient, self._folder)
        buffer, document = QBuffer(), QPdfDocument()
        buffer.setData(QByteArray(made.pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        if document.pageCount() != self._pages or document.render(0, PAGE).isNull():
            raise BenchmarkFailed(f"{document.pageCount()} pages instead of {self._pages}: {made.problems}")
        document.close()

    def _changed(self) -> LetterTemplate:
        self._typed += 1
        place, found = next(
            (place, block)
            for place, block in enumerate(self._letter.blocks)
            if isinstance(block, Paragraph) and len(block.runs[-1].text) > _LONG
        )
        # As one types: words, not one that grows without end.
        typed = ("mot " * (self._typed // 4 + 1))[: self._typed % 40]
        *before, last = found.runs
        changed = replace(found, runs=(*before, replace(last, text=f"{last.text} {typed}")))
        return replace(self._letter, blocks=(*self._letter.blocks[:place], changed, *self._letter.blocks[place + 1 :]))
