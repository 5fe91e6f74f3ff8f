"""The first-run assistant driven by hand: from an empty folder to published patients."""

from importlib.resources import files
from pathlib import Path

import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.desk.desk import Desk
from app.first_run.draft import Draft, Step, keep_draft, needed, read_draft
from app.settings import read_settings
from app.setup.columns_tab import ColumnsTab
from app.widgets.pill import Kind
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.documents import DocumentName
from portal.api.documents_client import DocumentsClient
from portal.api.shapes import Role
from sync.config import SecretKind, read_config
from tests.app.conftest import WITHIN
from tests.app.first_run.conftest import Bench
from tests.app.foreign_export import write_foreign_export
from tests.app.practice import NewCabinet


def test_from_an_empty_folder_to_250_published_patients(bench: Bench, demo_export: Path) -> None:
    assert needed(bench.config_file)
    assistant = bench.open()
    typed = assistant.portal
    bench.qtbot.keyClicks(typed.address, bench.portal.address)
    bench.qtbot.keyClicks(typed.code, bench.new.practitioner_code.lower().replace("-", " "))
    typed.device_name.setText("Accueil 1")
    bench.qtbot.keyClick(typed.code, Qt.Key.Key_Return)
    bench.reach(assistant, Step.SOURCE)

    assistant.source.field.folder.edit.setText(f'"{demo_export}"')
    bench.qtbot.keyClick(assistant.source.field.folder.edit, Qt.Key.Key_Return)
    bench.reach(assistant, Step.COLUMNS)
    columns = assistant.columns
    assert columns.looked is not None
    assert columns.preview.summary.text().startswith("Export lu\u00a0: 250\u00a0patients, ")
    tabs = columns.preview.tabs
    assert [tabs.tabText(place).partition(" (")[0] for place in range(tabs.count())] == [
        *("Patients", "Destinataires", "Rendez-vous", "Échéancier", "Honoraires", "Soldes", "Fichiers")
    ]
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    bench.press(assistant.senders.skip)
    bench.reach(assistant, Step.PUBLISH)
    assert assistant.next.text() == "Publier les dossiers"
    assert assistant.next.hasFocus()
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.publish.notice.kind is Kind.OK
    assert assistant.publish.notice.text.startswith("250\u00a0dossiers ajoutés")
    assert assistant.next.text() == "Ouvrir WebOrtho"
    bench.press(assistant.next)
    assert assistant.result() == QDialog.DialogCode.Accepted
    assert not needed(bench.config_file)
    with Desk(bench.config_file).portal() as line:
        assert len(line.publishing.manifest().entries) == 250
        myself = line.publishing.myself()
    assert (myself.device_name, myself.role) == ("Accueil 1", Role.PRACTITIONER)


def test_it_is_left_and_taken_up_again(bench: Bench) -> None:
    first = bench.open()
    first.portal.address.setText(bench.portal.address)
    first.portal.device_name.setText("Accueil 2")
    first.portal.code.setText(bench.new.reception_code)
    bench.press(first.later)
    assert first.result() == QDialog.DialogCode.Rejected
    assert bench.new.reception_code.encode() not in b"".join(
        path.read_bytes() for path in bench.config_file.parent.rglob("*") if path.is_file()
    )

    second = bench.open()
    assert (second.portal.address.text(), second.portal.device_name.text()) == (bench.portal.address, "Accueil 2")
    second.portal.code.setText(bench.new.reception_code)
    bench.press(second.next)
    bench.reach(second, Step.SOURCE)
    second.source.field.folder.edit.setText(str(bench.export))
    second.reject()
    assert needed(bench.config_file)

    third = bench.open()
    assert third.stepper.current == Step.SOURCE
    assert third.source.field.folder.path == str(bench.export)
    bench.press(third.back)
    assert third.portal.notice.text == f"Ce poste est relié au portail de {cabinet_name(bench.new)}."
    bench.press(third.next)
    assert third.source.field.folder.path == str(bench.export)
    third.reject()
    assert read_draft(bench.config_file).step is Step.SOURCE


def test_a_computer_that_leaves_the_export_to_another_one_is_ready_at_once(bench: Bench) -> None:
    assistant = bench.enrolled()
    bench.press(assistant.source.field.kind.part("none"))
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    bench.press(assistant.back)
    assert assistant.stepper.current == Step.SOURCE, "there are no columns to look at"
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    assistant.reject()

    again = bench.open()
    bench.idle(again)
    bench.press(again.senders.skip)
    bench.reach(again, Step.PUBLISH)
    assert not again.publish.pipeline.isVisible()
    assert again.next.text() == "Ouvrir WebOrtho"
    bench.press(again.next)
    assert again.result() == QDialog.DialogCode.Accepted
    config = read_config(bench.config_file)
    assert (config.source, config.reads_source) == ("", False)


