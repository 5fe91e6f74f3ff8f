"""Tables that end too early between two lines: noticed by the last patients, and on no ordinary night."""

from random import Random

import pytest

from cabinet.dossier import Digest
from cabinet.filled import rows_mask
from sync.last_rows import LAST_PATIENTS, OTHERS, STANDING_PATIENTS, cut_tables, last_with_rows
from sync.plan import Fingerprint

VISITS, FEES = rows_mask("appointments"), rows_mask("fees")


def reading(filled: dict[int, int]) -> dict[str, Fingerprint]:
    """Number -> which fields say something."""
    return {f"P{number}": Fingerprint(Digest(b"d" * 16), filled=mask) for number, mask in filled.items()}


WHOLE = dict.fromkeys(range(1, 201), VISITS | FEES)


@pytest.mark.parametrize("cut", [LAST_PATIENTS, 2 * LAST_PATIENTS, 200])
def test_a_table_that_the_last_patients_have_no_rows_of_any_more_was_cut(cut: int) -> None:
    last = last_with_rows(reading(WHOLE))
    now = WHOLE | dict.fromkeys(range(201 - cut, 201), FEES)
    assert cut_tables(last, reading(now)) == ("appointments",)
    assert cut_tables(last, reading(now | {201: FEES, 202: 0})) == ("appointments",), "new patients have none either"


def test_numbers_are_in_the_order_of_figures() -> None:
    assert last_with_rows(reading(WHOLE))["fees"][:2] == ("P200", "P199")
    assert last_with_rows(reading({8: FEES, 9: FEES, 10: FEES, 11: VISITS}))["fees"] == ("P10", "P9", "P8")


def test_one_of_the_last_who_has_rows_still_is_enough() -> None:
    now = WHOLE | dict.fromkeys(range(150, 201), FEES)
    assert cut_tables(last_with_rows(reading(WHOLE)), reading(now | {201 - LAST_PATIENTS: VISITS})) == ()


def test_a_night_that_takes_the_rows_of_others_too_is_no_cut() -> None:
    """As where a program writes only what is owed, and a month's bills are paid."""
    last, first = last_with_rows(reading(WHOLE)), 201 - LAST_PATIENTS
    cut = WHOLE | dict.fromkeys(range(first, 201), FEES)
    others = range(first - 2, 0, -2)
    assert cut_tables(last, reading(cut | dict.fromkeys(others[:OTHERS], FEES))) == ("appointments",)
    assert cut_tables(last, reading(cut | dict.fromkeys(others[: OTHERS + 1], FEES))) == ()


def test_those_who_are_gone_or_never_had_rows_say_nothing() -> None:
    last = last_with_rows(reading(WHOLE | dict.fromkeys(range(180, 201), FEES)))
    now = {number: FEES for number in WHOLE if number not in range(168, 168 + STANDING_PATIENTS)}
    assert cut_tables(last, reading(now)) == (), "most of the last have left"
    assert cut_tables(last, reading({**now, **dict.fromkeys(range(168, 178), FEES)})) == ("appointments",)
    few = dict.fromkeys(range(1, STANDING_PATIENTS), VISITS)
    assert cut_tables(last_with_rows(reading(few)), reading(dict.fromkeys(few, 0))) == ()


@pytest.mark.parametrize("keeps_the_past", [True, False])
def test_ordinary_nights_are_not_taken_for_a_cut(*, keeps_the_past: bool) -> None:
    """Five years of a practice that sees its new patients on one afternoon, and closes days at short notice.

    Some programs write only what is to come: patients whose day has passed have no appointment left.
    """
    assert cuts_found(1300, Random(11), keeps_the_past=keeps_the_past) == 0  # noqa: S311 - the same each time


def cuts_found(nights: int, random: Random, *, keeps_the_past: bool) -> int:
    visits = {number: {random.randrange(-300, 60)} for number in range(1, 81)}
    before, found = reading({}), 0
    for today in range(nights):
        afternoon = today + 7 - today % 7
        seen_first = sum(afternoon in days for days in visits.values())
        for number in range(max(visits) + 1, max(visits) + 1 + random.choice((0, 1, 2, 4, 12))):
            visits[number] = {afternoon + seen_first // 12 * 7}  # full in the order in which they called
            seen_first += 1
        visits = dict(list(visits.items())[-80:])  # nobody looks at those who came before
        closed = random.choice((afternoon, today + 1)) if random.random() < 0.03 else None
        for number, days in visits.items():
            days.discard(-1 if closed is None else closed)
            if random.random() < 0.002:
                days.clear()  # by mistake, and entered anew tomorrow
            if (not days and random.random() < 0.3) or (today in days and random.random() < 0.8):
                days.add(today + random.randrange(20, 60))
            if not keeps_the_past:
                visits[number] = {day for day in days if day > today}
        now = reading({number: VISITS if days else 0 for number, days in visits.items()})
        found += bool(cut_tables(last_with_rows(before), now))
        before = now
    return found
