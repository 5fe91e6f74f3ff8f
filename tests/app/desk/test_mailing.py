"""A campaign for real: a portal, a mail server, an SMS gateway; nothing twice, nothing untold, nothing dead sent."""

import datetime as dt
import re
import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import requests

from app.desk.ledger import outbox_file
from app.desk.mailing import (
    WRITTEN,
    Mailing,
    choose,
    look_over,
    new_campaign,
    prepare,
    print_letters,
    send,
    without_blocked,
)
from app.desk.office import Office, catch_up, open_office
from cabinet.dossier import Dossier
from cli.visitor import Visitor
from merge.campaign import Control, Progress
from merge.channels.channel import Outcome, Result
from merge.journal import journal_csv
from merge.outbox import State
from merge.recipients import ChannelKind, Choice, Filters
from portal.api.desk import Announcement, Medium
from portal.api.errors import PortalUnreachable
from portal.pages.addresses import APPOINTMENTS, WELCOME
from tests.app.desk.conftest import LetterBoxes, second_computer
from tests.app.practice import Practice

NOW = dt.datetime.now(dt.UTC)
LINK = re.compile(r"http://\S+/activer/\S+")


def mailing_of(office: Office, practice: Practice, choice: Choice, most: int = 6) -> Mailing:
    dossiers = practice.desk().read_source().dossiers
    selection = choose(dossiers, office.ledger.client.accounts(), choice, office.setting.today, ())
    texts, letters = office.texts.texts(office.settings), office.texts.letters(office.settings)
    report = look_over(office, selection, texts, letters)
    return Mailing(without_blocked(selection, report)[:most], texts, new_campaign())


def plain_text(path: Path) -> str:
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


BY_EMAIL = Choice(order=(ChannelKind.EMAIL,))


def test_a_campaign_arrives_its_codes_open_and_the_portal_knows_who_was_informed(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL)
    ready = prepare(office, mailing, NOW)
    assert (ready.added, ready.verified.valid, ready.blocked) == (6, 6, ())
    assert ready.sentence == "6\u00a0accès vérifiés"
    steps: list[Progress] = []
    report = send(office, mailing.campaign, control=Control(), on_progress=steps.append)

    assert report.counts[State.SENT] == 6
    assert report.activation_error is None
    assert steps[-1].settled == 6
    arrived = boxes.mail.letters()
    assert len(arrived) == 6
    informed = {one.number: one.informed for one in office.ledger.client.accounts()}
    assert {number for number, how in informed.items() if how} == set(mailing.numbers)
    assert {how.medium for how in informed.values() if how} == {Medium.EMAIL}
    first = mailing.recipients[0].dossiers[0]
    link = LINK.findall(plain_text(arrived[0]))[0]
    follow(practice_with_senders, link, first)
    again = prepare(office, mailing, NOW)
    assert again.added == 0, "preparing it twice sends once"


def follow(practice: Practice, link: str, dossier: Dossier) -> None:
    """A parent opens the link that arrived."""
    assert dossier.patient.birth_date is not None
    with Visitor(practice.portal.address) as browser:
        path = link.removeprefix(practice.portal.address)
        browser.submit(path, then=WELCOME, birth_date=f"{dossier.patient.birth_date:%d%m%Y}")
        browser.submit(WELCOME, then=APPOINTMENTS, new_password="violon-marguerite-orage", email="p@exemple.fr")


def test_a_link_opens_nothing_before_its_message_has_left(office: Office, practice_with_senders: Practice) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 1)
    prepare(office, mailing, NOW)
    (waiting,) = office.ledger.outbox.waiting(mailing.campaign)
    body = message_from_bytes(waiting.body, policy=default).get_body(("plain",))
    assert body is not None
    link = LINK.findall(str(body.get_content()))[0]

    assert "Activer mon accès" not in requests.get(link, timeout=30).text
    send(office, mailing.campaign, control=Control())
    assert "Activer mon accès" in requests.get(link, timeout=30).text


def test_what_a_program_that_died_had_sent_is_told_when_the_application_starts(
    office: Office, practice_with_senders: Practice
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)
    outbox = office.ledger.outbox
    (first, _) = outbox.waiting(mailing.campaign)
    claimed = outbox.claim(mailing.campaign, ["email"])
    assert claimed is not None
    outbox.settle(claimed, Result(Outcome.SENT, ""))

    catch_up(practice_with_senders.desk())

    body = message_from_bytes(first.body, policy=default).get_body(("plain",))
    assert body is not None
    assert "Activer mon accès" in requests.get(LINK.findall(str(body.get_content()))[0], timeout=30).text
    with practice_with_senders.desk().portal() as portal:
        informed = {account.number for account in portal.desk.accounts() if account.informed}
    assert informed == set(first.numbers)


def test_a_computer_that_never_sent_asks_nothing_of_the_portal(own_practice: Practice) -> None:
    desk = own_practice.desk()
    catch_up(desk)
    assert not outbox_file(desk.state_dir, desk.config.cabinet).exists()


