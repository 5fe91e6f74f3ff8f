"""Reads a letter's file: TOML that people may write, with two versions of what speaks of a personal code.

A block or paragraph with `code = "with"` or `code = "without"` stands in one of them only: the first is for portals
that give links. What is wrong with a file is told in French, with its place; lists count from 1 there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cabinet.errors import WebOrthoError
from cabinet.refused_values import in_french
from cabinet.toml_text import NotToml, read_toml
from merge.letters.model import LetterTemplate

_REMEDY = "Corrigez-le, ou revenez au modèle livré avec WebOrtho."
_VERSIONS = ("with", "without")
_WITHIN = ("blocks", "paragraphs")
"""Keys of a block under which there are parts."""


class LetterFormatError(WebOrthoError):
    """A letter file that cannot be read."""


def read_letter(data: bytes, *, with_code: bool = True) -> LetterTemplate:
    """The letter in the bytes of a TOML file, in one of its versions. Raise `LetterFormatError`."""
    try:
        document = read_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unreadable("ce n’est pas du texte en UTF-8") from error
    except NotToml as error:
        raise _unreadable(f"ce n’est pas un fichier TOML valable{error.where}") from error
    try:
        # Both versions first: places are those of the file then, and neither has a fault that shows on some portals.
        msgspec.convert(_version(document, None), LetterTemplate)
        return msgspec.convert(_version(document, with_code), LetterTemplate)
    except msgspec.ValidationError as error:
        raise _unreadable(in_french(error, "la lettre")) from error


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
