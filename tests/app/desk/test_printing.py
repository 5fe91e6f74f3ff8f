"""Paper with the portal's codes: valid once the file is there, and never when it is not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image, ImageOps

from app.desk.issuer import preview_issuer
from app.desk.ledger import open_outbox
from app.desk.office import Office, open_office
from app.desk.printing import paper_recipients, preview
from app.settings import DeskSettings, write_settings
from cabinet.dossier import Dossier
from cli.merge import command
from cli.visitor import Visitor
from merge.letters.output.binding import Binding, Form
from merge.letters.output.order import Order, in_order
from merge.letters.shipped import shipped_letters
from merge.letters.whole_file import OutputError
from merge.outbox import Draft, State
from merge.recipients import Recipient
from portal.api.desk import Medium
from portal.api.desk_client import DeskClient
from portal.api.errors import PortalUnreachable
from portal.api.transport import Patience
from portal.pages import addresses
from sync.cancel import CancelToken
from sync.errors import Cancelled
from tests.app.practice import Practice
from tests.merge.letters.conftest import Pages, need
from tests.merge.letters.output.disks import small_disk


@pytest.fixture
def dossiers(practice_with_senders: Practice) -> tuple[Dossier, ...]:
    return practice_with_senders.desk().read_source().dossiers


@pytest.fixture
def recipients(dossiers: tuple[Dossier, ...]) -> tuple[Recipient, ...]:
    return in_order(Order.POSTCODE, paper_recipients(dossiers[:8]))


def codes_of(path: Path, page: int = 1) -> list[str]:
    need("pdftoppm")
    return sorted(code.text for code in zxingcpp.read_barcodes(Pages(path).picture(page, dpi=200)))


def opens(link: str) -> bool:
    return "Activer mon accès" in requests.get(link, timeout=30).text


def states(office: Office) -> list[State]:
    outbox = office.ledger.outbox
    return [entry.state for campaign in outbox.campaigns() for entry in outbox.journal(campaign)]


def test_letters_carry_links_that_open_and_the_portal_knows(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    path = tmp_path / "lettres.pdf"
    report = office.press.letters(
        recipients, shipped_letters(), path, progress=lambda done, total: steps.append((done, total))
    )

    assert (report.papers, report.verified, report.refused, report.told_error) == (8, 8, (), None)
    assert steps[-1] == (8, 8)
    (link,) = codes_of(path)
    assert opens(link)
    assert states(office) == [State.SENT] * 8
    informed = {one.number: one.informed.medium for one in office.ledger.client.accounts() if one.informed}
    assert informed == {number: Medium.LETTER for one in recipients for number in one.numbers}


def test_one_patient_s_card_replaces_the_former_one_when_it_is_written(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path
) -> None:
    one = recipients[:1]
    office.press.cards(one, tmp_path / "a.pdf")
    (first,) = codes_of(tmp_path / "a.pdf")
    assert opens(first)
    with pytest.raises(OutputError):
        office.press.cards(one, tmp_path / "absent" / "b.pdf")
    assert opens(first), "nothing was written, so the former card lives"
    office.press.cards(one, tmp_path / "b.pdf")
    (second,) = codes_of(tmp_path / "b.pdf")

    assert opens(second)
    assert not opens(first)


def test_a_print_that_is_cancelled_leaves_neither_file_nor_code(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path
) -> None:
    cancel = CancelToken()
    path = tmp_path / "lettres.pdf"

    def stop_at_three(done: int, _: int) -> None:
        if done == 3:
            cancel.cancel()

    with pytest.raises(Cancelled):
        office.press.letters(recipients, shipped_letters(), path, progress=stop_at_three, cancel=cancel)

    assert list(tmp_path.glob("*.pdf")) == []
    assert states(office) == []
    assert not any(one.informed for one in office.ledger.client.accounts())


def test_codes_on_paper_become_valid_later_where_the_portal_went_away(
    office: Office,
    practice_with_senders: Practice,
    recipients: tuple[Recipient, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> None:
        raise PortalUnreachable("Le portail ne répond pas.", "Réessayez.")

    with monkeypatch.context() as patched:
        patched.setattr(type(office.ledger.client), "activate_secrets", away)
        report = office.press.cards(recipients[:2], tmp_path / "c.pdf")
    assert str(report.told_error) == "Le portail ne répond pas. Réessayez."
    link = codes_of(tmp_path / "c.pdf")[0]
    assert not opens(link)
    with open_office(practice_with_senders.desk()) as later:
        assert later.ledger.tell().activated == 2

    assert opens(link)


def test_whom_the_portal_does_not_show_is_refused_by_name(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path
) -> None:
    number = recipients[0].numbers[0]
    office.ledger.client.hide(number)
    report = office.press.letters(recipients, shipped_letters(), tmp_path / "l.pdf")

    assert report.papers == 7
    assert [problem.number for problem in report.refused] == [number]
    assert f"le dossier {number} n’est pas sur le portail" in report.refused[0].sentence
    assert states(office) == [State.SENT] * 7


def test_a_preview_is_the_same_letter_with_a_dummy_code(office: Office, recipients: tuple[Recipient, ...]) -> None:
    number = recipients[0].numbers[0]
    issuer = preview_issuer(office.portal.first_access, number, office.identity.site)
    (record,) = preview(office.setting, issuer, recipients[0])

    assert record.secret.link.endswith("/activer/EXEMPLE")
    assert record.secret.password_words.startswith("date de naissance")
    assert states(office) == []


def test_the_poster_leads_to_the_sign_in(office: Office, tmp_path: Path) -> None:
    office.press.poster(tmp_path / "affiche.pdf")

    assert codes_of(tmp_path / "affiche.pdf") == [f"{office.identity.portal}/c/{office.identity.code}"]


def test_the_outbox_s_key_is_made_once_and_kept_with_the_secrets(practice_with_senders: Practice) -> None:
    desk = practice_with_senders.desk()
    for _ in range(2):
        with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
            assert outbox.campaigns() == []


def merge(practice: Practice, *arguments: object) -> Result:
    options = ["--config", practice.config_file, "--state-dir", practice.state_dir]
    return CliRunner().invoke(command, [str(part) for part in (arguments[0], *options, *arguments[1:])])


def document(result: Result) -> dict[str, Any]:
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_the_command_line_prints_with_the_portal_s_codes(own_practice: Practice, tmp_path: Path) -> None:
    write_settings(DeskSettings(signatory="Docteur Exemple"), own_practice.desk().settings_file)
    numbers = [dossier.number for dossier in own_practice.desk().read_source().dossiers[:3]]
    only = [part for number in numbers for part in ("--only", number)]
    letters = merge(own_practice, "letters", "--out", tmp_path / "l.pdf", "--json", *only)
    cards = merge(own_practice, "cards", "--out", tmp_path / "c.pdf", *only)

    assert (letters.exit_code, document(letters)["written"], document(letters)["verified"]) == (0, 3, 3)
    assert cards.stdout == f"3 cartes, 3 accès vérifiés : {tmp_path / 'c.pdf'}\n"
    assert all(opens(link) for link in (*codes_of(tmp_path / "l.pdf"), *codes_of(tmp_path / "c.pdf")))


def test_an_email_in_a_letter_s_words_brings_a_code_and_a_link_that_open(
    own_practice: Practice, tmp_path: Path
) -> None:
    write_settings(DeskSettings(signatory="Docteur Exemple"), own_practice.desk().settings_file)
    written = document(
        merge(own_practice, "emails", "--out", tmp_path / "mails", "--template", "courte", "--only", "4802", "--json")
    )
    assert (written["written"], written["verified"]) == (1, 1)
    [file] = (tmp_path / "mails").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    [picture] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    with Image.open(BytesIO(picture.get_content())) as code:
        [read] = zxingcpp.read_barcodes(ImageOps.expand(code.convert("L"), 40, 255))
    page = message.get_body(("html",))
    assert page is not None
    assert f'href="{read.text}"' in page.get_content()
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page.get_content()
    assert opens(read.text)


def test_a_household_s_letter_makes_every_childs_link_valid_and_tells_of_each(
    own_practice: Practice, tmp_path: Path
) -> None:
    write_settings(DeskSettings(signatory="Docteur Exemple"), own_practice.desk().settings_file)
    family = ("--only", "4808", "--only", "4809", "--household", "--json")
    printed = document(merge(own_practice, "letters", "--out", tmp_path / "l.pdf", *family))

    assert (printed["written"], printed["verified"], printed["problems"]) == (1, 2, [])
    links = codes_of(tmp_path / "l.pdf")
    assert len(links) == 2
    assert all(map(opens, links))
    with open_office(own_practice.desk()) as office:
        informed = {one.number for one in office.ledger.client.accounts() if one.informed}
    assert informed == {"4808", "4809"}


def test_a_reminder_goes_to_those_who_never_signed_in(own_practice: Practice, tmp_path: Path) -> None:
    write_settings(DeskSettings(signatory="Docteur Exemple"), own_practice.desk().settings_file)
    dossiers = own_practice.desk().read_source().dossiers
    first = next(dossier for dossier in dossiers if dossier.patient.birth_date)
    merge(own_practice, "cards", "--out", tmp_path / "c.pdf", "--only", first.number)
    [link] = codes_of(tmp_path / "c.pdf")
    with Visitor(own_practice.portal.address) as browser:
        browser.submit(urlsplit(link).path, then=addresses.WELCOME, birth_date=f"{first.patient.birth_date:%d%m%Y}")
        chosen = {"new_password": "un-mot-de-passe-neuf", "email": "lina@exemple.fr"}
        browser.submit(addresses.WELCOME, then=addresses.APPOINTMENTS, **chosen)

    options = ("--never-signed-in", "--template", "relance", "--json")
    reminded = document(merge(own_practice, "letters", "--out", tmp_path / "l.pdf", *options))

    assert reminded["written"] + len({one["number"] for one in reminded["problems"]}) == len(dossiers) - 1
    text = "".join(Pages(tmp_path / "l.pdf").text(page) for page in range(1, reminded["written"] + 1))
    assert f"Dossier n°\u00a0{first.number}" not in text
    assert text.count("vous ne l’avez pas encore ouvert") == reminded["written"]


def test_the_command_line_writes_emails_whose_links_open(own_practice: Practice, tmp_path: Path) -> None:
    emails = merge(own_practice, "emails", "--out", tmp_path / "mails", "--json")
    sms = merge(own_practice, "sms", "--out", tmp_path / "sms.csv", "--json")
    with open_office(own_practice.desk()) as office:
        informed = [one for one in office.ledger.client.accounts() if one.informed]

    written = document(emails)
    assert written["written"] == written["verified"] == len(list((tmp_path / "mails").iterdir()))
    assert document(sms)["written"] > 0
    assert len(informed) >= written["written"]


def test_a_portal_that_is_away_is_told_and_nothing_is_written(
    own_practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.api.conversation.Patience", lambda: Patience(attempts=1))
    config = own_practice.config_file
    config.write_text(config.read_text().replace(own_practice.portal.address, "http://127.0.0.1:1"))
    secrets = own_practice.folder / "s.json"
    secrets.write_text(secrets.read_text().replace(own_practice.portal.address, "http://127.0.0.1:1"))
    result = merge(own_practice, "letters", "--out", tmp_path / "l.pdf", "--json")

    assert (result.exit_code, document(result)["exit_code"]) == (3, 3)
    assert list(tmp_path.glob("*.pdf")) == []


@contextmanager
def portal_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While the file was written, the portal is gone: it hears of the codes in it later."""

    def away(*_: object) -> None:
        raise PortalUnreachable("Le portail ne répond pas.", "Réessayez.")

    with monkeypatch.context() as patched:
        patched.setattr(type(office.ledger.client), "activate_secrets", away)
        yield


