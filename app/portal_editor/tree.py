"""The visibility tree as plain rows: what is shown, hidden, or cannot be hidden and why. No Qt here."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.portal_editor.items import in_order
from portal.pages.elements import BY_KEY, ELEMENTS, Element, is_visible
from portal.pages.settings import PortalSettings

ALWAYS = "always"
"""Key of the branch that gathers what is always shown and stands alone."""
ALWAYS_LABEL = "Toujours affichés"

_REASONS = {
    "skip": "Les personnes qui n’utilisent pas de souris en ont besoin.",
    "notice": "Sans elle, le patient ne saurait pas si son message est parti.",
    "menu": "Il disparaît de lui-même quand ses trois pages sont masquées.",
    "home": "Elle accueille le patient quand les trois pages sont masquées.",
    "header.sign_out": "Sans ce bouton, un ordinateur partagé resterait ouvert.",
    "footer.as_of": "Sans cette date, des données anciennes passeraient pour nouvelles.",
    "footer": "Il porte la date des données et les mentions obligatoires.",
    "footer.accessibility": "La loi demande cette mention.",
    "footer.privacy": "La loi demande cette mention.",
}
_WAY_IN = "Sans cet élément, personne ne pourrait entrer."


class State(StrEnum):
    SHOWN = "shown"
    PARTLY = "partly"
    """Shown, but something in it is hidden."""
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Row:
    """One line of the tree. `parent` is "" at the top."""

    key: str
    label: str
    parent: str
    state: State
    locked: str = ""
    """Why it cannot be hidden; "" when it can."""
    is_under_hidden: bool = False
    """Something that it stands in is hidden, and so it is not seen whatever its own box says."""


def rows(settings: PortalSettings) -> tuple[Row, ...]:
    """Every element of the catalogue, parents before what stands in them."""
    alone = [element for element in ELEMENTS if _stands_alone(element)]
    listed = [_row(element, element.parent, settings) for element in ELEMENTS if element not in alone]
    locked = Row(ALWAYS, ALWAYS_LABEL, "", State.SHOWN, "Ces éléments ne peuvent pas être masqués.")
    return (*listed, locked, *(_row(element, ALWAYS, settings) for element in alone))


def counts(settings: PortalSettings) -> tuple[int, int]:
    """How many elements are not seen, and how many there are."""
    return sum(not is_visible(element.key, settings.hidden) for element in ELEMENTS), len(ELEMENTS)


def counts_sentence(settings: PortalSettings) -> str:
    hidden, total = counts(settings)
    if not hidden:
        return f"{total} éléments, tous visibles"
    return f"{hidden} masqué{'s' if hidden > 1 else ''} sur {total}"


def matching(text: str, of: tuple[Row, ...]) -> frozenset[str]:
    """Keys of the rows whose label has every word of `text`, accents and case forgiven, with all they stand in."""
    words = _plain(text).split()
    parents = {row.key: row.parent for row in of}
    found: set[str] = set()
    for row in of:
        if all(word in _plain(row.label) for word in words):
            key = row.key
            while key:
                found.add(key)
                key = parents[key]
    return frozenset(found)


def toggled(key: str, settings: PortalSettings) -> tuple[str, ...]:
    """The hidden keys after a click on a box.

    A box that is ticked is unticked, with all it holds kept for later. One that is not, or only in part, is ticked:
    all it holds is shown, and so is what it stands in.
    """
    hidden = set(settings.hidden)
    if BY_KEY[key].essential:
        return settings.hidden
    if _state(key, settings) is State.SHOWN and is_visible(key, settings.hidden):
        return in_order(hidden | {key})
    return shown_again(key, settings)


def shown_again(key: str, settings: PortalSettings) -> tuple[str, ...]:
    """The hidden keys once an element, what it stands in and what stands in it are shown."""
    above = set(_above(key))
    return in_order({each for each in settings.hidden if each not in above and not each.startswith(f"{key}.")})


def reason(key: str) -> str:
    """Why an element is always shown; "" when it may be hidden."""
    if not BY_KEY[key].essential:
        return ""
    return f"Toujours affiché. {_REASONS.get(key, _WAY_IN)}"


def _row(element: Element, parent: str, settings: PortalSettings) -> Row:
    key = element.key
    under = not element.essential and bool(element.parent) and not is_visible(element.parent, settings.hidden)
    return Row(key, element.label, parent, _state(key, settings), reason(key), under)


def _state(key: str, settings: PortalSettings) -> State:
    if key in settings.hidden and not BY_KEY[key].essential:
        return State.HIDDEN
    if any(each.startswith(f"{key}.") for each in settings.hidden):
        return State.PARTLY
    return State.SHOWN


def _stands_alone(element: Element) -> bool:
    has_parts = any(each.parent == element.key for each in ELEMENTS)
    return element.essential and not element.parent and not has_parts


def _above(key: str) -> Iterator[str]:
    while key:
        yield key
        key = key.rpartition(".")[0]


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
