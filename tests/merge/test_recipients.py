"""Who is written to, by which channel, and who is not, with the reason."""

import datetime as dt

import pytest
from msgspec.structs import replace

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Dossier, Patient
from merge.recipients import ChannelKind, Choice, Filters, OptOuts, Reason, is_active, mobile_of, select
from tests.merge.conftest import PARENT, TODAY

FATHER = Addressee("Monsieur", "AUTRE", "Paul", "9 rue du Test", "", "21000", "Dijon", "paul@exemple.fr")
USUAL = Choice()


def dossier(number: str, *addressees: Addressee, start: dt.date | None = None) -> Dossier:
    return Dossier(Patient(number, first_name=f"P{number}", treatment_start=start), addressees or (PARENT,))


def visit(day: dt.date, status: AppointmentStatus = AppointmentStatus.PLANNED) -> Appointment:
    return Appointment(dt.datetime.combine(day, dt.time(9)), status=status)


def channels(*dossiers: Dossier, choice: Choice = USUAL) -> list[tuple[ChannelKind, str]]:
    return [(one.channel, one.address) for one in select(dossiers, choice, TODAY).recipients]


def test_the_first_channel_that_reaches_is_taken() -> None:
    by_sms, by_letter = replace(PARENT, email=""), replace(PARENT, email="", mobile="")

    assert channels(dossier("1"), dossier("2", by_sms), dossier("3", by_letter)) == [
        (ChannelKind.EMAIL, "jeanne@exemple.fr"),
        (ChannelKind.SMS, "+33639981234"),
        (ChannelKind.LETTER, ""),
    ]


def test_a_person_may_choose_the_channels() -> None:
    letters_first = Choice(order=(ChannelKind.LETTER, ChannelKind.EMAIL))

    assert channels(dossier("1"), choice=letters_first) == [(ChannelKind.LETTER, "")]


def test_who_cannot_be_reached_is_told() -> None:
    selection = select([dossier("1", Addressee(last_name="SEULE")), Dossier(Patient("2"))], Choice(), TODAY)

    assert selection.recipients == ()
    assert [one.reason for one in selection.left_out] == [Reason.UNREACHABLE] * 2


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("06 39 98 12 34", "+33639981234"),
        ("0692 12 34 56", "+262692123456"),
        ("+33 6 39 98 12 34", "+33639981234"),
        ("07.00.00.00.00", "+33700000000"),
        ("03 80 32 01 40", ""),
        ("+41 79 123 45 67", "+41791234567"),
        ("639981234", "+33639981234"),
        ("12", ""),
        ("bonjour", ""),
        ("", ""),
    ],
)
def test_only_mobiles_get_sms(typed: str, sent: str) -> None:
    assert mobile_of(Addressee(mobile=typed)) == sent


def test_a_wrong_email_is_none() -> None:
    assert channels(dossier("1", replace(PARENT, email="jeanne@exemple", mobile=""))) == [(ChannelKind.LETTER, "")]


@pytest.mark.parametrize(
    ("visits", "active"),
    [
        ((), False),
        ((visit(TODAY + dt.timedelta(days=30)),), True),
        ((visit(TODAY - dt.timedelta(days=300), AppointmentStatus.ATTENDED),), True),
        ((visit(TODAY - dt.timedelta(days=366), AppointmentStatus.ATTENDED),), False),
        ((visit(TODAY + dt.timedelta(days=30), AppointmentStatus.CANCELLED),), False),
    ],
)
def test_a_patient_in_treatment_has_appointments(visits: tuple[Appointment, ...], *, active: bool) -> None:
    one = replace(dossier("1"), appointments=visits)

    assert is_active(one, TODAY) is active
    assert bool(channels(one, choice=Choice(Filters(active=True)))) is active


