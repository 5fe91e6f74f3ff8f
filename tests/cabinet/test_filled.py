"""Which fields say something, and what is said where nobody has one that a portal needs."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from cabinet import filled
from cabinet.dossier import (
    Addressee,
    Appointment,
    AppointmentStatus,
    Balance,
    Dossier,
    Fee,
    Instalment,
    Patient,
)
from cabinet.filled import BIRTH_DATE, WATCHED, count_of, counted, mask_of, never_filled
from cabinet.problems import Place

DAY = dt.date(2024, 9, 13)
DAY_AT_FOUR = dt.datetime(2024, 9, 13, 16)  # noqa: DTZ001 - local times of the cabinet
FULL = Dossier(
    Patient("1", "Madame", "MARTINEAU", "Zoé", DAY, DAY),
    (
        Addressee(),
        Addressee("Madame", "MARTINEAU", "Anne", "3 rue des Lilas", "", "21000", "DIJON", "a@exemple.fr", "06"),
    ),
    (Appointment(DAY_AT_FOUR, "RVC", 0, "CC"),),
    (Instalment("1er SEMESTRE", 0, 0, False, DAY),),
    (Fee("1er SEMESTRE", 0, 0, 0, DAY),),
    Balance(0),
    "0f" * 16,
)
PLACE = Place("patients.csv")
JUDGED = {"planned", "attended", "due", "paid"}
SAID = [watched for watched in WATCHED if ".ordinary" not in watched.key and watched.key.split(".")[-1] not in JUDGED]
"""Fields that are filled or not; the others look at what they are filled with."""


def test_a_full_dossier_fills_every_watched_field_be_it_with_zero() -> None:
    filled = zip(WATCHED, counted([mask_of(FULL)]), strict=True)
    assert [watched for watched, count in filled if count and watched in SAID] == SAID


def test_an_empty_dossier_fills_none() -> None:
    assert mask_of(Dossier(Patient("1"), (Addressee("Madame"),), (), (Instalment(),), (Fee(),))) == 0


def judged(**parts: Any) -> set[str]:
    """What is counted of a dossier of these parts, beside the fields that are filled."""
    counts = counted([mask_of(Dossier(Patient("1"), **parts))])
    return {watched.key for watched, count in zip(WATCHED, counts, strict=True) if count and watched not in SAID}


@pytest.mark.parametrize(
    ("cents", "is_ordinary"),
    [(None, False), (0, False), (19_99, False), (20_00, True), (1_999_99, True), (2_000_00, False), (-90_00, False)],
)
@pytest.mark.parametrize(
    ("part", "field", "keys"),
    [
        ("instalments", "amount", {"instalments.ordinary", "instalments.ordinary_amount"}),
        ("instalments", "total", {"instalments.ordinary", "instalments.ordinary_total"}),
        ("fees", "amount", {"fees.ordinary", "fees.ordinary_amount"}),
        ("fees", "total", {"fees.ordinary", "fees.ordinary_total"}),
        ("fees", "remaining", {"fees.ordinary_remaining"}),
    ],
)
def test_sums_are_ordinary_that_are_so_no_more_once_their_decimals_are_lost(
    part: str, field: str, keys: set[str], cents: int | None, *, is_ordinary: bool
) -> None:
    nothing = Instalment() if part == "instalments" else Fee()
    line = msgspec.structs.replace(nothing, **{field: cents})
    assert judged(**{part: (nothing, line)}) == (keys if is_ordinary else set())


@pytest.mark.parametrize(("cents", "keys"), [(19_99, set()), (740_00, {"balance.ordinary"}), (74_000_00, set())])
def test_so_is_a_balance(cents: int, keys: set[str]) -> None:
    assert judged(balance=Balance(cents)) == keys


@pytest.mark.parametrize(
    ("settled", "keys"), [(None, set()), (False, {"instalments.due"}), (True, {"instalments.paid"})]
)
def test_instalments_are_due_or_paid(settled: bool | None, keys: set[str]) -> None:
    assert judged(instalments=(Instalment("S1", settled=settled),)) == keys


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        (AppointmentStatus.PLANNED, {"appointments.planned"}),
        (AppointmentStatus.ATTENDED, {"appointments.attended"}),
        (AppointmentStatus.MISSED, set()),
        (AppointmentStatus.CANCELLED, set()),
    ],
)
def test_visits_are_planned_or_attended(status: AppointmentStatus, keys: set[str]) -> None:
    assert judged(appointments=(Appointment(DAY_AT_FOUR, status=status),)) == keys


@pytest.mark.parametrize("watched", SAID, ids=lambda watched: watched.key)
def test_a_field_without_its_value_is_missed_alone(watched: object) -> None:
    place = WATCHED.index(watched)
    part, _, name = WATCHED[place].key.partition(".")
    if part == "photo":
        less = msgspec.structs.replace(FULL, photo_digest="")
    elif part == "balance":
        less = msgspec.structs.replace(FULL, balance=None)
    elif part == "patient":
        nothing = None if "date" in name or "start" in name else ""
        less = msgspec.structs.replace(FULL, patient=msgspec.structs.replace(FULL.patient, **{name: nothing}))
    else:
        rows = getattr(FULL, part)
        nothing = "" if isinstance(getattr(rows[-1], name), str) else None
        less = msgspec.structs.replace(FULL, **{part: (msgspec.structs.replace(rows[-1], **{name: nothing}),)})
    assert [one for one, count in zip(WATCHED, counted([mask_of(less)]), strict=True) if not count and one in SAID] == [
        watched
    ]


def test_dossiers_are_counted_by_field() -> None:
    found = counted([mask_of(FULL), 0, mask_of(FULL)])
    assert count_of(found, BIRTH_DATE) == 2
    assert count_of(found[:1], BIRTH_DATE) is None


def test_an_export_where_nobody_has_a_name_or_a_birth_date_says_so() -> None:
    problems = never_filled(3, counted([0, 0, 0]), PLACE)
    assert [(p.code, str(p.place)) for p in problems] == [
        ("no-last-name", "patients.csv"),
        ("no-birth-date", "patients.csv"),
    ]
    assert problems[1].sentence == (
        "Aucun patient n’a de date de naissance\u00a0: la première visite et les liens personnels la demandent. "
        "Indiquez sa colonne («\u00a0patients.columns.birth_date\u00a0») dans le mapping, ou vérifiez l’export."
    )


def test_one_patient_who_has_them_is_enough() -> None:
    assert never_filled(2, counted([0, mask_of(FULL)]), PLACE) == ()


def test_an_amount_that_is_not_said_is_looked_for_among_no_amounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A range would compare it with each of its two hundred thousand, for each line of an export."""

    class Amounts:
        def __contains__(self, cents: object) -> bool:
            assert cents is not None
            return False

    monkeypatch.setattr(filled, "ORDINARY_CENTS", Amounts())
    assert mask_of(Dossier(Patient("1"), instalments=(Instalment("S1"),), fees=(Fee("S1"),)))
