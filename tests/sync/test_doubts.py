"""Few patients who are missing as patients do not leave: other zeros before a number, the last numbers of all."""

import datetime as dt
from random import Random

import pytest

from cabinet.dossier import Digest, Patient
from cabinet.identity import identity_of
from portal.api.manifest import manifest_of
from portal.api.shapes import ManifestEntry, TableCounts
from sync.doubts import TAIL_PATIENTS, respelled, tail
from sync.plan import Fingerprint, Plan, make_plan
from sync.report import Outcome, RunReport
from sync.telling import doubts, waiting_words


def person(name: str) -> bytes:
    patient = Patient("1", last_name=name, first_name=name.lower(), birth_date=dt.date(2012, 4, len(name)))
    return identity_of(patient, b"k" * 32)


def plan_of(
    before: dict[str, bytes],
    now: dict[str, bytes],
    *,
    confirmed: bool = False,
    hidden: tuple[str, ...] = (),
    others: tuple[str, ...] = (),
) -> Plan:
    """Number -> identity."""
    shown = manifest_of(ManifestEntry(number, b"o" * 16, who) for number, who in before.items())
    read = {number: Fingerprint(Digest(b"o" * 16), identity=who) for number, who in now.items()}
    counts = TableCounts(patients=len(now))
    return make_plan(
        read, shown, counts=counts, confirm_withdrawals=confirmed, not_published=hidden, confirm_reused=others
    )


ZOE, LUCAS, ANNA = person("ZOE"), person("LUCAS"), person("ANNALENA")


@pytest.mark.parametrize(("was", "now"), [("0042", "42"), ("42", "0042"), ("00042", "042"), ("0A7", "A7"), ("00", "0")])
def test_a_number_whose_zeros_changed_waits_on_both_sides(was: str, now: str) -> None:
    plan = plan_of({was: ZOE, "7": LUCAS}, {now: ZOE, "7": LUCAS})
    assert (plan.held, plan.respelled, plan.added, plan.withdrawn) == ((was,), ((was, now),), (), ())
    assert plan.changes_nothing


def test_others_leave_and_arrive_meanwhile() -> None:
    plan = plan_of({"0042": ZOE, "5": LUCAS, "6": ANNA}, {"42": ZOE, "6": ANNA, "8": LUCAS})
    assert (plan.held, plan.withdrawn, plan.added) == (("0042",), ("5",), ("8",))


def test_a_practitioner_may_confirm_the_new_spelling() -> None:
    plan = plan_of({"0042": ZOE, "7": LUCAS}, {"42": ZOE, "7": LUCAS}, confirmed=True)
    assert (plan.held, plan.respelled, plan.withdrawn, plan.added, plan.is_confirmed) == (
        ((), (), ("0042",), ("42",), True)
    )


def test_a_whole_column_that_lost_its_zeros_adds_nobody_a_second_time() -> None:
    before = {f"{n:05}": person(f"N{'A' * (n % 9)}") for n in range(200)}
    plan = plan_of(before, {number.lstrip("0") or "0": who for number, who in before.items()})
    assert (len(plan.held), plan.added, plan.withdrawn) == (200, (), ())


def test_a_hidden_patient_is_not_shown_under_another_spelling() -> None:
    before = {"0042": ZOE, "0050": ANNA, "0099": LUCAS}
    plan = plan_of(before, {"42": ZOE, "7": LUCAS, "50": ANNA, "8": ANNA, "0099": LUCAS}, hidden=("0007",))
    assert (plan.held, plan.added, plan.withdrawn) == (("0042", "0050"), ("8",), ())
    assert (plan.respelled, plan.left_out) == ((("0042", "42"), ("0050", "50")), 1)
    assert [entry.number for entry in plan.after.entries] == ["0042", "0050", "0099", "8"]


