"""The first visit, in both levels, from a letter in the hand to a password of one's own."""

import datetime as dt

import msgspec
import pytest
import time_machine

from cabinet.dossier import Addressee, Dossier
from portal.api.desk import Medium
from portal.server.accounts import first_visit, links
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink, PendingAnswer, Session
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import (
    AT_ONCE,
    BY_CODE,
    BY_PATTERN,
    OTHER_PASSWORD,
    PASSWORD,
    Browser,
    activate,
    configure,
    letters,
    path_in,
    path_of,
    sent,
    staged,
    text_of,
    with_access,
)
from tests.portal.server.support import Publisher, make_dossier

NEUTRAL = "Si ces informations correspondent à un dossier, un e-mail part maintenant"
REFUSED = "Ces informations ne correspondent pas, ou un mot de passe a déjà été choisi."
DEAD = "Il a déjà servi, ou il est trop ancien."
BIRTH = "15042012"


def two_parents(number: str = "77") -> Dossier:
    return make_dossier(
        number,
        addressees=(
            Addressee("Madame", "MARTINEAU", "Anne", email="anne@exemple.fr"),
            Addressee("Monsieur", "MARTINEAU", "Luc", email="luc@exemple.fr"),
        ),
    )


# The `confirmed` level


def test_a_right_birth_date_opens_nothing_but_sends_a_link_to_the_contact_on_file(published: Cabinet) -> None:
    browser = Browser()
    answer = browser.first_visit("5312", "15/04/2012")
    assert answer.status_code == 200
    assert NEUTRAL in answer.content.decode()
    assert not browser.is_in()
    [letter] = letters()
    assert letter["To"] == "parent@exemple.fr"
    assert letter["Subject"] == "Votre première visite sur le portail"
    browser.post(path_in(letter))
    assert browser.choose(PASSWORD, "choisi@exemple.fr").headers["Location"] == "/rendez-vous?avis=bienvenue"
    assert browser.is_in()
    [letter, to_contact] = letters()
    assert letter["To"] == "choisi@exemple.fr"
    assert letter["Subject"] == "Votre accès au portail est créé"
    assert to_contact["To"] == "parent@exemple.fr"


@pytest.mark.parametrize(("number", "secret"), [("5312", "16042012"), ("9999", BIRTH), ("0042", BIRTH), ("A-7", BIRTH)])
def test_a_wrong_secret_or_a_patient_without_contact_gets_the_same_answer_and_no_letter(
    published: Cabinet, number: str, secret: str
) -> None:
    right, wrong = Browser().first_visit("5312", BIRTH), Browser().first_visit(number, secret)
    assert letters()[0]["To"] == "parent@exemple.fr"
    assert letters() == []
    assert wrong.status_code == right.status_code
    assert NEUTRAL in wrong.content.decode()
    assert (
        "Le cabinet n’a pas votre adresse e-mail\u00a0? Utilisez le QR code de votre lettre" in wrong.content.decode()
    )


def test_opening_a_mailed_link_changes_nothing_because_mail_scanners_open_links(published: Cabinet) -> None:
    Browser().first_visit("5312", BIRTH)
    path = path_in(letters()[0])
    for _ in range(3):
        assert "Ce lien ne sert qu’une fois." in Browser().get(path).content.decode()
    assert Session.objects.of(published).count() == 0
    assert Browser().post(path).headers["Location"] == "/bienvenue"


def test_a_mailed_link_serves_once(published: Cabinet) -> None:
    Browser().first_visit("5312", BIRTH)
    path = path_in(letters()[0])
    assert Browser().post(path).status_code == 303
    again = Browser().post(path)
    assert again.status_code == 404
    assert DEAD in again.content.decode()
    assert DEAD in Browser().get(path).content.decode()


def test_a_mailed_link_lives_an_hour(published: Cabinet) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        Browser().first_visit("5312", BIRTH)
        path = path_in(letters()[0])
        clock.shift(dt.timedelta(minutes=59))
        assert Browser().get(path).status_code == 200
        clock.shift(dt.timedelta(minutes=1))
        assert Browser().get(path).status_code == 404