def test_filters_all_have_to_let_pass() -> None:
    people = [
        dossier("1", start=dt.date(2024, 1, 1)),
        dossier("2", start=dt.date(2025, 6, 1)),
        dossier("3"),
        dossier("4", replace(PARENT, email=""), start=dt.date(2025, 6, 1)),
    ]

    def numbers(filters: Filters) -> list[str]:
        return [one.numbers[0] for one in select(people, Choice(filters), TODAY).recipients]

    assert numbers(Filters()) == ["1", "2", "3", "4"]
    assert numbers(Filters(treatment_from=dt.date(2025, 1, 1))) == ["2", "4"]
    assert numbers(Filters(treatment_until=dt.date(2025, 1, 1))) == ["1"]
    assert numbers(Filters(treatment_from=dt.date(2025, 6, 1), with_email=True)) == ["2"]
    assert numbers(Filters(numbers=frozenset({"3", "9"}))) == ["3"]
    assert numbers(Filters(numbers=frozenset())) == []


def test_who_is_informed_is_not_told_again_unless_asked() -> None:
    def run(*, never_informed: bool) -> tuple[int, list[Reason]]:
        selection = select(
            [dossier("1"), dossier("2")],
            Choice(Filters(never_informed=never_informed)),
            TODAY,
            informed=frozenset({"1"}),
        )
        return len(selection.recipients), [one.reason for one in selection.left_out]

    assert run(never_informed=True) == (1, [Reason.ALREADY_INFORMED])
    assert run(never_informed=False) == (2, [])


def test_a_reminder_is_for_those_who_never_signed_in() -> None:
    people, there = [dossier("1"), dossier("2")], frozenset({"1"})

    def run(filters: Filters) -> list[Reason]:
        return [one.reason for one in select(people, Choice(filters), TODAY, signed_in=there).left_out]

    assert run(Filters(never_signed_in=True)) == [Reason.SIGNED_IN]
    assert run(Filters()) == []


@pytest.mark.parametrize(
    "opt_outs",
    [
        OptOuts(addresses=frozenset({"jeanne@exemple.fr"})),
        OptOuts(addresses=frozenset({"+33639981234"})),
        OptOuts(numbers=frozenset({"1"})),
    ],
)
def test_who_opted_out_is_not_written_to_by_another_way(opt_outs: OptOuts) -> None:
    selection = select([dossier("1", replace(PARENT, email="JEANNE@exemple.fr"))], Choice(), TODAY, opt_outs)

    assert selection.recipients == ()
    assert [one.reason for one in selection.left_out] == [Reason.OPTED_OUT]


def test_a_household_gets_one_message() -> None:
    sister = replace(PARENT, last_name="Spécimen", address_1="3 RUE DE L’EXEMPLE")
    people = [dossier("1"), dossier("2", FATHER), dossier("3", sister)]
    recipients = select(people, Choice(group_households=True), TODAY).recipients

    assert [one.numbers for one in recipients] == [("1", "3"), ("2",)]
    assert [one.numbers for one in select(people, Choice(), TODAY).recipients] == [("1",), ("2",), ("3",)]


def test_an_sms_has_no_room_for_two() -> None:
    people = [dossier("1", replace(PARENT, email="")), dossier("2", replace(PARENT, email=""))]

    assert len(select(people, Choice(group_households=True), TODAY).recipients) == 2


def test_both_parents_are_written_to_when_asked() -> None:
    people = [dossier("1", PARENT, FATHER)]

    assert [one.name for one in select(people, Choice(both_parents=True), TODAY).recipients] == [
        "Jeanne SPÉCIMEN",
        "Paul AUTRE",
    ]
    assert len(select(people, Choice(), TODAY).recipients) == 1


def test_one_parent_that_opted_out_does_not_silence_the_other() -> None:
    selection = select(
        [dossier("1", PARENT, FATHER)],
        Choice(both_parents=True),
        TODAY,
        OptOuts(addresses=frozenset({"jeanne@exemple.fr"})),
    )

    assert [one.name for one in selection.recipients] == ["Paul AUTRE"]
    assert selection.left_out == ()
    assert selection.by_channel()[ChannelKind.EMAIL] == 1
