"""The reception desk's work without a window: a real portal, a mail server and an SMS gateway of this machine."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.desk.office import Office, open_office
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings, write_settings
from cabinet.demo.export import write_export
from cli.embedded_portal import EmbeddedPortal
from cli.letter_box import MailBox, SmsBox
from merge.channels.smtp import Security
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Role
from sync.config import keep_credentials, open_store, write_config
from tests.app.practice import NewCabinet, Practice


@dataclass(frozen=True)
class LetterBoxes:
    """Where what this computer sends arrives."""

    mail: MailBox
    sms: SmsBox

    def settings(self) -> DeskSettings:
        """Senders that lead there."""
        return DeskSettings(
            signatory="Docteur Exemple",
            city="Dijon",
            smtp=SmtpSettings(
                host="127.0.0.1",
                port=self.mail.port,
                security=Security.NONE,
                sender_address="cabinet@exemple.fr",
                per_minute=60_000,
            ),
            sms=SmsSettings(
                kind=SmsKind.HTTP,
                url=self.sms.url,
                parameters=(("to", "{number}"), ("text", "{text}")),
                accepted="^OK",
                price=690,
                per_minute=60_000,
            ),
        )


@pytest.fixture
def boxes(tmp_path: Path) -> Iterator[LetterBoxes]:
    with MailBox(tmp_path / "mail") as mail, SmsBox(tmp_path / "sms") as sms:
        yield LetterBoxes(mail, sms)


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory, today: dt.date) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(folder, reference=today, patients=40, photos=False)
    return folder


@pytest.fixture
def own_practice(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path, export: Path) -> Practice:
    """A published cabinet of this test's own, whose patients have no photos: nothing here shows one."""
    practice = Practice(portal, next(cabinets), tmp_path / "own")
    shutil.copytree(export, practice.folder / "export")
    practice.enrol(Role.PRACTITIONER)
    practice.sync()
    practice.publish_demo_settings()
    return practice


@pytest.fixture
def practice_with_senders(own_practice: Practice, boxes: LetterBoxes) -> Practice:
    write_settings(boxes.settings(), own_practice.desk().settings_file)
    return own_practice


@pytest.fixture
def office(practice_with_senders: Practice) -> Iterator[Office]:
    with open_office(practice_with_senders.desk()) as opened:
        yield opened


def second_computer(practice: Practice, folder: Path) -> Practice:
    """Another device of the same cabinet, at the reception desk."""
    other = Practice(practice.portal, practice.cabinet, folder)
    with Connections() as connections:
        enrolled = PortalClient(practice.portal.address, "", connections).enrol(
            practice.cabinet.reception_code, "ACCUEIL-2"
        )
    config = practice.desk().config
    write_config(config, other.config_file)
    keep_credentials(open_store(config, folder), practice.portal.address, enrolled)
    return other
