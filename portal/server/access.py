"""The only way to a dossier: it takes the signed-in patient or the device, and never a bare number from a request."""

from dataclasses import dataclass
from datetime import datetime

from cabinet.dossier import Dossier
from portal.server.cabinets.models import Cabinet


@dataclass(frozen=True)
class Reader:
    """Whom a session speaks for, with the cabinet that every query of theirs starts with."""

    cabinet: Cabinet
    number: str
    access_id: int
    session_id: int


@dataclass(frozen=True)
class Shown:
    """What a page is made from, read in one row."""

    dossier: Dossier
    photo_digest: str
    published_at: datetime