def test_codes_that_the_portal_forgot_meanwhile_keep_nothing_else_waiting(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal_away(office, monkeypatch):
        office.press.cards(recipients[:1], tmp_path / "a.pdf", campaign="carte")
    office.ledger.client.reset(recipients[0].numbers[0])
    other = recipients[1].numbers[0]
    office.ledger.outbox.begin("sms", [Draft("sms", "sms", (other,), "", "", b"")])
    office.ledger.outbox.end(["sms"], "")

    told = office.ledger.tell()
    assert told.error is not None
    assert "Refaites cet envoi" in str(told.error)
    (card,) = office.ledger.outbox.journal("carte")
    assert (card.state, card.detail) == (State.FAILED, str(told.error))
    assert [one.number for one in office.ledger.client.accounts() if one.informed] == [other]
    assert office.ledger.tell().error is None


def test_of_two_cards_the_one_that_the_portal_forgot_is_named_and_informs_nobody(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal_away(office, monkeypatch):
        office.press.cards(recipients[:2], tmp_path / "a.pdf", campaign="cartes")
    office.ledger.client.reset(recipients[0].numbers[0])

    told = office.ledger.tell()
    assert (told.activated, told.announced) == (1, 1)
    dead, alive = office.ledger.outbox.journal("cartes")
    assert (dead.numbers, dead.state, dead.detail) == (recipients[0].numbers, State.FAILED, str(told.error))
    assert (alive.state, alive.detail) == (State.SENT, "Fichier prêt à imprimer")
    assert opens(codes_of(tmp_path / "a.pdf")[1]) != opens(codes_of(tmp_path / "a.pdf")[0])
    assert [one.number for one in office.ledger.client.accounts() if one.informed] == list(recipients[1].numbers)


def test_what_an_earlier_print_lost_is_not_said_of_this_one(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal_away(office, monkeypatch):
        office.press.cards(recipients[:1], tmp_path / "a.pdf", campaign="avant")
    office.ledger.client.reset(recipients[0].numbers[0])
    report = office.press.cards(recipients[1:2], tmp_path / "b.pdf")

    assert report.told_error is None
    assert opens(codes_of(tmp_path / "b.pdf")[0])
    assert [entry.state for entry in office.ledger.outbox.journal("avant")] == [State.FAILED]


def test_a_print_whose_codes_were_forgotten_says_to_prepare_it_again(
    own_practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = own_practice.desk().read_source().dossiers[0].number
    monkeypatch.setattr(DeskClient, "activate_secrets", lambda _, handles: tuple(handles))
    result = merge(own_practice, "cards", "--out", tmp_path / "c.pdf", "--only", number, "--json")

    assert result.exit_code == 1
    warning = document(result)["warning"].replace("\u00a0", " ")
    assert warning == (
        "Ces codes et ces liens ont été oubliés ou remplacés entre-temps : ils n’ouvriront rien. Refaites cet envoi."
    )


def test_a_folder_that_is_not_free_or_a_disk_that_is_full_leaves_no_code(
    office: Office, recipients: tuple[Recipient, ...], tmp_path: Path
) -> None:
    taken = tmp_path / "lettres"
    taken.mkdir()
    (taken / "autre.pdf").touch()
    for binding in (Binding(Form.EACH, mail_house=True), Binding(Form.BATCHES, 2)):
        with pytest.raises(OutputError, match="existe déjà"):
            office.press.letters(recipients, shipped_letters(), taken, binding=binding)
    with small_disk(tmp_path / "disque", 16 * 1024) as disk:
        with pytest.raises(OutputError, match="le disque est plein"):
            office.press.letters(recipients, shipped_letters(), disk / "l.pdf")
        assert list(disk.iterdir()) == []

    assert [path.name for path in taken.iterdir()] == ["autre.pdf"]
    assert states(office) == []
    assert not any(one.informed for one in office.ledger.client.accounts())