def test_two_parents_get_a_link_each(office: Office, practice_with_senders: Practice, boxes: LetterBoxes) -> None:
    dossiers = practice_with_senders.desk().read_source().dossiers
    separated = next(d for d in dossiers if len({a.email for a in d.addressees if a.email}) == 2)
    choice = Choice(Filters(numbers=frozenset({separated.number})), (ChannelKind.EMAIL,), both_parents=True)
    mailing = mailing_of(office, practice_with_senders, choice)
    prepare(office, mailing, NOW)
    send(office, mailing.campaign, control=Control())

    links = {LINK.findall(plain_text(path))[0] for path in boxes.mail.letters()}
    assert len(links) == 2


def test_sms_go_to_the_gateway_and_letters_to_one_file_in_the_same_journal(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes, tmp_path: Path
) -> None:
    by_sms = mailing_of(office, practice_with_senders, Choice(order=(ChannelKind.SMS,)), 3)
    by_letter = mailing_of(office, practice_with_senders, Choice(order=(ChannelKind.LETTER,)), 3)
    mailing = replace(by_sms, recipients=(*by_sms.recipients, *by_letter.recipients[1:]))
    prepare(office, mailing, NOW)
    send(office, mailing.campaign, control=Control())
    letters = office.texts.letters(office.settings)
    printed = print_letters(office, mailing, letters, tmp_path / "lettres.pdf")

    assert len(boxes.sms.messages()) == 3
    assert (printed.papers, printed.verified, printed.refused, printed.told_error) == (2, 2, (), None)
    assert (tmp_path / "lettres.pdf").read_bytes().startswith(b"%PDF")
    journal = journal_csv(office.ledger.outbox.journal(mailing.campaign), office.zone).splitlines()
    assert [line.split(";")[3] for line in journal[1:]] == ['"SMS"'] * 3 + ['"Lettre"'] * 2
    media = {one.informed.medium for one in office.ledger.client.accounts() if one.informed}
    assert media == {Medium.SMS, Medium.LETTER}


def test_a_code_that_has_died_since_does_not_leave(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 3)
    prepare(office, mailing, NOW)
    gone = mailing.numbers[1]
    handles = [one.handles for one in office.ledger.outbox.waiting(mailing.campaign) if one.numbers == (gone,)]
    office.issuer.discard(handles[0])
    report = send(office, mailing.campaign, control=Control())

    assert (report.counts[State.SENT], report.counts[State.FAILED]) == (2, 1)
    failed = next(one for one in office.ledger.outbox.journal(mailing.campaign) if one.state is State.FAILED)
    assert (failed.numbers, failed.detail) == (
        (gone,),
        "Le code ou le lien de ce message n’ouvre pas le dossier. Préparez-le de nouveau.",
    )
    assert len(boxes.mail.letters()) == 2


def test_a_campaign_that_was_stopped_goes_on_in_another_run(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL)
    prepare(office, mailing, NOW)
    control = Control()

    def stop_after_two(progress: Progress) -> None:
        if progress.counts[State.SENT] == 2:
            control.stop()

    assert send(office, mailing.campaign, control=control, on_progress=stop_after_two).stopped
    assert len(boxes.mail.letters()) == 2
    with open_office(practice_with_senders.desk()) as later:
        report = send(later, mailing.campaign, control=Control())

    assert report.counts[State.SENT] == 6
    assert len(boxes.mail.letters()) == 6


