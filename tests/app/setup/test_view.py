"""Réglages driven by hand, against a real portal and a real mail server."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from keyring.backends import fail
from PySide6.QtWidgets import QApplication

from app.board import Connection
from app.settings import DeskSettings, SmsKind, SmtpSettings, read_settings, write_settings
from app.setup.desk_sections import CabinetSection, SendersSection
from app.setup.devices_section import ONLY_PRACTITIONERS, DevicesSection
from app.setup.diagnostic import diagnostic
from app.setup.help_section import HelpSection
from app.setup.portal_section import PortalSection
from app.setup.source_section import SourceSection
from app.shell.nav import WIDTH as NAV_WIDTH
from app.shell.status import HEIGHT as STATUS_HEIGHT
from app.shell.window import SMALLEST
from app.widgets.pill import Kind
from merge.channels.smtp import Security
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Role
from sync.config import read_config, source_of
from tests.app.practice import PATIENTS, NewCabinet, Practice
from tests.app.setup.conftest import Hands
from tests.merge.servers import free_port

PASSWORD = "tournesol-7"  # noqa: S105 - of the tests’ own servers


class Kept:
    """What the mail server took."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's
        self.messages.append(envelope.content)  # type: ignore[attr-defined] # aiosmtpd has no types
        return "250 OK"


class MailServer:
    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.port = free_port()
        self.controller = Controller(
            kept,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=_known,
            auth_required=True,
            auth_require_tls=False,
        )


