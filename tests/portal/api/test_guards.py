"""What a broken export looks like in figures."""

import datetime as dt

import pytest

from cabinet.dossier import Appointment, Dossier, Patient
from cabinet.filled import BIRTH_DATE, WATCHED
from cabinet.identity import identity_of, prints_of
from portal.api.guards import (
    ChangedPart,
    EmptiedField,
    Losses,
    LostTable,
    Replaced,
    changed_parts,
    lacks_birth_dates,
    losses,
    replaced_patients,
)
from portal.api.shapes import TableCounts
from tests.portal.counts import filled


@pytest.mark.parametrize(
    ("before", "now", "is_lost"),
    [(1000, 900, False), (1000, 899, True), (100, 50, False), (100, 49, True), (0, 0, False), (51, 0, True)],
)
def test_a_table_is_lost_from_more_than_fifty_rows_and_a_tenth_on(before: int, now: int, is_lost: bool) -> None:
    found = losses(TableCounts(patients=1, fees=before), TableCounts(patients=1, fees=now))
    assert found == (Losses((LostTable("fees", before, now),)) if is_lost else Losses())


@pytest.mark.parametrize(
    ("before", "now", "has_grown"),
    [(1000, 1500, False), (1000, 1501, True), (300, 500, False), (300, 501, True), (50, 900, False), (51, 252, True)],
)
def test_a_table_has_grown_too_much_from_half_and_two_hundred_rows_on(before: int, now: int, has_grown: bool) -> None:
    """But where there was next to nothing before: a practice that begins."""
    found = losses(TableCounts(patients=1, fees=before), TableCounts(patients=1, fees=now))
    assert found == (Losses(grown=(LostTable("fees", before, now),)) if has_grown else Losses())
    assert not found.is_less


@pytest.mark.parametrize(
    ("gone", "new", "shown", "is_refused"),
    [
        (250, 250, 250, True),
        (21, 21, 100, True),
        (20, 100, 100, False),
        (100, 20, 100, False),  # withdrawals: they wait by themselves
        (50, 50, 500, False),
        (51, 51, 500, True),
    ],
)
def test_patients_are_replaced_where_many_are_gone_and_as_many_are_new(
    gone: int, new: int, shown: int, is_refused: bool
) -> None:
    assert replaced_patients(gone, new, shown) == (Replaced(gone, shown, new) if is_refused else None)


def test_rows_that_are_there_twice_and_other_patients_are_told_with_their_figures() -> None:
    assert str(Losses(grown=(LostTable("fees", 1200, 2400),), replaced=Replaced(1250, 1300, 1190))) == (
        "1\u00a0250 des 1\u00a0300 patients du portail n’y sont plus, et 1\u00a0190 autres y sont nouveaux, "
        "2\u00a0400\u00a0honoraires au lieu de 1\u00a0200"
    )


@pytest.mark.parametrize(
    ("patients", "had", "has", "is_emptied"),
    [
        (50, 50, 0, True),
        (50, 50, 4, True),
        (50, 50, 5, False),
        (100, 20, 1, True),
        (100, 19, 0, False),  # too few to mean anything
        (230, 45, 0, False),  # too small a part of the patients
        (230, 46, 0, True),
        (1000, 600, 540, False),
        (1000, 600, 539, True),  # as a table that lost more than a tenth, and more than fifty
        (1000, 60, 10, False),
        (1000, 60, 9, True),
    ],
)
def test_a_field_is_lost_where_few_still_have_it_or_as_many_lost_it_as_a_table_may_not_lose(
    patients: int, had: int, has: int, is_emptied: bool
) -> None:
    before = TableCounts(patients=patients, filled=filled(0, email=had))
    now = TableCounts(patients=patients, filled=filled(0, email=has))
    expected = (EmptiedField("e-mail du destinataire", had, has),) if is_emptied else ()
    assert losses(before, now) == Losses(fields=expected)


@pytest.mark.parametrize(("has", "is_emptied"), [(600, False), (60, False), (59, True)])
def test_what_a_busy_day_may_take_from_many_is_missed_once_nearly_nobody_has_it(has: int, *, is_emptied: bool) -> None:
    """Payments of a month, visits of the weeks in which the computer was off."""
    before = TableCounts(patients=1000, filled=filled(0, planned=600))
    expected = (EmptiedField("rendez-vous prévu", 600, has),) if is_emptied else ()
    assert losses(before, TableCounts(patients=1000, filled=filled(0, planned=has))) == Losses(fields=expected)


def test_fields_of_patients_who_left_are_not_emptied() -> None:
    before = TableCounts(patients=60, filled=filled(60))
    assert losses(before, TableCounts(patients=5, filled=filled(5))) == Losses((LostTable("patients", 60, 5),))


def test_a_table_that_is_lost_stands_for_its_fields() -> None:
    before = TableCounts(patients=60, fees=100, filled=filled(60))
    some = tuple(0 if watched.key.startswith("fees.") else 60 for watched in WATCHED)
    assert losses(before, TableCounts(patients=60, filled=some)) == Losses((LostTable("fees", 100, 0),))


def test_a_first_export_lost_nothing() -> None:
    assert not losses(None, TableCounts(patients=1, filled=filled(0)))


def test_fields_that_only_one_side_counted_are_not_compared() -> None:
    assert not losses(TableCounts(patients=100, filled=filled(100)), TableCounts(patients=100, filled=()))