def test_each_of_two_parents_gets_a_link_and_a_password_of_their_own(publisher: Publisher) -> None:
    publisher.publish(two_parents())
    Browser().first_visit("77", BIRTH)
    for_anne, for_luc = letters()
    assert (for_anne["To"], for_luc["To"]) == ("anne@exemple.fr", "luc@exemple.fr")
    anne, luc = Browser(), Browser()
    anne.post(path_in(for_anne))
    anne.choose(PASSWORD, "anne@exemple.fr")
    luc.post(path_in(for_luc))
    luc.choose(OTHER_PASSWORD, "luc@exemple.fr")
    assert anne.is_in()
    assert luc.is_in()
    assert Browser().sign_in("77", PASSWORD).status_code == 303
    assert Browser().sign_in("77", OTHER_PASSWORD).status_code == 303
    letters()


def test_a_contact_that_has_an_access_is_told_so_and_the_other_gets_a_link(publisher: Publisher) -> None:
    publisher.publish(two_parents())
    Browser().first_visit("77", BIRTH)
    anne = Browser()
    anne.post(path_in(letters()[0]))
    anne.choose(PASSWORD, "autre@exemple.fr")
    letters()
    with time_machine.travel(dt.datetime.now(dt.UTC) + links.MAILED_ANEW_AFTER):
        Browser().first_visit("77", BIRTH)
        for_anne, for_luc = letters()
    assert for_anne["Subject"] == "Vous avez déjà un accès au portail"
    assert path_in(for_anne) == "/mot-de-passe-oublie"
    assert path_in(for_luc).startswith("/premiere-visite/")


def test_asking_again_does_not_take_the_first_link_out_of_a_parents_hand(published: Cabinet) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        Browser().first_visit("5312", BIRTH)
        first = path_in(letters()[0])
        clock.shift(dt.timedelta(minutes=10))
        Browser().first_visit("5312", BIRTH)
        second = path_in(letters()[0])
        browser = Browser()
        browser.post(first)
        browser.choose(PASSWORD)
        assert browser.is_in()
        assert Browser().post(second).status_code == 404


def test_whoever_asks_again_and_again_does_not_fill_a_familys_letter_box(publisher: Publisher) -> None:
    publisher.publish(two_parents())
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        sent = []
        for _ in range(4 * 12):
            assert NEUTRAL in Browser().first_visit("77", BIRTH).content.decode()
            sent.append(len(letters()))
            clock.shift(dt.timedelta(minutes=5))
        assert sent == [2, 0] * 5 + [0] * 38
        clock.shift(dt.timedelta(hours=20))
        Browser().first_visit("77", BIRTH)
        assert len(letters()) == 2


def test_a_link_that_was_used_is_followed_by_another_at_once(published: Cabinet) -> None:
    Browser().first_visit("5312", BIRTH)
    Browser().post(path_in(letters()[0]))
    Browser().first_visit("5312", BIRTH)
    assert len(letters()) == 1


def test_numbers_and_codes_are_forgiving_of_case_and_spaces(published: Cabinet) -> None:
    Browser().first_visit(" 53 12 ", "15 04 2012", code=" SouRire ")
    assert len(letters()) == 1


@pytest.mark.parametrize("field", ["cabinet_code", "patient_number", "secret"])
def test_an_incomplete_form_says_what_is_missing_and_keeps_the_rest(published: Cabinet, field: str) -> None:
    fields = {"cabinet_code": "sourire", "patient_number": "5312", "secret": "01022003"} | {field: " "}
    page = Browser().post("/premiere-visite", fields).content.decode()
    assert (
        "Remplissez les trois zones\u00a0: le code du cabinet, votre identifiant et votre code de première visite."
        in page
    )
    assert page.count('aria-invalid="true"') == 1
    assert "01022003" not in page
    assert PendingAnswer.objects.across_cabinets().count() == 0


def test_an_unknown_cabinet_code_is_said(published: Cabinet) -> None:
    page = Browser().first_visit("5312", BIRTH, code="inconnu").content.decode()
    assert "Aucun cabinet n’a ce code." in page


