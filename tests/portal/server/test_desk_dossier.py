"""A published dossier, read back at the desk: who may, what is told, what the trail keeps, and how often."""

import datetime as dt

import msgspec
import pytest
import time_machine

from cabinet.dossier import canonical, decode
from portal.api.desk import Patient, ShownDossier
from portal.api.shapes import ProblemDocument, Role
from portal.server import throttle
from portal.server.accounts.models import AuditEvent
from portal.server.cabinets.models import Cabinet
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier

DAY = dt.datetime(2030, 3, 1, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk(published: Cabinet) -> Api:
    return enrolled(published, Role.RECEPTION, "Accueil")


def look(api: Api, number: str) -> ShownDossier:
    return api.ask("POST", "/patients/dossier", ShownDossier, Patient(number))


def refused(api: Api, number: str) -> tuple[ProblemDocument, str]:
    response = api.send("POST", "/patients/dossier", Patient(number))
    return msgspec.json.decode(response.content, type=ProblemDocument), response.headers.get("Retry-After", "")


def trail(cabinet: Cabinet, number: str) -> list[tuple[str, str]]:
    return list(AuditEvent.objects.of(cabinet).filter(number=number).values_list("kind", "actor"))


def test_the_desk_reads_what_the_portal_shows_and_the_trail_keeps_who_looked(desk: Api, published: Cabinet) -> None:
    before = trail(published, "5312")
    shown = look(desk, "5312")
    assert decode(shown.encoded) == canonical(make_dossier("5312"))
    assert trail(published, "5312")[len(before) :] == [("seen_at_desk", "Accueil")]
    assert trail(published, "0042") == []


def test_what_is_read_is_what_was_published_last(desk: Api, published: Cabinet) -> None:
    Publisher(published, enrolled(published, Role.SYNC)).publish(make_dossier("5312", balance=None))
    assert decode(look(desk, "5312").encoded).balance is None


def test_the_nightly_program_opens_no_dossier(published: Cabinet) -> None:
    """Its token lies in a file of a server that nobody watches."""
    problem, _ = refused(enrolled(published, Role.SYNC), "5312")
    assert (problem.status, problem.type) == (403, "urn:webortho:role-not-allowed")
    assert trail(published, "5312") == []


def test_a_patient_who_is_not_shown_is_not_read(desk: Api, published: Cabinet) -> None:
    assert desk.send("POST", "/patients/hide", Patient("5312")).status_code == 204
    for number in ("5312", "9999"):
        problem, _ = refused(desk, number)
        assert (problem.status, problem.type) == (404, "urn:webortho:not-found")
    assert ("seen_at_desk", "Accueil") not in trail(published, "5312") + trail(published, "9999")


def test_another_cabinet_reads_its_own_patient_of_the_same_number(desk: Api, other_cabinet: Cabinet) -> None:
    theirs = enrolled(other_cabinet, Role.PRACTITIONER)
    Publisher(other_cabinet, theirs).publish(make_dossier("5312", addressees=()))
    assert decode(look(theirs, "5312").encoded).addressees == ()
    assert decode(look(desk, "5312").encoded).addressees


def test_one_computer_reads_so_many_and_then_waits(desk: Api, published: Cabinet) -> None:
    with time_machine.travel(DAY, tick=False) as clock:
        for _ in range(throttle.LOOKS_OF_A_DEVICE):
            look(desk, "5312")
        problem, wait = refused(desk, "5312")
        assert (problem.status, problem.title, wait) == (
            429,
            "Beaucoup de dossiers publiés ont été consultés en peu de temps.",
            "900",
        )
        look(enrolled(published, Role.PRACTITIONER), "5312")
        clock.shift(throttle.WINDOW)
        look(desk, "5312")


def test_numbers_that_are_tried_count_as_well(desk: Api) -> None:
    with time_machine.travel(DAY, tick=False):
        for number in range(throttle.LOOKS_OF_A_DEVICE):
            refused(desk, f"N{number}")
        assert refused(desk, "5312")[0].status == 429


def test_a_whole_cabinet_reads_so_many_a_day_whatever_its_computers(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LOOKS_A_DAY", 8)
    with time_machine.travel(DAY, tick=False) as clock:
        for _ in range(4):
            one = enrolled(published, Role.RECEPTION)
            look(one, "5312")
            look(one, "0042")
        problem, wait = refused(enrolled(published, Role.PRACTITIONER), "5312")
        assert (problem.status, wait) == (429, str(24 * 3600))
        clock.shift(dt.timedelta(hours=23))
        assert refused(enrolled(published, Role.PRACTITIONER), "5312")[1] == "3600"
        clock.shift(dt.timedelta(hours=1))
        look(enrolled(published, Role.RECEPTION), "5312")