def test_who_is_being_written_to_elsewhere_is_left_to_that_computer(
    office: Office, practice_with_senders: Practice, tmp_path: Path
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    reception = second_computer(practice_with_senders, tmp_path / "second")
    with open_office(reception.desk()) as other:
        other.ledger.client.claim(new_campaign(), [mailing.numbers[0]])
        ready = prepare(office, mailing, NOW)

    assert [one.number for one in ready.taken] == [mailing.numbers[0]]
    assert ready.added == 1
    assert [why for _, why in ready.blocked] == [
        "Le poste «\u00a0ACCUEIL-2\u00a0» lui écrit en ce moment. Attendez la fin de son envoi."
    ]


def test_who_was_taken_over_during_a_long_pause_is_left_to_the_other_computer(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes, tmp_path: Path
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)
    office.ledger.client.release([mailing.campaign])
    with open_office(second_computer(practice_with_senders, tmp_path / "second").desk()) as other:
        other.ledger.client.claim(new_campaign(), [mailing.numbers[0]])
        report = send(office, mailing.campaign, control=Control())

    assert (report.counts[State.SENT], report.counts[State.FAILED]) == (1, 1)
    assert len(boxes.mail.letters()) == 1
    assert office.ledger.outbox.journal(mailing.campaign)[0].detail.startswith("Le poste «\u00a0ACCUEIL-2\u00a0»")


def test_who_is_taken_over_while_a_run_is_paused_is_left_to_the_other_computer(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes, tmp_path: Path
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)
    reception = second_computer(practice_with_senders, tmp_path / "second")
    slept = [0.0]

    def sleep_over(progress: Progress) -> None:
        """The laptop is closed after the first message, and its claim runs out."""
        if progress.last is State.SENT and not slept[0]:
            slept[0] = 3 * 3600.0
            office.ledger.client.release([mailing.campaign])
            with open_office(reception.desk()) as other:
                assert not other.ledger.client.claim(new_campaign(), mailing.numbers[1:])

    report = send(
        office, mailing.campaign, control=Control(), on_progress=sleep_over, now=lambda: time.time() + slept[0]
    )
    assert (report.counts[State.SENT], report.counts[State.FAILED]) == (1, 1)
    assert len(boxes.mail.letters()) == 1


def test_who_was_written_to_from_elsewhere_since_the_preparation_is_not_written_to_again(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes, tmp_path: Path
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)
    office.ledger.client.release([mailing.campaign])
    with open_office(second_computer(practice_with_senders, tmp_path / "second").desk()) as other:
        # The portal takes a later time than its own for now.
        later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        other.ledger.client.announce([Announcement(mailing.numbers[0], Medium.LETTER, later)])
    report = send(office, mailing.campaign, control=Control())

    assert (report.counts[State.SENT], report.counts[State.FAILED]) == (1, 1)
    assert len(boxes.mail.letters()) == 1
    left_out = office.ledger.outbox.journal(mailing.campaign)[0]
    assert (left_out.numbers, left_out.detail) == (
        mailing.recipients[0].numbers,
        WRITTEN,
    )


def test_the_other_parent_is_written_to_after_the_first_one_was_announced(
    office: Office, practice_with_senders: Practice, boxes: LetterBoxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = practice_with_senders.desk().read_source().dossiers
    separated = next(d for d in dossiers if len({a.email for a in d.addressees if a.email}) == 2)
    choice = Choice(Filters(numbers=frozenset({separated.number})), (ChannelKind.EMAIL,), both_parents=True)
    mailing = mailing_of(office, practice_with_senders, choice)
    prepare(office, mailing, NOW)
    control = Control()

    def stop_after_one(progress: Progress) -> None:
        if progress.last is State.SENT:
            control.stop()

    # Sent, by this computer's clock, well after it was prepared.
    monkeypatch.setattr(office.ledger.outbox, "_now", lambda: time.time() + 2)
    send(office, mailing.campaign, control=control, on_progress=stop_after_one)
    assert [one.number for one in office.ledger.client.accounts() if one.informed] == [separated.number]
    assert send(office, mailing.campaign, control=Control()).counts[State.SENT] == 2
    assert len(boxes.mail.letters()) == 2


def test_an_announcement_survives_a_portal_that_is_away(
    office: Office, practice_with_senders: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)

    def away(*_: object) -> None:
        raise PortalUnreachable("Le portail ne répond pas.", "Réessayez.")

    with monkeypatch.context() as patched:
        for name in ("activate_secrets", "announce"):
            patched.setattr(type(office.ledger.client), name, away)
        report = send(office, mailing.campaign, control=Control())
        assert report.activation_error is not None
    assert not any(one.informed for one in office.ledger.client.accounts())
    with open_office(practice_with_senders.desk()) as later:
        told = later.ledger.tell()

    assert (told.activated, told.announced, told.error) == (2, 2, None)
    assert sum(bool(one.informed) for one in office.ledger.client.accounts()) == 2


def test_hidden_patients_and_those_already_informed_are_not_chosen(
    office: Office, practice_with_senders: Practice
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 1)
    prepare(office, mailing, NOW)
    send(office, mailing.campaign, control=Control())
    dossiers = practice_with_senders.desk().read_source().dossiers
    other = next(d.number for d in dossiers if d.number != mailing.numbers[0])
    office.ledger.client.hide(other)
    selection = choose(dossiers, office.ledger.client.accounts(), Choice(), office.setting.today, [dossiers[-1].number])

    chosen = {number for one in selection.recipients for number in one.numbers}
    assert not chosen & {mailing.numbers[0], other, dossiers[-1].number}
    assert {one.reason.value for one in selection.left_out} >= {"already-informed", "opted-out"}


def test_a_message_whose_patient_was_reset_right_after_it_left_is_not_said_to_have_arrived(
    office: Office, practice_with_senders: Practice
) -> None:
    mailing = mailing_of(office, practice_with_senders, BY_EMAIL, 2)
    prepare(office, mailing, NOW)
    reset: list[str] = []

    def reset_the_first(progress: Progress) -> None:
        if progress.last is State.SENT and not reset:
            reset.append(mailing.numbers[0])
            office.ledger.client.reset(reset[0])

    report = send(office, mailing.campaign, control=Control(), on_progress=reset_the_first)

    assert "Refaites cet envoi" in str(report.activation_error)
    assert (report.counts[State.SENT], report.counts[State.FAILED]) == (1, 1)
    dead, alive = office.ledger.outbox.journal(mailing.campaign)
    assert (dead.numbers, dead.state, alive.state) == ((reset[0],), State.FAILED, State.SENT)
    assert [one.number for one in office.ledger.client.accounts() if one.informed] == list(mailing.numbers[1:])
