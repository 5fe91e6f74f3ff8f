"""The letter as data: what stands where, in which words, read from a TOML file that people can read too.

Lengths are millimetres from the top left corner of an A4 page, type sizes points. Every text may hold @FIELDS, which
are the catalogue's (`merge.fields`). What depends on the portal's protection level says so in `when`.
"""

from enum import StrEnum
from importlib.resources import files
from typing import Literal

import msgspec

from cabinet.errors import WebOrthoError

CHILD_LETTER = "lettre-enfant"
ADULT_LETTER = "lettre-adulte"


class LetterFormatError(WebOrthoError):
    """A letter file that cannot be read."""


class When(StrEnum):
    """Under which protection level of the portal a part is printed."""

    ALWAYS = "always"
    CONFIRMED = "confirmed"
    PROCEDURE = "procedure"

    def holds(self, *, confirmed: bool) -> bool:
        return self is When.ALWAYS or confirmed == (self is When.CONFIRMED)


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a letter: immutable, and strict about unknown keys so that a misspelt one is not ignored."""


class Run(_Part, frozen=True):
    """A stretch of text in one manner. `code` is for what people retype, `link` for addresses."""

    text: str
    bold: bool = False
    code: bool = False
    link: bool = False
    soft: bool = False
    """In the second ink: what is told in passing."""


class Paragraph(_Part, frozen=True, tag="paragraph"):
    """Runs of text; a line break in a run begins a new line, and a line whose fields are all empty disappears."""

    runs: tuple[Run, ...]
    align: Literal["left", "justified"] = "left"
    hyphenate: bool = False
    size: float = 11.0
    space_after: float = 2.2
    when: When = When.ALWAYS


class WithCode(_Part, frozen=True, tag="with_code"):
    """Paragraphs, and to their right the personal QR code (@LIEN)."""

    paragraphs: tuple[Paragraph, ...]
    space_after: float = 2.2


class Note(_Part, frozen=True):
    """One annotated entry of the sign-in picture: what the note says, the entry's label, the patient's own value."""

    caption: str
    label: str
    value: str


class SignInPicture(_Part, frozen=True, tag="sign_in_picture"):
    """The portal's sign-in form, drawn with the patient's own values and an arrow from each note to its entry."""

    title: str
    button: str
    notes: tuple[Note, ...]
    space_after: float = 4.0


class Signature(_Part, frozen=True, tag="signature"):
    """Who signs: the practitioner, or the cabinet where none is named; `space_before` leaves room for a hand."""

    space_before: float = 2.0


Block = Paragraph | WithCode | SignInPicture | Signature


class PageSetup(_Part, frozen=True):
    """Where the letter stands. The window is fixed by the envelope (`merge.letters.geometry`), not by the letter."""

    left: float = 20.0
    right: float = 190.0
    body_top: float = 99.0
    body_bottom: float = 276.0
    leading: float = 1.42
    """Distance of two lines, in type sizes."""
    fold_marks: bool = True


class Letterhead(_Part, frozen=True):
    """The top of the page: our logo or none, the cabinet's title, and lines of facts with a point between them.

    A fact whose fields are empty is left out; a label (« Tél. ») is left out where the zone has its own.
    """

    title: str
    lines: tuple[tuple[str, ...], ...] = ()
    logo: bool = True


class LetterTemplate(_Part, frozen=True):
    """A whole letter."""

    title: str
    """The document's title, also a person's name for the letter in lists."""
    letterhead: Letterhead
    references: tuple[Paragraph, ...]
    place_and_date: str
    blocks: tuple[Block, ...]
    footer: str = ""
    page: PageSetup = PageSetup()


def read_letter(data: bytes) -> LetterTemplate:
    """The letter in the bytes of a TOML file. Raise `LetterFormatError` with the place of what is wrong."""
    try:
        return msgspec.toml.decode(data, type=LetterTemplate)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LetterFormatError(
            f"Le modèle de lettre ne peut pas être lu\u00a0: {error}.",
            "Corrigez-le, ou revenez au modèle livré avec WebOrtho.",
        ) from error


def shipped_letter(name: str) -> LetterTemplate:
    """A letter of `templates/letters/`: `CHILD_LETTER` or `ADULT_LETTER`."""
    return read_letter(files("templates").joinpath("letters", f"{name}.toml").read_bytes())


class LetterSet(_Part, frozen=True):
    """The letters of one campaign: to those who look after a child, and to patients who are their own addressee."""

    child: LetterTemplate
    adult: LetterTemplate

    def letter_for(self, *, to_patient: bool) -> LetterTemplate:
        return self.adult if to_patient else self.child


def shipped_letters() -> LetterSet:
    """The procedure's letter, in its two versions."""
    return LetterSet(child=shipped_letter(CHILD_LETTER), adult=shipped_letter(ADULT_LETTER))
