"""All that a mailing or a print needs, opened together for one job in one thread."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.desk.desk import Desk
from app.desk.facts import Identity, facts_of, setting_of
from app.desk.issuer import PortalIssuer
from app.desk.ledger import Ledger, open_outbox, outbox_file
from app.desk.printing import Press
from app.desk.senders import Senders
from app.desk.texts import TextFolder
from app.settings import DeskSettings, read_settings
from merge.preparing import Setting
from portal.api.shapes import Role
from portal.api.transport import checked_address
from portal.pages.settings import FirstAccess, PortalSettings, ProtectionLevel, decode
from sync.cancel import CancelToken

TEXTS = "modeles"
"""The folder of the cabinet's own texts, beside the configuration."""


@dataclass(frozen=True)
class Office:
    """Open: the portal's conversation, the outbox, and what is known of the cabinet today."""

    identity: Identity
    role: Role
    zone: ZoneInfo
    portal: PortalSettings
    settings: DeskSettings
    setting: Setting
    issuer: PortalIssuer
    ledger: Ledger
    senders: Senders
    texts: TextFolder

    @property
    def first_access(self) -> FirstAccess:
        return self.portal.first_access

    @property
    def press(self) -> Press:
        return Press(self.setting, self.issuer, self.ledger)


@contextlib.contextmanager
def open_office(desk: Desk, *, cancel: CancelToken | None = None, today: dt.date | None = None) -> Iterator[Office]:
    """Ask the portal who this is and what it shows; `today` is the cabinet's own day where it is None.

    Raise `WebOrthoError`: the portal's (unreachable, token refused), the secret store's, the outbox's, the settings'.
    """
    settings = read_settings(desk.settings_file)
    store = desk.store()
    with desk.portal(cancel) as portal, open_outbox(desk.state_dir, desk.config.cabinet, store) as outbox:
        myself = portal.publishing.myself()
        document = decode(bytes(portal.publishing.settings().document))
        identity = Identity(myself.cabinet_code, myself.cabinet_name, checked_address(desk.config.portal))
        zone = ZoneInfo(myself.time_zone)
        facts = facts_of(identity, document, settings)
        yield Office(
            identity=identity,
            role=myself.role,
            zone=zone,
            portal=document,
            settings=settings,
            setting=setting_of(facts, document.first_access, today or dt.datetime.now(zone).date()),
            issuer=PortalIssuer(portal.desk, document.first_access),
            ledger=Ledger(outbox, portal.desk),
            senders=Senders(settings, store, identity.code, desk.base),
            texts=text_folder(desk, document),
        )


def text_folder(desk: Desk, portal: PortalSettings) -> TextFolder:
    """The cabinet's texts on this computer; nothing is asked of the portal."""
    confirmed = portal.first_access.level is ProtectionLevel.CONFIRMED
    return TextFolder(desk.base / TEXTS, confirmed=confirmed)


def catch_up(desk: Desk, cancel: CancelToken | None = None) -> None:
    """When the application starts: what a program that died was sending is shown, what the portal missed is told.

    Nothing is asked of the portal where nothing was ever sent from this computer.
    """
    if not outbox_file(desk.state_dir, desk.config.cabinet).exists():
        return
    with desk.portal(cancel) as portal, open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        outbox.recover()
        Ledger(outbox, portal.desk).tell()
