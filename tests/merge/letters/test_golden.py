"""Every shipped letter against its golden text and picture, its code read back, its address in the window."""

from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageStat

from merge.texts import Audience
from tests.merge.letters.conftest import need
from tests.merge.letters.golden_letters import FOLDER, Golden, goldens, picture_of, print_rich

ALIKE = 0.8
"""Of 255 grey levels, over the whole page: Debian's versions of poppler smooth letters a little differently."""
TWO = (Audience.CHILD, Audience.ADULT)
ALL = pytest.mark.parametrize("golden", list(goldens()), ids=lambda golden: golden.stem)


@pytest.fixture(autouse=True)
def _poppler() -> None:
    need("pdftotext")


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


@ALL
def test_the_text_is_the_golden_one(golden: Golden, tmp_path: Path) -> None:
    kept = (FOLDER / f"{golden.stem}.txt").read_text(encoding="utf-8")
    assert golden.print(tmp_path).lines() == kept.splitlines()


@ALL
def test_the_page_looks_like_its_golden_picture_and_its_codes_lead_where_they_should(
    golden: Golden, tmp_path: Path
) -> None:
    pages = golden.print(tmp_path)
    with Image.open(FOLDER / f"{golden.stem}.png") as kept:
        assert unlikeness(picture_of(pages), kept.convert("L")) < ALIKE
    codes = sorted(zxingcpp.read_barcodes(pages.picture(dpi=150)), key=lambda code: code.position.top_left.y)
    assert [code.text for code in codes] == [one.secret.link for one in golden.record.per_child()]
    for code in codes:
        width = (code.position.top_right.x - code.position.top_left.x) * 25.4 / 150
        assert width == pytest.approx(30, abs=0.6)


@ALL
def test_the_address_stands_in_the_window_with_nothing_beside_it_on_one_sound_page(
    golden: Golden, tmp_path: Path
) -> None:
    pages = golden.print(tmp_path)
    seen = [word for word in pages.words() if word.right > 97 and word.bottom > 42 and word.top < 88]
    assert " ".join(word.text for word in seen).startswith("Madame SPÉCIMEN")
    assert seen[-1].text == "DIJON"
    assert min(word.left for word in seen) == pytest.approx(105, abs=0.6)
    with pikepdf.open(pages.path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 1


def test_a_page_and_the_picture_of_another_letter_differ(tmp_path: Path) -> None:
    pictures = [picture_of(Golden("annonce", whom, confirmed=True).print(tmp_path)) for whom in TWO]
    assert unlikeness(*pictures) > ALIKE
    assert unlikeness(pictures[0], ImageChops.offset(pictures[0], 2, 0)) > ALIKE


def test_no_golden_file_is_left_of_a_letter_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {golden.stem for golden in goldens()} | {"tout-1", "tout-2"}


def test_all_that_a_letter_may_hold_looks_as_it_did(tmp_path: Path) -> None:
    pages = print_rich(tmp_path)
    assert pages.count() == 2
    for page in (1, 2):
        assert pages.lines(page) == (FOLDER / f"tout-{page}.txt").read_text(encoding="utf-8").splitlines()
        with Image.open(FOLDER / f"tout-{page}.png") as kept:
            assert unlikeness(picture_of(pages, page), kept.convert("L")) < ALIKE
    assert pikepdf.open(pages.path).check_pdf_syntax() == []
