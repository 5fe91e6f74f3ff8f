"""The shapes on the wire between a cabinet's programs and the portal. JSON unless said otherwise.

Both sides import these and nothing else of each other; `tests/contract/` holds an example of each. Bodies above 1 kB
travel as zstd (Content-Encoding: zstd). Errors are problem documents (RFC 9457) in French.

A sync run, seen from the cabinet:

    POST /api/v1/sync/runs                    OpenRun -> RunState        `current`: done, one request
    GET  /api/v1/sync/manifest                -> Manifest (msgpack)      unless RunState's tag is of the known one
    POST /api/v1/sync/runs/{run}/photos       PhotosOffered -> PhotosWanted
    PUT  /api/v1/sync/photos/{digest}         image/jpeg or image/png
    PUT  /api/v1/sync/runs/{run}/batches/{n}  Batch (msgpack)            n from 0; not shown; repeating is harmless
    POST /api/v1/sync/runs/{run}/commit       Commit -> Committed        all of it in one transaction
    DELETE /api/v1/sync/runs/{run}            discards what was staged

A first publication opens its run with the first full batch and stages while the source is read; with all of it read, it
opens the run again, which is the same one, and goes on from there.

All roles may. The confirmations of `Commit` take a practitioner's device, and so do settings and their images:

    GET  /api/v1/settings                     -> SettingsVersion         also /settings/{version}
    PUT  /api/v1/settings                     PublishSettings -> SettingsVersion
    PUT  /api/v1/images/{digest}              image/jpeg or image/png    `digest_of` what is sent
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec

API_ROOT = "/api/v1"
MAX_BATCH_BYTES = 2 * 1024 * 1024
"""A batch's encoded dossiers, before compression, which leaves a tenth on the line; one larger dossier travels alone.
Each batch costs the portal a hundredth of a second besides, and what breaks off loses one at most.
"""
MAX_PHOTO_BYTES = 5 * 1024 * 1024
MAX_PROBLEM_KINDS = 100
"""In one report; a source with more kinds of problems tells its first ones, the errors before all."""


PROTOCOL = 1
"""Told with every request. It grows when either side says what the other must know how to read: a new field that may be
left alone does not count."""
PROTOCOL_HEADER = "WebOrtho-Protocol"


class Shape(msgspec.Struct, frozen=True):
    """Base of every shape: immutable. A field that it does not know is left alone.

    A portal is updated for many cabinets at once, whose programs are older for weeks: what they are answered, and what
    is told of a run, may say more than they know.
    """


class Strict(Shape, frozen=True, forbid_unknown_fields=True):
    """Base of what the portal is asked to do: it does all that it is asked, or refuses."""


Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
HexDigest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
PatientNumber = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""With its time zone."""


