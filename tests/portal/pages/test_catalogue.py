"""The element catalogue against the pages: each element shows, each hides with its data, and nothing else is shown."""

from functools import cache

import msgspec
import pytest
from lxml import html as lxml_html

from portal.pages.elements import BY_KEY, ELEMENTS
from portal.pages.formats import French
from tests.portal.pages.rich import CONTEXT, DOSSIER, REPLY_TO, SETTINGS, every_page

FORMATS = French()
HIDEABLE = [element.key for element in ELEMENTS if not element.essential]
NEXT, LAST = DOSSIER.appointments[2], DOSSIER.appointments[0]
PATIENT, INSTALMENT, FEE = DOSSIER.patient, DOSSIER.instalments[0], DOSSIER.fees[0]

DATA: dict[str, set[str]] = {
    "Cabinet Quenouille": {"header.title"},
    "7 rue Palourde": {"header.address", "information.address"},
    "logoquartz": {"header.logo"},
    "feuille": {"dossier.photo"},
    "planazur": {"contact.access.image"},
    "Titre Ocarina": {"information.title"},
    "Bonjour Marmotte": {"information.greeting"},
    "Lundi Tulipe": {"information.hours"},
    "03 00 00 00 08": {"information.fax"},
    "Arrêt Girouette": {"contact.access.text"},
    "carte.exemple.fr": {"contact.access.route"},
    REPLY_TO: {"contact.form.reply_to"},
    "N4242": {"header.patient"},
    "Madame": {"dossier.civility"},
    "TOURNESOL": {"dossier.last_name", "header.patient"},
    "Capucine": {"dossier.first_name", "header.patient"},
    "13/01/2011": {"dossier.birth_date"},
    "17/02/2028": {"dossier.treatment_start"},
    "Nature Abricot": {"appointments.next.kind", "appointments.upcoming.kind"},
    "Nature Bleuet": {"appointments.history.kind"},
    "Docteur Pivoine": {"appointments.next.practitioner", "appointments.upcoming.practitioner"},
    "Docteur Quartz": {"appointments.history.practitioner"},
    "27\u00a0min": {"appointments.next.duration", "appointments.upcoming.duration"},
    "33\u00a0min": {"appointments.history.duration"},
    FORMATS.long_date(NEXT.start): {"appointments.next.date"},
    FORMATS.date_time(NEXT.start): {"appointments.upcoming.date"},
    FORMATS.date_time(LAST.start): {"appointments.history.date"},
    "manqué un rendez-vous": {"appointments.missed"},
    "Échéance Violette": {"accounts.schedule.label"},
    "1\u00a0011,01\u00a0€": {"accounts.schedule.total"},
    "1\u00a0021,02\u00a0€": {"accounts.schedule.amount"},
    "06/05/2029": {"accounts.schedule.date"},
    "Honoraire Safran": {"accounts.fees.label"},
    "2\u00a0012,01\u00a0€": {"accounts.fees.total"},
    "2\u00a0022,02\u00a0€": {"accounts.fees.amount"},
    "2\u00a0032,03\u00a0€": {"accounts.fees.remaining"},
    "08/07/2029": {"accounts.fees.date"},
    "3\u00a0043,04\u00a0€": {"accounts.balance"},
    "03 00 00 00 07": {
        "information.phone",
        "contact.form.urgent",
        "sign_in.where.phone",
    },
    "tel:+33300000007": {
        "information.phone",
        "header.call",
        "appointments.next.call",
        "contact.form.urgent",
        "sign_in.where.phone",
    },
    "20300312T1535": {"appointments.next.calendar"},
}
"""A value of the rich dossier or settings -> every element that shows it."""

FORGOTTEN_PHONE = "forgotten"
"""A page before the sign-in says the cabinet's number to whoever cannot get in: no element of the tree."""


@cache
def _pages(hidden: tuple[str, ...] = ()) -> dict[str, str]:
    return every_page(msgspec.structs.replace(SETTINGS, hidden=hidden))


def _keys(page: str) -> set[str]:
    return set(lxml_html.fromstring(page).xpath("//@data-element"))