def _known(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"cabinet", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def test_the_portal_is_tested_and_names_this_computer(hands: Hands, practice: Practice) -> None:
    section = hands.open(practice, "portal").current
    assert isinstance(section, PortalSection)
    assert section.address.text() == practice.portal.address
    assert (section.device.text(), section.role.text()) == ("ACCUEIL-1", "Praticien")
    assert section.state.data.text == "En ligne"
    hands.press(section.test)
    hands.idle()
    assert section.notice.text == "Le portail répond, et reconnaît ce poste\u00a0: ACCUEIL-1. Rôle\u00a0: Praticien."


def test_a_portal_that_is_silent_is_told(hands: Hands, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = hands.open(practice, "portal")
    section = screen.current
    assert isinstance(section, PortalSection)
    text = practice.config_file.read_text()
    practice.config_file.write_text(text.replace(practice.portal.address, "http://portail.exemple.fr"))
    section.context.desk.config = read_config(practice.config_file)
    hands.press(section.test)
    hands.idle()
    assert section.notice.text.startswith("L’adresse du portail (http://portail.exemple.fr) n’est pas sécurisée.")


def test_a_new_code_gives_this_computer_a_new_role(hands: Hands, new_practice: Practice) -> None:
    screen = hands.open(new_practice, "portal")
    section = screen.current
    assert isinstance(section, PortalSection)
    source = read_config(new_practice.config_file).source
    hands.press(section.again)
    section.new_code.setText("ABCD-2345-EFGH")
    hands.press(section.enrol)
    hands.idle()
    assert section.notice.text.startswith("Ce code d’enrôlement n’est pas valable.")
    assert section.role.text() == "Praticien"
    section.new_code.setText(new_practice.cabinet.reception_code)
    section.new_name.setText("Accueil 3")
    hands.press(section.enrol)
    hands.idle()
    assert section.notice.kind is Kind.OK
    assert (section.device.text(), section.role.text()) == ("Accueil 3", "Accueil")
    assert read_config(new_practice.config_file).source == source
    assert section.context.board.connection is Connection.ONLINE


def test_a_code_of_another_cabinet_says_to_start_again(
    hands: Hands, new_practice: Practice, cabinets: Iterator[NewCabinet]
) -> None:
    section = hands.open(new_practice, "portal").current
    assert isinstance(section, PortalSection)
    hands.press(section.again)
    section.new_code.setText(next(cabinets).practitioner_code)
    hands.press(section.enrol)
    hands.idle()
    assert section.notice.kind is Kind.ALERT
    assert "Fermez WebOrtho, puis rouvrez-le" in section.notice.text


def test_the_source_is_verified_and_kept_only_when_it_can_be_read(
    hands: Hands, practice: Practice, tmp_path: Path
) -> None:
    screen = hands.open(practice, "source")
    section = screen.current
    assert isinstance(section, SourceSection)
    former = section.field.folder.path
    hands.press(section.verify)
    hands.idle()
    assert section.preview.summary.text().startswith(f"Export lu\u00a0: {PATIENTS}\u00a0patients, ")
    assert not section.save_button.isEnabled()
    # Only the section scrolls, within the smallest window.
    layout = screen.layout()
    assert layout is not None
    assert layout.minimumHeightForWidth(SMALLEST.width() - NAV_WIDTH) < SMALLEST.height() - STATUS_HEIGHT

    section.field.folder.edit.setText(str(tmp_path / "lecteur absent"))
    assert screen.busy_with().startswith("Des réglages ne sont pas enregistrés (Source)")
    hands.press(section.save_button)
    hands.idle()
    assert section.notice.text.startswith(f"Le dossier d’export {tmp_path / 'lecteur absent'} n’existe pas")
    assert read_config(practice.config_file).source == former
    screen.receive("cabinet")
    screen.receive("source")
    hands.idle()
    assert section.field.folder.path == str(tmp_path / "lecteur absent")

    hands.press(section.cancel_button)
    assert (section.field.folder.path, screen.busy_with()) == (former, "")
    section.mapping.edit.setText(str(tmp_path / "rien.toml"))
    section.mapping.edit.setText("")
    hands.press(section.save_button)
    hands.idle()
    assert hands.told == ["La source est enregistrée."]
    assert screen.busy_with() == ""


def test_an_export_that_came_back_is_everywhere_again_once_it_is_verified(hands: Hands, practice: Practice) -> None:
    """The strip leads here, and has no other way to try again."""
    section = hands.open(practice, "source").current
    assert isinstance(section, SourceSection)
    board, export = section.context.board, Path(section.field.folder.path)
    failed: list[str] = []
    board.troubled.connect(lambda subject, _: failed.append(subject))
    away = export.rename(export.with_name("ailleurs"))
    board.refresh_reading()
    hands.idle()
    assert failed == ["reading"]
    away.rename(export)
    hands.press(section.verify)
    hands.idle()
    assert board.reading is not None


def test_a_computer_is_told_to_leave_the_export_to_another_one_and_to_read_it_again(
    hands: Hands, practice: Practice
) -> None:
    screen = hands.open(practice, "source")
    section = screen.current
    assert isinstance(section, SourceSection)
    source = read_config(practice.config_file).source
    hands.press(section.field.kind.part("none"))
    assert not section.mapping.isVisible()
    hands.press(section.save_button)
    hands.idle()
    config = read_config(practice.config_file)
    assert (config.source, config.reads_source) == ("", False)
    assert hands.told == ["Ce poste ne lira pas l’export."]
    assert section.context.board.reading is None

    hands.press(section.field.kind.part("folder"))
    section.field.folder.edit.setText(source)
    hands.press(section.save_button)
    hands.idle()
    config = read_config(practice.config_file)
    assert (config.source, config.reads_source) == (source, True)
    assert section.context.board.reading is not None


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server is this machine's
def test_an_e_mail_trial_needs_the_right_password(hands: Hands, practice: Practice) -> None:
    server = MailServer(Kept())
    server.controller.start()
    try:
        section = hands.open(practice, "senders").current
        assert isinstance(section, SendersSection)
        form = section.email
        form.host.setText("127.0.0.1")
        form.port.setText(str(server.port))
        form.security.choose(Security.NONE)
        form.user.setText("cabinet")
        form.password.setText("faux")
        form.sender_address.setText("cabinet@exemple.fr")
        form.trial.to.setText("essai@exemple.fr")
        hands.press(form.trial.button)
        hands.idle()
        assert form.trial.said.kind is Kind.ERROR
        assert "refuse" in form.trial.said.text
        assert server.kept.messages == []

        form.password.setText(PASSWORD)
        hands.press(form.trial.button)
        hands.idle()
        assert form.trial.said.kind is Kind.OK
        assert form.trial.said.text.startswith("L’e-mail d’essai est parti vers essai@exemple.fr.")
        assert len(server.kept.messages) == 1

        form.trial.to.setText("essai@")
        hands.press(form.trial.button)
        hands.idle()
        assert "n’est pas une adresse e-mail" in form.trial.said.text

        hands.press(section.save_button)
        hands.idle()
        kept = read_settings(practice.desk().settings_file).smtp
        assert (kept.host, kept.user, kept.port) == ("127.0.0.1", "cabinet", server.port)
        assert PASSWORD not in practice.desk().settings_file.read_text()
        assert form.password.text() == ""
        form.trial.to.setText("essai@exemple.fr")
        hands.press(form.trial.button)
        hands.idle()
        assert len(server.kept.messages) == 2
    finally:
        server.controller.stop()


def test_an_sms_trial_goes_to_the_file(hands: Hands, practice: Practice) -> None:
    section = hands.open(practice, "senders").current
    assert isinstance(section, SendersSection)
    section.tabs.setCurrentIndex(1)
    form = section.sms
    assert not form.trial.isVisible()
    form.kind.choose(SmsKind.FILE)
    assert not form.url.isVisible()
    form.price.setText("0,07")
    form.trial.to.setText("06 39 98 12 34")
    hands.press(form.trial.button)
    hands.idle()
    assert form.trial.said.kind is Kind.OK
    assert "33639981234" in (practice.folder / "sms.csv").read_text()
    hands.press(section.save_button)
    hands.idle()
    assert read_settings(practice.desk().settings_file).sms.price == 700


def test_what_is_wrong_is_not_kept(hands: Hands, practice: Practice) -> None:
    section = hands.open(practice, "senders").current
    assert isinstance(section, SendersSection)
    section.email.host.setText("smtp.exemple.fr")
    section.email.port.setText("beaucoup")
    section.email.sender_address.setText("cabinet@exemple.fr")
    section.tabs.setCurrentIndex(1)
    hands.press(section.save_button)
    hands.idle()
    assert section.tabs.currentIndex() == 0
    assert section.email.port.hasFocus()
    assert section.is_dirty
    assert read_settings(practice.desk().settings_file) == DeskSettings()


def test_the_cabinet_is_kept_beside_what_others_wrote(hands: Hands, practice: Practice) -> None:
    section = hands.open(practice, "cabinet").current
    assert isinstance(section, CabinetSection)
    hands.qtbot.keyClicks(section.signatory, "Docteur Riviere")
    hands.qtbot.keyClicks(section.city, "Dijon")
    # Another window of this computer wrote meanwhile.
    write_settings(DeskSettings(smtp=SmtpSettings(host="smtp.exemple.fr")), practice.desk().settings_file)
    hands.press(section.save_button)
    hands.idle()
    kept = read_settings(practice.desk().settings_file)
    assert (kept.signatory, kept.city, kept.smtp.host) == ("Docteur Riviere", "Dijon", "smtp.exemple.fr")
    hands.qtbot.keyClicks(section.reply_email, "cabinet@")
    hands.press(section.save_button)
    hands.idle()
    assert section.reply_field._wrong.text().startswith("Cette adresse e-mail est incomplète.")
    assert read_settings(practice.desk().settings_file).reply_email == ""


def test_a_practitioner_adds_a_computer_and_ends_one(
    hands: Hands, new_practice: Practice, answering: Callable[[bool], list[str]]
) -> None:
    section = hands.open(new_practice, "devices").current
    assert isinstance(section, DevicesSection)
    assert [device.is_this for device in section.model.rows] == [True]
    section.table.select_first()
    assert not section.revoke.isEnabled()
    section.role.choose(Role.RECEPTION)
    hands.press(section.issue)
    hands.idle()
    issued = section.fresh.text()
    assert len(issued.split("-")) == 3
    assert "il ne sera plus montré" in section.until.text()
    hands.press(section.copy)
    assert QApplication.clipboard().text() == issued

    with Connections() as connections:
        PortalClient(new_practice.portal.address, "", connections).enrol(issued, "Accueil 2")
    section.load()
    hands.idle()
    second = next(device for device in section.model.rows if not device.is_this)
    assert (second.name, second.role) == ("Accueil 2", Role.RECEPTION)
    section.table.select_key(second.id)
    questions = answering(True)
    hands.press(section.revoke)
    hands.idle()
    assert questions == ["Retirer 1 poste, «\u00a0Accueil 2\u00a0»\u00a0?"]
    assert [device.is_this for device in section.model.rows] == [True]


def test_reception_is_told_who_manages_computers(hands: Hands, new_practice: Practice) -> None:
    new_practice.enrol(Role.RECEPTION)
    section = hands.open(new_practice, "devices").current
    assert isinstance(section, DevicesSection)
    assert section.nobody.isVisible()
    assert section.nobody._sentence.text() == ONLY_PRACTITIONERS
    assert not section.everything.isVisible()


def test_a_diagnostic_names_no_patient_and_no_secret(hands: Hands, practice: Practice, tmp_path: Path) -> None:
    section = hands.open(practice, "help").current
    assert isinstance(section, HelpSection)
    path = tmp_path / "diagnostic.txt"
    section.export_to(path)
    hands.idle()
    assert section.notice.text.startswith(f"Le diagnostic est dans {path}.")
    told = path.read_text()
    assert "done, code 0" in told
    desk = practice.desk()
    credentials = desk.credentials()
    names = {dossier.patient.last_name for dossier in desk.read_source().dossiers}
    assert credentials.token.partition(".")[2] not in told
    assert not [name for name in names if name in told]


def test_settings_of_a_newer_version_are_told(hands: Hands, new_practice: Practice) -> None:
    with new_practice.config_file.open("a") as file:
        file.write("[soir]\nheure = 20:15:00\n")
    section = hands.open(new_practice, "help").current
    assert section.notice.isVisible()
    assert section.notice.text == (
        "Réglages d’une version plus récente de WebOrtho, laissés de côté\u00a0: «\u00a0soir\u00a0». Mettez WebOrtho "
        "à jour sur ce poste."
    )
    told = diagnostic(new_practice.desk(), dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.UTC))
    assert "laissés de côté\u00a0: «\u00a0soir\u00a0»" in told


def test_a_diagnostic_tells_what_is_missing(practice: Practice, tmp_path: Path) -> None:
    (practice.folder / "s.json").unlink()
    told = diagnostic(practice.desk(), dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.UTC))
    assert f"Accès au portail\u00a0: Le fichier de secrets {practice.folder / 's.json'} n’existe pas." in told


