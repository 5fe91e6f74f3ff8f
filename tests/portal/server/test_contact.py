"""A patient's message: kept sealed, e-mailed to the cabinet, and never a way to forge an e-mail."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.server.accounts import sessions
from portal.server.accounts.models import Access
from portal.server.cabinets.models import Cabinet
from portal.server.contact.messages import MAX_MESSAGE, opened
from portal.server.contact.models import Message
from portal.server.mail.letters import Letter, UnusableAddress, compose
from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import enveloped
from tests.portal.server.browser import CONTACT_EMAIL, Browser, configure, letters, text_of, with_access
from tests.portal.server.support import Publisher

TEXT = "Bonjour,\n\nla bague bouge. Que faire ?"


@pytest.fixture
def browser(published: Cabinet) -> Browser:
    configure(published)
    return with_access()


def write(browser: Browser, message: str, subject: str = "") -> str:
    answer = browser.post("/contact", {"subject": subject, "message": message})
    return answer.headers.get("Location") or re.sub("</?strong>", "", answer.content.decode())


def test_a_message_is_stored_sealed_and_e_mailed_with_the_patients_address_to_answer_to(
    published: Cabinet, browser: Browser
) -> None:
    assert write(browser, TEXT, "Bague") == "/contact?avis=message"
    said = "Votre message est envoyé. Le cabinet vous répondra par e-mail."
    assert said in browser.get("/contact?avis=message").content.decode()
    row = Message.objects.of(published).select_related("cabinet").get()
    assert b"bague" not in bytes(row.sealed)
    assert (opened(row).subject, opened(row).body, opened(row).reply_to) == ("Bague", TEXT, "choisi@exemple.fr")
    [letter] = letters()
    assert letter["To"] == CONTACT_EMAIL
    assert letter["Reply-To"] == "choisi@exemple.fr"
    assert letter["From"] == "Cabinet du Sourire <ne-pas-repondre@localhost>"
    assert letter["Subject"] == "Message de Mademoiselle Zoé MARTINEAU (dossier 5312)\u00a0: Bague"
    assert "la bague bouge. Que faire ?" in text_of(letter)
    assert "votre réponse ira à choisi@exemple.fr" in text_of(letter)


def test_a_patient_without_address_is_told_how_the_answer_will_come(published: Cabinet) -> None:
    configure(published)
    browser = with_access(email="")
    assert write(browser, TEXT) == "/contact?avis=message-sans-adresse"
    page = browser.get("/contact?avis=message-sans-adresse").content.decode()
    assert "Sans adresse e-mail, le cabinet vous répondra à votre prochain rendez-vous ou par téléphone." in page
    [letter] = letters()
    assert letter["Reply-To"] is None
    assert "Ce patient n’a pas donné d’adresse e-mail" in text_of(letter)


@pytest.mark.parametrize("message", ["", " \n\t "])
def test_an_empty_message_is_not_sent(published: Cabinet, browser: Browser, message: str) -> None:
    page = write(browser, message, "Bague")
    assert "Écrivez votre message avant de valider." in page
    assert 'value="Bague"' in page
    assert Message.objects.of(published).count() == 0


def test_a_message_that_is_too_long_is_kept_in_the_form_and_not_sent(published: Cabinet, browser: Browser) -> None:
    page = write(browser, "x" * (MAX_MESSAGE + 1))
    assert "Votre message est trop long. Limitez-le à 4000 caractères." in page
    assert "x" * MAX_MESSAGE in page
    assert Message.objects.of(published).count() == 0
    assert write(browser, "x" * MAX_MESSAGE) == "/contact?avis=message"


def test_sending_twice_is_harmless(published: Cabinet, browser: Browser) -> None:
    assert write(browser, TEXT) == write(browser, TEXT) == "/contact?avis=message"
    assert Message.objects.of(published).count() == 1
    assert len(letters()) == 1
    write(browser, TEXT + " Merci.")
    assert len(letters()) == 1


def test_without_a_contact_address_the_message_waits_on_the_portal(published: Cabinet) -> None:
    browser = with_access()
    write(browser, TEXT)
    assert Message.objects.of(published).count() == 1
    assert letters() == []


def test_a_message_is_kept_though_no_e_mail_can_be_made_of_it(published: Cabinet) -> None:
    configure(published)
    browser = with_access()
    accented = sessions.seal_email(published, "5312", "élise@exemple.fr")
    Access.objects.of(published).update(sealed_email=accented)
    assert write(browser, TEXT) == "/contact?avis=message"
    assert opened(Message.objects.of(published).select_related("cabinet").get()).body == TEXT
    assert letters() == []


def test_message_and_e_mail_are_written_together_or_not_at_all(
    published: Cabinet, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("portal.server.contact.messages.tell", broken)
    browser.client.raise_request_exception = False
    assert browser.post("/contact", {"message": TEXT}).status_code == 500
    assert Message.objects.of(published).count() == 0
    assert QueuedMail.objects.of(published).count() == 0


def test_a_hidden_form_takes_no_message(published: Cabinet, browser: Browser) -> None:
    configure(published, hidden=("contact.form",))
    assert browser.post("/contact", {"message": TEXT}).status_code == 404
    configure(published, hidden=("contact",))
    assert browser.get("/contact").status_code == 404


def test_a_withdrawn_patient_cannot_write(publisher: Publisher, published: Cabinet, browser: Browser) -> None:
    publisher.publish(withdrawn=["5312"])
    assert "Votre dossier n’est plus en ligne" in write(browser, TEXT)
    assert Message.objects.of(published).count() == 0


INJECTIONS = [
    "Bague\r\nBcc: vole@exemple.fr",
    "x\nTo: vole@exemple.fr",
    "x\r\n\r\ncorps",
    "\u2028Bcc: x@y.fr",
    "a\x00b\x0bc",
]


@pytest.mark.parametrize("subject", INJECTIONS)
def test_a_line_break_in_a_subject_makes_no_header(browser: Browser, subject: str) -> None:
    write(browser, TEXT + subject, subject)
    [letter] = letters()
    assert letter["To"] == CONTACT_EMAIL
    assert letter["Bcc"] is None
    assert len(letter.get_all("To")) == 1
    assert sorted(set(letter.keys())) == sorted(letter.keys())


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=300))
def test_nothing_that_is_written_adds_a_header_or_a_recipient(subject: str, name: str, body: str) -> None:
    values = {"patient": name, "number": "1", "subject": subject, "message": body, "answer": ""}
    letter = Letter("contact_message", CONTACT_EMAIL, values=values, reply_to="a@exemple.fr")
    envelope = enveloped(compose(letter, cabinet_name=name + subject, mail_from="WebOrtho <portail@exemple.fr>"))
    assert (envelope.sender, envelope.recipient) == ("portail@exemple.fr", CONTACT_EMAIL)
    read = message_from_bytes(envelope.message, policy=default)
    assert set(read.keys()) == {
        "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [address.addr_spec for address in read["To"].addresses] == [CONTACT_EMAIL]


@pytest.mark.parametrize(
    "address", ["a@b.fr\r\nBcc: c@d.fr", "a@b.fr, c@d.fr", "a@b.fr\n", "nobody", "<a@b.fr>", "é@b.fr", ""]
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(UnusableAddress):
        compose(Letter("email_changed", address), cabinet_name="C", mail_from="p@exemple.fr")


def test_html_in_a_message_stays_text(browser: Browser) -> None:
    write(browser, "<img src=x onerror=alert(1)> & {{ 7*7 }} {% raw %}\n\nhttp://exemple.fr/", "{{ 7*7 }}<b>")
    [letter] = letters()
    html = letter.get_body(("html",))
    assert html is not None
    content = str(html.get_content())
    assert "<img" not in content
    assert "{{ 7*7 }}" in content
    assert "href" not in content
    assert "{{ 7*7 }}<b>" in letter["Subject"]
