"""What the Portail screen knows and decides: the draft, its history, what may be published. No Qt here."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from app.portal_editor import lines, tree
from app.portal_editor.draft import Change, Draft, new_draft, rebased, summary
from app.portal_editor.draft_store import DraftStore
from app.portal_editor.history import History
from app.portal_editor.items import ZONE_LIMITS, Value, value_of, with_value
from app.portal_editor.problems import Problem, problems
from portal.pages.elements import BY_KEY
from portal.pages.settings import MAX_ZONE, PortalSettings


@dataclass(frozen=True)
class Counter:
    """« 90 / 400 »."""

    used: int
    limit: int

    @property
    def text(self) -> str:
        return f"{self.used} / {self.limit}"

    @property
    def is_over(self) -> bool:
        return self.used > self.limit


class Presenter:
    """The draft of one cabinet. Empty until `start` finds one, kept on disk by `save`."""

    def __init__(self, store: DraftStore, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds, for what counts as one step to undo."""
        self._store = store
        self._clock = clock
        self._draft: Draft | None = None
        self._saved: Draft | None = None
        self._history: History[PortalSettings] = History()

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to edit: offline on a new computer, there is not."""
        return self._draft is not None

    @property
    def draft(self) -> Draft:
        """Raise `LookupError` while there is none."""
        if self._draft is None:
            raise LookupError("no draft yet")
        return self._draft

    @property
    def settings(self) -> PortalSettings:
        return self.draft.settings

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.draft.changes if self._draft else ()

    @property
    def summary(self) -> str:
        return summary(self.changes)

    @property
    def headline(self) -> str:
        """« 3 modifications non publiées »."""
        count = len(self.changes)
        if not count:
            return "Aucune modification à publier"
        return f"{count} modification{'s' if count > 1 else ''} non publiée{'s' if count > 1 else ''}"

    def start(self) -> None:
        """Take up the draft that this computer kept, whether or not the portal answers."""
        self._draft = self._saved = self._store.load()

    def published_is(self, version: int, settings: PortalSettings) -> str:
        """The portal shows this now. A sentence when another computer's changes were taken over, else ""."""
        former = self._draft
        if former is None:
            self._draft = new_draft(version, settings)
            return ""
        if former.version == version:
            return ""
        self._draft = rebased(former, version, settings)
        self._history.clear()
        if not former.changes:
            return ""
        if self._draft.undecided:
            return "Un autre poste a publié entre-temps, et modifié les mêmes éléments que vous."
        return "Un autre poste a publié entre-temps\u00a0: ses modifications sont reprises, les vôtres sont gardées."

    def was_published(self, sent: PortalSettings, version: int, settings: PortalSettings) -> None:
        """What was `sent` is what the portal shows. What was typed meanwhile stays a change."""
        self._draft = Draft(version, settings, settings if self.settings == sent else self.settings)

    def save(self) -> None:
        """Keep the draft on disk, when it is not what is there already. Raise `OSError`."""
        if self._draft is not None and self._draft != self._saved:
            self._store.save(self._draft)
            self._saved = self._draft

    # Editing

    def set_zone(self, name: str, html: str) -> bool:
        """A text as it is being typed. False, and nothing changed, when it is longer than a document may hold."""
        if len(html) > MAX_ZONE:
            return False
        published = self.draft.published.zones
        # Written in another way but read alike: no change.
        same = html == lines.canonical(getattr(published, name))
        self._edit(f"zones.{name}", getattr(published, name) if same else html, typed=True)
        return True

    def set_value(self, item: str, value: Value, *, typed: bool = False) -> None:
        """Any other item: a name, an address, a picture, the first access."""
        self._edit(item, value, typed=typed)

    def toggle(self, key: str) -> None:
        """A click on an element's box."""
        self._hide(tree.toggled(key, self.settings), key)

    def hide(self, key: str) -> None:
        """« Masquer » in the preview; nothing for what is always shown."""
        if not BY_KEY[key].essential and key not in self.settings.hidden:
            self._edit(f"hidden.{key}", value=True)

    def show(self, key: str) -> None:
        """« Afficher de nouveau »."""
        self._hide(tree.shown_again(key, self.settings), key)

    def revert(self, item: str) -> None:
        """« Revenir au texte publié », for any item."""
        self._edit(item, value_of(self.draft.published, item))

    def replace_all(self, settings: PortalSettings) -> None:
        """The draft becomes an earlier version; one step to undo."""
        self._change(settings, "")

    def decide(self, item: str, *, keep_mine: bool) -> None:
        """Settle an item that another computer changed too."""
        before = self.settings
        self._draft = self.draft.decided(item, keep_mine=keep_mine)
        if self.settings != before:
            self._history.record(before, self.settings, item, self._clock())

    # Undo

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def undo(self) -> str:
        """One step back; the item that it was about ("" for the whole document or when there is no step)."""
        return self._travel(self._history.undo) if self.can_undo else ""

    def redo(self) -> str:
        return self._travel(self._history.redo) if self.can_redo else ""

    # What the screen says

    def counter(self, name: str) -> Counter:
        return Counter(lines.length(getattr(self.settings.zones, name)), ZONE_LIMITS[name])

    def is_changed(self, item: str) -> bool:
        return any(change.item == item for change in self.changes)

    def problems(self) -> tuple[Problem, ...]:
        return problems(self.draft)

    def _hide(self, hidden: tuple[str, ...], key: str) -> None:
        self._change(replace(self.settings, hidden=hidden), f"hidden.{key}")

    def _edit(self, item: str, value: Value, *, typed: bool = False) -> None:
        self._change(with_value(self.settings, item, value), item, typed=typed)

    def _change(self, settings: PortalSettings, subject: str, *, typed: bool = False) -> None:
        before = self.settings
        if settings == before:
            return
        self._draft = self.draft.with_settings(settings)
        self._history.record(before, settings, subject, self._clock(), typed=typed)

    def _travel(self, step: Callable[[], tuple[PortalSettings, str]]) -> str:
        settings, subject = step()
        self._draft = self.draft.with_settings(settings)
        return subject
