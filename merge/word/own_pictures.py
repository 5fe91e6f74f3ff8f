"""The cabinet's logo and scanned signature, in the place of pictures whose alternative text is @LOGO or @SIGNATURE.

Each is as large as the other's frame lets it be, and not distorted. They are the same in every letter, so they are put
in before the template is compiled.
"""

import posixpath
from collections.abc import Mapping

from lxml import etree

from merge.letters.pictures import PrintPicture
from merge.word.package import RELATION_TYPES, WordFile, parse, relations_of, written
from merge.word.placeholders import Placeholder, placeholders
from merge.word.places import Place
from merge.word.story import WordProblem
from merge.word.xml import P, read_part

LOGO, SIGNATURE = "@LOGO", "@SIGNATURE"
OwnPictures = Mapping[str, PrintPicture]
"""By the name that stands for each."""
_TOLD = {LOGO: "Logo du cabinet", SIGNATURE: "Signature"}
_MISSING = {
    LOGO: "aucun logo n’est connu. Choisissez-le dans l’en-tête d’une lettre de ce modèle",
    SIGNATURE: "aucune signature n’est connue. Choisissez-la dans une lettre de ce modèle",
}
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def with_own_pictures(
    word: WordFile, labels: Mapping[str, str], pictures: OwnPictures
) -> tuple[WordFile, tuple[WordProblem, ...]]:
    """The document with these pictures in the parts of `labels`, and what is wrong with its placeholders.

    `labels`: the names, for people, of the parts with text.
    """
    parts, problems = dict(word.parts), []
    for part, label in labels.items():
        if not any(name.encode() in parts[part] for name in _TOLD):
            continue
        root = read_part(parts[part])
        place = Place(label, root)
        shown = False
        for one in placeholders(root):
            if one.name not in _TOLD:
                continue
            if one.name in pictures:
                _fit(one, pictures[one.name])
                one.show(_related(parts, part, one.name, pictures[one.name]), _TOLD[one.name])
                shown = True
            else:
                at = place.of(next(one.element.iterancestors(P), None))
                todo = "ou retirez ce nom de son texte de remplacement."
                why = f"Pour l’image « {one.name} », {_MISSING[one.name]}, {todo}"
                problems.append(WordProblem(at, one.name, why))
        if shown:
            parts[part] = written(root)
    return WordFile(parts, word.main), tuple(problems)


def _fit(placeholder: Placeholder, picture: PrintPicture) -> None:
    """Make the frame as narrow, or as low, as the picture is in it."""
    for frame in placeholder.frames:
        width, height = (int(frame.get(side, "0")) for side in ("cx", "cy"))
        if width > 0 and height > 0:
            scale = min(width / picture.width, height / picture.height)
            frame.set("cx", str(round(picture.width * scale)))
            frame.set("cy", str(round(picture.height * scale)))


def _related(parts: dict[str, bytes], part: str, name: str, picture: PrintPicture) -> str:
    """The relation of a part to the picture, which is in the document once."""
    media = f"media/webortho-{name[1:].lower()}.png"
    parts[media] = picture.png
    relations = relations_of(part)
    tree = parse(parts.get(relations, _NO_RELATIONS))
    identity = f"rIdOwn{name[1:]}"
    if all(one.get("Id") != identity for one in tree):
        target = posixpath.relpath(media, posixpath.dirname(part) or ".")
        etree.SubElement(tree, _RELATION, Id=identity, Type=f"{RELATION_TYPES}image", Target=target)
        parts[relations] = written(tree)
    return identity
