"""What keeps a draft from being published, and where on the screen it can be put right. No Qt here."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.portal_editor import lines
from app.portal_editor.draft import Draft
from app.portal_editor.items import FIELDS, NAMES, ZONE_LIMITS, ZONES, Value, with_value
from portal.pages.settings import FirstAccess, PortalSettings, check

_HARMLESS: dict[str, Value] = {"contact_email": "cabinet@exemple.fr", "route_url": "", "first_access": FirstAccess()}


@dataclass(frozen=True)
class Problem:
    """A French sentence, and the item to put right ("" where it is the whole document)."""

    sentence: str
    item: str = ""


def problems(draft: Draft) -> tuple[Problem, ...]:
    """Everything that has to be put right first, in the order of the screen; empty when it can be published."""
    return tuple(_all(draft))


def _all(draft: Draft) -> Iterator[Problem]:
    for name, limit in ZONE_LIMITS.items():
        over = lines.length(getattr(draft.settings.zones, name)) - limit
        # A text that is published already, however long, does not stand in the way of another one.
        if over > 0 and getattr(draft.settings.zones, name) != getattr(draft.published.zones, name):
            yield Problem(
                f"Le texte «\u00a0{ZONES[name]}\u00a0» est trop long de {over} "
                f"caractère{'s' if over > 1 else ''}\u00a0: raccourcissez-le.",
                f"zones.{name}",
            )
    for sentence in check(draft.settings):
        yield Problem(sentence, _place(sentence, draft.settings))


def _place(sentence: str, settings: PortalSettings) -> str:
    """The item without which nobody would complain."""
    for item, value in _candidates(settings):
        if sentence not in check(with_value(settings, item, value)):
            return item
    return ""


def _candidates(settings: PortalSettings) -> Iterator[tuple[str, Value]]:
    yield from ((item, _HARMLESS[item]) for item in FIELDS if item in _HARMLESS)
    for part in NAMES:
        yield from ((f"{part}.{code}", "") for code in getattr(settings, part))
    yield from ((f"hidden.{key}", False) for key in settings.hidden)