def test_losses_are_told_with_their_figures() -> None:
    lost = Losses((LostTable("fees", 1200, 10),), (EmptiedField("date de naissance", 800, 1),))
    assert str(lost) == (
        "10\u00a0honoraires au lieu de 1\u00a0200, «\u00a0date de naissance\u00a0» pour 1 patient au lieu de 800"
    )


def test_many_fields_at_once_are_counted() -> None:
    fields = tuple(EmptiedField(f"champ {n}", 100, 0) for n in range(5))
    assert str(Losses(fields=fields)).endswith(
        "«\u00a0champ 2\u00a0» pour 0 patient au lieu de 100, et 2 autres champs"
    )


def test_nobody_at_all_is_a_loss_whatever_was_before() -> None:
    assert losses(None, TableCounts()).no_patient


@pytest.mark.parametrize(("count", "lacks"), [(0, True), (1, False)])
def test_birth_dates_lack_where_nobody_has_one(count: int, lacks: bool) -> None:
    assert lacks_birth_dates(TableCounts(patients=9, filled=filled(9, birth_date=count))) is lacks


def test_a_client_that_does_not_count_birth_dates_lacks_none() -> None:
    assert WATCHED[2].key == BIRTH_DATE
    assert not lacks_birth_dates(TableCounts(patients=9, filled=(9, 9)))


# Names and birth dates that are others


def people(count: int, last: str = "MARTIN", first: str = "Lina", day: int = 1) -> dict[str, bytes]:
    born = dt.date(2012, 4, day)
    return {f"{n:04}": identity_of(Patient(f"{n:04}", "", last, first, born), b"k" * 32) for n in range(count)}


@pytest.mark.parametrize(
    ("shown", "others", "is_refused"),
    [(100, 20, False), (100, 21, True), (500, 50, False), (500, 51, True), (20, 20, False), (21, 21, True)],
)
def test_names_change_for_more_than_twenty_patients_and_a_tenth_where_columns_are_mixed_up(
    shown: int, others: int, is_refused: bool
) -> None:
    now = people(shown) | people(others, first="Jade")
    expected = (ChangedPart("prénom", others, shown, "0000"),) if is_refused else ()
    assert changed_parts(people(shown), now, shown) == expected


def test_each_part_that_changed_for_many_is_named() -> None:
    assert changed_parts(people(60), people(60, last="Lina", first="MARTIN"), 60) == (
        ChangedPart("nom", 60, 60, "0000"),
        ChangedPart("prénom", 60, 60, "0000"),
    )
    assert changed_parts(people(60), people(60, day=4), 60) == (ChangedPart("date de naissance", 60, 60, "0000"),)


def test_patients_who_are_new_have_no_other_name() -> None:
    assert changed_parts(people(30), people(200), 30) == ()
    assert changed_parts({}, people(200), 0) == ()


def test_names_that_were_not_known_before_are_no_others() -> None:
    unknown = people(60, first="")
    assert changed_parts(unknown, people(60), 60) == ()
    assert changed_parts(people(60), unknown, 60) == ()


@pytest.mark.parametrize(("others", "is_refused"), [(150, False), (151, True)])
def test_first_visits_change_for_half_of_the_patients_where_rows_are_mixed_up(others: int, *, is_refused: bool) -> None:
    """In an export of what is still to come they do each night, for those who came."""

    def visited(count: int, day: int) -> dict[str, bytes]:
        appointments = (Appointment(dt.datetime.fromisoformat(f"2026-05-0{day}T10:00")),)
        return {f"{n:04}": prints_of(Dossier(Patient(f"{n:04}"), (), appointments), b"k" * 32) for n in range(count)}

    expected = (ChangedPart("premier rendez-vous", others, 300, "0000"),) if is_refused else ()
    assert changed_parts(visited(300, 1), visited(others, 2), 300) == expected


def test_what_changed_is_told_without_naming_a_patient() -> None:
    lost = Losses(fields=(EmptiedField("solde", 80, 1),), changed=(ChangedPart("nom", 1200, 1300, "5312"),))
    assert str(lost) == (
        "«\u00a0nom\u00a0» changé pour 1\u00a0200 patients sur 1\u00a0300, "
        "«\u00a0solde\u00a0» pour 1 patient au lieu de 80"
    )


def test_a_table_that_the_last_patients_have_nothing_of_is_a_loss() -> None:
    lost = Losses(ended_early=("appointments", "fees"))
    assert lost
    assert str(lost) == "les derniers patients n’ont plus de rendez-vous ni d’honoraires"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "rdv_1.csv n’y est plus"),
        (3, "rdv_1.csv n’y est plus, rdv_2.csv n’y est plus, rdv_3.csv n’y est plus"),
        (4, "rdv_1.csv n’y est plus, rdv_2.csv n’y est plus, rdv_3.csv n’y est plus, ni d’autres fichiers"),
    ],
)
def test_files_that_are_gone_are_a_loss(count: int, told: str) -> None:
    lost = Losses(gone_files=tuple(f"rdv_{place}.csv" for place in range(1, count + 1)))
    assert lost.is_less
    assert str(lost) == told


def test_a_file_that_is_cut_off_is_a_loss() -> None:
    lost = Losses((LostTable("fees", 1200, 10),), cut_off=("rdv.csv",))
    assert lost
    assert str(lost) == ("rdv.csv ne se termine plus par une ligne entière, 10\u00a0honoraires au lieu de 1\u00a0200")
