"""What the home screen says, word for word, from plain data."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from app.home.presenter import (
    UNKNOWN,
    Known,
    activated_card,
    published_card,
    sync_card,
    today,
)
from app.home.todo import todo_list
from app.publishing.history import Tone, Verdict
from portal.api.desk import MonthCount, Overview
from portal.api.nights import Trouble, TroubledNights
from portal.api.shapes import TableCounts
from sync.journal import JournalEntry
from sync.report import Launch, Outcome, RunReport

PARIS = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 1, 12, 9, 0, tzinfo=PARIS)
SEVEN_THIRTY = dt.datetime(2026, 1, 12, 6, 30, tzinfo=dt.UTC)

OVERVIEW = Overview(
    published=1248,
    activated=763,
    activations=tuple(
        MonthCount(month, total)
        for month, total in zip(
            [*(f"2025-{month:02}" for month in range(2, 13)), "2026-01"], range(60, 60 + 12 * 60, 60), strict=True
        )
    ),
    hidden=54,
    unread_messages=4,
    oldest_unread=dt.datetime(2026, 1, 9, 15, 5, tzinfo=dt.UTC),
    never_informed=42,
    settings_version=3,
    as_of=SEVEN_THIRTY,
    held_withdrawals=0,
)


def run(status: Outcome = Outcome.DONE, **of_report: int) -> JournalEntry:
    report = RunReport(status, "dijon21", "https://portail.exemple.fr", False, TableCounts(), **of_report)
    return JournalEntry(
        id=1,
        started_at=SEVEN_THIRTY,
        ended_at=SEVEN_THIRTY + dt.timedelta(seconds=42),
        status=status,
        what="",
        todo="",
        exit_code=0,
        launch=Launch.AUTOMATIC,
        report=report,
    )


FAILED = msgspec.structs.replace(
    run(), status=Outcome.FAILED, what="La base du cabinet n’a pas répondu.", exit_code=2, report=None
)
EVERYTHING = Known(
    NOW,
    history=(run(added=12, changed=83, withdrawn=3),),
    overview=OVERVIEW,
    dossiers=1302,
    incomplete=7,
    unpublished=3,
)
NOTHING_YET = Known(NOW)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (
            TroubledNights(Trouble.MISSED, 2, NOW, "Serveur", "La synchronisation prévue à 20h07 n’est pas venue."),
            ("soirées sans synchronisation", "La synchronisation prévue à 20h07 n’est pas venue."),
        ),
        (
            TroubledNights(Trouble.UNREADABLE, 1, NOW),
            ("soirée sans publication", "Les patients voient encore les données d’avant"),
        ),
        (TroubledNights(Trouble.HELD, 3, NOW), None),
    ],
)
def test_nights_that_need_a_person_stand_first(trouble: TroubledNights, expected: tuple[str, str] | None) -> None:
    shown = todo_list(replace(EVERYTHING, overview=msgspec.structs.replace(OVERVIEW, trouble=trouble))).items
    first = [(item.what, item.aid, item.goes_to) for item in shown if item.icon == "moon"]
    assert first == ([(*expected, "publishing")] if expected else [])
    assert not expected or shown[0].count == trouble.nights


def test_the_day_is_written_out() -> None:
    assert today(EVERYTHING) == "lundi 12\u00a0janvier 2026"


def test_the_last_run_is_told_by_its_hour_and_its_changes() -> None:
    card = sync_card(EVERYTHING)
    assert (card.figure, card.aside) == ("7h30", "aujourd’hui")
    assert card.verdict == Verdict(Tone.OK, "Réussie, 98\u00a0changements")


def test_a_run_that_changed_nothing_says_so() -> None:
    card = sync_card(replace(EVERYTHING, history=(run(Outcome.CURRENT, unchanged=1248),)))
    assert card.verdict == Verdict(Tone.OK, "Réussie, rien à changer")


@pytest.mark.parametrize(
    ("evening", "told"),
    [
        (dt.time(20, 7), "Prochaine\u00a0: ce soir à 20h07"),
        (dt.time(13), "Prochaine\u00a0: aujourd’hui à 13h00"),
        (dt.time(7, 30), "Prochaine\u00a0: demain à 7h30"),
        (None, ""),
    ],
)
def test_the_next_run_is_told_where_this_computer_has_one(evening: dt.time | None, told: str) -> None:
    assert sync_card(replace(EVERYTHING, evening=evening)).below == told
    assert sync_card(replace(EVERYTHING, evening=evening, history=(FAILED,))).below == FAILED.what


def test_a_failed_run_says_what_happened() -> None:
    card = sync_card(replace(EVERYTHING, history=(FAILED,)))
    assert card.verdict == Verdict(Tone.ERROR, "Source illisible")
    assert card.below == "La base du cabinet n’a pas répondu."


def test_what_another_computer_published_since_is_shown_instead() -> None:
    later = msgspec.structs.replace(OVERVIEW, as_of=dt.datetime(2026, 1, 12, 7, 45, tzinfo=dt.UTC))
    card = sync_card(replace(EVERYTHING, overview=later))
    assert (card.figure, card.aside) == ("8h45", "aujourd’hui")
    assert card.below == "Par un autre poste du cabinet"


def test_a_simulation_is_no_synchronisation() -> None:
    planned = run(Outcome.PLANNED, added=500)
    card = sync_card(replace(EVERYTHING, history=(planned, run(changed=1))))
    assert card.verdict == Verdict(Tone.OK, "Réussie, 1\u00a0changement")


def test_held_withdrawals_are_told_before_a_success() -> None:
    held = msgspec.structs.replace(OVERVIEW, held_withdrawals=70)
    assert sync_card(replace(EVERYTHING, overview=held)).verdict == Verdict(Tone.ALERT, "70\u00a0retraits à confirmer")


def test_a_cabinet_that_never_published_is_told_so() -> None:
    empty = msgspec.structs.replace(OVERVIEW, as_of=None, published=0)
    card = sync_card(Known(NOW, history=(), overview=empty))
    assert (card.figure, card.verdict, card.below) == ("Jamais", None, "Rien n’a encore été publié.")


def test_published_patients_are_counted_beside_those_of_the_export() -> None:
    card = published_card(EVERYTHING)
    assert (card.figure, card.aside) == ("1\u00a0248", "sur 1\u00a0302")
    assert card.part == pytest.approx(1248 / 1302)
    assert card.below == "54\u00a0patients masqués à votre demande"


def test_without_a_reading_there_is_no_bar() -> None:
    card = published_card(replace(EVERYTHING, dossiers=None))
    assert (card.figure, card.aside, card.part) == ("1\u00a0248", "", None)


def test_activated_accounts_are_a_share_of_the_published() -> None:
    card = activated_card(EVERYTHING)
    assert (card.share, card.percent) == ("763 sur 1\u00a0248", "61\u00a0%")
    assert [month.letter for month in card.months] == list("FMAMJJASONDJ")
    assert card.months[-1].part == pytest.approx(720 / 1248)
    assert card.description.startswith(
        "763 sur 1\u00a0248 comptes activés (61\u00a0%). février 2025\u00a0: 60, mars 2025"
    )


def test_a_few_accounts_of_many_are_not_said_to_be_none() -> None:
    few = msgspec.structs.replace(OVERVIEW, activated=1)
    assert activated_card(replace(EVERYTHING, overview=few)).percent == "<\u00a01\u00a0%"


def test_each_thing_to_do_has_its_count_its_reason_and_its_way() -> None:
    told = [
        (item.count, item.what, item.aid, item.action, item.goes_to, item.subject)
        for item in todo_list(EVERYTHING).items
    ]
    assert told == [
        (42, "patients jamais informés", "Ni lettre, ni e-mail, ni SMS à ce jour", "Préparer l’envoi", "mailing", None),
        (
            7,
            "adresses incomplètes",
            "Ces lettres ne pourront pas être postées",
            "Corriger",
            "patients",
            "incomplete-address",
        ),
        (4, "messages de patients à lire", "Le plus ancien date de vendredi, 16h05", "Lire", "inbox", None),
        (
            3,
            "modifications non publiées",
            "Les patients voient encore l’ancienne version",
            "Vérifier",
            "portal_editor",
            None,
        ),
    ]


@pytest.mark.parametrize(
    ("oldest", "said"),
    [
        (dt.datetime(2026, 1, 12, 7, 5, tzinfo=dt.UTC), "Il date d’aujourd’hui, 8h05"),
        (dt.datetime(2026, 1, 11, 7, 5, tzinfo=dt.UTC), "Il date d’hier, 8h05"),
        (dt.datetime(2025, 12, 1, 7, 5, tzinfo=dt.UTC), "Il date du 01/12/2025, 8h05"),
    ],
)
def test_the_oldest_message_is_dated_as_people_say_it(oldest: dt.datetime, said: str) -> None:
    one = msgspec.structs.replace(OVERVIEW, unread_messages=1, oldest_unread=oldest)
    (message,) = [item for item in todo_list(replace(EVERYTHING, overview=one)).items if item.goes_to == "inbox"]
    assert (message.what, message.aid) == ("message de patient à lire", said)


def test_settings_of_a_newer_version_are_a_thing_to_do() -> None:
    (newer,) = [item for item in todo_list(replace(EVERYTHING, newer_settings=1)).items if item.subject == "help"]
    assert (newer.count, newer.what, newer.goes_to) == (1, "réglage laissé de côté", "setup")
    assert newer.aid == "D’une version plus récente de WebOrtho que celle de ce poste"


def test_a_cabinet_that_nothing_publishes_for_in_the_evening_is_told_once_it_has_published() -> None:
    def told(published: int, **known: bool) -> list[str]:
        overview = msgspec.structs.replace(OVERVIEW, published=published)
        return [item.what for item in todo_list(replace(EVERYTHING, overview=overview, **known)).items]

    words = "synchronisation du soir à programmer"
    assert words in told(3, is_scheduled=False)
    assert words not in told(3)
    assert words not in told(0, is_scheduled=False)


def test_held_withdrawals_come_first() -> None:
    held = msgspec.structs.replace(OVERVIEW, held_withdrawals=1)
    first = todo_list(replace(EVERYTHING, overview=held)).items[0]
    assert (first.count, first.what, first.goes_to) == (1, "retrait à confirmer", "publishing")


def test_nothing_to_do_is_said_once_everything_is_known() -> None:
    quiet = msgspec.structs.replace(OVERVIEW, unread_messages=0, never_informed=0, oldest_unread=None)
    done = replace(EVERYTHING, overview=quiet, incomplete=0, unpublished=0)
    assert todo_list(done).nothing == "Rien à faire."
    assert todo_list(replace(done, incomplete=None)).nothing == "Lecture des adresses…"
    assert todo_list(replace(done, overview=None)).nothing == "En attente du portail…"


def test_what_is_not_known_yet_is_never_zero() -> None:
    assert sync_card(NOTHING_YET).figure == UNKNOWN
    assert (published_card(NOTHING_YET).figure, published_card(NOTHING_YET).below) == (
        UNKNOWN,
        "En attente du portail…",
    )
    assert activated_card(NOTHING_YET).nothing == "En attente du portail…"
    assert todo_list(NOTHING_YET).items == ()


def test_a_silent_portal_is_told_from_one_that_was_not_asked_yet() -> None:
    assert published_card(Known(NOW, is_offline=True)).below == "Le portail ne répond pas pour le moment."