# The level of the original procedure


def test_in_the_level_of_the_procedure_the_birth_date_opens_at_once(published: Cabinet) -> None:
    configure(published, first_access=AT_ONCE)
    browser = Browser()
    assert browser.first_visit("5312", BIRTH).headers["Location"] == "/bienvenue"
    assert browser.choose().status_code == 303
    assert browser.is_in()


def test_the_pattern_of_the_cabinet_opens_at_once(published: Cabinet) -> None:
    configure(published, first_access=BY_PATTERN)
    assert Browser().first_visit("5312", BIRTH).status_code == 200
    assert Browser().first_visit("5312", "5312APO").headers["Location"] == "/bienvenue"


@pytest.mark.parametrize(("number", "secret"), [("5312", "16042012"), ("9999", BIRTH), ("A-7", BIRTH)])
def test_what_does_not_open_says_the_same_whatever_the_reason(published: Cabinet, number: str, secret: str) -> None:
    configure(published, first_access=AT_ONCE)
    answer = Browser().first_visit(number, secret)
    assert answer.status_code == 200
    assert REFUSED in answer.content.decode()


def test_an_initial_secret_is_dead_once_there_is_an_access(published: Cabinet) -> None:
    configure(published, first_access=AT_ONCE)
    first = Browser()
    first.first_visit("5312", BIRTH)
    first.choose()
    answer = Browser().first_visit("5312", BIRTH)
    assert REFUSED in answer.content.decode()


def test_of_two_first_visits_with_the_same_secret_only_the_first_to_finish_gets_in(published: Cabinet) -> None:
    configure(published, first_access=AT_ONCE)
    quick, slow = Browser(), Browser()
    quick.first_visit("5312", BIRTH)
    slow.first_visit("5312", BIRTH)
    quick.choose(PASSWORD)
    late = slow.choose(OTHER_PASSWORD)
    assert "Un mot de passe a déjà été choisi avec ce code ou ce lien." in late.content.decode()
    assert not slow.is_in()
    assert Access.objects.of(published).count() == 1


# Personal codes


