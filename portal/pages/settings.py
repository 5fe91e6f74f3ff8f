"""What a cabinet chooses for its portal, as one versioned document: texts, visibility, names, first access.

Written by the desktop application, published whole, kept by the portal with its history. `clean` is applied when a
document is written and again when it is read: what a cabinet types can never run in a patient's browser.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from cabinet.contacts import ascii_email
from cabinet.errors import WebOrthoError
from portal.pages.elements import BY_KEY, unknown_keys
from portal.pages.rich_text import clean_html

MAX_ZONE = 4000
"""Characters of a text zone, marks included."""
MAX_ENTRIES = 500
"""Hidden elements, or names: far more than a cabinet has."""


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
Names = Annotated[dict[str, ShortText], msgspec.Meta(max_length=MAX_ENTRIES)]


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
    hidden: Annotated[tuple[str, ...], msgspec.Meta(max_length=MAX_ENTRIES)] = ()
    """Keys of `portal.pages.elements`, in any order."""
    kind_names: Names = {}
    """Readable names of appointment kinds: {"RVC": "Contrôle"}."""
    practitioner_names: Names = {}
    contact_email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    """Where patients' messages go. Must be set before a document may be published."""
    logo_digest: str = ""
    access_image_digest: str = ""
    route_url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    """An https address of a map service, for "Ouvrir l’itinéraire"."""
    first_access: FirstAccess = FirstAccess()


class SettingsFormatError(WebOrthoError):
    """Bytes that are not a settings document of a version this program knows.

    Nothing of it is taken: who edited the rest and published it would undo what a newer program said.
    """

    def __init__(self) -> None:
        super().__init__(
            "Les réglages du portail ont été publiés par une version plus récente de WebOrtho.",
            "Mettez WebOrtho à jour sur ce poste.",
        )


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(PortalSettings)


def encode(settings: PortalSettings) -> bytes:
    """The document as JSON, cleaned, with sorted keys and without defaults."""
    return _encoder.encode(clean(settings))


def decode(encoded: bytes) -> PortalSettings:
    """The document, cleaned again. Raise `SettingsFormatError` for anything else."""
    try:
        return clean(_decoder.decode(encoded))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsFormatError from error


def clean(settings: PortalSettings) -> PortalSettings:
    """The same document with nothing in it that could run: zones sanitised, an address that is not https left out.

    An e-mail address with accents in its domain is written as mail servers know it.
    """
    zones = settings.zones
    return msgspec.structs.replace(
        settings,
        zones=TextZones(**{name: clean_html(getattr(zones, name)) for name in zones.__struct_fields__}),
        contact_email=_as_servers_know(settings.contact_email),
        route_url=settings.route_url if _is_https(settings.route_url) else "",
    )


def check(settings: PortalSettings) -> tuple[str, ...]:
    """What keeps a document from being published, as French sentences; empty when nothing does."""
    return tuple(_problems(settings))


@cache
def demo_settings() -> PortalSettings:
    """The document of the demo cabinet: the procedure's own first access, so that its example patient can sign in."""
    return decode(files("resources").joinpath("demo_settings.json").read_bytes())


MIN_PATTERN_REST = 3
"""Characters that a pattern adds to the number: a shorter rest is found by trying."""


def _problems(settings: PortalSettings) -> Iterator[str]:
    yield from (_key_problem(key) for key in unknown_keys(settings.hidden))
    if not settings.contact_email:
        yield "L’adresse e-mail de contact manque\u00a0: indiquez où les messages des patients doivent arriver."
    elif ascii_email(settings.contact_email) is None:
        yield (
            f"L’adresse e-mail de contact «\u00a0{settings.contact_email}\u00a0» est incomplète."
            " Exemple\u00a0: cabinet@exemple.fr"
        )
    if settings.route_url and not _is_https(settings.route_url):
        yield (
            f"L’adresse de l’itinéraire «\u00a0{settings.route_url}\u00a0» ne commence pas par https://."
            " Copiez-la depuis votre navigateur."
        )
    if settings.first_access.policy is FirstAccessPolicy.PATTERN:
        yield from _pattern_problems(settings.first_access.pattern)
    yield from _name_problems("nature", settings.kind_names)
    yield from _name_problems("praticien", settings.practitioner_names)


def _key_problem(key: str) -> str:
    if key in BY_KEY:
        label = BY_KEY[key].label
        return f"L’élément «\u00a0{label}\u00a0» ({key}) ne peut pas être masqué\u00a0: retirez-le de la liste."
    close = get_close_matches(key, BY_KEY, n=1)
    suggestion = f"vouliez-vous dire «\u00a0{close[0]}\u00a0»\u00a0?" if close else "retirez-le de la liste."
    return f"Aucun élément ne s’appelle «\u00a0{key}\u00a0»\u00a0: {suggestion}"


def _pattern_problems(pattern: str) -> Iterator[str]:
    place = f"Le modèle de premier accès «\u00a0{pattern}\u00a0»"
    if pattern.count("@ORDRE") != 1:
        yield f"{place} doit contenir @ORDRE une fois\u00a0: c’est le numéro du patient. Exemple\u00a0: @ORDREapo"
        return
    rest = pattern.replace("@ORDRE", "")
    if len(rest) < MIN_PATTERN_REST:
        yield f"{place} est trop court\u00a0: ajoutez au moins {MIN_PATTERN_REST} lettres ou chiffres à @ORDRE."
    elif not re.fullmatch(r"[0-9A-Za-z]+", rest):
        yield f"{place} ne peut contenir, à part @ORDRE, que des lettres sans accent et des chiffres."


def _name_problems(what: str, names: dict[str, str]) -> Iterator[str]:
    for code, name in sorted(names.items()):
        if not name.strip():
            yield f"Le code de {what} «\u00a0{code}\u00a0» n’a pas de nom\u00a0: écrivez-en un ou retirez la ligne."


def _as_servers_know(address: str) -> str:
    return address if address.isascii() else ascii_email(address) or address


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
