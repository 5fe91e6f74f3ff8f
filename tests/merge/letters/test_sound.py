"""Every kind of paper is a PDF that qpdf finds nothing wrong with, and stands where its sheet is cut."""

import datetime as dt
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from merge.letters.cards import write_cards
from merge.letters.labels import LabelSheet, write_labels
from merge.letters.output.envelopes import EnvelopeSize, write_envelopes
from merge.letters.output.writing import write_letters
from merge.letters.poster import PosterSize, write_poster
from merge.letters.shipped import SHIPPED_BY_NAME, shipped_letters
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, need

Write = Callable[[Sequence[MergeRecord], Path], object]
_DAY = dt.date(2026, 1, 12)
_DPI = 254
"""Ten pixels a millimetre."""


def _letters(name: str, records: Sequence[MergeRecord], path: Path) -> None:
    write_letters(records, shipped_letters(name), path)


def _labels(sheet: LabelSheet, records: Sequence[MergeRecord], path: Path) -> None:
    write_labels(records, path, sheet)


def _envelopes(size: EnvelopeSize, records: Sequence[MergeRecord], path: Path) -> None:
    write_envelopes(records, path, size)


def _poster(size: PosterSize, _: Sequence[MergeRecord], path: Path) -> None:
    write_poster(CABINET, path, today=_DAY, size=size)


KINDS: dict[str, Write] = {
    "cards": write_cards,
    **{f"letter-{name}": partial(_letters, name) for name in SHIPPED_BY_NAME},
    **{f"labels-{sheet}": partial(_labels, sheet) for sheet in LabelSheet},
    **{f"envelopes-{size}": partial(_envelopes, size) for size in EnvelopeSize},
    **{f"poster-{size}": partial(_poster, size) for size in PosterSize},
}


def records(record: RecordMaker, count: int) -> list[MergeRecord]:
    return [
        record(
            patient={"number": str(5312 + place)},
            cabinet=CABINET,
            secret=IssuedSecret("5312apo", f"https://www.webortho.fr/a/dijon21/{place:022}"),
        )
        for place in range(count)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_qpdf_finds_nothing_wrong(kind: str, record: RecordMaker, tmp_path: Path) -> None:
    need("qpdf")
    path = tmp_path / "papers.pdf"
    KINDS[kind](records(record, 30), path)
    told = subprocess.run(("qpdf", "--check", path), check=False, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr) == (0, "")
    assert "No syntax or stream encoding errors found" in told.stdout


def test_qpdf_notices_a_broken_file(record: RecordMaker, tmp_path: Path) -> None:
    need("qpdf")
    path = tmp_path / "papers.pdf"
    KINDS["cards"](records(record, 3), path)
    path.write_bytes(path.read_bytes()[:-400])
    assert subprocess.run(("qpdf", "--check", path), check=False, capture_output=True, timeout=60).returncode != 0


@pytest.fixture
def cards(record: RecordMaker, tmp_path: Path) -> Image.Image:
    """A full page of cards, ten pixels a millimetre, grey."""
    need("pdftoppm")
    write_cards(records(record, 10), tmp_path / "cards.pdf")
    return Pages(tmp_path / "cards.pdf").picture(dpi=_DPI).convert("L")


def dark_runs(picture: Image.Image, *, x: float | None = None, y: float | None = None) -> list[tuple[float, float]]:
    """Where the page is dark along a vertical at `x` or a horizontal at `y`: begin and end, all in millimetres."""
    length = picture.height if y is None else picture.width
    at = [(round(x * 10), step) if x is not None else (step, round((y or 0) * 10)) for step in range(length)]
    runs: list[tuple[float, float]] = []
    start = None
    for step, place in enumerate([*at, None]):
        is_dark = place is not None and int(picture.getpixel(place)) < 150  # type: ignore[arg-type] # a grey level
        if is_dark and start is None:
            start = step
        elif not is_dark and start is not None:
            runs.append((start / 10, step / 10))
            start = None
    return runs


def test_the_cards_bands_are_85_by_54_mm_apart_from_the_page_s_corner(cards: Image.Image) -> None:
    tops = [begin for begin, end in dark_runs(cards, x=80) if end - begin > 10]
    assert tops == pytest.approx([13.5 + 54 * row for row in range(5)], abs=0.2)
    across = dark_runs(cards, y=15)
    assert across[0][0] == pytest.approx(20, abs=0.2)
    assert across[-1][1] == pytest.approx(190, abs=0.2)


def test_the_cutting_ticks_stand_in_the_margins_where_the_cards_end(cards: Image.Image) -> None:
    ticks = [sum(run) / 2 for run in dark_runs(_darker(cards), y=8)]
    assert ticks == pytest.approx([20, 105, 190], abs=0.2)
    ticks = [sum(run) / 2 for run in dark_runs(_darker(cards), x=12)]
    assert ticks == pytest.approx([13.5 + 54 * row for row in range(6)], abs=0.2)


def _darker(picture: Image.Image) -> Image.Image:
    """The pale ticks as dark as the rest."""
    return picture.point(lambda level: 0 if level < 235 else 255)
