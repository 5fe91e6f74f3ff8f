"""Patients' accounts as the desk sees them, and what it does to one: reset, hide, show, erase; the overview."""

import datetime as dt

import msgspec
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.api.desk import (
    AccessesClosed,
    Account,
    Accounts,
    Announced,
    Announcement,
    Answer,
    Informed,
    Medium,
    Messages,
    Overview,
    Patient,
    Showing,
)
from portal.api.shapes import ProblemDocument, Role, TableCounts
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink, PendingAnswer, Session
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet
from portal.server.contact.models import Draft, Message
from portal.server.desk import models
from portal.server.desk.overview import activations
from portal.server.mail.letters import Letter
from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import enqueue
from portal.server.publishing.models import PublishedDossier
from tests.portal.server.browser import CONTACT_EMAIL, Browser, configure, letters, sent, with_access
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier

AT = dt.datetime(2026, 10, 20, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def desk(published: Cabinet) -> Api:
    configure(published)
    return enrolled(published, Role.PRACTITIONER, "Bureau")


def accounts(desk: Api) -> dict[str, Account]:
    return {account.number: account for account in desk.ask("GET", "/patients", Accounts).accounts}


def overview(desk: Api) -> Overview:
    return desk.ask("GET", "/overview", Overview)


def announce(desk: Api, number: str, medium: Medium = Medium.LETTER, at: dt.datetime = AT) -> None:
    assert desk.send("POST", "/announcements", Announced((Announcement(number, medium, at),))).status_code == 204


def do(desk: Api, what: str, number: str) -> None:
    assert desk.send("POST", f"/patients/{what}", Patient(number)).status_code == 204


# Accounts


def test_accounts_tell_who_has_an_access_when_they_came_and_how_they_were_informed(desk: Api) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 3, 18, 4, 9, tzinfo=dt.UTC), tick=False):
        with_access("5312")
    announce(desk, "5312", Medium.CARD)
    announce(desk, "5312", Medium.EMAIL, AT - dt.timedelta(days=1))
    assert desk.ask("GET", "/patients", Accounts).accounts == (
        Account("0042"),
        Account(
            "5312",
            accesses=1,
            last_visit=dt.datetime(2026, 11, 3, 18, 4, 9, tzinfo=dt.UTC),
            informed=Informed(Medium.CARD, AT),
        ),
        Account("A-7"),
    )


def test_the_latest_of_two_parents_visits_counts(desk: Api, published: Cabinet) -> None:
    early, late = (dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC) for day in (1, 5))
    for slot, last in enumerate((early, late, None)):
        Access.objects.create(
            cabinet=published, number="5312", slot=slot, password="x", password_changed_at=AT, last_sign_in_at=last
        )
    assert accounts(desk)["5312"] == Account("5312", accesses=3, last_visit=late)


