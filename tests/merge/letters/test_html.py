"""A letter as an e-mail: both parts say what the letter says, its codes are in the message, no value adds a tag."""

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from io import BytesIO

import msgspec
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from merge.emails.message import EmailComposer, Sender
from merge.letters.html import letter_email, letter_emails
from merge.letters.model import (
    Block,
    Cell,
    Column,
    LetterSet,
    LetterTemplate,
    Paragraph,
    Picture,
    QrCode,
    Row,
    Run,
    Signature,
    Table,
    WithCode,
)
from merge.letters.pictures import Pictures, print_picture
from merge.letters.shipped import shipped_letters
from merge.merging import RecordBlockedError
from merge.record import IssuedSecret, MergeRecord
from merge.template import TemplateError
from merge.texts import Audience, audience_of
from tests.merge.conftest import make_record
from tests.merge.letters.conftest import CABINET
from tests.merge.letters.golden_letters import Golden, goldens

NOW = dt.datetime(2026, 10, 6, 18, 30, tzinfo=dt.UTC)
COMPOSER = EmailComposer(Sender("Cabinet du Parc", "annonces@exemple.fr", "", "https://exemple.fr/stop/{id}"))
EACH_LETTER = pytest.mark.parametrize("golden", list(goldens()), ids=lambda golden: golden.stem)


