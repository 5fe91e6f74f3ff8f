"""The reception desk's work without a window: a real portal, a mail server and an SMS gateway of this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from app.desk.office import Office, open_office
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings, write_settings
from cli.letter_box import MailBox, SmsBox
from merge.channels.smtp import Security
from portal.api.client import PortalClient
from sync.config import keep_credentials, open_store, write_config
from tests.app.practice import Practice


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
    with requests.Session() as session:
        enrolled = PortalClient(practice.portal.address, "", session).enrol(
            practice.cabinet.reception_code, "ACCUEIL-2"
        )
    config = practice.desk().config
    write_config(config, other.config_file)
    keep_credentials(open_store(config, folder), practice.portal.address, enrolled)
    return other