def test_a_computer_that_was_enrolled_while_it_was_left_needs_no_second_code(bench: Bench) -> None:
    first = bench.open()
    first.portal.address.setText(bench.portal.address)
    first.portal.code.setText(bench.new.practitioner_code)
    bench.press(first.next)
    first.reject()
    bench.qtbot.waitUntil(bench.config_file.exists, timeout=WITHIN)
    bench.idle(first)
    keep_draft(Draft(address=bench.portal.address), bench.config_file)
    second = bench.open()
    assert second.portal.notice.text == f"Ce poste est relié au portail de {bench.new.code}."
    bench.press(second.portal.again)
    assert second.portal.code.isEnabled()
    bench.press(second.next)
    assert second.portal.code_field._wrong.text().startswith("Tapez le code")
    second.reject()
    third = bench.open()
    bench.press(third.next)
    bench.reach(third, Step.SOURCE)


def test_a_configuration_that_cannot_be_read_is_replaced(bench: Bench) -> None:
    bench.config_file.parent.mkdir()
    bench.config_file.write_text("portal = ")
    keep_draft(Draft(), bench.config_file)
    assistant = bench.enrolled()
    assert read_config(bench.config_file).cabinet == bench.new.code
    assistant.reject()


def test_a_wrong_code_is_told_and_what_was_typed_stays(bench: Bench) -> None:
    assistant = bench.open()
    assistant.portal.address.setText(bench.portal.address)
    assistant.portal.code.setText("ABCD-2345-EFGH")
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.portal.notice.text.startswith("Ce code d’enrôlement n’est pas valable.")
    assert assistant.stepper.current == Step.PORTAL
    assert assistant.portal.code.text() == "ABCD-2345-EFGH"
    assert not bench.config_file.exists()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Tapez le code d’enrôlement reçu de votre hébergeur ou d’un praticien."),
        ("ABCD-2345", "Ce code est incomplet. Il a trois groupes de quatre signes, par exemple ABCD-2345-EFGH."),
    ],
)
def test_a_code_that_cannot_be_one_is_not_sent(bench: Bench, code: str, sentence: str) -> None:
    assistant = bench.open()
    assistant.portal.address.setText("https://portail.exemple.fr")
    assistant.portal.code.setText(code)
    bench.press(assistant.next)
    assert assistant.portal.task is None
    assert assistant.portal.code_field._wrong.text() == sentence


def test_an_insecure_address_is_refused_before_the_code_is_sent(bench: Bench) -> None:
    assistant = bench.open()
    assistant.portal.address.setText("http://portail.exemple.fr")
    assistant.portal.code.setText("ABCD-2345-EFGH")
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.portal.notice.text == (
        "L’adresse du portail (http://portail.exemple.fr) n’est pas sécurisée. Rien n’a été envoyé. Utilisez "
        "l’adresse qui commence par https://."
    )


def test_a_whole_message_may_be_pasted(bench: Bench) -> None:
    assistant = bench.open()
    assistant.portal.code.setText("Adresse : https://portail.exemple.fr. Votre code : abcd 2345 efgh")
    assert assistant.portal.code.text() == "ABCD-2345-EFGH"
    assert assistant.portal.address.text() == "https://portail.exemple.fr"


