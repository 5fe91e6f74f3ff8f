"""The texts: what is marked in them, how they are kept, how a letter becomes rows and a letter again."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.texts import TextFolder
from app.mailing.highlights import read
from app.mailing.letter.file import letter_toml
from app.mailing.letter.rows import Row, merged, rows_of, split, with_rows
from app.mailing.library import SHIPPED, SHIPPED_MODELS, Library, LibraryError, Part, checked_name
from app.mailing.model_presenter import BrokenTextError, ModelPresenter, check_text
from app.mailing.previews import EmailPreview, LetterPreview, Offending, Previewer, SmsPreview, recipients_for
from merge.emails.message import Sender
from merge.letters.letter_file import read_letter
from merge.letters.model import Paragraph, Run, SignInPicture
from merge.letters.shipped import shipped_letter
from merge.preparing import Setting
from merge.sms.segments import Encoding
from merge.texts import Audience, shipped_email
from portal.pages.settings import FirstAccess, FirstAccessPolicy
from tests.merge.conftest import CABINET, TODAY, make_dossier

NOW = dt.datetime(2026, 10, 6, 9, 12, tzinfo=dt.UTC)
LETTERS = ("lettre-enfant", "lettre-adulte")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "modeles", tmp_path / "brouillons", confirmed=True)


@pytest.fixture
def presenter(library: Library) -> ModelPresenter:
    return ModelPresenter(library, confirmed=True, now=lambda: NOW)


def opened(presenter: ModelPresenter, part: Part) -> ModelPresenter:
    presenter.opened(SHIPPED, part, presenter.library.load(SHIPPED, part))
    return presenter


# Marks


def test_fields_and_faults_are_marked_where_they_stand_even_while_the_text_is_broken() -> None:
    text = "Bonjour @DNOMM,\n@PPREN et @ORDREapo"
    found = [(text[one.start : one.start + one.length], bool(one.problem)) for one in read(text).highlights]
    assert found == [("@DNOMM", True), ("@PPREN", False), ("@ORDRE", False)]
    (fault,) = read(text).problems
    assert fault.problem == "Le champ «\u00a0@DNOMM\u00a0» n’existe pas. Vouliez-vous dire «\u00a0@DNOM\u00a0»\u00a0?"
    assert fault.suggestion == "@DNOM"


def test_the_markers_of_a_family_are_fields_like_others() -> None:
    assert read("@ENFANTS\n@PPREN\n@FINENFANTS").fields == 3
    (fault,) = read("@ENFANTS\n@PPREN").problems
    assert fault.start == 0


@given(st.text(alphabet="@ABDENOPRT abé\n*", max_size=60))
def test_whatever_is_typed_the_marks_stay_within_the_text(text: str) -> None:
    for one in read(text).highlights:
        assert 0 <= one.start < one.start + one.length <= len(text)


# Letters


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_letter_that_nobody_changed_stays_the_same(name: str, *, confirmed: bool) -> None:
    letter = shipped_letter(name)
    shown, hidden = split(rows_of(letter), confirmed=confirmed)
    assert hidden
    assert with_rows(letter, merged(shown, hidden)) == letter
    assert read_letter(letter_toml(letter)) == letter


@given(st.text(max_size=80))
def test_any_words_survive_the_letters_file(words: str) -> None:
    letter = msgspec.structs.replace(shipped_letter(LETTERS[0]), footer=words, blocks=(Paragraph((Run(words),)),))
    assert read_letter(letter_toml(letter)) == letter


def test_a_paragraph_that_the_portal_does_not_print_keeps_its_place_when_others_are_deleted() -> None:
    letter = shipped_letter(LETTERS[0])
    shown, hidden = split(rows_of(letter), confirmed=True)
    place, gone = hidden[0]
    kept = [one for one in shown if one[0] not in (place - 1, place + 1)]
    rows = merged(kept, hidden)
    before = max(origin for origin, _ in kept if origin < place)
    assert rows[rows.index(gone) - 1] == dict(kept)[before]


def test_a_letter_has_one_code_and_no_empty_paragraph_at_its_end() -> None:
    letter = shipped_letter(LETTERS[0])
    apart = [
        Row(Paragraph((Run(text),)), beside_code=beside) for text, beside in (("a", True), ("b", False), ("c", True))
    ]
    blocks = with_rows(letter, (*apart, Row(Paragraph((Run("  "),))))).blocks
    assert [type(block).__name__ for block in blocks] == ["WithCode", "Paragraph", "Paragraph"]


# The library


def test_what_is_typed_is_a_draft_until_it_is_saved(library: Library) -> None:
    library.keep_draft(SHIPPED, Part.SMS, "Bonjour @PPREN")
    found = library.load(SHIPPED, Part.SMS)
    assert (found.content, found.draft) == ("Bonjour @PPREN", True)
    library.save(SHIPPED, Part.SMS, found.content)
    assert library.load(SHIPPED, Part.SMS).draft is False
    assert (library.folder / "sms.txt").read_text(encoding="utf-8") == "Bonjour @PPREN"


def test_saving_the_shipped_text_leaves_no_file_and_restoring_removes_ours(library: Library) -> None:
    library.save(SHIPPED, Part.SMS, "à nous")
    assert library.restore(SHIPPED, Part.SMS) == library.shipped(SHIPPED, Part.SMS)
    library.save(SHIPPED, Part.SMS, library.shipped(SHIPPED, Part.SMS))
    assert not (library.folder / "sms.txt").exists()


def test_a_model_begins_as_a_copy_and_can_be_deleted(library: Library) -> None:
    library.save(SHIPPED, Part.SMS, "à nous")
    name = library.create(" Rentrée  2026 ", SHIPPED)
    assert library.names() == (*SHIPPED_MODELS, "Rentrée 2026")
    assert library.load(name, Part.SMS).content == "à nous"
    library.delete(name)
    assert library.names() == SHIPPED_MODELS


def test_the_other_shipped_models_have_their_own_texts_and_are_changed_apart(library: Library) -> None:
    announced, reminded = (library.load(model, Part.LETTER_CHILD).content for model in (SHIPPED, "Relance"))
    assert ("pas encore ouvert" in announced, "pas encore ouvert" in reminded) == (False, True)
    library.save("Relance", Part.LETTER_CHILD, reminded.replace("Sauf erreur", "Sauf oubli"))
    assert "Sauf oubli" in library.load("Relance", Part.LETTER_CHILD).content
    assert library.load(SHIPPED, Part.LETTER_CHILD).content == announced
    texts = TextFolder(library.folder_of("Relance"), confirmed=True)
    assert letter_toml(texts.letter("lettre-adulte")).decode() == library.shipped("Relance", Part.LETTER_ADULT)
    assert library.names() == SHIPPED_MODELS, "a shipped model that was changed is no new one"
    for part in (Part.EMAIL_FAMILY, Part.SMS):
        assert library.shipped("Relance", part) != library.shipped(SHIPPED, part)
    assert texts.sms() == library.shipped("Relance", Part.SMS)
    name = library.create("Seconde relance", "Relance")
    assert "Sauf oubli" in library.load(name, Part.LETTER_CHILD).content
    assert library.load(name, Part.LETTER_ADULT).content == library.shipped("Relance", Part.LETTER_ADULT)


@pytest.mark.parametrize("name", ["", "a/b", "..", "con", "a:b", "x" * 61, SHIPPED.upper()])
def test_a_name_that_no_folder_may_bear_is_refused(name: str) -> None:
    with pytest.raises(LibraryError):
        checked_name(name, (SHIPPED,))


def test_a_text_edited_on_windows_is_read_as_it_was_meant(library: Library) -> None:
    library.folder.mkdir()
    (library.folder / "sms.txt").write_bytes("d’été\r\n@SITE".replace("’", "'").encode("cp1252"))
    assert library.load(SHIPPED, Part.SMS).content == "d'été\n@SITE"


# The presenter


def test_the_line_below_the_editor_tells_what_is_known_and_where_a_fault_is(presenter: ModelPresenter) -> None:
    opened(presenter, Part.LETTER_CHILD)
    assert presenter.status((), 7).sentence == "7\u00a0champs, tous reconnus"
    (fault,) = read("@DNOMM").problems
    status = presenter.status(((2, fault),), 1)
    assert status.is_wrong
    assert status.sentence.startswith("Paragraphe 3\u00a0: le champ «\u00a0@DNOMM\u00a0» n’existe pas.")


def test_a_draft_is_told_from_what_is_saved_and_what_is_shipped(presenter: ModelPresenter) -> None:
    opened(presenter, Part.SMS)
    assert presenter.origin == "Texte fourni par WebOrtho"
    presenter.typed_sms("Bonjour @PPREN")
    assert presenter.origin == "Brouillon gardé à 9h12, à enregistrer"
    presenter.saved()
    assert presenter.origin == "Modèle enregistré à 9h12"


def test_a_broken_text_is_not_saved_and_says_which_it_is(presenter: ModelPresenter) -> None:
    presenter.library.keep_draft(SHIPPED, Part.EMAIL_ADULT, "Objet\n\nBonjour @DNOMM\n")
    with pytest.raises(BrokenTextError, match="E-mail, à un patient adulte") as refused:
        presenter.save_all()
    assert refused.value.part is Part.EMAIL_ADULT
    presenter.library.keep_draft(SHIPPED, Part.EMAIL_ADULT, "\n\nBonjour\n")
    with pytest.raises(BrokenTextError, match="pas d’objet"):
        presenter.save_all()


def test_an_email_is_its_subject_and_its_words(presenter: ModelPresenter) -> None:
    opened(presenter, Part.EMAIL_FAMILY)
    subject, body = presenter.subject, presenter.body
    presenter.typed_email(subject, body)
    assert (presenter.subject, presenter.body) == (subject, body)
    assert "@ENFANTS" in body


@pytest.mark.parametrize("part", [Part.EMAIL_CHILD, Part.EMAIL_ADULT, Part.EMAIL_FAMILY])
@pytest.mark.parametrize("model", SHIPPED_MODELS)
def test_an_email_can_begin_as_the_letter_to_the_same_people(presenter: ModelPresenter, part: Part, model: str) -> None:
    presenter.opened(model, part, presenter.library.load(model, part))
    taken = presenter.taken_from_letter()
    subject, _, body = taken.content.partition("\n\n")
    assert taken.draft
    assert "Objet" not in taken.content
    assert subject[:1].isupper()
    check_text(part, taken.content)
    for field in ("@SITE", "@LIEN", "@CABINET", "@ORDRE", "@MDP", "@DPOLI", "@SIGNATURE"):
        assert field in body
    assert ("@FINENFANTS" in body) is (part is Part.EMAIL_FAMILY)
    assert "un lien à l’adresse e-mail connue du cabinet" in body, "the confirmed level's words, and these alone"
    assert "l’adresse e-mail qui permet de le retrouver" not in body
    assert presenter.library.discard_draft(model, part).content == presenter.library.shipped(model, part)


# Previews


@pytest.fixture(scope="module")
def previewer() -> Previewer:
    return Previewer(Setting(CABINET, TODAY), FirstAccess(), Sender("Cabinet du Parc", "cabinet@exemple.fr"))


@pytest.mark.parametrize("part", Part)
def test_every_shipped_text_can_be_shown_before_any_export_is_read(
    presenter: ModelPresenter, previewer: Previewer, part: Part
) -> None:
    opened(presenter, part)
    (somebody,) = recipients_for(part, (), TODAY)
    shown = presenter.preview(previewer, somebody)()
    assert shown.problems == ()
    assert isinstance(shown, {"toml": LetterPreview}.get(part.value[-4:], EmailPreview | SmsPreview))


def test_the_codes_of_a_preview_are_those_of_the_cabinets_policy(presenter: ModelPresenter) -> None:
    access = FirstAccess(policy=FirstAccessPolicy.PATTERN, pattern="@ORDREapo")
    previewer = Previewer(Setting(CABINET, TODAY), access, Sender("Cabinet du Parc", "cabinet@exemple.fr"))
    opened(presenter, Part.SMS)
    (somebody,) = recipients_for(Part.SMS, [make_dossier("5312")], TODAY)
    shown = presenter.preview(previewer, somebody)()
    assert isinstance(shown, SmsPreview)
    assert "5312apo" in shown.text


def test_dear_characters_of_an_sms_are_told_with_what_stands_for_them(previewer: Previewer) -> None:
    (somebody,) = recipients_for(Part.SMS, [make_dossier()], TODAY)
    shown = previewer.sms("Œuvre d’été 🙂", somebody)
    assert shown.offending == (Offending("Œ", "OE"), Offending("’", "'"), Offending("🙂", None))
    assert shown.measure.encoding is Encoding.UCS2
    assert shown.text.startswith("OEuvre d'été")


def test_a_family_is_shown_as_one(presenter: ModelPresenter, previewer: Previewer) -> None:
    family = recipients_for(Part.EMAIL_FAMILY, [make_dossier("1", "Lina"), make_dossier("2", "Hugo")], TODAY)
    assert [one.numbers for one in family] == [("1", "2")]
    shown = previewer.email(shipped_email(Audience.FAMILY, confirmed=True), family[0])
    assert "Hugo" in shown.text


def test_a_letter_that_cannot_be_printed_says_why_and_shows_no_page(previewer: Previewer) -> None:
    (somebody,) = recipients_for(Part.LETTER_CHILD, [make_dossier()], TODAY)
    addressee = msgspec.structs.replace(somebody.addressee, postcode="", city="")
    broken = replace(somebody, addressee=addressee)
    shown = previewer.letter(shipped_letter(LETTERS[0]), broken, Path())
    assert shown.pdf == b""
    assert any("5312" in problem for problem in shown.problems)


def test_the_sign_in_picture_can_be_put_back(presenter: ModelPresenter) -> None:
    opened(presenter, Part.LETTER_CHILD)
    rows = [one for one in presenter.letter_rows() if not isinstance(one[1].block, SignInPicture)]
    presenter.typed_letter(rows)
    presenter.opened(SHIPPED, Part.LETTER_CHILD, presenter.stored)
    assert presenter.picture().button == "Entrer"
