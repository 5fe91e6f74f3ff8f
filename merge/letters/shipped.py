"""The letters that WebOrtho brings: their names, and which of them a portal without personal links can print."""

from dataclasses import dataclass
from importlib.resources import files

from merge.letters.letter_file import read_letter
from merge.letters.model import LetterSet, LetterTemplate
from merge.texts import TextSet

CHILD_LETTER = "lettre-enfant"
ADULT_LETTER = "lettre-adulte"
FAMILY_LETTER = "lettre-famille"


@dataclass(frozen=True)
class ShippedLetter:
    """One letter in its versions, which are files of `templates/letters/`."""

    name: str
    """As the command line takes it."""
    title: str
    """The name of the model that it belongs to, in the application."""
    description: str
    """French, for lists."""
    child: str
    adult: str
    family: str
    texts: TextSet = TextSet.ANNOUNCEMENT
    """The model's e-mails and SMS."""

    @property
    def reminder(self) -> bool:
        """Whether it is for those who were told and never came."""
        return self.texts is TextSet.REMINDER


SHIPPED_LETTERS = (
    ShippedLetter(
        "annonce",
        "Annonce du portail",
        "Ce qu’est le portail et comment y entrer, avec le formulaire annoté",
        CHILD_LETTER,
        ADULT_LETTER,
        FAMILY_LETTER,
    ),
    ShippedLetter(
        "courte",
        "Annonce en bref",
        "La même annonce sur une demi-page",
        "lettre-courte-enfant",
        "lettre-courte-adulte",
        "lettre-courte-famille",
        TextSet.BRIEF,
    ),
    ShippedLetter(
        "relance",
        "Relance",
        "À ceux qui ne se sont jamais connectés",
        "lettre-relance-enfant",
        "lettre-relance-adulte",
        "lettre-relance-famille",
        TextSet.REMINDER,
    ),
)
SHIPPED_BY_NAME = {letter.name: letter for letter in SHIPPED_LETTERS}
SHIPPED_BY_TITLE = {letter.title: letter for letter in SHIPPED_LETTERS}


def shipped_letter(file: str, *, with_code: bool = True) -> LetterTemplate:
    """A letter of `templates/letters/`; `with_code`: whether there are personal links for the QR code."""
    return read_letter(files("templates").joinpath("letters", f"{file}.toml").read_bytes(), with_code=with_code)


def shipped_letters(name: str = "annonce", *, with_code: bool = True) -> LetterSet:
    """The versions of a letter of `SHIPPED_BY_NAME`, as `shipped_letter`."""
    shipped = SHIPPED_BY_NAME[name]
    return LetterSet(
        child=shipped_letter(shipped.child, with_code=with_code),
        adult=shipped_letter(shipped.adult, with_code=with_code),
        family=shipped_letter(shipped.family, with_code=with_code),
    )
