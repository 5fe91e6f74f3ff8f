"""A file that was cut by patient is read by columns as it is row by row, or not at all by columns."""

from random import Random

import pytest

from cabinet.sources import Columnar, chosen_rows
from cabinet.sources.chosen_rows import ChosenRows
from cabinet.sources.csv_folder import CsvTable
from cabinet.sources.patient_lines import PLAIN_LINE, PatientLines

KEY = b"k" * 32
HEADER = ["N°", "Quoi", "Reste"]


def chosen(*lines: str, end: str = "\r\n", separator: str = ";") -> ChosenRows:
    """All rows of a file of these lines below `HEADER`, whose first cell is the patient's number."""
    raw = "".join(line + end for line in (separator.join(HEADER), *lines)).encode("cp1252")
    return ChosenRows(PatientLines(CsvTable("t.csv", raw), "N°", KEY))


def by_columns(table: Columnar) -> list[list[str]] | None:
    """All rows, if each part has columns."""
    columns = [part.columns() for part in table.parts()]
    if None in columns:
        return None
    return [list(row) for part in columns if part is not None for row in zip(*part, strict=True)]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_rows_as_wide_as_the_header_are_read_by_columns(end: str, separator: str) -> None:
    lines = [separator.join((f"{place // 4}", "é" * (place % 7), "")) for place in range(2_000)]
    table = chosen(*lines, end=end, separator=separator)
    assert len(list(table.parts())) > 1
    assert by_columns(table) == list(table.rows()) == [line.split(separator) for line in lines]


def test_blank_lines_between_rows_leave_the_columns_as_they_are() -> None:
    table = chosen("", "1;a;b", "", "", "2;c;d", "")
    assert by_columns(table) == [["1", "a", "b"], ["2", "c", "d"]]


@pytest.mark.parametrize(
    "lines",
    [
        ["1;a", "2;c;d;e"],  # as many cells as two rows have
        ["1;a;b;c", "2;d"],
        ["1;a;b", "2;c"],
        ["1;a;b;", "2;c;d;"],
        ["1", "2;a;b;c;d;e", "3;a;b"],
        [";;;;;;;", "1;a;b"],
        ["1;a;b", '2;"c";d'],
        ["1;a;b", "2;" + "c" * PLAIN_LINE + ";d"],
    ],
)
def test_what_is_not_simply_as_wide_as_the_header_is_read_row_by_row(lines: list[str]) -> None:
    assert by_columns(chosen("9;z;z", *lines)) is None


@pytest.mark.parametrize("seed", range(20))
def test_columns_are_those_of_the_rows_whatever_the_lines_are(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen_rows, "_AT_ONCE", 1)
    random = Random(seed)  # noqa: S311 - nothing secret
    for _ in range(200):
        lines = [
            ";".join(random.choice(("", "a", "1", " ")) for _ in range(random.choice((1, 3, 3, 3, 5))))
            for _ in range(4)
        ]
        table = chosen(*lines, end=random.choice(("\n", "\r\n")))
        assert by_columns(table) in (None, list(table.rows()))
