"""The shipped letters say everything that the procedure's example letter says."""

import dataclasses

import msgspec
import pytest

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterSet, LetterTemplate, Paragraph, Run, WithCode
from merge.letters.shipped import shipped_letters
from merge.record import IssuedSecret
from merge.template import TemplateError
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, check_letter, text_of

PIECES = {
    "to follow the treatment better": "mieux suivre",
    "what is new": "vous pouvez désormais consulter",
    "on the internet": "en ligne, par internet",
    "the site's address": "www.webortho.fr",
    "the first entry": "Entrez le code",
    "the cabinet's code": "« dijon21 »",
    "the second entry": "Votre identifiant étant le",
    "the patient's number": "« 5312 »",
    "the third entry": "Votre mot de passe étant",
    "the password": "« 5312apo »",
    "small letters": "en lettres minuscules",
    "coming appointments": "prochains rendez-vous",
    "instalments": "échéancier",
    "satisfaction": "ce nouveau service vous donnera satisfaction",
    "a better care of the dossier": "améliorera encore le suivi",
    "questions are welcome": "à votre disposition pour tout autre renseignement",
    "the greeting": "Madame,",
    "the regards": "l’expression de mes salutations les meilleures",
    "the signature": "Docteur Exemple",
    "the file": "Dossier n° 5312",
    "the patient": "Patient : Lina SPÉCIMEN",
    "the addressee": "Madame SPÉCIMEN",
}


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("adult", [True, False])
def test_a_letter_has_every_piece_of_the_procedures(record: RecordMaker, adult: bool, confirmed: bool) -> None:
    person = {"first_name": "Lina"} if adult else {}
    merged = record(
        addressee=person, cabinet=CABINET, secret=IssuedSecret("5312apo", "https://w.fr/a/1"), confirmed=confirmed
    )
    assert merged.to_patient is adult
    letter = Composer(shipped_letters()).compose(merged)
    assert isinstance(letter, Letter)
    words = text_of(letter)
    assert [piece for piece, text in PIECES.items() if text not in words] == []
    assert ("de votre enfant" in words) is not adult
    assert ("un lien à l’adresse e-mail connue du cabinet" in words) is confirmed


def paragraphs(template: LetterTemplate) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in template.blocks:
        if isinstance(block, Paragraph):
            found.append(block)
        elif isinstance(block, WithCode):
            found += block.paragraphs
    return found


def test_the_letters_have_a_personal_code_and_the_initial_secret_field() -> None:
    letters = shipped_letters()
    for template in (letters.child, letters.adult):
        assert any(isinstance(block, WithCode) for block in template.blocks)
        notes = [note.value for block in template.blocks for note in getattr(block, "notes", ())]
        assert notes == ["@CABINET", "@ORDRE", "@MDP"]
        assert all(isinstance(run, Run) for paragraph in paragraphs(template) for run in paragraph.runs)


def test_an_unknown_field_is_refused_when_the_letter_is_compiled(record: RecordMaker) -> None:
    letter = shipped_letters().child
    wrong = msgspec.structs.replace(letter, references=(Paragraph((Run("Dossier @ORDRES"),)),))
    with pytest.raises(TemplateError, match="@ORDRES"):
        check_letter(record(cabinet=CABINET), wrong)


def test_an_overflowing_letter_is_refused_before_it_is_printed(record: RecordMaker) -> None:
    letter = shipped_letters().child
    more = tuple(Paragraph((Run("Encore un paragraphe de plus."),)) for _ in range(8))
    long = msgspec.structs.replace(letter, blocks=(*letter.blocks, *more))
    [problem] = check_letter(record(cabinet=CABINET), long)
    assert problem.code == "overflow"
    assert problem.sentence.startswith("Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: le texte dépasse le bas de la page de ")
    assert problem.sentence.endswith("Raccourcissez le modèle, ou réduisez l’espace entre ses paragraphes.")


def test_every_reason_is_told_at_once(record: RecordMaker) -> None:
    bad = record(patient={"last_name": ""}, addressee={"city": ""}, cabinet=CABINET, secret=IssuedSecret("", ""))
    codes = [problem.code for problem in check_letter(bad, shipped_letters().child)]
    assert codes == ["address-missing", "empty-field", "empty-field", "no-link"]


@pytest.mark.parametrize(
    ("title", "code"), [("Cabinet 漢", "glyph"), ("Cabinet d’orthodontie du Parc et de ses environs " * 3, "width")]
)
def test_a_letterhead_that_cannot_be_printed_is_told_before(record: RecordMaker, title: str, code: str) -> None:
    cabinet = dataclasses.replace(CABINET, title=title)
    assert [problem.code for problem in check_letter(record(cabinet=cabinet), shipped_letters().child)] == [code]


def test_a_letter_that_would_greet_nobody_is_refused(record: RecordMaker) -> None:
    letter = shipped_letters().child
    by_civility = msgspec.structs.replace(letter, blocks=(Paragraph((Run("@DCIVIL @DPREN,"),)), *letter.blocks[2:]))
    assert check_letter(record(cabinet=CABINET), by_civility) == ()
    nameless = record(addressee={"civility": "", "first_name": ""}, cabinet=CABINET)
    [problem] = check_letter(nameless, by_civility)
    assert problem.sentence == (
        "Dossier 5312 (SPÉCIMEN)\u00a0: la formule d’appel serait vide\u00a0: la civilité du destinataire n’est pas "
        "connue. Écrivez @DPOLI dans le modèle («\u00a0Madame, Monsieur\u00a0»), ou complétez la fiche."
    )
    assert check_letter(nameless, letter) == ()


def test_the_zones_own_labels_are_not_doubled(record: RecordMaker) -> None:
    cabinet = dataclasses.replace(CABINET, title="", phone="TEL : 03 80 00 00 00", fax="", city="")
    layout = Composer(shipped_letters()).layout_for(record(cabinet=cabinet))
    assert layout.letterhead == (CABINET.name, "12 rue de l’Exemple, 21000 DIJON", "TEL : 03 80 00 00 00")
    assert layout.place_and_date == "Le 6\u00a0octobre 2026"


def test_a_household_is_not_given_one_childs_codes(record: RecordMaker) -> None:
    one = record(cabinet=CABINET)
    household = record(cabinet=CABINET, children=(one.dossier, one.dossier))
    [problem] = check_letter(household, shipped_letters().child)
    assert problem.sentence == (
        "Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: cette lettre montre les codes d’un seul enfant, et la famille en a 2. "
        "Préparez une lettre par enfant."
    )


def test_letters_of_two_cabinets_do_not_mix(record: RecordMaker) -> None:
    composer = Composer(LetterSet(child=shipped_letters().child, adult=shipped_letters().adult))
    first = composer.layout_for(record(cabinet=CABINET))
    second = composer.layout_for(record())
    assert first is not second
    assert first is composer.layout_for(record(cabinet=CABINET))
