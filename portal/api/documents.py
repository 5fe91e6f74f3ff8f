"""The shapes of what the computers of a cabinet share: each is one versioned document, kept sealed by the portal.

`portal.api.shapes` says how they travel. Every role reads, so that a new computer is ready once enrolled; a
practitioner's device writes.

    GET  /api/v1/documents                -> SharedDocuments     which there are, and of what version
    GET  /api/v1/documents/{name}         -> SharedDocument      version 0 and nothing before the first
    PUT  /api/v1/documents/{name}         SaveDocument -> SavedDocument    over the version that it was made from
"""

import datetime as dt
from enum import StrEnum

from portal.api.shapes import Count, Shape, Strict

MAX_DOCUMENT_BYTES = 1024 * 1024


class DocumentName(StrEnum):
    """What is shared. Only a cabinet's own programs know what is in it."""

    MAPPING = "mapping"
    """Which column of the export is what: TOML (`cabinet.mapping`)."""
    DESK = "desk"
    """Who signs, how e-mails and SMS leave, without secrets: JSON (`app.settings`)."""
    TEXTS = "texts"
    """Letters, e-mails and SMS of the mail merge: JSON, file name -> content (`app.desk.shared_files`)."""


class SavedDocument(Shape, frozen=True, omit_defaults=True):
    """A version of a document, without what is in it."""

    name: str
    """A `DocumentName`, or one that only newer programs know."""
    version: Count
    saved_at: dt.datetime | None = None
    device_name: str = ""


class SharedDocuments(Shape, frozen=True):
    documents: tuple[SavedDocument, ...]


class SharedDocument(Shape, frozen=True):
    saved: SavedDocument
    content: bytes


class SaveDocument(Strict, frozen=True):
    """Make `content` the version after `base_version` (0: none yet). The newest one's own content changes nothing."""

    base_version: Count
    content: bytes
