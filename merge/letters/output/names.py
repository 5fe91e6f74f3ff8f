"""Names of files that every system takes, and that sort as the letters do; names of bookmarks."""

import re
import unicodedata

from merge.record import MergeRecord

MAX_LENGTH = 120
_OTHER = re.compile(r"[^A-Za-z0-9-]+")
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


def bookmark_of(record: MergeRecord) -> str:
    """« 5312 · MARTIN Léa »: what reception finds a letter by."""
    patient = record.dossier.patient
    return f"{record.numbers} · {patient.last_name} {patient.first_name}".strip()


def letter_name(record: MergeRecord, place: int, total: int) -> str:
    """« 0001 5312 MARTIN Lea.pdf » for the letter at `place`, from 1, of `total`.

    Letters of the Latin alphabet without their accents, digits, hyphens and spaces, at most 120 characters: nothing
    in it leads to another folder, and beginning with its place it is unique and no device (CON, NUL …). What is
    written in another alphabet is left out: place and number say whose letter it is.
    """
    patient = record.dossier.patient
    words = (letter_number(place, total), patient.number, patient.last_name.upper(), patient.first_name)
    stem = " ".join(filter(None, map(_plain, words)))
    return f"{stem[: MAX_LENGTH - 4].rstrip()}.pdf"


def batch_name(place: int, total: int) -> str:
    """« lot 01 sur 12.pdf »."""
    return f"lot {batch_number(place, total)} sur {batch_number(total, total)}.pdf"


def letter_number(place: int, total: int) -> str:
    """« 0001 »: names sort as the numbers do."""
    return str(place).zfill(max(4, len(str(total))))


def batch_number(place: int, total: int) -> str:
    """« 01 »."""
    return str(place).zfill(max(2, len(str(total))))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _OTHER.sub(" ", bare).strip(" -")
