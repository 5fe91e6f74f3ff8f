"""Address labels: where the sheet's labels are, whole addresses, and none that does not fit."""

from pathlib import Path

import pikepdf
import pytest

from merge.letters.labels import GRIDS, LabelSheet, NoSuchLabelError, write_labels
from merge.record import MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, need


def label(record: RecordMaker, index: int = 0, **addressee: str) -> MergeRecord:
    to = {"last_name": f"ESSAI{index}", **addressee}
    return record(patient={"number": str(index)}, addressee=to, cabinet=CABINET)


@pytest.mark.parametrize("sheet", LabelSheet)
def test_each_label_stands_within_its_own(record: RecordMaker, tmp_path: Path, sheet: LabelSheet) -> None:
    need("pdftotext")
    grid = GRIDS[sheet]
    path = tmp_path / "etiquettes.pdf"
    printed = write_labels((label(record, index) for index in range(grid.labels + 1)), path, sheet)
    words = Pages(path).words()

    assert (printed.letters, printed.refused) == (grid.labels + 1, [])
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2
    for index in range(grid.labels):
        left, top = grid.corner(index)
        (name,) = [word for word in words if word.text == f"ESSAI{index}"]
        assert left + 4.9 < name.left
        assert name.right < left + grid.width - 4.9
        assert top + 4 < name.top < top + grid.height / 2
    lowest = [word for word in words if word.text == "DIJON"]
    assert len(lowest) == grid.labels
    assert grid.left + grid.columns * grid.pitch_x <= 210.01 + (grid.pitch_x - grid.width)
    assert max(word.bottom for word in lowest) < 297


def test_the_last_lines_are_capitals_without_punctuation(record: RecordMaker, tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "etiquettes.pdf"
    write_labels([label(record, address_1="25, rue de l’Église", address_2="Bât. B")], path)

    assert Pages(path).lines() == ["Madame ESSAI0 Jeanne", "Bât. B", "25 RUE DE L ÉGLISE", "21000 DIJON"]


def test_what_does_not_fit_is_refused_with_its_remedy(record: RecordMaker, tmp_path: Path) -> None:
    path = tmp_path / "etiquettes.pdf"
    wide = label(record, 1, address_1="W" * 28)
    refused = write_labels([wide, label(record, 2, city="", postcode="")], path, LabelSheet.L21).refused

    assert not path.exists(), "without a right label there is no file"
    assert [problem.number for problem in refused] == ["1", "2"]
    assert refused[0].sentence == (
        f"Dossier 1 (ESSAI1 Jeanne) : « {'W' * 28} » n’entre pas sur une étiquette de 63,5 × 38,1 mm. "
        "Abrégez l’adresse dans la fiche, ou prenez des étiquettes plus larges."
    )
    assert write_labels([wide], path, LabelSheet.L14).letters == 1, "a wider label takes it"


def test_a_sheet_that_was_begun_is_used_up(record: RecordMaker, tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "etiquettes.pdf"
    write_labels((label(record, index) for index in range(3)), path, LabelSheet.L14, start=13)
    (name,) = [word for word in Pages(path).words() if word.text == "ESSAI0"]
    left, top = GRIDS[LabelSheet.L14].corner(12)

    assert [line for line in Pages(path).lines() if "ESSAI" in line] == ["Madame ESSAI0 Jeanne Madame ESSAI1 Jeanne"]
    assert [line for line in Pages(path).lines(2) if "ESSAI" in line] == ["Madame ESSAI2 Jeanne"]
    assert (left < name.left < left + 99, top < name.top < top + 38) == (True, True)


@pytest.mark.parametrize("start", [0, 15])
def test_a_label_that_the_sheet_does_not_have_is_told(start: int, record: RecordMaker, tmp_path: Path) -> None:
    with pytest.raises(NoSuchLabelError) as refused:
        write_labels([label(record)], tmp_path / "e.pdf", LabelSheet.L14, start=start)
    assert str(refused.value).replace("\u00a0", " ") == (
        f"L’étiquette {start} n’existe pas : la planche en a 14. Donnez un nombre de 1 à 14."
    )
