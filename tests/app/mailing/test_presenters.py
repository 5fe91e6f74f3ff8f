"""Recipients, check and sending without a window: plain data in, plain data out."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app.desk.facts import Identity
from app.desk.printing import DONE
from app.desk.texts import TextFolder
from app.mailing.basis import Basis
from app.mailing.check_presenter import Action, Checked, check_all, grouped, switched
from app.mailing.papers import Paper
from app.mailing.recipe import Recipe, keep_recipe, read_recipe, select
from app.mailing.recipients_presenter import Standing, choose, found
from app.mailing.refused import Refused
from app.mailing.sending import BusyError, ChannelCount, Ended, Interrupted, Picture, Plan, Stage, alone
from app.mailing.sending_presenter import (
    Shown,
    channel_state,
    ending,
    headline,
    journal_rows,
    paper_path,
    what_leaves,
)
from app.settings import DeskSettings, SmsSettings
from cabinet.dossier import Dossier
from cabinet.problems import Place, Problem, Severity
from merge.findings import Gravity
from merge.outbox import Entry, State
from merge.preparing import Setting
from merge.recipients import ChannelKind
from portal.api.desk import Account, Informed, Medium, Showing
from portal.pages.settings import PortalSettings
from tests.app.practice import Practice
from tests.merge.conftest import CABINET, PARENT, TODAY, make_dossier

MOMENT = dt.datetime(2026, 10, 1, 8, 0, tzinfo=dt.UTC)
ZONE = ZoneInfo("Europe/Paris")
INFORMED = Account("2", informed=Informed(Medium.LETTER, MOMENT))
HIDDEN = Account("3", showing=Showing.HIDDEN)


def to(number: str, **parts: object) -> Dossier:
    return msgspec.structs.replace(
        make_dossier(number, f"Prénom{number}"), addressees=(msgspec.structs.replace(PARENT, **parts),)
    )


DOSSIERS = (
    to("1"),
    to("2"),
    to("3"),
    to("4", email="", mobile="", address_1="", city="", postcode=""),
    to("5", email="", mobile="", postcode=""),
)


# Recipients


def standing(recipe: Recipe, opted_out: tuple[str, ...] = ()) -> dict[str, Standing]:
    chosen = choose(recipe, DOSSIERS, (INFORMED, HIDDEN), TODAY, opted_out)
    return {line.number: line.standing for line in chosen.lines}


def test_each_patient_is_written_to_or_has_a_reason_why_not() -> None:
    assert standing(Recipe(removed=frozenset("1")), opted_out=("5",)) == {
        "1": Standing.REMOVED,
        "2": Standing.INFORMED,
        "4": Standing.UNREACHABLE,
        "5": Standing.OPTED_OUT,
    }


def test_a_reminder_leaves_out_who_opened_a_dossier_even_if_the_access_was_closed_since() -> None:
    accounts = (Account("1", accesses=1), Account("2", last_visit=MOMENT), Account("5"))
    reminder = Recipe(never_informed=False, never_signed_in=True)
    lines = {line.number: line.standing for line in choose(reminder, DOSSIERS, accounts, TODAY, ()).lines}
    assert lines == {
        "1": Standing.SIGNED_IN,
        "2": Standing.SIGNED_IN,
        "3": Standing.WRITTEN,
        "4": Standing.UNREACHABLE,
        "5": Standing.WRITTEN,
    }


def test_a_reminder_s_model_is_for_those_who_never_signed_in_unless_they_are_chosen_by_hand() -> None:
    reminding = Recipe(active=True).with_model("Relance")
    assert reminding == Recipe(model="Relance", active=True, never_informed=False, never_signed_in=True)
    assert reminding.with_model("Annonce en bref") == Recipe(model="Annonce en bref", active=True)
    loose = msgspec.structs.replace(reminding, never_signed_in=False)
    assert loose.with_model("Relance") == loose, "what a person chose since stays"
    by_hand = Recipe(by_hand=True, never_informed=False, chosen=frozenset("1"))
    assert by_hand.with_model("Relance") == msgspec.structs.replace(by_hand, model="Relance")


def test_by_hand_everybody_is_listed_and_only_the_chosen_are_written_to() -> None:
    assert standing(Recipe(by_hand=True, chosen=frozenset({"1", "5"}), removed=frozenset("1"))) == {
        "1": Standing.WRITTEN,
        "2": Standing.NOT_CHOSEN,
        "3": Standing.ABSENT,
        "4": Standing.NOT_CHOSEN,
        "5": Standing.WRITTEN,
    }


def test_who_has_a_message_of_an_earlier_mailing_to_come_is_left_out() -> None:
    waits = {"1": State.READY, "2": State.UNKNOWN}
    for recipe in (Recipe(never_informed=False), Recipe(by_hand=True, chosen=frozenset("12"))):
        chosen = choose(recipe, DOSSIERS[:2], (), TODAY, (), pending=waits)
        assert chosen.selection.recipients == ()
        assert [line.standing for line in chosen.lines] == [Standing.WAITING, Standing.UNCERTAIN]


def test_removing_and_taking_back_are_opposites_in_both_ways_of_choosing() -> None:
    for recipe in (Recipe(), Recipe(by_hand=True, chosen=frozenset({"1", "2"}))):
        assert recipe.without(("1",)).with_again(("1",)) == recipe
        assert recipe.without(("1",)) != recipe


def test_the_counts_and_the_reasons_are_those_of_the_lines() -> None:
    chosen = choose(Recipe(), DOSSIERS, (INFORMED, HIDDEN), TODAY, ())
    assert chosen.summary == "2\u00a0destinataires pour 2\u00a0patients"
    assert {kind: chosen.count(kind) for kind in ChannelKind} == {"email": 1, "sms": 0, "letter": 1}
    assert chosen.left_out() == ((Standing.INFORMED, 1), (Standing.UNREACHABLE, 1))


def test_the_search_looks_into_numbers_names_and_addresses_whatever_the_accents() -> None:
    lines = choose(Recipe(), DOSSIERS, (), TODAY, ()).lines
    assert [line.number for line in found(lines, "specimen prenom1")] == ["1"]
    assert [line.number for line in found(lines, "jeanne@")] == ["1", "2", "3"]
    assert found(lines, "personne") == ()


def test_a_switched_patient_goes_by_the_other_channel_at_the_same_place() -> None:
    recipe = Recipe().by_channel(("1",), ChannelKind.SMS)
    selection = select(recipe, DOSSIERS[:2], (), TODAY, ())
    assert [(one.numbers, one.channel) for one in selection.recipients] == [
        (("1",), ChannelKind.SMS),
        (("2",), ChannelKind.EMAIL),
    ]


def test_a_recipe_survives_the_program_and_a_broken_file_is_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "state" / "recipe.json"
    recipe = Recipe(active=True, treatment_from=TODAY, removed=frozenset("7"), switched={"1": ChannelKind.SMS})
    keep_recipe(recipe, file)
    assert read_recipe(file) == recipe
    file.write_text("{", encoding="utf-8")
    assert read_recipe(file) == Recipe()


# The check


@pytest.fixture
def basis() -> Basis:
    identity = Identity("dijon21", "Cabinet du Parc", "https://www.webortho.fr")
    settings = DeskSettings(sms=SmsSettings(price=690))
    return Basis(identity, PortalSettings(), settings, Setting(CABINET, TODAY))


def checked(
    basis: Basis, tmp_path: Path, recipe: Recipe, *dossiers: Dossier, problems: tuple[Problem, ...] = ()
) -> Checked:
    selection = select(recipe, dossiers, (), TODAY, ())
    return check_all(basis, selection, TextFolder(tmp_path, confirmed=True), (Account("1", accesses=1),), problems)


def test_what_is_blocked_can_be_corrected_or_go_by_another_channel(basis: Basis, tmp_path: Path) -> None:
    letters = Recipe(order=(ChannelKind.LETTER,))
    look = checked(basis, tmp_path, letters, to("1"), to("2", postcode=""))
    (blocking,) = [row for row in look.rows if row.finding.gravity is Gravity.BLOCKING]
    assert blocking.actions == (Action.CORRECT, Action.SWITCH)
    assert look.continue_label == "Continuer sans le bloquant"
    assert [one.numbers for one in look.sendable] == [("1",)]
    assert [one.number for one in look.concerned[blocking.finding.code]] == ["2"]

    after = checked(basis, tmp_path, switched(letters, blocking), to("1"), to("2", postcode=""))
    assert after.blocked == 0
    assert after.report.by_channel[ChannelKind.EMAIL] == 1
    assert after.continue_label == "Suivant\u00a0: Envoi"


def test_grouping_is_offered_and_saves_envelopes(basis: Basis, tmp_path: Path) -> None:
    letters = Recipe(order=(ChannelKind.LETTER,))
    look = checked(basis, tmp_path, letters, to("1"), to("2"))
    assert any(row.actions[0] is Action.GROUP for row in look.rows)
    after = checked(basis, tmp_path, grouped(letters), to("1"), to("2"))
    assert not any(row.actions[0] is Action.GROUP for row in after.rows)
    assert after.postage == "2\u00a0lettres dans 1\u00a0enveloppe."


def test_who_has_come_already_can_be_removed(basis: Basis, tmp_path: Path) -> None:
    look = checked(basis, tmp_path, Recipe(), to("1"))
    (row,) = [row for row in look.rows if row.actions[0] is Action.REMOVE]
    assert select(Recipe().without(row.finding.numbers), [to("1")], (), TODAY, ()).recipients == ()


def test_badly_written_addresses_are_listed_with_their_place_in_the_export(basis: Basis, tmp_path: Path) -> None:
    wrong = Problem(Severity.WARNING, "unreadable-email", Place("patients.csv", 12, "E-mail"), "test@exemple", "…")
    look = checked(basis, tmp_path, Recipe(), to("1"), problems=(wrong,))
    (row,) = [row for row in look.rows if row.finding.code == "bad-email"]
    assert row.actions == (Action.SHOW,)
    (listed,) = look.concerned["bad-email"]
    assert (listed.where, listed.patient) == ("test@exemple", "patients.csv, ligne 12, colonne «\u00a0E-mail\u00a0»")


def test_sms_cost_what_their_parts_cost(basis: Basis, tmp_path: Path) -> None:
    look = checked(basis, tmp_path, Recipe(order=(ChannelKind.SMS,)), to("1"), to("2"))
    assert look.sms_cost == (
        "0,14\u00a0€ HT",
        "2\u00a0SMS à 0,069\u00a0€\u00a0: 2\u00a0simples.",
    )


# The sending


def entry(number: str, state: State, channel: str = "email", detail: str = "Remis", at: int = 0) -> Entry:
    return Entry(f"id{number}", channel, state, (number,), f"Personne {number}", detail, 1, 1_790_000_000 + at, 0)


def picture(*entries: Entry, stage: Stage = Stage.SENDING, **counts: ChannelCount) -> Picture:
    return Picture("c", stage, {ChannelKind(kind): count for kind, count in counts.items()}, entries, per_minute=60)


def test_the_journal_has_the_latest_first_and_one_line_for_a_file_of_letters() -> None:
    shown = picture(
        entry("1", State.SENT, "letter", DONE),
        entry("2", State.SENT, "letter", DONE),
        entry("3", State.SENT, at=5),
        entry("4", State.FAILED, at=9, detail="Refusé"),
        entry("5", State.UNKNOWN, "letter", at=7),
    )
    rows = journal_rows(shown, ZONE)
    assert [(row.recipient, row.words) for row in rows] == [
        ("Personne 4", "Échec"),
        ("1\u00a0lettre", "À vérifier"),
        ("Personne 3", "Réussi"),
        ("2\u00a0lettres", "Réussi"),
    ]
    assert [row.can_send_again for row in rows] == [True, False, False, False]
    assert [row.can_confirm for row in rows] == [False, True, False, False]
    assert [row.recipient for row in journal_rows(shown, ZONE, Shown.FAILED)] == ["Personne 4"]


def test_a_message_that_will_be_tried_again_says_when() -> None:
    later = replace(entry("1", State.READY), not_before=1_790_003_600)
    (row,) = journal_rows(picture(later), ZONE)
    assert row.detail == "Remis Nouvel essai à 17h13."


def test_the_top_tells_how_far_it_is_and_how_long_it_takes() -> None:
    now = picture(letter=ChannelCount(8, sent=8), email=ChannelCount(200, sent=40, failed=1, waiting=159))
    head = headline(now, paused=False)
    assert (head.percent, head.title) == ("23\u00a0%", "Envoi des e-mails en cours")
    assert head.detail == "49 sur 208\u00a0traités · encore 3\u00a0minutes environ"
    assert headline(now, paused=True).title == "Envoi en pause"


def test_the_end_counts_what_left_what_failed_and_what_waits() -> None:
    now = picture(email=ChannelCount(10, sent=6, failed=1, unknown=1, waiting=2), stage=Stage.ENDED)
    head = ending(Ended(now, refused=(Refused(("1",), "Jeanne", ChannelKind.LETTER, "Pas d’adresse."),)))
    assert head.title == "Envoi à reprendre"
    assert head.detail == (
        "6\u00a0partis · 1\u00a0en échec · 1\u00a0à vérifier · 2\u00a0en attente · 1\u00a0non préparé"
    )
    assert ending(Ended(now, stopped=True)).title == "Envoi arrêté"


def test_a_channels_card_says_where_it_is() -> None:
    states = [
        channel_state(ChannelKind.LETTER, ChannelCount(8, sent=8), Stage.SENDING),
        channel_state(ChannelKind.EMAIL, ChannelCount(8, sent=2, waiting=6), Stage.SENDING),
        channel_state(ChannelKind.SMS, ChannelCount(8, waiting=8), Stage.SENDING),
        channel_state(ChannelKind.SMS, ChannelCount(8, sent=7, failed=1), Stage.ENDED),
    ]
    assert [words for _, words in states] == ["Prêtes à imprimer", "En cours", "En attente", "1\u00a0à regarder"]


def test_what_leaves_is_told_in_one_line() -> None:
    selection = select(Recipe(), (to("1"), to("5", email="", mobile="")), (), TODAY, ())
    assert what_leaves(selection.recipients) == "1\u00a0lettre et 1\u00a0e-mail"
    plan = Plan("c", selection.recipients).only(ChannelKind.LETTER)
    assert what_leaves(plan.recipients) == "1\u00a0lettre"


def test_an_interruption_says_what_is_left() -> None:
    assert Interrupted("c", 155, 1).sentence == (
        "Un envoi a été interrompu\u00a0: 155\u00a0messages attendent de partir, 1\u00a0envoi est à vérifier."
    )


def test_a_file_of_the_same_day_is_never_written_over(tmp_path: Path) -> None:
    first = paper_path(tmp_path, TODAY, "pdf")
    first.touch()
    second = paper_path(tmp_path, TODAY, "pdf")
    assert (first.name, second.name) == ("Lettres WebOrtho 2026-10-06.pdf", "Lettres WebOrtho 2026-10-06 (2).pdf")
    assert Paper(first).beside("fiches d’accès").name == "Lettres WebOrtho 2026-10-06 - fiches d’accès.pdf"


def test_one_sending_at_a_time_on_a_computer(practice: Practice) -> None:
    with alone(practice.desk()), pytest.raises(BusyError, match="déjà en cours"), alone(practice.desk()):
        pass
    with alone(practice.desk()):
        """It is free again."""


def test_somebody_without_an_addressee_is_listed_all_the_same() -> None:
    nobody = msgspec.structs.replace(make_dossier("9"), addressees=())
    (line,) = choose(Recipe(), (nobody,), (), TODAY, ()).lines
    assert (line.standing, line.addressees) == (Standing.UNREACHABLE, "")
