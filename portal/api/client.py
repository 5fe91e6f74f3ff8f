"""The portal as the cabinet's programs use it: one method a request, typed shapes in and out.

The shapes and the order of a run are in `portal.api.shapes`. Every method raises `PortalUnreachable`, `PortalRefused`
or `DeviceRefused`, and may be repeated but `enrol`, whose code opens only once.
"""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
import requests

from cabinet.dossier import DIGEST_BYTES
from portal.api import failures
from portal.api.manifest import root_of
from portal.api.shapes import (
    API_ROOT,
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
from portal.api.transport import JSON, MSGPACK, Answer, Exchange, Message, Patience, Traffic, Transport

Expected = TypeVar("Expected")


class PortalClient:
    """One device's conversation with its portal."""

    def __init__(
        self,
        address: str,
        token: str,
        session: requests.Session,
        *,
        patience: Patience | None = None,
        wait: Callable[[float], object] = time.sleep,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        """`token` may be empty before enrolment. Raise `InsecureAddress` (see `transport.checked_address`)."""
        self._transport = Transport(
            address, token, session, patience=patience or Patience(), wait=wait, observe=observe
        )

    @property
    def address(self) -> str:
        return self._transport.address

    @property
    def traffic(self) -> Traffic:
        """What went over the wire since this client was made, attempts that failed included."""
        return self._transport.traffic

    def enrol(self, code: str, device_name: str) -> Enrolled:
        """Exchange a one-time code for this device's token and the cabinet's digest key."""
        message = _json("POST", "/enrol", Enrol(code=code, device_name=device_name), idempotent=False)
        return self._ask(message, Enrolled)

    def myself(self) -> Self:
        return self._ask(_get("/self"), Self)

    def open_run(self, request: OpenRun) -> RunState:
        """Open a run, or take up this device's run that broke. `current` ends it: the portal shows this already."""
        return self._ask(_json("POST", "/sync/runs", request), RunState)

    def manifest(self, known: Manifest | None = None) -> Manifest:
        """All that the portal shows of the cabinet; `known` itself when it is still that (an answer without body)."""
        etag = known.root.hex() if known else ""
        answer = self._transport.send(Message("GET", _path("/sync/manifest"), accept=MSGPACK, etag=etag))
        if known is not None and answer.status == 304:
            return known
        manifest = self._decoded(answer, Manifest)
        if any(len(e.digest) != DIGEST_BYTES for e in manifest.entries) or root_of(manifest.entries) != manifest.root:
            raise failures.misunderstood(self._transport.host)
        return manifest

    def photos_wanted(self, run: str, digests: Iterable[str]) -> tuple[str, ...]:
        """Which of these photos (hexadecimal digests) the portal does not have yet."""
        message = _json("POST", f"/sync/runs/{run}/photos", PhotosOffered(digests=tuple(digests)))
        return self._ask(message, PhotosWanted).digests

    def put_photo(self, digest: str, content: bytes, content_type: str) -> None:
        """`content_type` is image/jpeg or image/png."""
        self._transport.send(Message("PUT", _path(f"/sync/photos/{digest}"), content, content_type))

    def put_batch(self, run: str, index: int, batch: Batch) -> None:
        """Stage dossiers: not shown before `commit`."""
        content = msgspec.msgpack.encode(batch)
        self._transport.send(Message("PUT", _path(f"/sync/runs/{run}/batches/{index}"), content, MSGPACK))

    def commit(self, run: str, commit: Commit) -> Committed:
        """Apply all that was staged in one transaction. A repeated commit gets the first one's answer."""
        return self._ask(_json("POST", f"/sync/runs/{run}/commit", commit), Committed)

    def discard(self, run: str) -> None:
        """Give up a run: what was staged is dropped and the lease is free."""
        self._transport.send(Message("DELETE", _path(f"/sync/runs/{run}")))

    def settings(self) -> SettingsVersion:
        """The settings document that the portal shows now."""
        return self._ask(_get("/settings"), SettingsVersion)

    def publish_settings(self, request: PublishSettings) -> SettingsVersion:
        """Needs the practitioner's role; refused when `base_version` is no longer the newest."""
        return self._ask(_json("PUT", "/settings", request), SettingsVersion)

    def _ask(self, message: Message, expected: type[Expected]) -> Expected:
        return self._decoded(self._transport.send(message), expected)

    def _decoded(self, answer: Answer, expected: type[Expected]) -> Expected:
        decode = msgspec.msgpack.decode if answer.content_type == MSGPACK else msgspec.json.decode
        try:
            return decode(answer.body, type=expected)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            error = failures.misunderstood(self._transport.host)
        # Raised here, so that the answer's content does not hang on the exception.
        raise error


def _path(path: str) -> str:
    return API_ROOT + path


def _get(path: str) -> Message:
    return Message("GET", _path(path))


def _json(method: str, path: str, body: msgspec.Struct, *, idempotent: bool = True) -> Message:
    return Message(method, _path(path), msgspec.json.encode(body), JSON, idempotent=idempotent)
