"""The settings document as a list of items that can be compared, taken over and undone one at a time. No Qt here.

An item is named by a path: `zones.greeting`, `hidden.appointments.missed`, `kind_names.RVC`, `contact_email`…
"""

from collections.abc import Iterator

from msgspec.structs import replace

from app.portal_editor import lines
from portal.pages.elements import BY_KEY, ELEMENTS
from portal.pages.rich_text import clean_html
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel

ZONES: dict[str, str] = {
    "title": "Titre",
    "address": "Adresse",
    "greeting": "Message d’accueil",
    "phone": "Téléphone",
    "hours": "Horaires de consultation",
    "fax": "Fax",
    "access": "Accès au cabinet",
}
"""The seven zones in the order of the screen."""

ZONE_LIMITS: dict[str, int] = {
    "title": 80,
    "address": 200,
    "greeting": 400,
    "phone": 120,
    "hours": 400,
    "fax": 120,
    "access": 1500,
}
"""Characters that a patient reads, marks not counted: what still looks right on a telephone."""

FIELDS: dict[str, str] = {
    "contact_email": "Adresse e-mail de contact",
    "route_url": "Adresse de l’itinéraire",
    "logo_digest": "Logo",
    "access_image_digest": "Plan d’accès",
    "first_access": "Premier accès des patients",
}
NAMES: dict[str, str] = {"kind_names": "Nature", "practitioner_names": "Praticien"}

POLICIES: dict[FirstAccessPolicy, str] = {
    FirstAccessPolicy.BIRTH_DATE: "Date de naissance du patient",
    FirstAccessPolicy.PATTERN: "Modèle à partir du numéro",
    FirstAccessPolicy.PERSONAL_CODE: "Code personnel",
}
LEVELS: dict[ProtectionLevel, str] = {
    ProtectionLevel.CONFIRMED: "confirmé par un lien envoyé au patient",
    ProtectionLevel.PROCEDURE: "ouvre le dossier aussitôt",
}

Value = str | bool | FirstAccess
"""A text, whether an element is hidden, or the first access."""


def value_of(settings: PortalSettings, item: str) -> Value:
    """The item's value; "" for a name that is not given. `KeyError` or `AttributeError` for no item at all."""
    part, _, name = item.partition(".")
    if part == "zones":
        return str(getattr(settings.zones, name))
    if part == "hidden":
        return name in settings.hidden
    if part in NAMES:
        names: dict[str, str] = getattr(settings, part)
        return names.get(name, "")
    value: Value = getattr(settings, item)
    return value


def with_value(settings: PortalSettings, item: str, value: Value) -> PortalSettings:
    """The same document with another value of one item. A name given as "" is taken away."""
    part, _, name = item.partition(".")
    if part == "zones":
        return replace(settings, zones=replace(settings.zones, **{name: value}))
    if part == "hidden":
        hidden = {key for key in settings.hidden if key != name} | ({name} if value else set())
        return replace(settings, hidden=in_order(hidden))
    if part in NAMES:
        names = {code: said for code, said in getattr(settings, part).items() if code != name}
        return replace(settings, **{part: {**names, name: value} if value else names})
    return replace(settings, **{item: value})


def taken(item: str, source: PortalSettings, into: PortalSettings) -> PortalSettings:
    """`into` with one item as it is in `source`."""
    return with_value(into, item, value_of(source, item))


def differing(one: PortalSettings, other: PortalSettings) -> Iterator[str]:
    """The items that two documents do not have alike, in the order of the screen."""
    for name in ZONES:
        if clean_html(getattr(one.zones, name)) != clean_html(getattr(other.zones, name)):
            yield f"zones.{name}"
    yield from (f"hidden.{key}" for key in in_order(set(one.hidden) ^ set(other.hidden)))
    for part in NAMES:
        ones, others = getattr(one, part), getattr(other, part)
        yield from (
            f"{part}.{code}" for code in sorted(ones.keys() | others.keys()) if ones.get(code) != others.get(code)
        )
    yield from (name for name in FIELDS if getattr(one, name) != getattr(other, name))


def in_order(keys: set[str]) -> tuple[str, ...]:
    """Element keys as the catalogue has them; what it does not know (a newer program's) after them."""
    known = tuple(element.key for element in ELEMENTS if element.key in keys)
    return known + tuple(sorted(keys.difference(known)))


def label_of(item: str) -> str:
    """What a person calls the item."""
    part, _, name = item.partition(".")
    if part == "zones":
        return ZONES[name]
    if part == "hidden":
        return element_label(name)
    if part in NAMES:
        return f"{NAMES[part]} «\u00a0{name}\u00a0»"
    return FIELDS[item]


def element_label(key: str) -> str:
    """« Rendez-vous à venir », and for a column or a line where it stands: « Rendez-vous à venir, Date »."""
    element = BY_KEY.get(key)
    if element is None:
        return key
    parent = BY_KEY.get(element.parent)
    return f"{parent.label}, {element.label}" if parent and parent.parent else element.label


def said(item: str, value: Value) -> str:
    """A value in words, on one line or several; "" for nothing."""
    if isinstance(value, FirstAccess):
        pattern = f" ({value.pattern})" if value.policy is FirstAccessPolicy.PATTERN else ""
        return f"{POLICIES[value.policy]}{pattern}, {LEVELS[value.level]}"
    if isinstance(value, bool):
        return "Masqué" if value else "Visible"
    if item.startswith("zones."):
        return "\n".join(line.text for line in lines.parse(value)).replace(lines.LINE_BREAK, "\n")
    if item.endswith("_digest"):
        return f"Image {value[:8]}" if value else ""
    return value
