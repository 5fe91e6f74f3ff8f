"""The demo's computer at the reception desk: enrolled, its senders set to the demo's letter-boxes."""

from pathlib import Path

from app.desk.desk import Desk
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings, write_settings
from cli.letter_box import MailBox, SmsBox
from merge.channels.smtp import Security
from portal.api.shapes import Enrolled
from sync.config import SecretKind, SyncConfig, keep_credentials, open_store, write_config

NAME = "Poste de démonstration"
SIGNATORY = "Docteur Exemple"
FAST = 60_000
"""Messages a minute: nobody's server is to be spared here."""


def set_up(folder: Path, portal: str, enrolled: Enrolled, export: Path) -> Desk:
    """A configuration that the application opens: `sync.toml`, its secrets in a file beside it."""
    config = SyncConfig(
        portal,
        enrolled.cabinet_code,
        source=str(export),
        secrets=SecretKind.FILE,
        secrets_file="secrets.json",
    )
    path = folder / "sync.toml"
    write_config(config, path)
    keep_credentials(open_store(config, folder), portal, enrolled)
    return Desk(path, state_of(path))


def state_of(config_file: Path) -> Path:
    """Where the demo's computer remembers: journal, outbox."""
    return config_file.parent / "etat"


def lead_to(desk: Desk, mail: MailBox, sms: SmsBox) -> None:
    """From now on, what this computer sends arrives there."""
    settings = DeskSettings(
        computer=NAME,
        signatory=SIGNATORY,
        city="Dijon",
        smtp=SmtpSettings(
            host="127.0.0.1",
            port=mail.port,
            security=Security.NONE,
            sender_address="cabinet@exemple.fr",
            per_minute=FAST,
        ),
        sms=SmsSettings(
            kind=SmsKind.HTTP,
            url=sms.url,
            parameters=(("to", "{number}"), ("text", "{text}")),
            accepted="^OK",
            sender="CABINET",
            price=690,
            per_minute=FAST,
        ),
    )
    write_settings(settings, desk.settings_file)
