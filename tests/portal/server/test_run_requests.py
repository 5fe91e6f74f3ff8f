"""A computer that cannot read the source asks for a run: one other takes it, tells how far it is, and how it ended."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from portal.api.nights import AskedRun, AskedState, Ending, Phase, RunProgress, RunTold, Schedule, Wanted
from portal.api.shapes import Launched, OpenRun, Role, RunNotice, RunState, TableCounts
from portal.server.cabinets.models import Cabinet
from portal.server.housekeeping import tidy
from portal.server.nights.models import RunRequest
from portal.server.nights.requests import SILENT_AT_MOST, TAKEN_WITHIN
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier

NOW = dt.datetime(2030, 1, 14, 9, 30, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def server(cabinet: Cabinet, clock: time_machine.Traveller) -> Api:
    """The computer with the nightly task."""
    api = enrolled(cabinet, Role.SYNC, "Serveur")
    assert api.send("PUT", "/nights/schedule", Schedule("20:07")).status_code == 204
    return api


@pytest.fixture
def desk(cabinet: Cabinet, clock: time_machine.Traveller) -> Api:
    """A computer that cannot read the source."""
    return enrolled(cabinet, Role.RECEPTION, "Accueil")


def ask(api: Api) -> AskedRun:
    return api.ask("POST", "/nights/requests", AskedRun)


def look(api: Api, asked: AskedRun) -> AskedRun:
    return api.ask("GET", f"/nights/requests/{asked.request}", AskedRun)


def claim(api: Api) -> str | None:
    return api.ask("POST", "/nights/requests/claim", Wanted).request


def progress(api: Api, asked: AskedRun, where: RunProgress) -> AskedRun:
    return api.ask("POST", f"/nights/requests/{asked.request}/progress", AskedRun, where)


def told(asked: AskedRun, ending: Ending = Ending.PUBLISHED) -> RunTold:
    now = dt.datetime.now(dt.UTC)
    return RunTold(RunNotice("e" * 32, Launched.ASKED, now, request=asked.request), ending, now, changed=3)


def test_a_run_is_asked_for_taken_followed_and_told(server: Api, desk: Api) -> None:
    asked = ask(desk)
    assert (asked.state, asked.device_name, asked.progress) == (AskedState.WAITING, "Serveur", None)
    assert claim(server) == asked.request
    assert look(desk, asked).state is AskedState.RUNNING
    where = RunProgress(Phase.SEND, 120, 1240)
    assert progress(server, asked, where).state is AskedState.RUNNING
    assert look(desk, asked).progress == where
    assert server.send("POST", "/nights/runs", told(asked)).status_code == 204
    ended = look(desk, asked)
    assert (ended.state, ended.run) == (AskedState.ENDED, told(asked))
    assert ask(desk).request != asked.request


def test_an_unchanged_run_answers_its_request_too(server: Api, desk: Api, cabinet: Cabinet) -> None:
    committed = Publisher(cabinet, server).publish(make_dossier("1"))
    asked = ask(desk)
    assert claim(server) == asked.request
    notice = told(asked).notice
    server.ask("POST", "/sync/runs", RunState, OpenRun(committed.root, TableCounts(patients=1), notice))
    ended = look(desk, asked)
    assert ended.run is not None
    assert (ended.state, ended.run.ending) == (AskedState.ENDED, Ending.CURRENT)


def test_nothing_is_taken_where_nothing_is_asked(server: Api) -> None:
    assert claim(server) is None


def test_two_computers_that_ask_get_the_same_run(server: Api, desk: Api, cabinet: Cabinet) -> None:
    other = enrolled(cabinet, Role.PRACTITIONER)
    asked = ask(desk)
    assert ask(other).request == asked.request
    claim(server)
    assert ask(other).request == asked.request


def test_one_that_took_it_and_never_heard_so_gets_it_again_and_nobody_else(
    server: Api, desk: Api, cabinet: Cabinet
) -> None:
    second = enrolled(cabinet, Role.SYNC, "Second")
    asked = ask(desk)
    assert [claim(server), claim(second), claim(server)] == [asked.request, None, asked.request]
    progress(server, asked, RunProgress(Phase.READ))
    assert claim(server) is None


def test_a_cabinet_without_a_nightly_task_is_told_at_once_what_to_do(desk: Api) -> None:
    response = desk.send("POST", "/nights/requests")
    assert response.status_code == 409
    assert "Aucun poste du cabinet ne synchronise de lui-même." in response.content.decode()


def test_nobody_who_answers_is_told_with_since_when(server: Api, desk: Api, clock: time_machine.Traveller) -> None:
    clock.shift(dt.timedelta(days=1))
    asked = ask(desk)
    clock.shift(TAKEN_WITHIN - SECOND)
    assert look(desk, asked).state is AskedState.WAITING
    clock.shift(SECOND)
    expired = look(desk, asked)
    assert expired.state is AskedState.EXPIRED
    assert expired.what == (
        "Le poste «\u00a0Serveur\u00a0», qui lit l’export du cabinet, n’a pas répondu depuis le lundi "
        "14\u00a0janvier 2030 à 10h30."
    )
    assert expired.todo.startswith("Vérifiez qu’il est allumé")
    assert claim(server) is None
    assert ask(desk).request != asked.request


def test_a_computer_that_goes_silent_is_given_up_but_its_end_still_counts(
    server: Api, desk: Api, clock: time_machine.Traveller
) -> None:
    asked = ask(desk)
    claim(server)
    for _ in range(5):
        clock.shift(SILENT_AT_MOST - SECOND)
        progress(server, asked, RunProgress(Phase.READ))
    assert look(desk, asked).state is AskedState.RUNNING
    clock.shift(SILENT_AT_MOST)
    expired = look(desk, asked)
    assert expired.state is AskedState.EXPIRED
    assert "a commencé, mais ne répond plus depuis" in expired.what
    assert server.send("POST", "/nights/runs", told(asked)).status_code == 204
    assert look(desk, asked).state is AskedState.ENDED


def test_a_run_that_is_given_up_is_told_so_to_the_computer_that_does_it(server: Api, desk: Api) -> None:
    asked = ask(desk)
    claim(server)
    for _ in range(2):
        assert desk.send("DELETE", f"/nights/requests/{asked.request}").status_code == 204
    assert progress(server, asked, RunProgress(Phase.COMPARE)).state is AskedState.CANCELLED


def test_another_computers_progress_is_not_believed(server: Api, desk: Api, cabinet: Cabinet) -> None:
    asked = ask(desk)
    claim(server)
    other = enrolled(cabinet, Role.SYNC)
    path = f"/nights/requests/{asked.request}/progress"
    assert other.send("POST", path, RunProgress(Phase.COMMIT)).status_code == 404
    assert other.send("POST", "/nights/runs", told(asked)).status_code == 204
    assert look(desk, asked).state is AskedState.RUNNING


def test_old_requests_are_forgotten(server: Api, desk: Api, cabinet: Cabinet) -> None:
    ask(desk)
    tidy(NOW + dt.timedelta(days=29))
    assert RunRequest.objects.of(cabinet).exists()
    tidy(NOW + dt.timedelta(days=31))
    assert not RunRequest.objects.of(cabinet).exists()
