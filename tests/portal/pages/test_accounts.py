"""Comptabilité: the balance in a sentence, and money and dates in the tables."""

import datetime as dt

import msgspec
import pytest
from lxml import html as lxml_html

from cabinet.dossier import Balance, Dossier, Fee, Instalment, Patient
from portal.pages import addresses, render
from portal.pages.settings import PortalSettings
from tests.e2e import scenes
from tests.portal.pages.rich import CONTEXT, DOSSIER, SETTINGS

DAY = dt.date(2009, 4, 2)


def _schedule(dossier: Dossier, settings: PortalSettings = SETTINGS) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(render.schedule_page(dossier, settings, CONTEXT))


def _text(document: lxml_html.HtmlElement, key: str) -> str:
    return " ".join(document.xpath(f"//*[@data-element='{key}']")[0].text_content().replace("\n", " ").split(" "))


def _rows(document: lxml_html.HtmlElement) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in document.xpath("//tbody/tr")]


@pytest.mark.parametrize(
    ("balance", "sentence"),
    [
        (Balance(39000, DAY), "Solde restant dû\u00a0: 390\u00a0€ au 02/04/2009"),
        (Balance(39050, None), "Solde restant dû\u00a0: 390,50\u00a0€"),
        (Balance(0, DAY), "Solde restant dû\u00a0: 0\u00a0€ au 02/04/2009. Votre compte est à jour, merci."),
        (Balance(0, None), "Solde restant dû\u00a0: 0\u00a0€. Votre compte est à jour, merci."),
        (Balance(-2000, DAY), "Avoir en votre faveur\u00a0: 20\u00a0€ au 02/04/2009"),
        (Balance(-2000, None), "Avoir en votre faveur\u00a0: 20\u00a0€"),
        (None, "Le cabinet n’a pas indiqué de solde pour votre dossier. Pour toute question, appelez-le."),
    ],
)
def test_the_balance_is_said_in_a_sentence(balance: Balance | None, sentence: str) -> None:
    assert sentence in _text(_schedule(Dossier(Patient("1"), balance=balance)), "accounts.balance")


def test_the_procedures_own_schedule_reads_as_in_the_procedure() -> None:
    rows = _rows(_schedule(scenes.DOSSIER))
    assert rows[0] == ["1er SEMESTRE", "228,67\u00a0€", "228\u00a0€", "oui", "13/03/1995"]
    assert rows[4] == ["CONTENTION", "390,00\u00a0€", "390\u00a0€", "non", "02/10/2009"]


def test_the_fees_show_what_remains() -> None:
    dossier = Dossier(Patient("1"), fees=(Fee("1er sem. chir.", 39000, 39000, 0, dt.date(2020, 4, 2)),))
    document = lxml_html.fromstring(render.fees_page(dossier, SETTINGS, CONTEXT))
    assert _rows(document) == [["1er sem. chir.", "390,00\u00a0€", "390\u00a0€", "0\u00a0€", "02/04/2020"]]


def test_what_the_export_does_not_say_is_left_empty_and_never_made_up() -> None:
    dossier = Dossier(Patient("1"), instalments=(Instalment(),), fees=(Fee(),))
    assert _rows(_schedule(dossier)) == [["", "", "", "", ""]]
    assert _rows(lxml_html.fromstring(render.fees_page(dossier, SETTINGS, CONTEXT))) == [["", "", "", "", ""]]


def test_a_patient_without_lines_reads_a_sentence_instead_of_an_empty_table() -> None:
    empty = Dossier(Patient("1"))
    assert "Aucune échéance dans votre dossier." in _text(_schedule(empty), "accounts.schedule")
    fees = lxml_html.fromstring(render.fees_page(empty, SETTINGS, CONTEXT))
    assert "Aucun honoraire dans votre dossier." in _text(fees, "accounts.fees")


def test_the_switch_is_two_links_of_which_one_is_current() -> None:
    links = _schedule(DOSSIER).xpath("//*[@data-element='accounts.switch']/a")
    assert [(link.get("href"), link.get("aria-current")) for link in links] == [
        (addresses.ACCOUNTS, "page"),
        (addresses.FEES, None),
    ]


@pytest.mark.parametrize("hidden", ["accounts.schedule", "accounts.fees", "accounts.switch"])
def test_the_switch_is_gone_when_only_one_table_can_be_reached(hidden: str) -> None:
    document = _schedule(DOSSIER, msgspec.structs.replace(SETTINGS, hidden=(hidden,)))
    assert document.xpath("//*[@data-element='accounts.switch']") == []


def test_the_balance_does_not_send_to_a_contact_page_that_is_hidden() -> None:
    owed = Dossier(Patient("1"), balance=Balance(100))
    assert "Écrivez-nous depuis la page Contact." in _text(_schedule(owed), "accounts.balance")
    hidden = msgspec.structs.replace(SETTINGS, hidden=("contact",))
    assert "Contact" not in _text(_schedule(owed, hidden), "accounts.balance")


def test_whether_a_line_is_settled_is_an_icon_and_a_word() -> None:
    marks = _schedule(scenes.DOSSIER).xpath("//tbody//span[contains(@class, 'mark')]")
    assert [(mark.get("class"), mark.text_content(), len(mark.xpath("svg"))) for mark in marks[3:]] == [
        ("mark settled", "oui", 1),
        ("mark open", "non", 1),
    ]


def test_signs_of_html_in_a_label_are_shown_as_they_are() -> None:
    label = "1 < 2 & 3 > 2 &amp; « 100 % »"  # typed by a cabinet: nothing here is for the typographer
    assert _rows(_schedule(Dossier(Patient("1"), instalments=(Instalment(label, settled=True),))))[0][0] == label
