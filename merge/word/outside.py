"""Refuses a document that fetches something by itself, or lacks something: linked pictures, web pages, lost pictures.

Such a letter, with a code in it, would call elsewhere on every computer that opens it, and on this one while its PDF
is made. Links stay: people follow those. Fields that read files are told by `merge.word.merge_fields`.
"""

import posixpath
from urllib.parse import unquote

from merge.word.package import RELATIONS_END, WordFile, WordFileError, parse

_LINK = "hyperlink"
_LINKS = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
"""Elements that lead where people click. LibreOffice fetches what any other refers to, whatever its type says."""
_WEB_PAGE = "aFChunk"


def refuse_outside(word: WordFile) -> None:
    """Raise `WordFileError` where any part of the document refers to what is not in it, or holds another document."""
    for name, data in word.parts.items():
        if not name.lower().endswith(RELATIONS_END):
            continue
        outside = set()
        for one in parse(data):
            kind = one.get("Type", "").rpartition("/")[2]
            if kind == _WEB_PAGE:
                raise WordFileError(
                    "Ce modèle contient une page web ou un autre document, incorporé tel quel.",
                    "Copiez son texte dans un nouveau document Word, et choisissez celui-là.",
                )
            if one.get("TargetMode", "").lower() == "external":
                if kind != _LINK:
                    raise _fetches()
                outside.add(one.get("Id", ""))
        if outside and (part := word.parts.get(_part_of(name))) is not None:
            _refuse_others(part, outside)


def refuse_missing(word: WordFile) -> None:
    """Raise `WordFileError` where a picture should be in the document, and is not: Word shows a red cross for it."""
    present = {_plain(name) for name in word.parts}
    for name, data in word.parts.items():
        missing = [
            one.id
            for one in word.relations(name)
            if one.type == "image" and not one.external and _plain(one.target) not in present
        ]
        if any(f'"{identity}"'.encode() in data for identity in missing):
            raise WordFileError(
                "Une image de ce modèle manque dans le fichier.",
                "Ouvrez-le dans Word, insérez-la de nouveau à sa place, et enregistrez-le.",
            )


def _plain(name: str) -> str:
    """A part's name as it is compared: in any case, and escaped or not (ECMA-376, part 2)."""
    return unquote(name).casefold()


def _refuse_others(part: bytes, outside: set[str]) -> None:
    for element in parse(part).iter("{*}*"):
        is_link = element.tag.rpartition("}")[2] in _LINKS
        if not is_link and any(name[:1] == "{" and value in outside for name, value in element.attrib.items()):
            raise _fetches()


def _part_of(relations: str) -> str:
    """The part whose relationships these are."""
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name[: -len(RELATIONS_END)])


def _fetches() -> WordFileError:
    return WordFileError(
        "Ce modèle va chercher une image ou un objet en dehors du document.",
        "Dans Word, choisissez Fichier, Informations, «\u00a0Modifier les liens d’accès aux fichiers\u00a0» et rompez "
        "chaque liaison, ou insérez l’image elle-même.",
    )
