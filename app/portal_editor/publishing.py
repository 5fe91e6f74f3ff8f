"""What the editor asks the portal: publish a draft, earlier versions, pictures. Slow: off the interface's thread.

No Qt here. Every function raises the errors of `portal.api.errors` and of the secret store.
"""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.desk.desk import Desk
from app.portal_editor.draft import Draft
from app.portal_editor.draft_store import DraftStore
from app.portal_editor.images import ReadyImage, content_type_of, prepared
from app.portal_editor.items import differing
from cabinet.dossier import digest_of
from cabinet.photos import web_photo
from portal.api.desk import PublishedVersion
from portal.api.errors import PortalError, PortalRefused
from portal.api.shapes import PublishSettings
from portal.pages import addresses
from portal.pages.settings import PortalSettings, decode, encode
from sync.cancel import CancelToken

IMAGES = ("logo_digest", "access_image_digest")
_CONFLICT = "version-conflict"


@dataclass(frozen=True)
class Result:
    """What the portal shows afterwards. `conflict`: another computer had published; ours is not there."""

    version: int
    settings: PortalSettings
    conflict: bool = False


def publish(desk: Desk, store: DraftStore, draft: Draft, cancel: CancelToken) -> Result:
    """Send the pictures that the draft chose, then the document. Repeating it does no harm."""
    with desk.portal(cancel) as portal:
        for name in IMAGES:
            digest = getattr(draft.settings, name)
            content = store.image(digest) if digest and digest != getattr(draft.published, name) else None
            if content is not None:
                portal.publishing.put_image(digest, content, content_type_of(content))
        document = msgspec.Raw(encode(draft.settings))
        try:
            answer = portal.publishing.publish_settings(PublishSettings(draft.version, document))
        except PortalRefused as refusal:
            if refusal.kind != _CONFLICT:
                raise
            answer = portal.publishing.settings()
    settings = decode(bytes(answer.document))
    # An answer that was lost on the way back makes our own version look like another computer's.
    ours = answer.version == draft.version + 1 and not tuple(differing(settings, decode(bytes(document))))
    return Result(answer.version, settings, conflict=not ours)


def versions(desk: Desk, cancel: CancelToken) -> tuple[PublishedVersion, ...]:
    """Every published version, newest first."""
    with desk.portal(cancel) as portal:
        return portal.desk.settings_history()


def version(desk: Desk, number: int, cancel: CancelToken) -> PortalSettings:
    """A document of the past."""
    with desk.portal(cancel) as portal:
        return decode(bytes(portal.publishing.settings_at(number).document))


def picture(desk: Desk, store: DraftStore, digest: str, cancel: CancelToken) -> str:
    """A logo or an access map as a data: address; kept on this computer once fetched. "" where nobody has it."""
    content = store.image(digest)
    if content is None:
        path = addresses.CABINET_IMAGE.format(code=desk.config.cabinet, digest=digest)
        try:
            with desk.portal(cancel) as portal:
                content = portal.publishing.picture(path)
        except PortalError:
            return ""
        store.keep_image(digest, content)
    return as_address(content)


def choose_image(desk: Desk, store: DraftStore, path: Path, item: str) -> tuple[str, ReadyImage]:
    """Make a file fit for the portal and keep it with the draft; its digest. Raise `ImageUnfit`, `OSError`."""
    ready = prepared(path, item)
    digest = digest_of(ready.content, desk.credentials().digest_key).hex()
    store.keep_image(digest, ready.content)
    return digest, ready


def patient_photo(path: Path) -> str:
    """A patient's photo as it is published, as a data: address. Raise `PhotoRefused`."""
    return as_address(web_photo(path))


def as_address(content: bytes) -> str:
    return f"data:{content_type_of(content)};base64,{b64encode(content).decode()}"
