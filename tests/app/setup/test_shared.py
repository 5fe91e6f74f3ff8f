"""What the cabinet's computers share, seen in Réglages: changed on two of them, a person chooses."""

import pytest

from app.desk.sharing import Conflict, Shared, Sharing
from app.settings import read_settings
from app.setup.source_section import SourceSection
from cabinet.mapping import load_mapping
from portal.api.documents import DocumentName
from sync.config import read_config
from tests.app.conftest import WITHIN
from tests.app.foreign_export import write_foreign_export
from tests.app.practice import Practice
from tests.app.setup.conftest import Hands

PATIENTS = 0
"""The place of the patients' tab."""
pytestmark = pytest.mark.usefixtures("sharing")


def change_elsewhere(practice: Practice, content: bytes) -> None:
    """As another practitioner's computer does."""
    with practice.desk().portal() as portal:
        version = portal.documents.document(DocumentName.DESK).saved.version
        portal.documents.save(DocumentName.DESK, content, version)


@pytest.fixture
def two(hands: Hands, new_practice: Practice) -> Practice:
    """This computer has its own signatory, and another one saved another since."""
    screen = hands.open(new_practice, "cabinet")
    screen.sections["cabinet"].signatory.setText("Docteur Rivière")
    screen.sections["cabinet"].edited()
    hands.press(screen.sections["cabinet"].save_button)
    hands.idle()
    with new_practice.desk().portal() as portal:
        assert b"Rivi" in portal.documents.document(DocumentName.DESK).content
    change_elsewhere(new_practice, b'{"signatory":"Docteur Lac"}')
    screen.sections["cabinet"].signatory.setText("Docteur Fontaine")
    screen.sections["cabinet"].edited()
    hands.press(screen.sections["cabinet"].save_button)
    hands.idle()
    return new_practice


def test_what_is_saved_here_is_saved_for_all(two: Practice) -> None:
    assert read_settings(two.desk().settings_file).signatory == "Docteur Fontaine"


@pytest.mark.parametrize("keeps", [True, False])
def test_a_change_on_two_computers_is_chosen_between(hands: Hands, two: Practice, keeps: bool) -> None:
    screen = hands.screens[0]
    [choice] = screen.shared.conflicts
    assert choice.isVisible()
    assert choice.words.text().endswith("les expéditeurs et les noms. Choisissez lesquels garder.")
    hands.press(choice.keep if keeps else choice.take)
    hands.idle()
    assert screen.shared.conflicts == []
    assert not screen.shared.isVisible()
    kept = "Docteur Fontaine" if keeps else "Docteur Lac"
    assert read_settings(two.desk().settings_file).signatory == kept
    with two.desk().portal() as portal:
        assert kept.encode() in portal.documents.document(DocumentName.DESK).content
    assert hands.told[-1].startswith("Les réglages de ce poste" if keeps else "Les réglages du portail")


def test_what_another_computer_saved_is_taken_when_nothing_changed_here(hands: Hands, new_practice: Practice) -> None:
    change_elsewhere(new_practice, b'{"city":"Dijon"}')
    screen = hands.open(new_practice, "cabinet")
    assert screen.sections["cabinet"].context.board.shared is not None
    assert screen.sections["cabinet"].context.board.shared.taken == ("les expéditeurs et les noms",)
    assert read_settings(new_practice.desk().settings_file).city == "Dijon"
    assert read_config(new_practice.config_file).mapping == ""
    with new_practice.desk().portal() as portal:
        assert Sharing(new_practice.desk(), portal.documents, may_save=True).compare().taken == ()


def test_a_mapping_that_reaches_further_is_asked_about_in_its_own_words(hands: Hands, new_practice: Practice) -> None:
    conflict = Conflict(DocumentName.MAPPING, "le contenu de l’export", "Bureau", reaches_further=True)
    screen = hands.open(new_practice, "cabinet")
    board = screen.sections["cabinet"].context.board
    board.shared = Shared(conflicts=(conflict,))
    board.shared_changed.emit()
    [choice] = screen.shared.conflicts
    assert choice.words.text().startswith("Une requête ou un dossier de photos a été ajouté sur le poste «\u00a0Bureau")
    assert "Vérifiez que cette modification vient du cabinet" in choice.words.text()


# A mapping that was recognised here


def recognise(hands: Hands, section: SourceSection, *, order_said: bool) -> None:
    """Through the window of the columns, then « Utiliser ces colonnes »."""
    former = section.dialog
    hands.press(section.recognise)
    hands.qtbot.waitUntil(lambda: section.dialog is not former, timeout=WITHIN)
    hands.idle()
    assert section.dialog is not None
    recognition = section.dialog.recognition
    assert recognition is not None
    recognition.say_order(PATIENTS, month_first=order_said)
    hands.press(section.dialog.use)
    hands.idle()


def shared_mapping(practice: Practice) -> str:
    with practice.desk().portal() as portal:
        return portal.documents.document(DocumentName.MAPPING).content.decode()


@pytest.fixture
def source(hands: Hands, new_practice: Practice) -> SourceSection:
    """Réglages, Source, on an export of other names."""
    section = hands.open(new_practice, "source").sections["source"]
    assert isinstance(section, SourceSection)
    section.field.show_source(str(write_foreign_export(new_practice.folder / "foreign")))
    return section


def test_a_recognised_mapping_goes_to_the_portal_as_it_is_saved(
    hands: Hands, new_practice: Practice, source: SourceSection
) -> None:
    recognise(hands, source, order_said=False)
    assert shared_mapping(new_practice) == ""
    hands.press(source.save_button)
    hands.idle()
    assert hands.told[-1] == "La source est enregistrée."
    kept = new_practice.folder / read_config(new_practice.config_file).mapping
    assert shared_mapping(new_practice) == kept.read_text()
    assert load_mapping(kept).patients is not None


def test_what_is_recognised_anew_is_used_and_shared_once_it_is_saved_and_not_before(
    hands: Hands, new_practice: Practice, source: SourceSection
) -> None:
    recognise(hands, source, order_said=False)
    hands.press(source.save_button)
    hands.idle()
    first = shared_mapping(new_practice)
    recognise(hands, source, order_said=True)
    kept = new_practice.folder / read_config(new_practice.config_file).mapping
    assert kept.read_text() == first, "the night would read with what nobody saved"
    assert source.save_button.isEnabled()
    hands.press(source.save_button)
    hands.idle()
    kept = new_practice.folder / read_config(new_practice.config_file).mapping
    assert shared_mapping(new_practice) == kept.read_text() != first


def test_a_recognised_mapping_that_meets_another_computers_is_chosen_between(
    hands: Hands, new_practice: Practice, source: SourceSection
) -> None:
    with new_practice.desk().portal() as portal:
        portal.documents.save(DocumentName.MAPPING, b"version = 1 # elsewhere", 0)
    recognise(hands, source, order_said=False)
    hands.press(source.save_button)
    hands.idle()
    [choice] = hands.screens[0].shared.conflicts
    assert choice.words.text().endswith("le contenu de l’export. Choisissez lesquels garder.")
    assert shared_mapping(new_practice) == "version = 1 # elsewhere"
    hands.press(choice.keep)
    hands.idle()
    kept = new_practice.folder / read_config(new_practice.config_file).mapping
    assert shared_mapping(new_practice) == kept.read_text()
