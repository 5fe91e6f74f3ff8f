"""The draft on this computer's disk: written whole or not at all, so that a crash or a power cut loses nothing.

One folder a cabinet and portal, readable by this account alone: the draft, and the images that go with it. No Qt here.
"""

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.desk.desk import Desk
from app.portal_editor.draft import Draft, rebased
from portal.pages.settings import PortalSettings, clean
from sync.replaced_file import replace_file

if TYPE_CHECKING:
    from app.board import Published

FORMAT = 1
_DRAFT = "brouillon.json"
_UNREADABLE = "brouillon-illisible.json"


class _Stored(msgspec.Struct, frozen=True, tag_field="format", tag=FORMAT):
    version: int
    published: PortalSettings
    settings: PortalSettings
    undecided: tuple[str, ...] = ()


class DraftStore:
    """Slow (disk), but for a document of a few kilobytes: may be called by the interface."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Draft | None:
        """The draft as it was last saved; None when there is none.

        One that cannot be read (of a newer program) is put aside under another name, never written over.
        """
        path = self._folder / _DRAFT
        try:
            stored = msgspec.json.decode(path.read_bytes(), type=_Stored)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            path.replace(self._folder / _UNREADABLE)
            return None
        return Draft(stored.version, clean(stored.published), _with_clean_zones(stored.settings), stored.undecided)

    def save(self, draft: Draft) -> None:
        """Raise `OSError`: the former draft is then still there."""
        stored = _Stored(draft.version, draft.published, draft.settings, draft.undecided)
        self._write(self._folder / _DRAFT, msgspec.json.encode(stored))

    def keep_image(self, digest: str, content: bytes) -> None:
        """Keep an image that the draft names. Raise `OSError`."""
        self._write(self._image(digest), content)

    def image(self, digest: str) -> bytes | None:
        """An image kept here; None when it never was."""
        try:
            return self._image(digest).read_bytes()
        except FileNotFoundError:
            return None

    def _image(self, digest: str) -> Path:
        return self._folder / "images" / digest

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, (content,), is_durable=True)


def store_of(desk: Desk) -> DraftStore:
    """Where this cabinet's draft is on this computer. Asks no disk."""
    portal = blake2b(desk.config.portal.encode(), digest_size=4).hexdigest()
    return DraftStore(desk.state_dir / f"portail-{desk.config.cabinet}-{portal}")


def unpublished(desk: Desk, published: "Published") -> int:
    """How many changes of this computer's draft patients do not see; for the badge, before the screen is opened."""
    draft = store_of(desk).load()
    return len(rebased(draft, published.version, published.settings).changes) if draft else 0


def _with_clean_zones(settings: PortalSettings) -> PortalSettings:
    """Not `clean` alone, which drops an address that is half typed."""
    return msgspec.structs.replace(settings, zones=clean(settings).zones)
