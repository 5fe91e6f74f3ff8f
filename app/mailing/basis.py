"""What every step of the mail merge stands on: the cabinet as the portal knows it, and this computer's choices."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.board import Published
from app.desk.desk import Desk
from app.desk.facts import Identity, facts_of, setting_of
from app.mailing.library import Library
from app.mailing.previews import Previewer
from app.settings import DeskSettings, SmsKind, read_settings
from merge.emails.message import Sender
from merge.preparing import Setting
from merge.recipients import ChannelKind
from portal.api.shapes import Self
from portal.pages.settings import FirstAccess, PortalSettings

MODELS = "modeles"
DRAFTS = "brouillons-publipostage"


@dataclass(frozen=True)
class Basis:
    """One consistent view; it is made anew when the portal or the settings of this computer have changed."""

    identity: Identity
    portal: PortalSettings
    settings: DeskSettings
    setting: Setting

    @property
    def first_access(self) -> FirstAccess:
        return self.portal.first_access

    @property
    def sender(self) -> Sender:
        """Who e-mails come from; in a preview, an address that shows where the cabinet's own will stand."""
        smtp, facts = self.settings.smtp, self.setting.cabinet
        address = smtp.sender_address or facts.reply_email or "cabinet@exemple.fr"
        return Sender(smtp.sender_name or facts.name, address, facts.reply_email)

    def missing(self, channels: Iterable[ChannelKind]) -> tuple[ChannelKind, ...]:
        """Those of these channels that are not set up on this computer."""
        wanted = set(channels)
        return tuple(kind for kind in ChannelKind if kind in wanted and not self._has(kind))

    def _has(self, kind: ChannelKind) -> bool:
        smtp, sms = self.settings.smtp, self.settings.sms
        if kind is ChannelKind.EMAIL:
            return bool(smtp.host and smtp.sender_address)
        return kind is ChannelKind.LETTER or sms.kind is not SmsKind.NONE

    def previewer(self) -> Previewer:
        return Previewer(self.setting, self.first_access, self.sender)


def load_basis(desk: Desk, identity: Self | None, published: Published | None, today: dt.date) -> Basis:
    """From the last snapshots; without them, what this computer knows by itself. Raise `DeskSettingsError`."""
    config = desk.config
    name = identity.cabinet_name if identity else config.cabinet
    who = Identity(config.cabinet, name, config.portal)
    portal = published.settings if published else PortalSettings()
    settings = read_settings(desk.settings_file)
    return Basis(who, portal, settings, setting_of(facts_of(who, portal, settings), portal.first_access, today))


def library_of(desk: Desk, basis: Basis) -> Library:
    """The models of this computer; unsaved texts are kept with the program's own state."""
    return Library(models_folder(desk), desk.state_dir / DRAFTS, confirmed=basis.setting.confirmed)


def models_folder(desk: Desk) -> Path:
    return desk.base / MODELS
