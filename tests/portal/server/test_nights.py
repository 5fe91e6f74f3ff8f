"""A cabinet forgets that the sync exists: it is written to when a night needs a person, once, and when all is well."""

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import msgspec
import pytest
import time_machine

from portal.api.desk import Overview
from portal.api.nights import Ending, Nights, RunTold, Schedule, Trouble
from portal.api.shapes import (
    Launched,
    OpenRun,
    PublishSettings,
    Role,
    RunNotice,
    RunState,
    RunStatus,
    TableCounts,
    ToldProblem,
)
from portal.pages.settings import demo_settings, encode
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device
from portal.server.housekeeping import tidy
from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import unseal
from portal.server.nights.models import NightMail, ToldRun
from portal.server.nights.watch import watch
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier

PARIS = ZoneInfo("Europe/Paris")
EVENING = dt.datetime(2030, 1, 14, 20, 7, tzinfo=PARIS)
"""A Monday, when the nightly program begins."""
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ADDRESS = msgspec.structs.replace(demo_settings(), contact_email="accueil@exemple.fr")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def practitioner(cabinet: Cabinet, clock: time_machine.Traveller) -> Api:
    api = enrolled(cabinet, Role.PRACTITIONER, "Bureau")
    response = api.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(encode(ADDRESS))))
    assert response.status_code == 200, response.content.decode()
    return api


@pytest.fixture
def server(cabinet: Cabinet, practitioner: Api) -> Api:
    """The nightly program of a cabinet that can be written to."""
    return enrolled(cabinet, Role.SYNC, "Serveur")


def told(
    ending: Ending,
    *,
    key: str = "",
    launched: Launched = Launched.AUTOMATIC,
    problems: tuple[ToldProblem, ...] = (),
    what: str = "",
    todo: str = "",
    held: int = 0,
) -> RunTold:
    now = dt.datetime.now(dt.UTC)
    key = key or f"{int(now.timestamp()):032x}"
    return RunTold(RunNotice(key, launched, now, problems), ending, now, held=held, what=what, todo=todo)


def tell(api: Api, run: RunTold) -> None:
    response = api.send("POST", "/nights/runs", run)
    assert response.status_code == 204, response.content.decode()


def plan(api: Api, at: str | None = "20:07") -> None:
    assert api.send("PUT", "/nights/schedule", Schedule(at)).status_code == 204


def night(api: Api, clock: time_machine.Traveller, ending: Ending | None, **more: object) -> None:
    """The evening's run, if it comes; then the morning after, until the next evening."""
    if ending is not None:
        tell(api, told(ending, **more))
    watch()
    clock.shift(12 * HOUR)
    watch()
    clock.shift(12 * HOUR)


def mails(cabinet: Cabinet) -> list[str]:
    """The subjects of what was written to the cabinet."""
    return [text.partition("\n")[0] for text in letters(cabinet)]


def letters(cabinet: Cabinet) -> list[str]:
    """Subject, then the plain text."""
    found = []
    for row in QueuedMail.objects.of(cabinet).select_related("cabinet").order_by("pk"):
        message = message_from_bytes(unseal(row).message, policy=policy.default)
        assert message["To"] == "accueil@exemple.fr"
        body = message.get_body(("plain",))
        assert body is not None
        found.append(f"{message['Subject']}\n{body.get_content()}".replace("\r\n", "\n"))
    return found


FAILED = "La synchronisation du soir n’a pas abouti"
MISSED = "La synchronisation du soir n’est pas venue"
HELD = "Des changements attendent un praticien"
WELL = "La synchronisation du soir fonctionne de nouveau"
WHAT = "La colonne «\u00a0Né(e) le\u00a0» a disparu."
TODO = "Refaites l’export."


# Nights that fail


def test_a_good_night_is_written_of_to_nobody(cabinet: Cabinet, server: Api, clock: time_machine.Traveller) -> None:
    plan(server)
    for _ in range(3):
        night(server, clock, Ending.CURRENT)
    assert mails(cabinet) == []


