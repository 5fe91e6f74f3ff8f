"""The announcement by e-mail: every piece of information, well set, and headers that no value can add to."""

import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge.emails.message import EmailAddressError, EmailComposer, Sender, compile_email, mailbox
from merge.merging import RecordBlockedError
from merge.record import IssuedSecret, MergeRecord
from merge.template import TemplateError
from merge.texts import Audience, EmailText, TextSet, audience_of, shipped_email
from tests.merge.conftest import CABINET, RecordMaker, make_dossier, make_record

NOW = dt.datetime(2026, 10, 6, 18, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
SENDER = Sender("Cabinet du Parc", "annonces@exemple.fr", "cabinet@exemple.fr", "https://exemple.fr/stop/{id}")
COMPOSER = EmailComposer(SENDER)
FAMILY = make_record(
    children=(make_dossier("5312", "Lina"), make_dossier("5313", "Tom")),
    child_secrets=(IssuedSecret("code-lina", "https://x.fr/lina"), IssuedSecret("code-tom", "https://x.fr/tom")),
)
ADULT = make_record(addressee={"last_name": "SPÉCIMEN", "first_name": "Lina"})
RECORDS = {Audience.CHILD: make_record(), Audience.ADULT: ADULT, Audience.FAMILY: FAMILY}


class Page(HTMLParser):
    """The tags, links and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def composed(record: MergeRecord, text: EmailText | None = None, composer: EmailComposer = COMPOSER) -> EmailMessage:
    """A record's message as it is read at the other end."""
    text = text or shipped_email(audience_of(record), confirmed=record.confirmed)
    sent = composer.compose(compile_email(text), record, "id-1", NOW).as_bytes()
    return cast("EmailMessage", message_from_bytes(sent, policy=default))


def parts(message: EmailMessage) -> tuple[str, str]:
    """(plain text, HTML)."""
    return tuple(part.get_content().replace("\r\n", "\n") for part in message.iter_parts())  # type: ignore[return-value] # two parts


PIECES = (
    "www.webortho.fr",  # the site's address
    "prochains rendez-vous",  # what it gives access to
    "échéancier",
    "Identifiant de cabinet\u00a0: dijon21",  # the three entries
    "Votre identifiant\u00a0: 5312",
    "minuscules",  # lower case
    "question\u00a0? Répondez simplement à ce message",  # the offer to answer questions
    "Recevez, Madame, l’expression de mes salutations les meilleures.",
    "Docteur Exemple",  # the practitioner's signature
)


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("audience", Audience)
def test_the_shipped_text_carries_every_piece_of_the_procedure(audience: Audience, *, confirmed: bool) -> None:
    record = replace(RECORDS[audience], confirmed=confirmed)
    plain, html = parts(composed(record))
    words = " ".join(Page(html).words.split("\n"))

    assert audience_of(record) is audience
    for piece in PIECES:
        assert piece in plain
        assert piece.replace(" ", "").replace("\u00a0", "") in re.sub(r"\s", "", words)
    assert "Mot de passe\u00a0: " in plain
    assert ("un lien que nous envoyons à cette adresse e-mail" in plain) is confirmed
    assert "vous choisirez" in plain.lower()
    whose = {Audience.CHILD: "de votre enfant Lina", Audience.ADULT: "votre traitement", Audience.FAMILY: "Lina et Tom"}
    assert whose[audience] in plain


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("audience", Audience)
def test_the_shipped_reminder_lacks_no_piece_and_says_that_it_is_one(audience: Audience, *, confirmed: bool) -> None:
    record = replace(RECORDS[audience], confirmed=confirmed)
    text = shipped_email(audience, confirmed=confirmed, texts=TextSet.REMINDER)
    plain, _ = parts(composed(record, text))

    assert [piece for piece in PIECES if piece not in plain] == []
    assert "Sauf erreur de notre part" in plain
    assert ("un lien que nous envoyons à cette adresse e-mail" in plain) is confirmed
    assert set(re.findall(r"https://\S+", plain)) >= {one.secret.link for one in record.per_child()}


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("audience", Audience)
def test_the_brief_announcement_lacks_no_piece_in_fewer_words(audience: Audience, *, confirmed: bool) -> None:
    record = replace(RECORDS[audience], confirmed=confirmed)
    plain, _ = parts(composed(record, shipped_email(audience, confirmed=confirmed, texts=TextSet.BRIEF)))
    long, _ = parts(composed(record))

    assert [piece for piece in PIECES if piece not in plain] == []
    assert len(plain.split()) < 0.86 * len(long.split())
    assert ("un lien que nous envoyons à cette adresse e-mail" in plain) is confirmed
    assert set(re.findall(r"https://\S+", plain)) >= {one.secret.link for one in record.per_child()}
    whose = {Audience.CHILD: "de votre enfant Lina", Audience.ADULT: "Votre dossier", Audience.FAMILY: "Lina et Tom"}
    assert whose[audience] in plain


@pytest.mark.parametrize("texts", TextSet)
@pytest.mark.parametrize("audience", Audience)
def test_without_links_no_shipped_text_speaks_of_one(audience: Audience, texts: TextSet) -> None:
    for confirmed in (True, False):
        text = shipped_email(audience, confirmed=confirmed, with_link=False, texts=texts)
        assert "@LIEN" not in text.body
        assert "lien personnel" not in text.body


def test_a_family_gets_each_childs_own_codes() -> None:
    plain, html = parts(composed(FAMILY))

    assert (
        "Dossier de Tom\nhttps://x.fr/tom\nIdentifiant de cabinet\u00a0: dijon21\nVotre identifiant\u00a0: 5313"
        in plain
    )
    assert {"https://x.fr/lina", "https://x.fr/tom"} <= set(Page(html).links)


def test_a_line_without_telephone_is_not_there() -> None:
    assert "Téléphone" not in composed(make_record(cabinet=replace(CABINET, phone=""))).as_string()


def test_the_headers_are_right() -> None:
    message = composed(make_record())

    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "Date": "Tue, 06 Oct 2026 18:30:00 +0200",
        "From": "Cabinet du Parc <annonces@exemple.fr>",
        "To": "Jeanne SPÉCIMEN <jeanne@exemple.fr>",
        "Reply-To": "Cabinet du Parc <cabinet@exemple.fr>",
        "Subject": "Le dossier d’orthodontie de Lina est en ligne",
        "Message-ID": "<id-1@exemple.fr>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://exemple.fr/stop/id-1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Language": "fr",
    }
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_without_an_address_there_is_no_unsubscribe() -> None:
    message = composed(make_record(), composer=EmailComposer(replace(SENDER, unsubscribe_url="")))

    assert message["List-Unsubscribe"] is None
    assert "Ne plus recevoir" not in message.as_string()


