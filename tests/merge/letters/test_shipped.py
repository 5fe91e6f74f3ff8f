"""The letters that WebOrtho brings: each says all that the procedure's does, in both levels, with and without links."""

import re
from pathlib import Path

import pikepdf
import pytest
import zxingcpp

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterTemplate, WithCode
from merge.letters.output.writing import write_letters
from merge.letters.setting import Code
from merge.letters.shipped import SHIPPED_BY_NAME, SHIPPED_LETTERS, shipped_letters
from merge.record import IssuedSecret, MergeRecord
from merge.texts import Audience
from tests.merge.conftest import RecordMaker, make_dossier
from tests.merge.letters.conftest import CABINET, Pages, need, text_of

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
FAMILY = {
    "on the internet": r"en ligne, par internet",
    "the site's address": r"site www\.webortho\.fr",
    "the first entry": r"Identifiant de cabinet : dijon21",
    "small letters": r"en lettres minuscules",
    "coming appointments": r"leurs prochains rendez-vous",
    "instalments": r"leurs échéanciers",
    "questions are welcome": r"Une (difficulté, une )?question \?|à votre disposition pour tout autre renseignement",
    "the regards": r"Madame, l’expression de mes salutations les meilleures",
    "the signature": r"Docteur Exemple",
    "the files": r"Dossiers n° 5312",
    "the patients": r"Patients : Enfant0 SPÉCIMEN",
}
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


def household(record: RecordMaker, count: int, **changes: object) -> MergeRecord:
    """A parent with so many children, each with a secret of its own."""
    children = tuple(make_dossier(str(5312 + place), f"Enfant{place}") for place in range(count))
    secrets = tuple(IssuedSecret(f"{one.number}apo", f"{LINK}{one.number}", one.number) for one in children)
    given = {"children": children, "child_secrets": secrets, "secret": secrets[0], "cabinet": CABINET} | changes
    return record(**given)


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("name", SHIPPED_BY_NAME)
def test_a_family_gets_one_letter_with_each_childs_own_codes_however_many_they_are(
    record: RecordMaker, name: str, tmp_path: Path, *, confirmed: bool
) -> None:
    need("pdftoppm")
    for count in (2, 6):
        printed = write_letters(
            [household(record, count, confirmed=confirmed)], shipped_letters(name), tmp_path / "famille.pdf"
        )
        assert (printed.letters, printed.refused) == (1, [])
        assert printed.handles == [str(5312 + place) for place in range(count)]
        pages = Pages(tmp_path / "famille.pdf")
        with pikepdf.open(pages.path) as pdf:
            sheets = range(1, len(pdf.pages) + 1)
        codes = [code.text for page in sheets for code in zxingcpp.read_barcodes(pages.picture(page, dpi=100))]
        assert sorted(codes) == [f"{LINK}{5312 + place}" for place in range(count)]
        text = " ".join(line for page in sheets for line in pages.lines(page)).replace("\u00a0", " ")
        for place in range(count):
            number = 5312 + place
            below = text[text.index("minuscules") :]
            found = re.search(rf"Enfant{place} SPÉCIMEN.*?Votre identifiant : (\d+).*?Mot de passe : (\w+)", below)
            assert found is not None
            assert found.groups() == (str(number), f"{number}apo"), "each child's codes stand below its own name"
        missing = [piece for piece, pattern in FAMILY.items() if not re.search(pattern, text)]
        assert missing == []


def test_a_family_of_whom_one_child_is_refused_gets_no_letter_and_every_child_is_told(record: RecordMaker) -> None:
    refused = IssuedSecret("", refused="Ce patient n’est pas publié sur le portail.")
    family = household(record, 2, child_secrets=(IssuedSecret("5312apo", LINK), refused))
    problems = Composer(shipped_letters()).check(family)
    assert [problem.sentence for problem in problems] == [
        (
            "Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: la lettre du foyer n’est pas imprimée, car l’accès d’un autre "
            "enfant est refusé. Préparez une lettre par enfant."
        ),
        "Dossier 5313 (SPÉCIMEN Jeanne)\u00a0: ce patient n’est pas publié sur le portail.",
    ]


def test_what_is_wrong_with_a_family_s_letter_is_told_for_each_child(record: RecordMaker) -> None:
    problems = Composer(shipped_letters()).check(household(record, 2, addressee={"city": ""}))
    assert [(problem.number, problem.code) for problem in problems] == [
        ("5312", "address-missing"),
        ("5313", "address-missing"),
    ]


def test_shipped_letters_have_names_and_titles_of_their_own() -> None:
    assert len({letter.name for letter in SHIPPED_LETTERS}) == len(SHIPPED_LETTERS)
    templates = {letter for one in SHIPPED_BY_NAME for letter in versions(one)}
    assert len({letter.title for letter in templates}) == len(templates)


def versions(name: str, *, with_code: bool = True) -> tuple[LetterTemplate, ...]:
    letters = shipped_letters(name, with_code=with_code)
    return tuple(letters.letter_for(audience) for audience in Audience)


@pytest.mark.parametrize("name", SHIPPED_BY_NAME)
def test_without_links_nothing_stands_beside_a_code_in_any_version(name: str) -> None:
    for with_code in (True, False):
        for letter in versions(name, with_code=with_code):
            inner = [one for block in letter.blocks for one in getattr(block, "blocks", (block,))]
            assert any(isinstance(block, WithCode) for block in inner) is with_code