def test_a_failed_night_is_written_of_two_hours_later_with_what_to_do(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    Publisher(cabinet, server).publish(make_dossier("1"))
    clock.shift(DAY)
    tell(server, told(Ending.UNREADABLE, what=WHAT, todo=TODO))
    clock.shift(2 * HOUR - dt.timedelta(seconds=1))
    watch()
    assert mails(cabinet) == []
    clock.shift(dt.timedelta(seconds=1))
    watch()
    watch()
    [letter] = letters(cabinet)
    assert letter.startswith(FAILED)
    assert f"lancée par le poste «\u00a0Serveur\u00a0» n’a rien publié. {WHAT}\n\n{TODO}" in letter
    assert "Vos patients voient les données du lundi 14\u00a0janvier 2030 à 20h07." in letter
    assert "soir de suite" not in letter


@pytest.mark.parametrize("launched", [Launched.AUTOMATIC, Launched.MANUAL])
def test_a_failure_that_is_put_right_in_time_is_not_written_of(
    launched: Launched, cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    tell(server, told(Ending.FAILED))
    clock.shift(HOUR)
    tell(practitioner, told(Ending.PUBLISHED, launched=launched))
    clock.shift(3 * HOUR)
    watch()
    assert mails(cabinet) == []


def test_a_scheduler_that_tries_again_makes_one_night_of_it(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    for _ in range(4):
        tell(server, told(Ending.FAILED, what=WHAT))
        clock.shift(dt.timedelta(minutes=30))
        watch()
    clock.shift(5 * HOUR)
    watch()
    assert mails(cabinet) == [FAILED]
    overview = server_overview(cabinet)
    assert overview.trouble is not None
    assert (overview.trouble.nights, overview.trouble.what) == (1, WHAT)


def test_a_trouble_is_written_of_three_nights_then_once_a_week_and_its_end_once(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    for _ in range(9):
        night(server, clock, Ending.FAILED)
    assert mails(cabinet) == [FAILED] * 4
    assert "C’est le 7e soir de suite qui demande votre attention." in letters(cabinet)[-1]
    for _ in range(3):
        night(server, clock, Ending.PUBLISHED)
    assert mails(cabinet) == [FAILED] * 4 + [WELL]
    assert server_overview(cabinet).trouble is None
    night(server, clock, Ending.FAILED)
    assert mails(cabinet)[-1] == FAILED


def test_a_run_that_a_person_started_is_no_night(
    cabinet: Cabinet, practitioner: Api, clock: time_machine.Traveller
) -> None:
    for launched in (Launched.MANUAL, Launched.ASKED):
        night(practitioner, clock, Ending.FAILED, launched=launched)
    night(practitioner, clock, Ending.CANCELLED)
    assert mails(cabinet) == []
    assert server_overview(cabinet).trouble is None


def test_what_waits_for_a_practitioner_is_written_of_at_once(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    what = "64 retraits attendent une confirmation."
    tell(server, told(Ending.HELD, held=64, what=what))
    watch()
    [letter] = letters(cabinet)
    assert letter.startswith(HELD)
    assert what in letter
    clock.shift(DAY)
    night(server, clock, Ending.CURRENT)
    assert mails(cabinet) == [HELD, WELL]


def test_another_trouble_is_written_of_even_on_a_night_that_would_be_passed_over(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    for _ in range(4):
        night(server, clock, Ending.FAILED)
    night(server, clock, Ending.HELD)
    assert mails(cabinet) == [FAILED] * 3 + [HELD]


# Nights that do not come


def test_a_night_that_did_not_come_is_written_of_once_the_morning_after_is_over(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    tell(server, told(Ending.PUBLISHED))
    watch()
    clock.move_to(EVENING + DAY + 15 * HOUR - dt.timedelta(seconds=1))
    watch()
    assert mails(cabinet) == []
    clock.move_to(EVENING + DAY + 15 * HOUR)
    watch()
    watch()
    [letter] = letters(cabinet)
    assert letter.startswith(MISSED)
    assert (
        "La synchronisation prévue à 20h07 n’est pas venue. Elle est planifiée sur le poste «\u00a0Serveur\u00a0»"
        in letter
    )
    trouble = server_overview(cabinet).trouble
    assert trouble is not None
    assert (trouble.trouble, trouble.nights, trouble.since) == (Trouble.MISSED, 1, EVENING + DAY)


def test_the_evening_of_the_plan_itself_is_expected_only_if_it_is_still_to_come(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    clock.shift(dt.timedelta(minutes=1))
    plan(server)
    clock.shift(38 * HOUR)
    watch()
    assert mails(cabinet) == []
    clock.shift(HOUR)
    watch()
    assert mails(cabinet) == [MISSED]


def test_a_computer_that_is_off_in_the_evening_and_catches_up_in_the_morning_is_written_of_never(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    for _ in range(5):
        for _ in range(12):
            clock.shift(HOUR)
            watch()
        tell(server, told(Ending.PUBLISHED))
        clock.shift(12 * HOUR)
    assert mails(cabinet) == []


def test_a_computer_that_is_off_at_weekends_is_written_of_twice_and_then_waited_for_on_other_evenings(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    missed = []
    for week in range(6):
        before = len(mails(cabinet))
        for day in range(7):
            is_off = day in (5, 6) or (week == 5 and day == 2)  # it begins on a Monday
            if not is_off:
                tell(server, told(Ending.CURRENT))
            watch()
            clock.shift(15 * HOUR)
            watch()
            clock.shift(9 * HOUR)
        missed.append(mails(cabinet)[before:].count(MISSED))
    assert missed == [2, 2, 0, 0, 0, 1]


def test_a_computer_that_comes_no_more_is_not_taken_for_one_that_is_off(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    night(server, clock, Ending.CURRENT)
    for _ in range(35):
        night(server, clock, None)
    trouble = server_overview(cabinet).trouble
    assert trouble is not None
    assert trouble.nights == 34  # the last evening may still come


@pytest.mark.parametrize("change", ["removed", "revoked"])
def test_a_plan_that_was_given_up_is_not_waited_for(
    change: str, cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    if change == "removed":
        plan(server, None)
    else:
        registry.revoke(cabinet, Device.objects.of(cabinet).get(name="Serveur").pk)
    clock.shift(2 * DAY)
    watch()
    assert mails(cabinet) == []


def test_a_computer_that_is_enrolled_anew_is_waited_for_as_before(
    cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    registry.revoke(cabinet, Device.objects.of(cabinet).get(name="Serveur").pk)
    clock.shift(5 * DAY)
    watch()
    again = enrolled(cabinet, Role.SYNC, "Serveur")
    assert plans(practitioner) == [("Serveur", "20:07")]
    for _ in range(3):
        clock.shift(12 * HOUR)
        watch()
    assert mails(cabinet) == [MISSED]
    plan(again, None)
    clock.shift(5 * DAY)
    watch()
    assert mails(cabinet) == [MISSED]
    assert plans(practitioner) == []


@pytest.mark.parametrize("name", ["Serveur", "Nouveau serveur"])
def test_a_computer_that_was_replaced_is_waited_for_no_longer(
    name: str, cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    registry.revoke(cabinet, Device.objects.of(cabinet).get(name="Serveur").pk)
    again = enrolled(cabinet, Role.SYNC, name)
    plan(again, "22:30")
    clock.shift(HOUR * 3)
    for _ in range(5):
        night(again, clock, Ending.CURRENT)
    assert mails(cabinet) == []
    plan(again, None)
    assert plans(practitioner) == []


def test_what_a_computer_planned_before_it_was_enrolled_anew_ends_with_its_task(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    clock.shift(HOUR)
    again = enrolled(cabinet, Role.SYNC, "Serveur")
    clock.shift(HOUR)
    plan(again, None)
    clock.shift(2 * DAY)
    watch()
    assert mails(cabinet) == []


def test_another_computer_of_the_same_name_keeps_its_plan(
    cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    other = enrolled(cabinet, Role.SYNC, "Serveur")
    clock.shift(HOUR)
    plan(server)
    plan(other, None)
    assert plans(practitioner) == [("Serveur", "20:07")]


def test_a_computer_that_is_late_by_some_hours_or_failed_did_come(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    clock.shift(DAY + 5 * HOUR)
    tell(server, told(Ending.FAILED))
    clock.shift(10 * HOUR)
    watch()
    assert MISSED not in mails(cabinet)[1:]
    assert mails(cabinet)[-1] == FAILED


def test_nights_follow_the_cabinets_clocks_through_summer_time(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    clock.move_to(dt.datetime(2030, 3, 29, 12, tzinfo=PARIS))
    plan(server)
    for day in (29, 30, 31):  # on the 31st, 2h00 becomes 3h00
        clock.move_to(dt.datetime(2030, 3, day, 20, 7, tzinfo=PARIS))
        tell(server, told(Ending.CURRENT))
        watch()
    clock.move_to(dt.datetime(2030, 4, 2, 11, 6, tzinfo=PARIS))
    watch()
    assert mails(cabinet) == []
    clock.move_to(dt.datetime(2030, 4, 2, 11, 7, tzinfo=PARIS))
    watch()
    assert mails(cabinet) == [MISSED]


def test_the_evening_before_the_clocks_change_is_missed_like_any_other(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    """As the background process looks: whenever it said that there may be something to say."""
    clock.move_to(dt.datetime(2030, 3, 29, 12, tzinfo=PARIS))
    plan(server)
    clock.move_to(dt.datetime(2030, 3, 29, 20, 7, tzinfo=PARIS))
    tell(server, told(Ending.CURRENT))
    while dt.datetime.now(dt.UTC) < dt.datetime(2030, 3, 31, 18, tzinfo=PARIS):
        watch()
        clock.shift(dt.timedelta(minutes=20))
    assert mails(cabinet) == [MISSED]


# Problems of the export


def problem(kind: str, count: int, *, refuses_rows: bool = False) -> ToldProblem:
    return ToldProblem(kind * 32, refuses_rows, count, f"Problème {kind}, {count} fois.")


def test_problems_are_written_of_when_they_are_new_or_have_grown(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    nights = [
        (problem("a", 2, refuses_rows=True), problem("b", 10)),
        (problem("a", 2, refuses_rows=True), problem("b", 19)),
        (problem("a", 3, refuses_rows=True), problem("b", 12)),
        (problem("b", 24),),
        (problem("a", 1, refuses_rows=True), problem("b", 24)),
    ]
    written = []
    for problems in nights:
        before = len(letters(cabinet))
        night(server, clock, Ending.PUBLISHED, problems=problems)
        new = letters(cabinet)[before:]
        written.append("".join(sorted(kind for kind in "ab" for letter in new if f"Problème {kind}" in letter)))
    assert written == ["ab", "", "a", "b", "a"]
    assert letters(cabinet)[0].startswith(
        "L’export du cabinet est à vérifier (2 lignes non publiées, 10 valeurs laissées de côté)\n"
    )


def test_an_export_that_nobody_writes_any_more_is_written_of_once(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    stale = ToldProblem("c" * 32, False, 1, "L’export n’a pas été réécrit depuis le 03/01/2030.", is_of_all=True)
    for _ in range(3):
        night(server, clock, Ending.CURRENT, problems=(stale,))
    [letter] = letters(cabinet)
    assert letter.startswith("L’export du cabinet est à vérifier (1 point à vérifier)\n")
    assert stale.sentence in letter
    night(server, clock, Ending.PUBLISHED)
    night(server, clock, Ending.CURRENT, problems=(stale,))
    assert len(letters(cabinet)) == 2


def test_a_mail_lists_ten_kinds_and_counts_the_rest(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    many = tuple(ToldProblem(f"{n:032x}", False, 1, f"Sorte {n}.") for n in range(12))
    night(server, clock, Ending.PUBLISHED, problems=many)
    [letter] = letters(cabinet)
    assert letter.count("– Sorte") == 10
    assert "– et 2 autres sortes de problèmes" in letter
    night(server, clock, Ending.PUBLISHED, problems=many)
    assert len(letters(cabinet)) == 1


# Once a day, once at all


def test_a_sort_of_mail_goes_out_once_a_day_at_most(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    for number in range(6):
        tell(server, told(Ending.PUBLISHED, problems=tuple(problem(kind, 5) for kind in "abcdef"[: number + 1])))
        watch()
        clock.shift(dt.timedelta(minutes=30))
    assert len(mails(cabinet)) == 1
    clock.shift(DAY)
    tell(server, told(Ending.CURRENT, problems=tuple(problem(kind, 5) for kind in "abcdef")))
    watch()
    last = letters(cabinet)[-1]
    assert ("Problème a" in last, "Problème b" in last, "Problème f" in last) == (False, True, True)


def test_without_an_address_nothing_is_written_and_nothing_is_counted_as_written(
    cabinet: Cabinet, clock: time_machine.Traveller
) -> None:
    server = enrolled(cabinet)
    night(server, clock, Ending.FAILED)
    night(server, clock, Ending.CURRENT, problems=(problem("a", 2),))
    assert mails(cabinet) == []
    assert not NightMail.objects.of(cabinet).exists()
    practitioner = enrolled(cabinet, Role.PRACTITIONER)
    assert practitioner.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(encode(ADDRESS)))).status_code == 200
    night(server, clock, Ending.CURRENT, problems=(problem("a", 2),))
    assert len(mails(cabinet)) == 1


def test_a_cabinets_nights_are_its_own(
    cabinet: Cabinet, other_cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    other = enrolled(other_cabinet, Role.PRACTITIONER)
    assert other.send("PUT", "/settings", PublishSettings(0, msgspec.Raw(encode(ADDRESS)))).status_code == 200
    plan(other)
    key = "e" * 32
    tell(other, told(Ending.CURRENT, key=key))
    tell(server, told(Ending.FAILED, key=key))
    clock.shift(3 * HOUR)
    watch()
    assert (mails(cabinet), mails(other_cabinet)) == ([FAILED], [])
    assert other.ask("GET", "/nights", Nights).runs[0].run.ending is Ending.CURRENT


# What is told


def plans(api: Api) -> list[tuple[str, str]]:
    return [(one.device_name, one.at) for one in api.ask("GET", "/nights", Nights).planned]


def server_overview(cabinet: Cabinet) -> Overview:
    return enrolled(cabinet, Role.RECEPTION).ask("GET", "/overview", Overview)


def test_every_computer_sees_the_runs_of_all(
    cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    plan(server)
    run = told(Ending.REFUSED, what=WHAT, todo=TODO, problems=(problem("a", 2),))
    tell(server, run)
    clock.shift(HOUR)
    tell(practitioner, told(Ending.PUBLISHED, launched=Launched.MANUAL))
    seen = practitioner.ask("GET", "/nights", Nights)
    assert [(one.device_name, one.is_this, one.run.ending) for one in seen.runs] == [
        ("Bureau", True, Ending.PUBLISHED),
        ("Serveur", False, Ending.REFUSED),
    ]
    assert seen.runs[1].run == run
    assert [(one.device_name, one.is_this, one.at) for one in seen.planned] == [("Serveur", False, "20:07")]


def test_a_run_that_is_told_again_is_one_run_and_its_last_word_counts(cabinet: Cabinet, server: Api) -> None:
    first = told(Ending.CURRENT)
    for run in (first, first, msgspec.structs.replace(first, ending=Ending.HELD)):
        tell(server, run)
    [row] = ToldRun.objects.of(cabinet)
    assert row.ending == Ending.HELD


def test_a_run_of_another_computer_is_not_rewritten(cabinet: Cabinet, server: Api, practitioner: Api) -> None:
    run = told(Ending.CURRENT)
    tell(server, run)
    response = practitioner.send("POST", "/nights/runs", msgspec.structs.replace(run, ending=Ending.FAILED))
    assert response.status_code == 404
    assert ToldRun.objects.of(cabinet).get().ending == Ending.CURRENT


def test_a_computer_whose_clock_is_ahead_is_not_believed(server: Api, practitioner: Api) -> None:
    ahead = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    tell(server, RunTold(RunNotice("e" * 32, Launched.MANUAL, ahead), Ending.CURRENT, ahead))
    run = practitioner.ask("GET", "/nights", Nights).runs[0].run
    assert (run.notice.started_at, run.ended_at) == (EVENING, EVENING)


def test_an_unchanged_night_is_told_by_its_one_request(
    cabinet: Cabinet, server: Api, practitioner: Api, clock: time_machine.Traveller
) -> None:
    committed = Publisher(cabinet, server).publish(make_dossier("1"), make_dossier("2"))
    clock.shift(DAY)
    notice = RunNotice("e" * 32, Launched.AUTOMATIC, EVENING + DAY, (problem("a", 1),))
    request = OpenRun(committed.root, TableCounts(patients=2), notice)
    for _ in range(2):
        assert server.ask("POST", "/sync/runs", RunState, request).status is RunStatus.CURRENT
    [known] = practitioner.ask("GET", "/nights", Nights).runs
    assert known.run == RunTold(notice, Ending.CURRENT, EVENING + DAY, unchanged=2)
    assert server.ask("POST", "/sync/runs", RunState, OpenRun("f" * 32, TableCounts(patients=2), notice)).run
    assert len(practitioner.ask("GET", "/nights", Nights).runs) == 1


def test_old_runs_and_notes_of_mails_are_forgotten(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    night(server, clock, Ending.FAILED)
    tidy(EVENING + 20 * DAY)
    assert (ToldRun.objects.of(cabinet).count(), NightMail.objects.of(cabinet).count()) == (1, 1)
    tidy(EVENING + 40 * DAY)
    assert (ToldRun.objects.of(cabinet).count(), NightMail.objects.of(cabinet).count()) == (1, 0)
    tidy(EVENING + 401 * DAY)
    assert not ToldRun.objects.of(cabinet).exists()


def test_what_a_computer_says_of_its_run_makes_no_paragraphs_of_a_mail(
    cabinet: Cabinet, server: Api, clock: time_machine.Traveller
) -> None:
    """A stolen computer could else write a letter of its own in the portal's name."""
    tell(server, told(Ending.FAILED, what="Panne.\r\n\r\nMadame,\u2028lisez.", todo="Un.\n\nDeux."))
    clock.shift(3 * HOUR)
    watch()
    [letter] = letters(cabinet)
    assert "Panne. Madame, lisez.\n\nUn. Deux.\n\n" in letter
