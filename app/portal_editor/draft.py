"""The settings a cabinet is writing, beside those its patients see: what changed, and what another computer changed.

A draft remembers the published document it was made from. When another computer publishes in between, each of its
changes is taken over; where both changed one item differently, ours stays until a person decides. No Qt here.
"""

from dataclasses import dataclass, field, replace

from app.portal_editor.items import Value, differing, label_of, said, taken, value_of
from portal.pages.settings import PortalSettings


@dataclass(frozen=True)
class Change:
    """One item that patients do not see as the draft has it."""

    item: str
    """Path of `app.portal_editor.items`."""
    before: Value
    after: Value

    @property
    def label(self) -> str:
        return label_of(self.item)

    @property
    def short(self) -> str:
        """For a list of changes in one line: « Message d’accueil », « Rendez-vous manqués à masquer »."""
        if self.item.startswith("hidden."):
            return f"{self.label} à {'masquer' if self.after else 'afficher'}"
        return self.label

    @property
    def said_before(self) -> str:
        return said(self.item, self.before)

    @property
    def said_after(self) -> str:
        return said(self.item, self.after)

    @property
    def is_only_style(self) -> bool:
        """The words are the same: bold, a colour or a link changed."""
        return self.said_before == self.said_after


@dataclass(frozen=True)
class Draft:
    """`version` and `published`: what it was made from, as the portal gave it."""

    version: int = 0
    published: PortalSettings = field(default_factory=PortalSettings)
    settings: PortalSettings = field(default_factory=PortalSettings)
    undecided: tuple[str, ...] = ()
    """Items that another computer changed too, otherwise: not published before somebody decides."""

    @property
    def changes(self) -> "tuple[Change, ...]":
        return changes(self.published, self.settings)

    def with_settings(self, settings: PortalSettings) -> "Draft":
        """The same draft edited; an item that is as published now needs no decision any more."""
        still = set(differing(self.published, settings))
        return replace(self, settings=settings, undecided=tuple(item for item in self.undecided if item in still))

    def reverted(self, item: str) -> "Draft":
        """With one item as it is published."""
        return self.with_settings(taken(item, self.published, self.settings))

    def decided(self, item: str, *, keep_mine: bool) -> "Draft":
        """With one of the undecided items settled: as the draft has it, or as the portal shows it."""
        rest = replace(self, undecided=tuple(each for each in self.undecided if each != item))
        return rest if keep_mine else rest.reverted(item)


def new_draft(version: int, published: PortalSettings) -> Draft:
    """A draft that changes nothing yet."""
    return Draft(version, published, published)


def changes(published: PortalSettings, draft: PortalSettings) -> tuple[Change, ...]:
    """What a draft would change of the published document, in the order of the screen."""
    return tuple(Change(item, value_of(published, item), value_of(draft, item)) for item in differing(published, draft))


def summary(found: tuple[Change, ...]) -> str:
    """« Message d’accueil, horaires de consultation, rendez-vous manqués à masquer »."""
    first, *rest = [change.short for change in found] or [""]
    return ", ".join([first, *(_uncapitalised(text) for text in rest)])


def rebased(draft: Draft, version: int, published: PortalSettings) -> Draft:
    """The draft on what the portal shows now. What both changed otherwise stays as drafted, and is `undecided`."""
    if version == draft.version:
        return draft
    mine = [change.item for change in draft.changes]
    theirs = set(differing(draft.published, published))
    settings = published
    for item in mine:
        settings = taken(item, draft.settings, settings)
    both = [item for item in mine if item in theirs or item in draft.undecided]
    still = set(differing(published, settings))
    return Draft(version, published, settings, tuple(item for item in both if item in still))


def _uncapitalised(text: str) -> str:
    """As it stands within a sentence; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