class Page(HTMLParser):
    """The tags with their attributes, the links, and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self._skipped = 0
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.pictures += [value or "" for name, value in attrs if name == "src"]
        self._skipped += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data


class Mail:
    """A message as it is read at the other end."""

    def __init__(self, letters: LetterSet, record: MergeRecord) -> None:
        template = letter_emails(letters)[audience_of(record)]
        sent = COMPOSER.compose(template, record, "id-1", NOW).as_bytes()
        self.message = message_from_bytes(sent, policy=default)
        self.plain = self._part("plain")
        self.html = self._part("html")
        self.page = Page(self.html)
        self.pictures = {
            part["Content-ID"].strip("<>"): part.get_content()
            for part in self.message.walk()
            if part.get_content_maintype() == "image"
        }

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


def of(golden: Golden) -> Mail:
    return Mail(shipped_letters(golden.name), golden.record)


def squeezed(text: str) -> str:
    """Without spaces, and without the colon that stands between a label and its entry in text alone."""
    return "".join(text.split()).replace(":", "")


def point(text: str) -> Paragraph:
    return Paragraph((Run(text),), item="number")


def letter_of(*blocks: Block) -> LetterSet:
    letter = msgspec.structs.replace(shipped_letters().child, blocks=blocks)
    return LetterSet(letter, letter)


@EACH_LETTER
def test_text_and_html_say_the_same_and_carry_every_childs_codes(golden: Golden) -> None:
    mail, record = of(golden), golden.record
    told = squeezed(mail.page.words)
    for line in mail.plain.partition("\n-- \n")[0].splitlines():
        assert squeezed(line) in told or line in mail.page.links
    for child in record.per_child():
        for value in (child.dossier.number, child.secret.password_words, child.secret.link):
            assert value in mail.plain
            assert squeezed(value) in told
        assert child.secret.link in mail.page.links


@EACH_LETTER
def test_the_codes_travel_in_the_message_and_read_back(golden: Golden) -> None:
    mail = of(golden)
    shown = [name.removeprefix("cid:") for name in mail.page.pictures]
    assert shown == list(mail.pictures), "every picture is in the message, and nothing is fetched"
    read = [zxingcpp.read_barcodes(_with_white(png))[0].text for png in mail.pictures.values()]
    assert read == [child.secret.link for child in golden.record.per_child()]


def _with_white(png: bytes) -> Image.Image:
    """The code with the white that its frame in the page gives it."""
    with Image.open(BytesIO(png)) as code:
        framed = Image.new("L", (code.width + 80, code.height + 80), 255)
        framed.paste(code.convert("L"), (40, 40))
    return framed


def test_what_the_subject_says_is_not_repeated_and_an_unannounced_letter_has_its_title() -> None:
    record = make_record(cabinet=CABINET)
    mail = Mail(shipped_letters("relance"), record)
    assert mail.message["Subject"] == "Le dossier de votre enfant vous attend en ligne"
    assert "Objet" not in mail.plain + mail.page.words
    assert "Dijon, le" not in mail.plain
    bare = Mail(letter_of(Paragraph((Run("Bonjour."),))), record)
    assert bare.message["Subject"] == "Votre dossier en ligne, lettre pour un enfant"


def test_nothing_in_the_page_is_fetched_runs_or_asks() -> None:
    page = Mail(shipped_letters(), make_record(cabinet=CABINET)).page
    assert not {"script", "iframe", "form", "input", "link"} & set(page.tags)
    assert all(link.startswith("https://") for link in page.links)


HOSTILE = st.sampled_from(["<b>gras</b>", '"><img src=x onerror=1>', "{{7*7}}", "{% raw %}", "&lt;", "@ORDRE", "]]>"])


@given(HOSTILE, st.sampled_from(["first_name", "last_name"]))
def test_a_value_is_shown_as_it_is(hostile: str, where: str) -> None:
    usual, evil = (
        Mail(shipped_letters(), make_record(patient={where: value}, cabinet=CABINET)) for value in ("Lina", hostile)
    )
    assert hostile in evil.page.words
    assert hostile in evil.plain
    assert evil.page.tags == usual.page.tags, "a value adds no tag"


def test_lists_tables_pictures_and_manners_are_kept() -> None:
    drawing = BytesIO()
    Image.new("RGB", (40, 20), "#0B5563").save(drawing, "PNG")
    pictures: Pictures = {name: print_picture(name, drawing.getvalue()) for name in ("plan.png", "signature.png")}
    letters = letter_of(
        Paragraph((Run("Rouge", bold=True, italic=True, underline=True, colour="#AA0000"),), align="centre"),
        point("Premier"),
        point("Second pour @PPREN"),
        Paragraph((Run("À part"),)),
        point("De nouveau"),
        Table(
            (Column(40), Column(30, align="right")),
            (Row((Cell((Run("Dossier"),)), Cell((Run("N°"),)))), Row((Cell((Run("@PPREN"),)), Cell((Run("@ORDRE"),))))),
        ),
        Picture("plan.png", 60, "Plan d’accès"),
        QrCode("site"),
        Signature(picture="signature.png"),
    )
    mail = Mail(replace(letters, pictures=pictures), make_record(cabinet=CABINET))
    assert "1. Premier\n\n2. Second pour Lina\n\nÀ part\n\n1. De nouveau" in mail.plain
    assert "Dossier · N°\nLina · 5312" in mail.plain.replace("\u00a0", " ")
    assert "[Plan d’accès]" in mail.plain
    assert CABINET.sign_in_url in mail.plain
    assert "font-weight:600;font-style:italic;text-decoration:underline;color:#AA0000" in mail.html
    assert mail.page.tags.count("th") == 2
    assert len(mail.pictures) == 2, "a picture that is shown twice travels once"
    assert 'alt="Plan d’accès"' in mail.html


def test_a_letter_whose_fields_are_empty_or_whose_code_has_no_link_does_not_leave() -> None:
    for letters, record, why in (
        (shipped_letters(), make_record(cabinet=CABINET, secret=IssuedSecret("5312apo", "")), "n’a pas de lien"),
        (shipped_letters(), make_record(patient={"last_name": ""}, cabinet=CABINET), "Nom du patient"),
    ):
        with pytest.raises(RecordBlockedError, match=why):
            Mail(letters, record)


def test_the_fields_of_a_letter_tell_which_secrets_it_needs() -> None:
    named = {field.name for field in letter_email(shipped_letters().child, {}).body.fields}
    assert {"MDP", "LIEN", "ORDRE", "CABINET", "PPREN"} <= named
    without = letter_email(shipped_letters(with_code=False).child, {}).body.fields
    assert "LIEN" not in {field.name for field in without}


def test_an_unknown_field_is_refused_before_anything_is_made() -> None:
    for block in (Paragraph((Run("@ORDRES"),)), WithCode((Paragraph((Run("@ORDRES"),)),))):
        with pytest.raises(TemplateError, match="@ORDRES"):
            letter_email(letter_of(block).child, {})


def test_without_a_letter_to_families_they_get_none() -> None:
    letter: LetterTemplate = shipped_letters().child
    assert Audience.FAMILY not in letter_emails(LetterSet(letter, letter))
    assert Audience.FAMILY in letter_emails(shipped_letters())