def test_a_personal_code_opens_for_a_patient_without_contact(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    code = sent(published, "0042").code
    browser = Browser()
    assert browser.first_visit("0042", code.lower().replace("-", " ")).headers["Location"] == "/bienvenue"
    browser.choose()
    assert browser.is_in()
    assert NEUTRAL in Browser().first_visit("0042", code).content.decode()


def test_a_personal_code_opens_whatever_the_policy_has_become(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    code = sent(published, "0042").code
    configure(published)
    assert Browser().first_visit("0042", code).headers["Location"] == "/bienvenue"


def test_a_personal_code_survives_an_interrupted_first_visit(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    code = sent(published, "0042").code
    Browser().first_visit("0042", code)
    assert Browser().first_visit("0042", code).headers["Location"] == "/bienvenue"


def test_a_personal_code_is_worth_nothing_before_it_is_activated_or_with_another_number(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    secret = staged(published, "0042")
    assert NEUTRAL in Browser().first_visit("0042", secret.code).content.decode()
    activate(published, secret)
    assert NEUTRAL in Browser().first_visit("5312", secret.code).content.decode()


def test_a_new_code_kills_the_former_one_only_when_it_is_activated(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    former, new = staged(published, "0042"), staged(published, "0042")
    activate(published, former)
    assert Browser().first_visit("0042", former.code).status_code == 303
    activate(published, new)
    assert Browser().first_visit("0042", former.code).status_code == 200
    assert Browser().first_visit("0042", new.code).status_code == 303


def test_codes_are_stored_as_keyed_hashes_only(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    code = sent(published, "0042").code
    row = OneTimeLink.objects.of(published).get()
    assert len(row.code_hash) == 64
    assert code.replace("-", "") not in row.code_hash


def test_a_personal_code_lives_60_days_from_its_activation(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        secret = staged(published, "0042")
        clock.shift(dt.timedelta(days=3))
        activate(published, secret)
        clock.shift(dt.timedelta(days=60) - dt.timedelta(seconds=1))
        assert Browser().first_visit("0042", secret.code).headers["Location"] == "/bienvenue"
        clock.shift(dt.timedelta(seconds=1))
        assert NEUTRAL in Browser().first_visit("0042", secret.code).content.decode()


def test_wrong_birth_dates_that_kill_a_link_leave_its_code_alone(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    secret = sent(published)
    for _ in range(5):
        Browser().post(path_of(secret), {"birth_date": "01012012"})
    assert Browser().post(path_of(secret), {"birth_date": BIRTH}).status_code == 404
    assert Browser().first_visit("5312", secret.code).headers["Location"] == "/bienvenue"


@pytest.mark.parametrize("by_code", [True, False])
def test_the_first_visit_by_a_letters_code_or_link_is_the_end_of_both(published: Cabinet, by_code: bool) -> None:
    configure(published, first_access=BY_CODE)
    secret = sent(published)
    browser, slow = Browser(), Browser()
    if by_code:
        browser.first_visit("5312", secret.code)
        slow.post(path_of(secret), {"birth_date": BIRTH})
    else:
        browser.post(path_of(secret), {"birth_date": BIRTH})
        slow.first_visit("5312", secret.code)
    browser.choose()
    assert browser.is_in()
    assert "Un mot de passe a déjà été choisi" in slow.choose(OTHER_PASSWORD).content.decode()
    assert Browser().get(path_of(secret)).status_code == 404
    assert NEUTRAL in Browser().first_visit("5312", secret.code).content.decode()


def test_when_a_first_visit_ends_the_card_that_lies_in_a_drawer_opens_nothing(published: Cabinet) -> None:
    configure(published, first_access=BY_CODE)
    card, neighbours = sent(published, medium=Medium.CARD), sent(published, "0042", Medium.CARD)
    in_print, letter = staged(published, medium=Medium.CARD), sent(published)
    configure(published)
    slow = Browser()
    slow.first_visit("5312", card.code)
    with_access()
    assert "Un mot de passe a déjà été choisi" in slow.choose(OTHER_PASSWORD).content.decode()
    assert NEUTRAL in Browser().first_visit("5312", card.code).content.decode()
    assert Browser().get(path_of(letter)).status_code == 404
    assert Browser().first_visit("0042", neighbours.code).headers["Location"] == "/bienvenue"
    activate(published, in_print)
    assert Browser().first_visit("5312", in_print.code).headers["Location"] == "/bienvenue"


def test_of_two_parents_each_has_a_secret_of_their_own(publisher: Publisher) -> None:
    """What one of them is sent again, or uses, takes nothing from the other; what else the same one has dies."""
    publisher.publish(two_parents("5312"))
    cabinet = publisher.cabinet
    configure(cabinet, first_access=BY_CODE)
    of_anne, of_luc = staged(cabinet), staged(cabinet, contact="Luc", email="luc@exemple.fr")
    activate(cabinet, of_anne, of_luc)
    card = sent(cabinet, medium=Medium.CARD)
    again = sent(cabinet)
    assert NEUTRAL in Browser().first_visit("5312", of_anne.code).content.decode()
    browser = Browser()
    browser.first_visit("5312", again.code)
    browser.choose()
    assert NEUTRAL in Browser().first_visit("5312", card.code).content.decode()
    other = Browser()
    assert other.first_visit("5312", of_luc.code).headers["Location"] == "/bienvenue"
    assert "luc@exemple.fr" in other.get("/bienvenue").content.decode()
    other.choose(OTHER_PASSWORD, "luc@exemple.fr")
    assert other.is_in()
    assert Access.objects.of(cabinet).filter(number="5312").count() == 2


def test_a_mailed_first_visit_of_one_parent_leaves_the_others_letter_alone(publisher: Publisher) -> None:
    publisher.publish(two_parents("5312"))
    of_anne = sent(publisher.cabinet, email="anne@exemple.fr")
    of_luc = sent(publisher.cabinet, contact="Luc", email="luc@exemple.fr")
    Browser().first_visit("5312", BIRTH)
    [to_anne] = [letter for letter in letters() if letter["To"] == "anne@exemple.fr"]
    anne = Browser()
    anne.post(path_in(to_anne))
    anne.choose()
    assert anne.is_in()
    assert Browser().get(path_of(of_anne)).status_code == 404
    assert Browser().get(path_of(of_luc)).status_code == 200


def test_every_access_that_there_is_is_told_of_a_new_one(published: Cabinet) -> None:
    with_access(email="choisi@exemple.fr")
    path = activated(published)
    stranger = Browser()
    stranger.post(path, {"birth_date": BIRTH})
    stranger.choose(OTHER_PASSWORD, "autre@exemple.fr")
    told = [letter for letter in letters() if letter["Subject"] == "Un accès de plus à votre dossier"]
    assert [letter["To"] for letter in told] == ["choisi@exemple.fr"]
    assert "Vous ne savez pas qui l’a créé\u00a0?" in text_of(told[0])


# Scan to activate


def activated(cabinet: Cabinet, medium: Medium = Medium.LETTER, contact: str = "Anne", email: str = "") -> str:
    return path_of(sent(cabinet, "5312", medium, contact, email))


def test_scan_type_the_birth_date_choose_a_password_done(published: Cabinet) -> None:
    path = activated(published)
    browser = Browser()
    assert "Date de naissance du patient" in browser.get(path).content.decode()
    assert browser.post(path, {"birth_date": "15/4/2012"}).headers["Location"] == "/bienvenue"
    browser.choose()
    assert browser.is_in()
    assert DEAD in Browser().get(path).content.decode()


def test_an_interrupted_parent_can_scan_the_letter_again(published: Cabinet) -> None:
    path = activated(published)
    Browser().post(path, {"birth_date": BIRTH})
    assert Browser().post(path, {"birth_date": BIRTH}).headers["Location"] == "/bienvenue"


def test_one_printed_link_makes_one_access(published: Cabinet) -> None:
    path = activated(published)
    quick, slow = Browser(), Browser()
    for browser in (quick, slow):
        browser.post(path, {"birth_date": BIRTH})
    quick.choose(PASSWORD)
    assert "Un mot de passe a déjà été choisi" in slow.choose(OTHER_PASSWORD).content.decode()
    assert Access.objects.of(published).count() == 1


def test_five_wrong_birth_dates_kill_a_printed_link(published: Cabinet) -> None:
    path = activated(published)
    for wrong in range(4):
        page = Browser(f"192.0.2.{wrong}").post(path, {"birth_date": "01012012"})
        assert "Cette date ne correspond pas. Tapez la date de naissance du patient" in page.content.decode().replace(
            "<strong>", ""
        ).replace("</strong>", "")
    assert Browser().post(path, {"birth_date": "01012012"}).status_code == 404
    assert Browser().post(path, {"birth_date": BIRTH}).status_code == 404


def test_dates_that_are_typed_at_once_are_counted_before_they_are_compared(published: Cabinet) -> None:
    token = activated(published).removeprefix("/activer/")
    at_once = [links.find_live(token, links.ANNOUNCED) for _ in range(6)]
    for link in at_once[:5]:
        assert link is not None
        assert first_visit.open_printed(link, "01012012") is None
    assert at_once[5] is not None
    assert first_visit.open_printed(at_once[5], BIRTH) is None


def test_right_dates_use_up_no_try(published: Cabinet) -> None:
    path = activated(published)
    for _ in range(7):
        assert Browser().post(path, {"birth_date": BIRTH}).headers["Location"] == "/bienvenue"


def test_a_link_is_not_valid_before_what_carries_it_is_out(published: Cabinet) -> None:
    secret = staged(published)
    assert Browser().get(path_of(secret)).status_code == 404
    activate(published, secret)
    assert Browser().get(path_of(secret)).status_code == 200
    activate(published, secret)
    assert Browser().get(path_of(secret)).status_code == 200


def test_the_former_link_lives_until_the_new_one_is_out(published: Cabinet) -> None:
    former = activated(published)
    new = staged(published)
    assert Browser().get(former).status_code == 200
    activate(published, new)
    assert Browser().get(former).status_code == 404


def test_letters_to_two_contacts_do_not_kill_each_others_links(published: Cabinet) -> None:
    one = activated(published, Medium.EMAIL, "anne@exemple.fr", "anne@exemple.fr")
    other = activated(published, Medium.EMAIL, "luc@exemple.fr", "luc@exemple.fr")
    assert Browser().get(one).status_code == 200
    assert Browser().get(other).status_code == 200


@pytest.mark.parametrize(
    ("medium", "days"), [(Medium.LETTER, 60), (Medium.CARD, 60), (Medium.EMAIL, 14), (Medium.SMS, 14)]
)
def test_a_link_lives_60_days_on_paper_and_14_in_an_e_mail(published: Cabinet, medium: Medium, days: int) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        secret = staged(published, medium=medium)
        clock.shift(dt.timedelta(days=3))
        activate(published, secret)
        clock.shift(dt.timedelta(days=days) - dt.timedelta(seconds=1))
        assert Browser().get(path_of(secret)).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert Browser().get(path_of(secret)).status_code == 404


def test_tokens_have_128_bits_and_are_stored_hashed(published: Cabinet) -> None:
    token = path_of(staged(published)).removeprefix("/activer/")
    cabinet_id, _, secret = token.partition(".")
    assert int(cabinet_id) == published.pk
    assert len(bytes.fromhex(secret)) * 8 == 128
    row = OneTimeLink.objects.of(published).get()
    assert secret not in row.token_hash


@pytest.mark.parametrize(
    "token", ["x", "1.", ".x", "1.deadbeef", "99999999999999999999.x", "²." + "0" * 32, "1.\u00e9"]
)
def test_any_other_token_is_a_dead_link(published: Cabinet, token: str) -> None:
    for path in (f"/activer/{token}", f"/premiere-visite/{token}", f"/mot-de-passe/{token}"):
        for answer in (Browser().get(path), Browser().post(path)):
            assert answer.status_code == 404
            assert DEAD in answer.content.decode()


def test_a_link_of_one_purpose_is_dead_at_the_others_addresses(published: Cabinet) -> None:
    printed = activated(published).removeprefix("/activer/")
    assert Browser().get(f"/premiere-visite/{printed}").status_code == 404
    assert Browser().get(f"/mot-de-passe/{printed}").status_code == 404


# The last step


@pytest.fixture
def welcomed(published: Cabinet) -> Browser:
    configure(published, first_access=AT_ONCE)
    browser = Browser()
    browser.first_visit("5312", BIRTH)
    return browser


PAGES = (
    "/",
    "/rendez-vous",
    "/rendez-vous.ics",
    "/rendez-vous/20991008T1000.ics",
    "/comptabilite",
    "/comptabilite/honoraires",
    "/contact",
    "/dossier",
    "/dossier/mot-de-passe",
    "/dossier/e-mail",
    "/photo/" + "0" * 32,
)


@pytest.mark.parametrize("path", PAGES)
def test_before_a_password_is_chosen_no_other_page_is_reachable(welcomed: Browser, path: str) -> None:
    answer = welcomed.get(path)
    assert answer.headers["Location"] == "/bienvenue"
    assert answer.content == b""


def test_the_form_is_pre_filled_with_the_contact_on_file(welcomed: Browser) -> None:
    assert 'value="parent@exemple.fr"' in welcomed.get("/bienvenue").content.decode()


def test_choosing_a_password_gives_the_session_a_new_identifier(welcomed: Browser) -> None:
    before = welcomed.client.cookies["__Host-session"].value
    welcomed.choose()
    after = welcomed.client.cookies["__Host-session"].value
    assert before != after
    stolen = Browser()
    stolen.client.cookies["__Host-session"] = before
    assert stolen.get("/bienvenue").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("password", "email", "sentence"),
    [
        ("brefs", "", "Choisissez au moins 12 caractères"),
        ("n'importe 15042012", "", "contient la date de naissance du patient"),
        (PASSWORD, "nom@", "Cette adresse e-mail est incomplète."),
        (PASSWORD, "élise@exemple.fr", "Cette adresse e-mail est incomplète."),
        (PASSWORD, "a@b.fr\r\nBcc: x@y.fr", "Cette adresse e-mail est incomplète."),
    ],
)
def test_what_is_refused_says_why_and_keeps_the_address_but_not_the_password(
    welcomed: Browser, password: str, email: str, sentence: str
) -> None:
    answer = welcomed.choose(password, email)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert sentence in page
    assert password not in page
    assert not Access.objects.across_cabinets().exists()


def test_an_e_mail_address_may_be_left_out(welcomed: Browser) -> None:
    assert welcomed.choose(PASSWORD, "").status_code == 303
    [letter] = letters()
    assert letter["To"] == "parent@exemple.fr"


def test_an_access_is_audited_without_names(welcomed: Browser) -> None:
    welcomed.choose()
    kinds = list(AuditEvent.objects.across_cabinets().order_by("pk").values_list("kind", flat=True))
    assert kinds == ["first_visit_opened", "access_created"]


def test_a_dossier_withdrawn_meanwhile_is_said_kindly(publisher: Publisher, welcomed: Browser) -> None:
    publisher.publish(withdrawn=["5312"], confirm=False)
    page = welcomed.get("/bienvenue").content.decode()
    assert "Le cabinet a retiré ce dossier du portail." in page
    assert "Le cabinet a retiré ce dossier du portail." in welcomed.choose().content.decode()


def test_the_sync_never_touches_a_chosen_password_or_e_mail(publisher: Publisher, published: Cabinet) -> None:
    with_access()
    publisher.publish(msgspec.structs.replace(make_dossier("5312", email="neuf@exemple.fr"), balance=None))
    assert Browser().sign_in("5312", PASSWORD).status_code == 303
    Browser().forgotten("5312")
    assert letters()[0]["To"] == "choisi@exemple.fr"


def test_a_damaged_question_does_not_keep_the_later_ones_waiting(published: Cabinet) -> None:
    Browser().first_visit("5312", BIRTH)
    PendingAnswer.objects.across_cabinets().update(sealed=b"damaged")
    Browser().first_visit("5312", BIRTH)
    assert len(letters()) == 1
    assert PendingAnswer.objects.across_cabinets().count() == 0


def test_letters_say_what_to_do_and_name_nobody(published: Cabinet) -> None:
    Browser().first_visit("5312", BIRTH)
    text = text_of(letters()[0])
    assert "Il est valable une heure et ne sert qu’une fois." in text
    assert not [name for name in ("MARTINEAU", "Zoé", "5312", "2012") if name in text]


def test_a_first_visit_meant_at_the_sign_in_leads_there_account_or_not(published: Cabinet) -> None:
    def led(number: str) -> tuple[Browser, int, str, bytes]:
        browser = Browser()
        answer = browser.sign_in(number, BIRTH)
        return browser, answer.status_code, answer.headers["Location"], answer.content

    (browser, *known), (_, *unknown) = led("5312"), led("9999")
    assert known == unknown == [303, "/premiere-visite", b""]
    page = browser.get("/premiere-visite").content.decode()
    assert "Ce que vous avez tapé ressemble à un code de première visite." in page
    assert 'value="5312"' in page
    assert 'value="sourire"' in page


def test_an_address_on_file_that_no_letter_can_go_to_keeps_nobody_out(publisher: Publisher) -> None:
    publisher.publish(make_dossier("88", email="élise@exemple.fr"))
    configure(publisher.cabinet, first_access=AT_ONCE)
    browser = Browser()
    browser.first_visit("88", BIRTH)
    assert browser.choose(PASSWORD, "choisi@exemple.fr").headers["Location"] == "/rendez-vous?avis=bienvenue"
    assert [letter["To"] for letter in letters()] == ["choisi@exemple.fr"]
