"""The letters that WebOrtho brings: each says all that the procedure's does, in both levels, with and without links."""

import re

import pytest

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterTemplate, Paragraph, WithCode
from merge.letters.setting import Code
from merge.letters.shipped import SHIPPED_BY_NAME, SHIPPED_LETTERS, shipped_letters
from merge.record import IssuedSecret
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, text_of

LINK = "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3N"
SHORT = {
    "on the internet": r"en ligne, par internet",
    "the site's address": r"site www\.webortho\.fr",
    "the first entry": r"^(?=.*Identifiant de cabinet).*dijon21",
    "the second entry": r"^(?=.*Votre identifiant).*5312",
    "the third entry": r"^(?=.*Mot de passe).*5312apo",
    "small letters": r"en lettres minuscules",
    "coming appointments": r"(ses|vos) prochains rendez-vous",
    "instalments": r"(son|votre) échéancier",
    "questions are welcome": r"Une (difficulté, une )?question \?",
    "the greeting": r"Madame,",
    "the regards": r"l’expression de mes salutations les meilleures",
    "the signature": r"Docteur Exemple",
    "the file": r"Dossier n° 5312",
    "the patient": r"Patient : Lina SPÉCIMEN",
    "the addressee": r"Madame SPÉCIMEN",
}
"""What the procedure's letter tells, in the words of the shorter ones (test_letter_text has those of the long one)."""
EACH_VERSION = [(name, adult, confirmed) for name in SHIPPED_BY_NAME for adult in (0, 1) for confirmed in (0, 1)]


def composed(record: RecordMaker, name: str, *, adult: bool, confirmed: bool, with_code: bool = True) -> Letter:
    person = {"first_name": "Lina"} if adult else {}
    secret = IssuedSecret("5312apo", LINK if with_code else "")
    merged = record(addressee=person, cabinet=CABINET, secret=secret, confirmed=confirmed)
    letter = Composer(shipped_letters(name, with_code=with_code)).compose(merged)
    assert isinstance(letter, Letter), letter
    return letter


@pytest.mark.parametrize(("name", "adult", "confirmed"), [one for one in EACH_VERSION if one[0] != "annonce"])
def test_a_shorter_letter_lacks_no_piece_of_the_procedures(
    record: RecordMaker, name: str, *, adult: bool, confirmed: bool
) -> None:
    words = text_of(composed(record, name, adult=adult, confirmed=confirmed))
    assert [piece for piece, pattern in SHORT.items() if not re.search(pattern, words)] == []
    assert ("votre enfant" in words) is not adult
    assert ("un lien à l’adresse e-mail connue du cabinet" in words) is bool(confirmed)
    assert ("l’adresse e-mail qui permet de le retrouver" in words) is not confirmed


@pytest.mark.parametrize(("name", "adult", "confirmed"), EACH_VERSION)
def test_without_links_no_letter_speaks_of_a_code_to_scan(
    record: RecordMaker, name: str, *, adult: bool, confirmed: bool
) -> None:
    with_code = composed(record, name, adult=adult, confirmed=confirmed)
    without = composed(record, name, adult=adult, confirmed=confirmed, with_code=False)
    codes = [
        [mark for page in letter.composition.pages for _, mark in page.marks if isinstance(mark, Code)]
        for letter in (with_code, without)
    ]
    assert [len(found) for found in codes] == [1, 0]
    assert ["scan" in text_of(letter).lower() for letter in (with_code, without)] == [True, False]


@pytest.mark.parametrize(("name", "adult", "confirmed"), EACH_VERSION)
def test_the_words_of_a_birth_date_password_fit_too(
    record: RecordMaker, name: str, *, adult: bool, confirmed: bool
) -> None:
    secret = IssuedSecret("date de naissance du patient (JJMMAAAA)", LINK)
    long = {"civility": "Mademoiselle", "last_name": "DE LA TOUR DE L’EXEMPLE", "first_name": "Lina"}
    merged = record(
        patient={"first_name": "Lina" if adult else "Maximilienne-Alexandra", "last_name": long["last_name"]},
        addressee=long,
        cabinet=CABINET,
        secret=secret,
        confirmed=bool(confirmed),
    )
    assert merged.to_patient is bool(adult)
    assert Composer(shipped_letters(name)).check(merged) == ()


def test_a_reminder_speaks_of_what_was_not_opened_and_of_the_code_that_replaces_the_former(
    record: RecordMaker,
) -> None:
    words = text_of(composed(record, "relance", adult=False, confirmed=True))
    assert "vous ne l’avez pas encore ouvert" in words
    assert "Le code à scanner, qui remplace le précédent" in words


def test_shipped_letters_have_names_and_titles_of_their_own() -> None:
    assert len({letter.name for letter in SHIPPED_LETTERS}) == len(SHIPPED_LETTERS)
    templates = [letter for one in SHIPPED_BY_NAME for letter in _both(one)]
    assert len({letter.title for letter in templates}) == len(templates)


def _both(name: str) -> tuple[LetterTemplate, LetterTemplate]:
    letters = shipped_letters(name)
    return letters.child, letters.adult


@pytest.mark.parametrize("name", SHIPPED_BY_NAME)
def test_no_version_has_a_word_of_the_other(name: str) -> None:
    for with_code in (True, False):
        letters = shipped_letters(name, with_code=with_code)
        for letter in (letters.child, letters.adult):
            assert any(isinstance(block, WithCode) for block in letter.blocks) is with_code
            alone = [block for block in letter.blocks if isinstance(block, Paragraph)]
            assert alone, "a letter has paragraphs"
