"""The letters that WebOrtho brings: their names, and which of them a portal without personal links can print."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import msgspec

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
    """A letter of `templates/letters/`; `with_code`: whether there are personal links for the QR code.

    A shipped file holds both versions: a block or paragraph with `code = "with"` or `code = "without"` stands in one of
    them only, and without links nothing is set beside a code.
    """
    document = tomllib.loads(files("templates").joinpath("letters", f"{file}.toml").read_text(encoding="utf-8"))
    document["blocks"] = list(_chosen(document["blocks"], with_code=with_code))
    return msgspec.convert(document, LetterTemplate)


def shipped_letters(name: str = "annonce", *, with_code: bool = True) -> LetterSet:
    """The versions of a letter of `SHIPPED_BY_NAME`, as `shipped_letter`."""
    shipped = SHIPPED_BY_NAME[name]
    return LetterSet(
        child=shipped_letter(shipped.child, with_code=with_code),
        adult=shipped_letter(shipped.adult, with_code=with_code),
        family=shipped_letter(shipped.family, with_code=with_code),
    )


def _chosen(parts: list[dict[str, Any]], *, with_code: bool) -> Iterator[Mapping[str, Any]]:
    """The parts of one version, blocks before what is in them."""
    for part in parts:
        code = part.pop("code", "")
        if code and (code == "with") is not with_code:
            continue
        inner = {key: list(_chosen(part[key], with_code=with_code)) for key in ("blocks", "paragraphs") if key in part}
        if part.get("type") == "with_code" and not with_code:
            yield from ({"type": "paragraph", **paragraph} for paragraph in inner["paragraphs"])
        else:
            yield part | inner