def test_a_keyring_that_is_missing_is_told(hands: Hands, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    section = hands.open(practice, "senders").current
    assert isinstance(section, SendersSection)
    text = practice.config_file.read_text()
    practice.config_file.write_text(text.replace('secrets = "file"\n', "").replace('secrets_file = "s.json"\n', ""))
    section.context.desk.config = read_config(practice.config_file)
    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    section.email.host.setText("smtp.exemple.fr")
    section.email.sender_address.setText("cabinet@exemple.fr")
    section.email.password.setText("secret")
    hands.press(section.save_button)
    hands.idle()
    assert section.notice.text.startswith("Ce poste n’a pas de trousseau de clés")
    assert section.is_dirty
    assert read_settings(practice.desk().settings_file) == DeskSettings()


def no_keyring() -> object:
    return fail.Keyring()


def test_another_programs_workbook_is_connected_in_the_settings(
    hands: Hands, practice: Practice, tmp_path: Path
) -> None:
    screen = hands.open(practice, "source")
    section = screen.current
    assert isinstance(section, SourceSection)
    book = tmp_path / "cabinet.xlsx"
    write_workbook(book)
    hands.press(section.field.kind.part("workbook"))
    section.field.workbook.edit.setText(str(book))
    hands.press(section.recognise)
    hands.idle()
    dialog = section.dialog
    assert dialog is not None
    assert dialog.use.isEnabled()
    assert not dialog.encoding.isVisibleTo(dialog)
    hands.press(dialog.use)
    hands.idle()
    assert section.preview.summary.text().startswith("Export lu\u00a0: 1\u00a0patient, ")
    hands.press(section.save_button)
    hands.idle()
    config = read_config(practice.config_file)
    assert (config.source, config.mapping) == (str(book), str(practice.config_file.parent / "mapping.toml"))


def write_workbook(path: Path) -> None:
    """One sheet, one patient, headers that no default mapping knows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Fichier"
    for row in (("Num dossier", "Nom pat", "Prenom pat"), ("4100", "MARTEL", "Éloïse")):
        sheet.append(row)
    book.save(path)


def test_a_databases_password_goes_to_the_secrets_and_never_to_the_configuration(
    hands: Hands, practice: Practice, tmp_path: Path
) -> None:
    database = tmp_path / "cabinet.sqlite"
    with closing(sqlite3.connect(database)) as line:
        line.execute("CREATE TABLE patients (number, name)")
        line.execute("INSERT INTO patients VALUES ('4100', 'MARTEL')")
        line.commit()
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'version = 1\n[patients]\nfile = "patients"\n[patients.columns]\nnumber = "number"\nlast_name = "name"\n'
    )
    section = hands.open(practice, "source").current
    assert isinstance(section, SourceSection)
    hands.press(section.field.kind.part("database"))
    hands.press(section.verify)
    assert section.field._address_field._wrong.text().startswith("Indiquez l’adresse de la base")
    section.field.address.setText(f"sqlite:///{database}")
    section.mapping.edit.setText(str(mapping))
    hands.press(section.save_button)
    hands.idle()
    assert read_config(practice.config_file).source == f"sqlite:///{database}"
    section.field.password.setText(PASSWORD)
    section._keep()
    hands.idle()
    config = read_config(practice.config_file)
    assert source_of(config, practice.config_file.parent).password == PASSWORD
    assert PASSWORD not in practice.config_file.read_text(encoding="utf-8")


def test_the_first_visit_makes_the_section_that_it_shows_alone(hands: Hands, practice: Practice) -> None:
    screen = hands.open(practice, "cabinet")
    assert list(screen.sections) == ["portal", "cabinet"], "the first of the list, and the one that was asked for"
    section = screen.sections["cabinet"]
    assert isinstance(section, CabinetSection)
    section.city.setText("Beaune")
    section.edited()
    screen.list.setCurrentRow(5)
    assert list(screen.sections) == ["portal", "cabinet", "help"]
    assert [screen.list.item(place).text() for place in (2, 3)] == ["Expéditeurs", "Cabinet •"]
    assert "(Cabinet)" in screen.busy_with()
