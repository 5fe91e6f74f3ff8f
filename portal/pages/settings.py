"""What a cabinet chooses for its portal, as one versioned document: texts, visibility, names, first access.

Written by the desktop application, published whole, kept by the portal with its history. `clean` is applied when a
document is written and again when it is read: what a cabinet types can never run in a patient's browser.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

MAX_ZONE = 4000
"""Characters of a text zone, marks included."""


class FirstAccessPolicy(StrEnum):
    """What the patient is told as the initial secret (DESIGN.md §6)."""

    BIRTH_DATE = "birth_date"
    PATTERN = "pattern"
    PERSONAL_CODE = "personal_code"


class ProtectionLevel(StrEnum):
    CONFIRMED = "confirmed"
    """The secret only identifies; a one-time link to the e-mail on file opens."""
    PROCEDURE = "procedure"
    """As in the original procedure: the initial secret opens the dossier at once."""


class FirstAccess(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    policy: FirstAccessPolicy = FirstAccessPolicy.BIRTH_DATE
    level: ProtectionLevel = ProtectionLevel.CONFIRMED
    pattern: Annotated[str, msgspec.Meta(max_length=40)] = "@ORDREapo"
    """Only for `pattern`: `@ORDRE` stands for the patient's number; the rest is literal."""


Zone = Annotated[str, msgspec.Meta(max_length=MAX_ZONE)]
ShortText = Annotated[str, msgspec.Meta(max_length=80)]


class TextZones(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The seven text zones (procedure, page 3), as sanitised HTML: bold, italic, colour, links, lists, line breaks."""

    title: Zone = ""
    address: Zone = ""
    greeting: Zone = ""
    phone: Zone = ""
    hours: Zone = ""
    fax: Zone = ""
    access: Zone = ""


class PortalSettings(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="version", tag=1
):
    zones: TextZones = TextZones()
    hidden: tuple[str, ...] = ()
    """Keys of `portal.pages.elements`, in any order."""
    kind_names: dict[str, ShortText] = {}
    """Readable names of appointment kinds: {"RVC": "Contrôle"}."""
    practitioner_names: dict[str, ShortText] = {}
    contact_email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    """Where patients' messages go. Must be set before a document may be published."""
    logo_digest: str = ""
    access_image_digest: str = ""
    route_url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    """An https address of a map service, for "Ouvrir l’itinéraire"."""
    first_access: FirstAccess = FirstAccess()
