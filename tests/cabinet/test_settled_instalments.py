"""Whether an instalment is settled: as its column says, or by what was paid of it, or by the day it was."""

from pathlib import Path

import pytest
import time_machine

from cabinet.mapping import parse_mapping
from cabinet.reading import Reading, read
from cabinet.sources.location import Location
from tests.cabinet.conftest import KEY

MAPPING = """
version = 1
[patients]
file = "p.csv"
[patients.columns]
number = "N"
[instalments]
file = "e.csv"
[instalments.columns]
patient = "N"
amount = "Montant"
"""
ALL = ('settled = "Traité"', 'settled_amount = "Payé"', 'settled_on = "Le"')


def reading_of(folder: Path, cells: str, *columns: str) -> Reading:
    """One instalment of 180 €; `cells`: whether it is settled, what was paid, and when."""
    (folder / "p.csv").write_text("N\n1\n", encoding="utf-8")
    (folder / "e.csv").write_text(f"N;Montant;Traité;Payé;Le\n1;{cells}\n", encoding="utf-8")
    return read(Location(str(folder)), parse_mapping(MAPPING + "\n".join(columns), "m.toml"), KEY)


@pytest.mark.parametrize(
    ("cells", "columns", "settled"),
    [
        ("180,00;oui;;", ALL, True),
        ("180,00;non;180,00;15/03/2026", ALL, False),
        ("180,00;;180,00;", ALL, True),
        ("180,00;;179,99;15/03/2026", ALL, False),
        ("180,00;;;15/03/2026", ALL, False),
        (";;180,00;15/03/2026", ALL, True),
        (";oui;180,00;", ALL, True),
        ("0,00;;;15/03/2026", ALL, True),
        ("-180,00;;;15/03/2026", ALL, True),
        ("180,00;;-180,00;", ALL[:2], None),
        ("180,00;;;", ALL[:2], False),
        ("180,00;;200,00;", ALL[:2], True),
        ("180,00;;;15/03/2026", ALL[2:], True),
        ("180,00;;;", ALL[2:], False),
        ("180,00;;;00/00/0000", ALL[2:], False),
        ("180,00;;;0000-00-00", ALL[2:], False),
        ("180,00;;;1899-12-30", ALL[2:], False),
        ("180,00;;;30/12/1899 00:00:00", ALL[2:], False),
        ("180,00;;180,00;15/03/2026", ALL[:1], None),
        ("180,00;;180,00;15/03/2026", (), None),
    ],
)
def test_what_says_it_goes_in_this_order(
    cells: str, columns: tuple[str, ...], settled: bool | None, tmp_path: Path
) -> None:
    reading = reading_of(tmp_path, cells, *columns)
    assert [one.settled for one in reading.dossiers[0].instalments] == [settled]
    assert reading.problems == ()


@pytest.mark.parametrize("cells", ["180,00;;beaucoup;", "180,00;;;bientôt"])
def test_what_cannot_be_read_says_nothing_and_is_told(cells: str, tmp_path: Path) -> None:
    column = ALL[1] if "beaucoup" in cells else ALL[2]
    reading = reading_of(tmp_path, cells, column)
    assert [one.settled for one in reading.dossiers[0].instalments] == [None]
    assert len(reading.problems) == 1


@pytest.mark.parametrize(("now", "is_come"), [("2026-11-23T22:59Z", False), ("2026-11-23T23:01Z", True)])
def test_a_day_is_a_payment_once_the_cabinets_calendar_has_reached_it(now: str, is_come: bool, tmp_path: Path) -> None:
    with time_machine.travel(now, tick=False):
        reading = reading_of(tmp_path, "180,00;;;24/11/2026", ALL[2])
    assert [one.settled for one in reading.dossiers[0].instalments] == [is_come]
    told = (
        "«\u00a024/11/2026\u00a0» (date de règlement) est un jour à venir\u00a0: ce n’est pas encore un règlement. Si "
        "l’échéance est réglée, corrigez cette date dans le logiciel du cabinet."
    )
    assert [one.sentence for one in reading.problems] == ([] if is_come else [told])


def test_a_payment_to_come_takes_nothing_from_what_was_paid(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "180,00;;180,00;24/11/2099", *ALL)
    assert [one.settled for one in reading.dossiers[0].instalments] == [True]
    assert [one.code for one in reading.problems] == ["day-to-come"]


def test_a_line_that_says_nothing_but_that_nothing_was_paid_is_empty(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, ";;;", *ALL)
    assert reading.dossiers[0].instalments == ()
    assert [one.code for one in reading.problems] == ["empty-line"]
