"""The portal as the cabinet's programs use it: one method a request, typed shapes in and out.

The shapes and the order of a run are in `portal.api.shapes`. Every method raises `PortalUnreachable`, `PortalRefused`
or `DeviceRefused`, and may be repeated but `enrol`, whose code opens only once.
"""

from collections.abc import Iterable

import msgspec

from cabinet.dossier import DIGEST_BYTES
from portal.api.conversation import Conversation, get, path_of, sending
from portal.api.manifest import root_of, tag_of
from portal.api.shapes import (
    Batch,
    Commit,
    Committed,
    Enrol,
    Enrolled,
    Manifest,
    OpenRun,
    PhotosOffered,
    PhotosWanted,
    PublishSettings,
    RunState,
    Self,
    SettingsVersion,
)
from portal.api.transport import MSGPACK, PICTURES, Message


class PortalClient(Conversation):
    """One device's conversation with its portal: enrolment, the night's run, settings."""

    def enrol(self, code: str, device_name: str) -> Enrolled:
        """Exchange a one-time code for this device's token and the cabinet's digest key."""
        message = sending("POST", "/enrol", Enrol(code=code, device_name=device_name), idempotent=False)
        return self._ask(message, Enrolled)

    def myself(self) -> Self:
        return self._ask(get("/self"), Self)

    def open_run(self, request: OpenRun) -> RunState:
        """Open a run, or take up this device's run that broke. `current` ends it: the portal shows this already."""
        return self._ask(sending("POST", "/sync/runs", request), RunState)

    def manifest(self, known: Manifest | None = None, tag: str = "") -> Manifest:
        """All that the portal shows of the cabinet; `known` itself when it is still that (an answer without body).

        `tag`: what the portal has just said that its manifest's is (`RunState`): then a known one is not asked for.
        """
        etag = tag_of(known.root, known.kept) if known else ""
        if known is not None and etag == tag:
            return known
        answer = self._transport.send(Message("GET", path_of("/sync/manifest"), accept=MSGPACK, etag=etag))
        if known is not None and answer.status == 304:
            return known
        manifest = self._decoded(answer, Manifest)
        if any(len(e.digest) != DIGEST_BYTES for e in manifest.entries) or root_of(manifest.entries) != manifest.root:
            raise self._misunderstood()
        return manifest

    def photos_wanted(self, run: str, digests: Iterable[str]) -> tuple[str, ...]:
        """Which of these photos (hexadecimal digests) the portal does not have yet."""
        message = sending("POST", f"/sync/runs/{run}/photos", PhotosOffered(digests=tuple(digests)))
        return self._ask(message, PhotosWanted).digests

    def put_photo(self, digest: str, content: bytes, content_type: str) -> None:
        """`content_type` is image/jpeg or image/png."""
        self._transport.send(Message("PUT", path_of(f"/sync/photos/{digest}"), content, content_type))

    def put_batch(self, run: str, index: int, batch: Batch) -> None:
        """Stage dossiers: not shown before `commit`."""
        content = msgspec.msgpack.encode(batch)
        self._transport.send(Message("PUT", path_of(f"/sync/runs/{run}/batches/{index}"), content, MSGPACK))

    def commit(self, run: str, commit: Commit) -> Committed:
        """Apply all that was staged in one transaction. A repeated commit gets the first one's answer."""
        return self._ask(sending("POST", f"/sync/runs/{run}/commit", commit), Committed)

    def discard(self, run: str) -> None:
        """Give up a run: what was staged is dropped and the lease is free."""
        self._transport.send(Message("DELETE", path_of(f"/sync/runs/{run}")))

    def settings(self) -> SettingsVersion:
        """The settings document that the portal shows now."""
        return self._ask(get("/settings"), SettingsVersion)

    def settings_at(self, version: int) -> SettingsVersion:
        """A settings document of the past."""
        return self._ask(get(f"/settings/{version}"), SettingsVersion)

    def publish_settings(self, request: PublishSettings) -> SettingsVersion:
        """Needs the practitioner's role; refused when `base_version` is no longer the newest."""
        return self._ask(sending("PUT", "/settings", request), SettingsVersion)

    def put_image(self, digest: str, content: bytes, content_type: str) -> None:
        """Keep a logo or an access map that settings are going to name. Needs the practitioner's role."""
        self._transport.send(Message("PUT", path_of(f"/images/{digest}"), content, content_type))

    def picture(self, path: str) -> bytes:
        """A public picture of the portal, by its address there (`/c/…/image/…`)."""
        return self._transport.send(Message("GET", path, accept=PICTURES)).body