def test_without_a_keyring_the_code_is_not_spent(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    assistant = bench.open(SecretKind.KEYRING)
    assistant.portal.address.setText(bench.portal.address)
    assistant.portal.code.setText(bench.new.practitioner_code)
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.portal.notice.text.startswith(
        "Ce poste n’a pas de trousseau de clés où garder le jeton du portail."
    )
    assert not bench.config_file.exists()
    assistant.close()
    bench.enrolled()


def no_keyring() -> object:
    return fail.Keyring()


def test_a_wrong_source_is_told_and_can_be_put_right(bench: Bench, tmp_path: Path) -> None:
    assistant = bench.enrolled()
    bench.press(assistant.next)
    assert assistant.source.field.folder.field._wrong.text().startswith("Indiquez le dossier de l’export")
    missing = tmp_path / "lecteur absent"
    assistant.source.field.folder.edit.setText(str(missing))
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.source.notice.text == (
        f"Le dossier d’export {missing} n’existe pas ou n’est pas un dossier. Vérifiez le chemin, et que le partage "
        "réseau est accessible."
    )
    empty = tmp_path / "vide"
    empty.mkdir()
    assistant.source.field.folder.edit.setText(str(empty))
    bench.press(assistant.next)
    bench.reach(assistant, Step.COLUMNS)
    assert assistant.columns.notice.text.startswith("Cet export a ses propres noms de tables ou de colonnes.")
    assert f"Le fichier patients.csv manque dans le dossier {empty}." in assistant.columns.notice.text
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.stepper.current == Step.COLUMNS
    bench.press(assistant.back)
    assistant.source.field.folder.edit.setText(str(bench.export))
    bench.press(assistant.next)
    bench.reach(assistant, Step.COLUMNS)
    assert assistant.columns.looked is not None


def test_a_mapping_that_does_not_fit_is_told(bench: Bench, tmp_path: Path) -> None:
    assistant = bench.with_source()
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('version = 1\n[patients]\nfile = "patients.csv"\n[patients.columns]\nnumber = "Numéro"\n')
    assistant.columns.mapping.edit.setText(str(mapping))
    assert assistant.columns.looked is None
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.stepper.current == Step.COLUMNS
    assert "Numéro" in assistant.columns.notice.text
    assert assistant.columns.notice.kind is Kind.ERROR
    mapping.write_text('version = 1\n[patients]\nfile = "patients.csv"\n[patients.columns]\nnumber = "N° interne"\n')
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    config = read_config(assistant._journey.config_file)
    assert (config.source, config.mapping) == (str(bench.export), str(mapping))


def test_senders_typed_here_are_kept(bench: Bench) -> None:
    assistant = bench.with_source()
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    email = assistant.senders.email
    email.host.setText("smtp.exemple.fr")
    email.sender_address.setText("cabinet@")
    bench.press(assistant.next)
    assert assistant.stepper.current == Step.SENDERS
    assert email.fields["sender_address"]._wrong.text().startswith("Cette adresse e-mail est incomplète.")
    email.sender_address.setText("cabinet@exemple.fr")
    bench.press(assistant.next)
    bench.reach(assistant, Step.PUBLISH)
    kept = read_settings(Desk(bench.config_file).settings_file).smtp
    assert (kept.host, kept.sender_address) == ("smtp.exemple.fr", "cabinet@exemple.fr")
    bench.press(assistant.back)
    assert email.host.text() == "smtp.exemple.fr"


def cabinet_name(new: NewCabinet) -> str:
    return new.code.replace("cabinet-", "Cabinet ")


def test_an_export_of_another_program_is_connected_and_published_without_touching_a_file(
    bench: Bench, tmp_path: Path
) -> None:
    assistant = bench.enrolled()
    assistant.source.field.folder.edit.setText(str(write_foreign_export(tmp_path / "logiciel")))
    bench.press(assistant.next)
    bench.reach(assistant, Step.COLUMNS)
    columns = assistant.columns
    assert columns.notice.text.startswith("Cet export a ses propres noms de tables ou de colonnes.")
    bench.press(columns.notice.button)
    bench.qtbot.waitUntil(lambda: columns.dialog is not None, timeout=WITHIN)
    dialog = columns.dialog
    assert dialog is not None
    bench.qtbot.waitUntil(dialog.use.isEnabled, timeout=WITHIN)
    for key in ("dates", "rows/Archive"):
        page = dialog.tabs.widget(0)
        assert isinstance(page, ColumnsTab)
        bench.qtbot.keyClick(page.entries[key], Qt.Key.Key_Down)
    bench.press(dialog.use)
    bench.qtbot.waitUntil(lambda: columns.looked is not None, timeout=WITHIN)
    bench.idle(assistant)
    assert columns.preview.summary.text().startswith("Export lu\u00a0: 5\u00a0patients, ")
    assert columns.mapping.path == str(bench.config_file.parent / "mapping.toml")
    bench.press(assistant.next)
    bench.reach(assistant, Step.SENDERS)
    bench.press(assistant.senders.skip)
    bench.reach(assistant, Step.PUBLISH)
    bench.press(assistant.next)
    bench.idle(assistant)
    assert assistant.publish.notice.text.startswith("5\u00a0dossiers ajoutés")


def test_a_second_computer_takes_what_the_first_one_shares(bench: Bench, tmp_path: Path) -> None:
    with Connections() as connections:
        first = PortalClient(bench.portal.address, "", connections).enrol(bench.new.reception_code, "Premier")
    code = bench.portal.enrolment_code(first.cabinet_code, Role.PRACTITIONER)
    with Connections() as connections:
        practitioner = PortalClient(bench.portal.address, "", connections).enrol(code, "Bureau")
        documents = DocumentsClient(bench.portal.address, practitioner.token, connections)
        mapping = files("resources").joinpath("demo", "mapping.toml").read_bytes()
        documents.save(DocumentName.MAPPING, mapping, 0)
        documents.save(DocumentName.DESK, b'{"signatory":"Docteur Rivi\xc3\xa8re"}', 0)
    assistant = bench.enrolled()
    assert assistant.source.notice.text == (
        "Réglages repris du portail\u00a0: le contenu de l’export, les expéditeurs et les noms. "
        "Il reste à dire où ce poste voit l’export."
    )
    assistant.source.field.folder.edit.setText(str(bench.export))
    bench.press(assistant.next)
    bench.reach(assistant, Step.COLUMNS)
    assert assistant.columns.mapping.path == str(bench.config_file.parent / "mapping.toml")
    assert (bench.config_file.parent / "mapping.toml").read_bytes() == mapping
    assert read_settings(bench.config_file.parent / "poste.toml").signatory == "Docteur Rivière"