@pytest.mark.parametrize(
    ("hidden", "now"),
    [("0007", {"42": ZOE, "7": LUCAS, "112": ANNA}), ("7", {"042": ZOE, "007": LUCAS, "112": ANNA})],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_who_is_hidden_stays_so_once_all_numbers_are_spelled_anew(
    hidden: str, now: dict[str, bytes], *, confirmed: bool
) -> None:
    for before in ({"0042" if hidden == "0007" else "42": ZOE}, {}):
        plan = plan_of(before, now, confirmed=confirmed, hidden=(hidden,))
        assert [entry.number for entry in plan.after.entries if entry.number.lstrip("0") == "7"] == []


def test_a_hidden_number_that_stands_in_the_export_has_no_other_spelling() -> None:
    assert plan_of({"0042": ZOE}, {"7": LUCAS, "0007": ANNA, "42": ZOE}, hidden=("0007",)).added == ("7",)


def test_who_is_shown_under_a_number_is_not_the_one_who_was_erased_under_another() -> None:
    plan = plan_of({"7": LUCAS, "0042": ZOE}, {"7": LUCAS, "0042": ZOE}, hidden=("0007",))
    assert (plan.withdrawn, plan.left_out, plan.changes_nothing) == ((), 0, True)


def test_a_practitioner_says_that_a_number_spelled_like_a_hidden_one_is_somebody_else_s() -> None:
    now = {"7": LUCAS, "8": ANNA, "42": ZOE}
    assert plan_of({"42": ZOE}, now, hidden=("0007", "0008")).added == ()
    plan = plan_of({"42": ZOE}, now, hidden=("0007", "0008"), others=("7", "0008"))
    assert (plan.added, plan.handed_over, plan.left_out) == (("7",), ("7",), 1)


def test_no_confirmation_shows_a_hidden_number_itself() -> None:
    plan = plan_of({"42": ZOE}, {"0007": LUCAS, "42": ZOE}, hidden=("0007",), others=("0007",))
    assert (plan.added, plan.handed_over, plan.left_out) == ((), (), 1)


def test_of_two_spellings_of_one_number_it_waits_once() -> None:
    plan = plan_of({"0042": ZOE, "7": LUCAS}, {"42": ZOE, "042": ZOE, "7": LUCAS})
    assert (plan.held, plan.added) == (("0042",), ())


def test_somebody_elses_number_is_no_other_spelling() -> None:
    assert respelled({"0042": ZOE}, {"42": LUCAS}) == ()
    assert respelled({"0042": ZOE}, {"43": ZOE}) == ()
    assert respelled({"0042": b""}, {"42": ZOE}) == (("0042", "42"),), "nobody is known to be another"


@pytest.mark.parametrize(
    ("missing", "present"),
    [
        (("98", "99", "100"), ("1", "97")),
        (("100", "98", "99"), ("1", "10", "97")),
        (("7", "8", "9"), ("1", "10", "100", "6")),
        (("D-0098", "D-0099", "D-0100"), ("D-0001", "D-0097")),
    ],
)
def test_the_last_numbers_are_a_tail_in_either_order(missing: tuple[str, ...], present: tuple[str, ...]) -> None:
    assert tail(missing, present) == tuple(sorted(missing))


@pytest.mark.parametrize(
    ("missing", "present"),
    [
        (("99", "100"), ("1", "97")),
        (("98", "99", "100"), ("1", "97", "101")),
        (("5", "99", "100"), ("1", "97")),
        (("1", "2", "3"), ("4", "5")),
        (("1", "2", "3"), ()),
        (("990", "991", "995", "12"), ("989", "1", "1500")),
        ((), ("1",)),
    ],
)
def test_anybody_else_is_none(missing: tuple[str, ...], present: tuple[str, ...]) -> None:
    assert tail(missing, present) == ()


def test_an_export_that_ends_three_patients_too_early_withdraws_nobody() -> None:
    before = {str(n): ZOE for n in range(1, 101)}
    plan = plan_of(before, {number: who for number, who in before.items() if int(number) <= 97})
    assert (plan.held, plan.tail, plan.withdrawn) == (("100", "98", "99"), ("100", "98", "99"), ())
    confirmed = plan_of(before, {"1": ZOE}, confirmed=True)
    assert (len(confirmed.withdrawn), confirmed.tail, confirmed.is_confirmed) == (99, (), True)


def test_those_who_are_held_wait_on_while_others_leave() -> None:
    before = {str(n): ZOE for n in range(1, 101)}
    plan = plan_of(before, {number: who for number, who in before.items() if int(number) <= 97 and number != "50"})
    assert (plan.held, plan.tail, plan.withdrawn) == (("100", "98", "99"), ("100", "98", "99"), ("50",))


def test_ordinary_nights_are_not_held() -> None:
    """Five years of a practice that each night enters patients, loses a few, and takes out what it entered wrongly."""
    random = Random(4)  # noqa: S311 - the same each time
    patients, next_number, held = list(range(1, 1501)), 1501, 0
    for _ in range(1300):
        missing = set(random.sample(patients, random.choice((0, 0, 0, 1, 2, 5))))
        if random.random() < 0.01:
            missing |= set(patients[: random.choice((20, 50))])  # an archive of the oldest
        if random.random() < 0.05:
            missing |= set(patients[-random.choice((1, 2)) :])
        patients = [number for number in patients if number not in missing]
        new = random.choice((0, 0, 1, 2, 4))
        patients += range(next_number, next_number + new)
        next_number += new
        held += bool(tail(set(map(str, missing)), set(map(str, patients))))
    assert held == 0
    assert TAIL_PATIENTS > 2


def report(**facts: object) -> RunReport:
    return RunReport(Outcome.HELD, "demo", "https://p", dry_run=False, counts=TableCounts(), **facts)  # type: ignore[arg-type]


def test_a_doubt_is_told_with_what_to_do_and_mailed_without_a_number() -> None:
    cut, zeros = report(held=("98",), is_cut=True), report(held=("0042",), respelled=(("0042", "42"),))
    assert doubts(report(held=("1",))) == ()
    [told] = doubts(cut)
    assert told == (
        "Il manque justement les derniers numéros\u00a0: l’export s’est peut-être arrêté trop tôt, refaites-le "
        "en entier."
    )
    [told] = doubts(zeros)
    assert told == (
        "Des zéros au début de numéros ont changé («\u00a00042\u00a0» est écrit «\u00a042\u00a0»)\u00a0: un tableur "
        "les a sans doute retirés. Enregistrez cette colonne en texte, puis refaites l’export."
    )
    assert waiting_words(zeros).startswith("1\u00a0retrait attend une confirmation. Des zéros au début")
    assert "42" not in waiting_words(zeros)