class Role(StrEnum):
    """What a device may do: see `portal.server.api` for who is answered what."""

    RECEPTION = "reception"
    PRACTITIONER = "practitioner"
    SYNC = "sync"


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` is a stable name after `urn:webortho:`; `title` and `detail` are French sentences."""

    type: str
    title: str
    status: int
    detail: str = ""


# Enrolment and identity


class Enrol(Strict, frozen=True):
    """The one-time code that the hoster or a practitioner gave, typed by a person (case and spaces are forgiven)."""

    code: Annotated[str, msgspec.Meta(max_length=64)]
    device_name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Enrolled(Shape, frozen=True):
    cabinet_code: str
    cabinet_name: str
    time_zone: str
    role: Role
    token: str
    digest_key: bytes
    """32 bytes (base64 in JSON): the key of the cabinet's digests, the same on all of its devices."""


class Self(Shape, frozen=True):
    """Answer of GET /api/v1/self: whom the portal takes this device for."""

    cabinet_code: str
    cabinet_name: str
    time_zone: str
    role: Role
    device_name: str


# Sync


class TableCounts(Shape, frozen=True):
    """What was read, counted. The guards compare it with the last good run."""

    patients: Count = 0
    appointments: Count = 0
    instalments: Count = 0
    fees: Count = 0
    filled: Annotated[tuple[Count, ...], msgspec.Meta(max_length=200)] = ()
    """Patients of whom each field of `cabinet.filled.WATCHED` says something, in its order."""


class Launched(StrEnum):
    """Who started a run."""

    MANUAL = "manual"
    """A person at that computer."""
    AUTOMATIC = "automatic"
    """Its scheduler."""
    ASKED = "asked"
    """A person at another computer of the cabinet (see `portal.api.nights`)."""


class ToldProblem(Shape, frozen=True, omit_defaults=True):
    """Problems of one kind, as the portal may know them: how many and where, but no value of a patient's."""

    kind: HexDigest
    """The same every night, so that one that was told already is not told again."""
    refuses_rows: bool
    """Whether these rows are not published; else a value of each is left out."""
    count: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    sentence: Annotated[str, msgspec.Meta(max_length=500)]
    is_of_all: bool = False
    """Whether it is the whole export's: no row is refused, and no value left out."""


class RunNotice(Shape, frozen=True):
    """A run as it is told to the portal from the moment that the source is read."""

    key: HexDigest
    """Its own: told twice, it is one run."""
    launched: Launched
    started_at: Moment
    problems: Annotated[tuple[ToldProblem, ...], msgspec.Meta(max_length=MAX_PROBLEM_KINDS)] = ()
    request: HexDigest | None = None
    """That it answers, for one that was asked for."""


class OpenRun(Strict, frozen=True, omit_defaults=True):
    root: HexDigest
    counts: TableCounts
    notice: RunNotice | None = None
    """Written down when the answer is `current`: such a run is told by its one request."""


class RunStatus(StrEnum):
    CURRENT = "current"
    """The portal already shows exactly this; it has recorded that the data are current as of now."""
    OPEN = "open"


class RunState(Shape, frozen=True, omit_defaults=True):
    status: RunStatus
    run: str = ""
    portal_root: HexDigest = "0" * 32
    last_counts: TableCounts | None = None
    """Of the last committed run; None before the first."""
    not_published: tuple[str, ...] = ()
    """Numbers that the cabinet hid or a patient had erased: leave them out, whatever the source says."""
    erased: tuple[str, ...] = ()
    """Those of them that stay out for ever: also where a portal that was restored from before knows of none."""
    mapping_version: Count = 0
    """Of the mapping that the cabinet's computers share (`portal.api.documents`); 0: there is none."""
    manifest_tag: str = ""
    """The ETag that the manifest has now; empty when nothing is to be compared."""


class ManifestEntry(Shape, frozen=True, array_like=True, gc=False):
    number: str
    digest: bytes
    identity: bytes = b""
    """Whom the number belongs to: `cabinet.identity.prints_of`, in an older version three of them."""


class Manifest(Shape, frozen=True):
    """Everything the portal shows of a cabinet, in order of number. Travels as msgpack."""

    root: bytes
    entries: tuple[ManifestEntry, ...]
    kept: tuple[ManifestEntry, ...] = ()
    """Withdrawn patients whose accounts are kept for some days, without a digest: their numbers are still theirs."""


class PhotosOffered(Strict, frozen=True):
    digests: tuple[HexDigest, ...]


class PhotosWanted(Shape, frozen=True):
    digests: tuple[HexDigest, ...]


class BatchEntry(Strict, frozen=True, array_like=True):
    number: str
    digest: bytes
    encoded: bytes
    """`cabinet.dossier.encode` of the dossier: the portal checks it against `digest`."""


class Batch(Strict, frozen=True):
    """Travels as msgpack."""

    entries: tuple[BatchEntry, ...]


class Commit(Strict, frozen=True):
    """Apply what was staged and withdraw these numbers, if the portal still stands at `base_root`."""

    base_root: HexDigest
    batches: Count
    withdrawn: tuple[PatientNumber, ...] = ()
    confirm_withdrawals: bool = False
    counts: TableCounts = TableCounts()
    confirm_losses: bool = False
    """Publish although tables lost rows, fields were emptied, or many names changed: a practitioner looked at it."""
    confirm_reused: tuple[PatientNumber, ...] = ()
    """Numbers that now belong to another patient: the former one's accesses end as the new dossier is published."""
    held: tuple[PatientNumber, ...] = ()
    """Withdrawals that this side holds itself: told, so that the cabinet's other computers show that they wait."""
    reused: tuple[PatientNumber, ...] = ()
    """The same of numbers that seem to belong to another patient."""
    notice: RunNotice | None = None
    """Written down with the commit: a run after which nothing waits for anybody needs no other word."""


class Committed(Shape, frozen=True):
    root: HexDigest
    added: Count
    changed: Count
    withdrawn: Count
    unchanged: Count
    held: tuple[str, ...] = ()
    """Withdrawals that wait for a practitioner's confirmation; these patients are still shown."""
    reused: tuple[str, ...] = ()
    """Numbers that seem to belong to another patient now, and wait for the same: nothing of theirs was changed."""
    as_of: dt.datetime | None = None


# Settings: see portal.pages.settings for the document itself


class PublishSettings(Strict, frozen=True):
    """Replace version `base_version` (0: none yet) by this document (`PortalSettings` as JSON)."""

    base_version: Count
    document: msgspec.Raw


class SettingsVersion(Shape, frozen=True):
    version: Count
    document: msgspec.Raw
    published_at: dt.datetime | None = None
