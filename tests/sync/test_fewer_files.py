"""Which files of a table are gone, so that a year or a site that is missing is told."""

from pathlib import Path

import pytest

from cabinet.errors import SourceError
from cabinet.mapping import parse_mapping
from cabinet.sources.location import Location
from sync.fewer_files import files_of, gone_files

MAPPING = parse_mapping(
    """
version = 1
[patients]
file = "patients.csv"
columns = { number = "N°" }
[appointments]
file = "rdv_*.csv"
columns = { patient = "N°", start = "Début" }
[fees]
file = "compta*.csv"
columns = { patient = "N°", label = "Libellé" }
""",
    "mapping.toml",
)


def test_files_are_known_by_their_pattern_and_a_table_of_one_file_is_not(tmp_path: Path) -> None:
    for name in ("patients.csv", "rdv_2025.csv", "rdv_2024.csv", "compta.csv", "lisezmoi.csv"):
        (tmp_path / name).touch()
    assert files_of(Location(str(tmp_path)), MAPPING) == {
        "rdv_*.csv": ("rdv_2024.csv", "rdv_2025.csv"),
        "compta*.csv": ("compta.csv",),
    }
    (tmp_path / "compta.csv").unlink()
    with pytest.raises(SourceError):
        files_of(Location(str(tmp_path)), MAPPING)


@pytest.mark.parametrize("where", ["sqlite:///cabinet.db", "cabinet.xlsx"])
def test_a_database_and_a_workbook_have_none(where: str) -> None:
    assert files_of(Location(where), MAPPING) == {}


@pytest.mark.parametrize(
    ("before", "now", "gone"),
    [
        (("a", "b"), ("a", "b"), ()),
        (("a", "b", "c"), ("b",), ("a", "c")),
        (("a",), ("a", "b"), ()),
        (("22.csv", "site 2 22.csv"), ("23.csv", "site 2 23.csv"), ()),  # others took their place
        (("22.csv", "site 2 22.csv"), ("23.csv",), ("22.csv", "site 2 22.csv")),
    ],
)
def test_a_file_is_gone_where_there_are_fewer(
    before: tuple[str, ...], now: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    assert gone_files({"*.csv": before}, {"*.csv": now}) == gone


def test_a_table_that_had_no_pattern_has_lost_nothing() -> None:
    assert gone_files({}, {"*.csv": ("a",)}) == gone_files({"*.csv": ("a",)}, {}) == ()
