"""What the list says of each patient, whom it finds, and in which order."""

import datetime as dt

import pytest

from app.patients.presenter import (
    Column,
    Directory,
    Filter,
    Sort,
    Standing,
    filter_named,
    found_sentence,
    is_incomplete,
    standing_of,
)
from cabinet.dossier import Addressee, Dossier, Patient
from portal.api.desk import Account, Informed, Medium, Showing

NOON = dt.datetime(2026, 1, 11, 11, tzinfo=dt.UTC)
LETTER = Informed(Medium.LETTER, NOON)
WHOLE = Addressee("Madame", "MODÈLE", "Anne", "4 rue de l’Exemple", "", "21000", "DIJON")


def dossier(number: str, last: str, first: str, born: dt.date | None = None, *to: Addressee) -> Dossier:
    return Dossier(Patient(number, "", last, first, born), to or (WHOLE,))


DOSSIERS = (
    dossier("10", "ZÉLÉ", "Anna", dt.date(2012, 9, 2)),
    dossier("9", "abricot", "Bruno", dt.date(1985, 4, 15), Addressee("", "ABRICOT", "Luc", "", "", "", "DIJON")),
    dossier("11", "Éclair", "Cléo"),
    dossier("0042", "MODÈLE", "Dina", dt.date(2010, 1, 1)),
    dossier("12", "MODÈLE", "Alix", dt.date(2011, 1, 1)),
)
ACCOUNTS = {
    "10": Account("10", accesses=1, last_visit=NOON),
    "9": Account("9"),
    "11": Account("11", informed=LETTER),
    "12": Account("12", accesses=2, locked=True, last_visit=NOON - dt.timedelta(days=9)),
    "77": Account("77", Showing.WITHDRAWN, accesses=1),
}


@pytest.fixture
def directory() -> Directory:
    return Directory(DOSSIERS, ACCOUNTS)


def numbers(directory: Directory, *args: object) -> list[str]:
    return [row.number for row in directory.find(*args)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("account", "standing"),
    [
        (Account("1"), Standing.NEVER_INFORMED),
        (Account("1", informed=LETTER), Standing.NEVER_CONNECTED),
        (Account("1", accesses=1, informed=LETTER), Standing.ACTIVATED),
        (Account("1", accesses=1), Standing.ACTIVATED),
        (Account("1", accesses=1, locked=True), Standing.LOCKED),
        (Account("1", locked=True), Standing.LOCKED),
        (Account("1", Showing.HIDDEN, accesses=1, locked=True), Standing.HIDDEN),
        (Account("1", Showing.WITHDRAWN, accesses=1), Standing.UNPUBLISHED),
        (Account("1", Showing.ERASED), Standing.ERASED),
        (None, Standing.UNPUBLISHED),
    ],
)
def test_a_patient_stands_in_one_way_with_the_portal(account: Account | None, standing: Standing) -> None:
    assert standing_of(account, is_told=True) is standing


def test_a_patient_is_withdrawn_when_neither_the_portal_nor_the_export_shows_them() -> None:
    account = Account("1", Showing.WITHDRAWN, accesses=1)
    assert standing_of(account, is_told=True, is_exported=False) is Standing.WITHDRAWN


def test_before_the_portal_has_told_nothing_is_claimed() -> None:
    directory = Directory(DOSSIERS, None)
    assert {row.standing for row in directory.rows} == {Standing.UNKNOWN}
    assert directory.aside == "5\u00a0dossiers"


def test_patients_whom_the_export_no_longer_has_are_listed_too(directory: Directory) -> None:
    row = directory.row_of("77")
    assert row is not None
    assert (row.name, row.standing, row.birth_date) == ("Nom inconnu", Standing.WITHDRAWN, None)
    assert directory.aside == "5\u00a0dossiers, 4\u00a0publiés"


def test_numbers_are_in_the_order_of_people_not_of_text(directory: Directory) -> None:
    assert numbers(directory) == ["9", "10", "11", "12", "0042", "77"]


def test_names_sort_without_accents_and_case_and_those_without_a_name_come_last(directory: Directory) -> None:
    assert numbers(directory, "", Filter.ALL, Sort(Column.NAME)) == ["9", "11", "12", "0042", "10", "77"]
    assert numbers(directory, "", Filter.ALL, Sort(Column.NAME, descending=True)) == [
        "10",
        "0042",
        "12",
        "11",
        "9",
        "77",
    ]


def test_missing_dates_come_last_whichever_way_it_is_sorted(directory: Directory) -> None:
    assert numbers(directory, "", Filter.ALL, Sort(Column.LAST_VISIT))[:2] == ["12", "10"]
    assert numbers(directory, "", Filter.ALL, Sort(Column.LAST_VISIT, descending=True))[:2] == ["10", "12"]
    assert numbers(directory, "", Filter.ALL, Sort(Column.BIRTH_DATE, descending=True))[-2:] == ["11", "77"]


def test_what_is_found_is_sorted_by_the_chosen_column(directory: Directory) -> None:
    assert numbers(directory, "modele", Filter.ALL, Sort(Column.BIRTH_DATE)) == ["0042", "12"]


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (Filter.ALL, ["9", "10", "11", "12", "0042", "77"]),
        (Filter.ACTIVATED, ["10"]),
        (Filter.NEVER_CONNECTED, ["11"]),
        (Filter.NEVER_INFORMED, ["9"]),
        (Filter.LOCKED, ["12"]),
        (Filter.HIDDEN, []),
        (Filter.INCOMPLETE_ADDRESS, ["9"]),
    ],
)
def test_a_filter_keeps_those_who_stand_so(directory: Directory, only: Filter, found: list[str]) -> None:
    assert numbers(directory, "", only) == found


def test_a_filter_narrows_a_search(directory: Directory) -> None:
    assert numbers(directory, "modele", Filter.LOCKED) == ["12"]
    assert numbers(directory, "zele", Filter.LOCKED) == []


def test_an_address_is_incomplete_when_the_post_could_not_deliver_it() -> None:
    assert [d.number for d in DOSSIERS if is_incomplete(d)] == ["9"]
    assert is_incomplete(Dossier(Patient("1")))


def test_the_count_says_what_was_looked_for() -> None:
    assert found_sentence(64, " 53 ", Filter.ALL) == "64\u00a0patients trouvés pour «\u00a053\u00a0»"
    assert found_sentence(1, "53", Filter.ALL) == "1\u00a0patient trouvé pour «\u00a053\u00a0»"
    assert found_sentence(0, "53", Filter.LOCKED) == (
        "Aucun patient trouvé pour «\u00a053\u00a0», filtre «\u00a0Bloqué\u00a0»"
    )
    assert found_sentence(1302, "", Filter.ALL) == "1\u00a0302\u00a0patients"
    assert found_sentence(2, "", Filter.HIDDEN) == "2\u00a0patients trouvés, filtre «\u00a0Masqué\u00a0»"


def test_other_screens_name_a_filter() -> None:
    assert filter_named("never-informed") is Filter.NEVER_INFORMED
    assert filter_named("incomplete-address") is Filter.INCOMPLETE_ADDRESS
    assert filter_named("5312") is None
    assert filter_named(None) is None