def test_accounts_tell_what_is_shown_hidden_erased_and_withdrawn(desk: Api, publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"), withdrawn=["0042"])
    do(desk, "hide", "1")
    do(desk, "hide", "never published")
    do(desk, "erase", "2")
    assert {number: account.showing for number, account in accounts(desk).items()} == {
        "0042": Showing.WITHDRAWN,
        "1": Showing.HIDDEN,
        "2": Showing.ERASED,
        "5312": Showing.SHOWN,
        "A-7": Showing.SHOWN,
        "never published": Showing.HIDDEN,
    }


@pytest.mark.parametrize("way", ["sign in", "first visit", "link"])
def test_an_account_that_was_tried_too_often_is_locked_for_a_while(desk: Api, published: Cabinet, way: str) -> None:
    path = sent(published).link.removeprefix("http://testserver")
    tries = {"sign in": 10, "first visit": 5, "link": 10}[way]
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for n in range(tries):
            assert not accounts(desk)["5312"].locked
            browser = Browser(f"192.0.2.{n}")
            if way == "sign in":
                browser.sign_in("5312", "faux", code="SOURIRE")
            elif way == "first visit":
                browser.first_visit("5312", "faux")
            else:
                browser.post(path, {"birth_date": "01012001"})
                OneTimeLink.objects.of(published).update(failures=0)
        assert [number for number, account in accounts(desk).items() if account.locked] == ["5312"]
    with time_machine.travel(now + dt.timedelta(minutes=16), tick=False):
        assert not accounts(desk)["5312"].locked


def test_accounts_take_as_many_queries_for_ten_patients_as_for_three(desk: Api, publisher: Publisher) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            accounts(desk)
        return len(captured)

    before = queries()
    publisher.publish(*(make_dossier(f"{n}") for n in range(7)))
    assert queries() == before


# Reset, hide, show, erase


def test_a_reset_closes_the_accesses_and_says_how_many(desk: Api, published: Cabinet) -> None:
    parent = with_access("5312")
    assert desk.ask("POST", "/patients/reset", AccessesClosed, Patient("5312")) == AccessesClosed(1)
    assert not parent.is_in()
    assert desk.ask("POST", "/patients/reset", AccessesClosed, Patient("5312")) == AccessesClosed(0)
    event = AuditEvent.objects.of(published).filter(number="5312").order_by("pk").last()
    assert event is not None
    assert (event.kind, event.actor) == ("accesses_revoked", "Bureau")


def test_what_is_hidden_is_gone_at_once_and_returns_with_the_sync_after_it_is_shown(
    desk: Api, publisher: Publisher, published: Cabinet
) -> None:
    parent = with_access("5312")
    do(desk, "hide", "5312")
    assert "Votre dossier n’est plus en ligne" in parent.get("/rendez-vous").content.decode()
    publisher.publish(make_dossier("5312"))
    assert "Votre dossier n’est plus en ligne" in parent.get("/rendez-vous").content.decode()
    do(desk, "show", "5312")
    do(desk, "show", "5312")
    publisher.publish(make_dossier("5312"))
    assert "MARTINEAU" in parent.get("/rendez-vous").content.decode()
    done = AuditEvent.objects.of(published).filter(actor="Bureau").order_by("pk").values_list("number", "kind")
    assert list(done) == [("5312", "hidden"), ("5312", "shown")]


def test_what_is_erased_is_gone_for_good_and_only_the_fact_is_kept(
    desk: Api, publisher: Publisher, published: Cabinet
) -> None:
    parent, brother = with_access("5312"), with_access_of_another(publisher)
    for browser in (parent, brother):
        browser.post("/contact", {"message": "Bonjour"})
    for number in ("5312", "6000"):
        sent(published, number)
        announce(desk, number)
    access = Access.objects.of(published).get(number="5312")
    Draft.objects.create(cabinet=published, number="5312", access=access, sealed=b"x", created_at=AT)
    do(desk, "erase", "5312")
    assert not parent.is_in()
    for model in (Access, Session, OneTimeLink, Message, Draft, models.Announcement, PublishedDossier):
        assert not model.objects.of(published).filter(number="5312").exists(), model
    for model in (Access, OneTimeLink, Message, models.Announcement, PublishedDossier):
        assert model.objects.of(published).filter(number="6000").exists(), model
    assert brother.is_in()
    assert AuditEvent.objects.of(published).filter(number="5312", kind="erased", actor="Bureau").count() == 1
    publisher.publish(make_dossier("5312"))
    announce(desk, "5312")
    answer = desk.send("POST", "/patients/show", Patient("5312"))
    problem = msgspec.json.decode(answer.content, type=ProblemDocument)
    assert (answer.status_code, problem.title) == (409, "Ce dossier a été effacé à la demande du patient.")
    assert accounts(desk)["5312"] == Account("5312", Showing.ERASED)
    do(desk, "hide", "5312")
    assert accounts(desk)["5312"].showing is Showing.ERASED


def test_no_mail_about_an_erased_patient_leaves_any_more(
    desk: Api, publisher: Publisher, published: Cabinet, other_cabinet: Cabinet
) -> None:
    parent, brother = with_access("5312"), with_access_of_another(publisher)
    for browser in (parent, brother):
        browser.post("/contact", {"message": "Bonjour"})
    for message in desk.ask("GET", "/messages", Messages).messages:
        answer = Answer(f"Passez demain, {message.number}.")
        assert desk.send("POST", f"/messages/{message.id}/answer", answer).status_code == 200
    enqueue(other_cabinet, Letter("email_changed", "leur@exemple.fr"), "5312")
    for stranger, number in ((Browser("192.0.2.2"), " 53 12"), (Browser("192.0.2.3"), "6000")):
        stranger.forgotten(number)
    PendingAnswer.objects.create(cabinet=published, purpose="reset", sealed=b"damaged")
    do(desk, "erase", "5312")
    assert PendingAnswer.objects.of(published).count() == 2, "the other's, and the worker's to report"
    assert set(QueuedMail.objects.of(published).values_list("number", flat=True)) == {"6000"}
    left = [(str(letter["To"]), str(letter["Subject"])) for letter in letters()]
    assert {to for to, _ in left} == {CONTACT_EMAIL, "choisi@exemple.fr", "leur@exemple.fr"}
    assert len(left) == 4, "the brother's message, its answer, his new password; and the other cabinet's mail"


def with_access_of_another(publisher: Publisher) -> Browser:
    publisher.publish(make_dossier("6000", email="autre@exemple.fr"))
    return with_access("6000")


@pytest.mark.parametrize("what", ["reset", "hide", "show", "erase"])
@pytest.mark.parametrize("number", ["", "5" * 65, "53\0", 5312])
def test_a_number_that_is_none_is_refused(desk: Api, what: str, number: object) -> None:
    answer = desk.send("POST", f"/patients/{what}", msgspec.json.encode({"number": number}))
    assert answer.status_code == 400


# The overview


def test_the_overview_counts_what_is_published_and_who_came(desk: Api, publisher: Publisher) -> None:
    with_access("5312")
    announce(desk, "0042")
    do(desk, "hide", "never published")
    figures = overview(desk)
    assert (figures.published, figures.activated, figures.hidden, figures.never_informed) == (3, 1, 1, 1)
    assert (figures.unread_messages, figures.oldest_unread) == (0, None)
    assert figures.settings_version == 1
    publisher.cabinet.refresh_from_db()
    assert figures.as_of == publisher.cabinet.as_of
    publisher.publish(withdrawn=["5312"])
    assert (overview(desk).published, overview(desk).activated) == (2, 0)


def test_an_overview_of_nothing_is_all_zeros(cabinet: Cabinet) -> None:
    figures = overview(enrolled(cabinet, Role.RECEPTION))
    assert figures == Overview(0, 0, figures.activations, 0, 0, None, 0, 0, None, 0)
    assert {month.total for month in figures.activations} == {0}


def test_messages_that_nobody_read_or_answered_are_counted_with_the_oldest(desk: Api, published: Cabinet) -> None:
    parent = with_access("5312")
    for text in ("un", "deux", "trois"):
        parent.post("/contact", {"message": text})
    first, second, third = Message.objects.of(published).order_by("pk")
    figures = overview(desk)
    assert (figures.unread_messages, figures.oldest_unread) == (3, first.created_at)
    Message.objects.of(published).filter(pk=first.pk).update(read_at=AT)
    Message.objects.of(published).filter(pk=third.pk).update(answered_at=AT)
    figures = overview(desk)
    assert (figures.unread_messages, figures.oldest_unread) == (1, second.created_at)


def test_withdrawals_that_the_last_commit_held_are_counted(desk: Api, publisher: Publisher) -> None:
    publisher.publish(*(make_dossier(f"{n}") for n in range(40)))
    assert overview(desk).held_withdrawals == 0
    held = publisher.publish(withdrawn=[f"{n}" for n in range(30)]).held
    assert len(held) == 30
    assert overview(desk).held_withdrawals == 30
    publisher.publish(make_dossier("0"), counts=TableCounts(patients=43))
    assert overview(desk).held_withdrawals == 0


def test_the_months_follow_the_cabinets_calendar_and_keep_who_was_closed_since(db: None) -> None:
    cabinet = registry.create_cabinet("reunion", "Cabinet de l’Océan", "Indian/Reunion")
    happened = (
        ("1", "access_created", dt.datetime(2025, 1, 5, tzinfo=dt.UTC)),
        ("2", "access_created", dt.datetime(2026, 5, 31, 19, 59, tzinfo=dt.UTC)),  # still May in Réunion (UTC+4)
        ("3", "access_created", dt.datetime(2026, 5, 31, 20, 0, tzinfo=dt.UTC)),  # the first of June there
        ("3", "access_created", dt.datetime(2026, 6, 2, tzinfo=dt.UTC)),  # the other parent: the same dossier
        ("1", "accesses_revoked", dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),
        ("4", "accesses_revoked", dt.datetime(2026, 8, 1, tzinfo=dt.UTC)),  # a reset of who had no access
        ("2", "sign_in", dt.datetime(2026, 9, 1, tzinfo=dt.UTC)),
    )
    for number, kind, at in happened:
        event = AuditEvent.objects.create(cabinet=cabinet, number=number, kind=kind)
        AuditEvent.objects.of(cabinet).filter(pk=event.pk).update(at=at)
    months = activations(cabinet, dt.datetime(2026, 10, 31, 21, tzinfo=dt.UTC))  # November there
    assert [(month.month, month.total) for month in months] == [
        ("2025-12", 1),
        ("2026-01", 1),
        ("2026-02", 1),
        ("2026-03", 1),
        ("2026-04", 1),
        ("2026-05", 2),
        ("2026-06", 3),
        ("2026-07", 3),
        ("2026-08", 2),
        ("2026-09", 2),
        ("2026-10", 2),
        ("2026-11", 2),
    ]
