"""The sync's endpoints (see the docstring of `portal.api.shapes` for a run as a whole)."""

import re

from portal.api.manifest import tag_of
from portal.api.shapes import (
    MAX_PHOTO_BYTES,
    Batch,
    Commit,
    Committed,
    Manifest,
    OpenRun,
    PhotosOffered,
    PhotosWanted,
    RunState,
    RunStatus,
)
from portal.server.access import MAX_ENCODED_BYTES
from portal.server.api.bodies import Binary, Document, Format
from portal.server.api.endpoint import EVERY_ROLE, Call, Tagged, endpoint
from portal.server.nights import reports
from portal.server.publishing import commit as commits
from portal.server.publishing import identities, photos, runs, staging

MAX_BATCH_BODY = MAX_ENCODED_BYTES + 64 * 1024
"""One dossier of the largest size travels alone, in a batch of its own."""


@endpoint("POST", "sync/runs", roles=EVERY_ROLE, body=OpenRun, answer=RunState)
def open_run(call: Call, body: OpenRun) -> RunState:
    """Open a run, or take up this device's broken one; `current` if there is nothing to do."""
    state = runs.open_run(call.device, body)
    if state.status is RunStatus.CURRENT and body.notice is not None:
        reports.tell_current(call.device, body.notice)
    return state


@endpoint("GET", "sync/manifest", roles=EVERY_ROLE, answer=Manifest, answer_format=Format.MSGPACK)
def get_manifest(call: Call) -> Tagged:
    """Number, digest and identity of every dossier that is shown. A known ETag is answered by 304."""
    known = re.findall(r'"([0-9a-f]{32})"', call.request.headers.get("If-None-Match", ""))
    kept = identities.kept(call.cabinet)
    tag = tag_of(bytes.fromhex(call.cabinet.root), kept)
    if tag in known:
        return Tagged(None, tag)
    manifest = identities.manifest(call.cabinet)
    return Tagged(manifest, tag_of(manifest.root, manifest.kept))


@endpoint("POST", "sync/runs/<digest:run>/photos", roles=EVERY_ROLE, body=PhotosOffered, answer=PhotosWanted)
def offer_photos(call: Call, body: PhotosOffered, *, run: str) -> PhotosWanted:
    """Which of these photos the portal does not have."""
    return PhotosWanted(photos.wanted(call.device, run, body.digests))


@endpoint(
    "PUT", "sync/photos/<digest:digest>", roles=EVERY_ROLE, body=Binary(("image/jpeg", "image/png"), MAX_PHOTO_BYTES)
)
def put_photo(call: Call, body: bytes, *, digest: str) -> None:
    """Keep a photo under its digest, drawn anew and sealed."""
    photos.keep(call.device, digest, body)


@endpoint(
    "PUT",
    "sync/runs/<digest:run>/batches/<index:index>",
    roles=EVERY_ROLE,
    body=Document(Batch, Format.MSGPACK, MAX_BATCH_BODY),
)
def put_batch(call: Call, body: Batch, *, run: str, index: int) -> None:
    """Stage a batch, counted from 0: not shown before the commit, harmless to repeat."""
    staging.stage(call.device, run, index, body)


@endpoint("POST", "sync/runs/<digest:run>/commit", roles=EVERY_ROLE, body=Commit, answer=Committed)
def commit_run(call: Call, body: Commit, *, run: str) -> Committed:
    """Apply the run in one transaction. Confirmations take a practitioner's device."""
    committed = commits.commit(call.device, run, body)
    if body.notice is not None:
        reports.tell_committed(call.device, body.notice, committed)
    return committed


@endpoint("DELETE", "sync/runs/<digest:run>", roles=EVERY_ROLE)
def discard_run(call: Call, *, run: str) -> None:
    """Drop what was staged and free the lease."""
    runs.discard(call.device, run)