def _all_keys(hidden: tuple[str, ...] = ()) -> set[str]:
    return set().union(*(_keys(page) for page in _pages(hidden).values()))


def test_each_element_of_the_catalogue_is_shown_on_some_page() -> None:
    assert set(BY_KEY) - _all_keys() == set()


def test_nothing_is_marked_that_the_catalogue_does_not_declare() -> None:
    assert _all_keys() - set(BY_KEY) == set()


@pytest.mark.parametrize("key", HIDEABLE)
def test_a_hidden_element_and_what_stands_in_it_are_gone_from_every_page(key: str) -> None:
    gone = {each for each in HIDEABLE if each == key or each.startswith(f"{key}.")}
    shown = {name: _keys(page) for name, page in _pages((key,)).items()}

    # The page of a hidden button is not rendered at all: the server answers 404 (portal.pages.navigation).
    closed = {"dossier": {"change_password", "change_email"}}
    own = {"appointments": {"appointments"}, "accounts": {"schedule", "fees"}, "contact": {"contact"}}
    own |= {"dossier.change_password": {"change_password"}, "dossier.change_email": {"change_email"}}
    skipped = own.get(key, set()) | closed.get(key, set())
    assert [(name, found) for name, keys in shown.items() if name not in skipped and (found := keys & gone)] == []


@pytest.mark.parametrize("key", HIDEABLE)
def test_hiding_an_element_leaves_the_others_where_they_were(key: str) -> None:
    related = {each for each in BY_KEY if each == key or each.startswith(f"{key}.")}
    also = {
        "accounts.schedule": {"accounts.switch"},
        "accounts.fees": {"accounts.switch"},
    }
    assert _all_keys() - _all_keys((key,)) <= related | also.get(key, set())


@pytest.mark.parametrize("datum", DATA)
def test_a_value_is_shown_until_every_element_that_shows_it_is_hidden(datum: str) -> None:
    showing = sorted(DATA[datum])
    assert any(datum in page for page in _pages().values())
    for left_visible in showing:
        hidden = tuple(key for key in showing if key != left_visible)
        assert any(datum in page for page in _pages(hidden).values()), left_visible

    pages = _pages(tuple(showing))
    assert [name for name, page in pages.items() if datum in page and name != FORGOTTEN_PHONE] == []


def test_no_visible_text_stands_outside_the_catalogue() -> None:
    for name, page in _pages().items():
        body = lxml_html.fromstring(page).find("body")
        stray = body.xpath(".//text()[normalize-space() and not(ancestor::*[@data-element])]")
        assert stray == [], name


def test_no_image_or_control_stands_outside_the_catalogue() -> None:
    drawn = "self::img or self::a or self::button or self::textarea or self::input[not(@type='hidden')]"
    for name, page in _pages().items():
        body = lxml_html.fromstring(page).find("body")
        stray = body.xpath(f".//*[{drawn}][not(ancestor-or-self::*[@data-element])]")
        assert [element.tag for element in stray] == [], name


def test_a_patient_whose_cabinet_hides_everything_still_finds_the_way_out() -> None:
    page = _pages(tuple(HIDEABLE))["home"]
    assert {"header.sign_out", "footer.as_of", "footer.privacy", "home"} <= _keys(page)
    for datum in DATA:
        assert datum not in page


def test_the_preview_can_tell_which_column_a_cell_belongs_to() -> None:
    document = lxml_html.fromstring(_pages()["fees"])
    table = document.xpath("//table")[0]
    headers = table.xpath(".//thead//th/@data-element")
    assert headers == [f"accounts.fees.{name}" for name in ("label", "total", "amount", "remaining", "date")]
    assert all(row.xpath("./*/@data-element") == headers for row in table.xpath(".//tbody/tr"))


def test_the_notice_is_announced_and_stands_in_the_page() -> None:
    notice = lxml_html.fromstring(_pages()["appointments"]).xpath("//main//*[@role='status']")
    assert [element.text_content().strip() for element in notice] == [CONTEXT.notice]
