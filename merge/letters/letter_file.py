"""Reads a letter's file: TOML that people may write, with two versions of what speaks of a personal code.

A block or paragraph with `code = "with"` or `code = "without"` stands in one of them only: the first is for portals
that give links. What is wrong with a file is told in French, with its place; lists count from 1 there.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cabinet.errors import WebOrthoError
from merge.letters.model import LetterTemplate

_REMEDY = "Corrigez-le, ou revenez au modèle livré avec WebOrtho."
_VERSIONS = ("with", "without")
_WITHIN = ("blocks", "paragraphs")
"""Keys of a block under which there are parts."""
_TYPES = {
    "str": "un texte entre guillemets",
    "int": "un nombre entier",
    "float": "un nombre",
    "bool": "true ou false",
    "array": "une liste",
    "object": "une table",
}
_BOUNDS = {">=": "d’au moins", "<=": "d’au plus", ">": "de plus de", "<": "de moins de"}
_WRONG_TYPE = re.compile(r"Expected `([\w | ]+)`(?: ([<>]=?) ([\d.]+))?")
_RULES = (
    (re.compile(r"missing required field `(\w+)`"), "dans {shown}, il manque la clé «\u00a0{0}\u00a0»"),
    (re.compile(r"contains unknown field `(.*)`"), "dans {shown}, la clé «\u00a0{0}\u00a0» n’existe pas"),
    (re.compile(r"Invalid (?:enum )?value '?(.*?)'?$"), "{shown} vaut «\u00a0{0}\u00a0», qui n’est pas possible"),
    (re.compile(r"matching regex"), "{shown} n’a pas la forme voulue"),
)
"""What msgspec says, and its French."""


class LetterFormatError(WebOrthoError):
    """A letter file that cannot be read."""


def read_letter(data: bytes, *, with_code: bool = True) -> LetterTemplate:
    """The letter in the bytes of a TOML file, in one of its versions. Raise `LetterFormatError`."""
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unreadable("ce n’est pas du texte en UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f", ligne {place[1]}, colonne {place[2]}" if place else ""
        raise _unreadable(f"ce n’est pas un fichier TOML valable{where}") from error
    try:
        # Both versions first: places are those of the file then, and neither has a fault that shows on some portals.
        msgspec.convert(_version(document, None), LetterTemplate)
        return msgspec.convert(_version(document, with_code), LetterTemplate)
    except msgspec.ValidationError as error:
        raise _unreadable(_in_french(error)) from error


def _version(document: Mapping[str, Any], with_code: bool | None) -> Mapping[str, Any]:
    """One of the versions; None is both."""
    blocks = document.get("blocks", ())
    return {**document, "blocks": list(_chosen(blocks, with_code))} if _has_versions(blocks) else document


def _chosen(parts: list[Any], with_code: bool | None) -> Iterator[Any]:
    """The parts of one version, or of both; what is no part is left for the reading to refuse."""
    for part in parts:
        if not isinstance(part, dict):
            yield part
            continue
        version = part.get("code")
        if version in _VERSIONS:
            if with_code is not None and version != _VERSIONS[not with_code]:
                continue
            part = {key: value for key, value in part.items() if key != "code"}  # noqa: PLW2901
        inner = {key: list(_chosen(part[key], with_code)) for key in _WITHIN if isinstance(part.get(key), list)}
        if with_code is False and part.get("type") == "with_code":
            # Without links nothing is set beside a code.
            yield from ({"type": "paragraph", **paragraph} for paragraph in inner["paragraphs"])
        else:
            yield part | inner


def _has_versions(parts: object) -> bool:
    return any(
        part.get("code") in _VERSIONS or any(_has_versions(part.get(key)) for key in _WITHIN)
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, dict)
    )


def _unreadable(why: str) -> LetterFormatError:
    return LetterFormatError(f"Le modèle de lettre ne peut pas être lu\u00a0: {why}.", _REMEDY)


def _in_french(error: msgspec.ValidationError) -> str:
    message, _, place = str(error).partition(" - at `$")
    path = re.sub(r"\[(\d+)\]", lambda found: f"[{int(found[1]) + 1}]", place.rstrip("`")).lstrip(".")
    shown = f"«\u00a0{path}\u00a0»" if path else "la lettre"
    if isinstance(error.__cause__, ValueError):
        return f"dans {shown}, {error.__cause__}"
    for rule, words in _RULES:
        if found := rule.search(message):
            return words.format(*found.groups(), shown=shown)
    if wrong := _WRONG_TYPE.match(message):
        wanted = " ou ".join(_TYPES.get(kind, kind) for kind in wrong[1].split(" | ") if kind != "null")
        return f"{shown} doit être {wanted}" + (
            f" {_BOUNDS[wrong[2]]} {wrong[3].replace('.', ',')}" if wrong[2] else ""
        )
    return f"{shown} a une valeur impossible"