def test_the_personal_link_is_a_button_and_is_also_readable() -> None:
    _, html = parts(composed(make_record()))

    assert 'class="bouton" href="https://www.webortho.fr/activer/abc123"' in html
    assert Page(html).words.count("https://www.webortho.fr/activer/abc123") == 1


def test_the_page_is_simple_and_asks_nothing_of_the_network() -> None:
    page = Page(parts(composed(make_record()))[1])

    assert not {"table", "img", "script", "iframe", "form", "link"} & set(page.tags)
    assert all(link.startswith("https://") for link in page.links)


def test_a_message_is_seven_bit_and_its_lines_are_short() -> None:
    sent = COMPOSER.compose(
        compile_email(shipped_email(Audience.CHILD, confirmed=True)), make_record(), "id-1", NOW
    ).as_bytes()

    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


INJECTIONS = st.sampled_from(
    ["\r\nBcc: pirate@exemple.net", "\nBcc:x@y.fr\n\n<b>", "\r", "\0", "\u2028Bcc: x@y.fr", ">\r\n"]
)


@given(st.text(), INJECTIONS, st.sampled_from(["first_name", "last_name", "civility"]))
def test_no_name_adds_a_header_or_a_recipient(name: str, injection: str, part: str) -> None:
    evil = f"{name}{injection}"
    record = make_record(addressee={part: evil}, patient={"first_name": f"x{evil}"})
    template = compile_email(EmailText("Dossier de @PPREN", "@PPREN"))
    message = COMPOSER.compose(template, record, "id-1", NOW)
    read = cast("EmailMessage", message_from_bytes(message.as_bytes(policy=SMTP), policy=default))

    assert read["Bcc"] is None
    assert [str(address.addr_spec) for address in read["To"].addresses] == ["jeanne@exemple.fr"]
    assert sorted(read.keys()) == sorted(composed(make_record()).keys())


@pytest.mark.parametrize(
    "address", ["", "jeanne", "a@b@c", "a b@exemple.fr", "jeanne@", "@exemple.fr", "é@exemple.fr", "a@b..fr"]
)
def test_an_impossible_address_is_refused(address: str) -> None:
    with pytest.raises(EmailAddressError) as refused:
        mailbox("Jeanne", address)

    assert refused.value.todo == "Corrigez-la dans le logiciel du cabinet."


def test_an_address_in_two_lines_is_one_or_refused() -> None:
    with pytest.raises(EmailAddressError):
        composed(make_record(addressee={"email": "jeanne@exemple.fr\r\nBcc: x@y.fr"}))


def test_a_domain_with_accents_goes_in_ascii() -> None:
    assert mailbox("", "jeanne@éxemple.fr").addr_spec == "jeanne@xn--xemple-9ua.fr"


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_values_are_text_in_the_page(value: str) -> None:
    hostile = f"<script>{value}</script><img src=x onerror=1>\"'&"
    record = make_record(patient={"first_name": hostile})
    html = parts(composed(record, EmailText("x", "Bonjour @PPREN")))[1]
    page = Page(html)

    assert page.tags.count("script") == page.tags.count("img") == 0
    assert "<script>" in page.words


def test_a_link_is_never_anything_but_https() -> None:
    record = make_record(secret=IssuedSecret("x", "javascript:alert(1)"))
    page = Page(parts(composed(record, EmailText("x", "ici @LIEN fin")))[1])

    assert page.links == ["https://javascript:alert(1)", "https://exemple.fr/stop/id-1"]


def test_an_expression_stays_as_typed() -> None:
    plain, html = parts(composed(make_record(), EmailText("x", "{{7*7}} {% if x %} {{ cabinet }}")))

    assert "{{7*7}} {% if x %} {{ cabinet }}" in plain
    assert "{{7*7}} {% if x %} {{ cabinet }}" in Page(html).words


def test_a_zone_of_several_lines_keeps_them() -> None:
    _, html = parts(composed(make_record(), EmailText("x", "@HORAIRES")))

    assert "<br>" in html


def test_a_missing_value_blocks_the_message(record: RecordMaker) -> None:
    with pytest.raises(RecordBlockedError):
        composed(record(secret=IssuedSecret("mot", "")))


def test_a_wrong_field_in_the_subject_is_refused() -> None:
    with pytest.raises(TemplateError, match="@PRENOM"):
        compile_email(EmailText("Pour @PRENOM", "x"))
