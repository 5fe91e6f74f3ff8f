"""What the portal and this computer know of the cabinet -> what the mail merge says of it."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.settings import DeskSettings
from merge.preparing import Setting
from merge.record import CabinetFacts
from portal.pages.addresses import CABINET_SIGN_IN
from portal.pages.rich_text import plain_lines
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel


@dataclass(frozen=True)
class Identity:
    """Whom the portal takes this cabinet for."""

    code: str
    name: str
    portal: str
    """The portal's address: https://www.webortho.fr."""

    @property
    def site(self) -> str:
        """The address as people type it."""
        return urlsplit(self.portal).netloc

    @property
    def sign_in_url(self) -> str:
        return self.portal.rstrip("/") + CABINET_SIGN_IN.format(code=self.code)


def facts_of(identity: Identity, portal: PortalSettings, desk: DeskSettings) -> CabinetFacts:
    """The zones as plain text with their lines; who signs, where from, and where answers go."""
    zones = {name: "\n".join(plain_lines(getattr(portal.zones, name))) for name in portal.zones.__struct_fields__}
    return CabinetFacts(
        code=identity.code,
        name=identity.name,
        site=identity.site,
        sign_in_url=identity.sign_in_url,
        city=desk.city,
        signatory=desk.signatory or identity.name,
        reply_email=desk.reply_email or portal.contact_email,
        **zones,
    )


def setting_of(facts: CabinetFacts, first_access: FirstAccess, today: dt.date) -> Setting:
    """What is the same for every message of one day."""
    return Setting(
        facts,
        today,
        confirmed=first_access.level is ProtectionLevel.CONFIRMED,
        pattern=first_access.pattern if first_access.policy is FirstAccessPolicy.PATTERN else "",
    )
