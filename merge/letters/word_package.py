"""The package around the letters: page, header, footer and embedded fonts, made once by python-docx.

Its body stays empty. `filled` then streams the letters' text and pictures into a copy of the archive, so that ten
thousand letters take the memory of one.
"""

import datetime as dt
import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement, serialize_for_reading
from docx.shared import Mm

from merge.letters.archive import dateless
from merge.letters.fonts import Face, FontBook
from merge.letters.provisional import ProvisionalText

NAMESPACES = nsdecls("w", "wp", "a", "pic", "r")
_BODY = "word/document.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_LISTS = "word/numbering.xml"
_TYPES = "[Content_Types].xml"
_KEYS = uuid.UUID("2f1f6f0e-6a3c-5d0b-9d59-6f7a3ac1d5b7")
_COMPRESSION = 3
_OBFUSCATED = 32
"""Bytes of a font that the key hides (ECMA-376, part 1, 17.8.1)."""
_EMBEDDED = {
    Face.REGULAR: ("Figtree", "embedRegular"),
    Face.BOLD: ("Figtree", "embedBold"),
    Face.ITALIC: ("Figtree", "embedItalic"),
    Face.SEMIBOLD: ("Figtree SemiBold", "embedRegular"),
    Face.SEMIBOLD_ITALIC: ("Figtree SemiBold", "embedItalic"),
    Face.MONO: ("Atkinson Hyperlegible Mono", "embedBold"),
}
_ALWAYS = frozenset({Face.REGULAR, Face.BOLD, Face.SEMIBOLD, Face.MONO})
_NAMESPACE = re.compile(r' xmlns:\w+="[^"]*"')
_PNG = '<Default Extension="png" ContentType="image/png"/>'
_IMAGE = (
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    'Target="media/{id}.png"/>'
)


def new_package(
    title: str, author: str, day: dt.date, margins: tuple[float, float, float, float], edges: tuple[float, float]
) -> Document:
    """An empty A4 document; `margins` are top, right, bottom, left in millimetres, `edges` header's and footer's."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.header_distance, section.footer_distance = map(Mm, edges)
    facts = document.core_properties
    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    facts.title, facts.author, facts.comments, facts.last_modified_by = title, author, "", author
    facts.created = facts.modified = moment
    facts.language = "fr-FR"
    return document


def fill_block(element: object, xml: str) -> None:
    """Replace the paragraphs of a header or footer by `xml` (paragraphs)."""
    _fill(element._element, xml)  # type: ignore[attr-defined]  # noqa: SLF001 - python-docx offers no other way in


def add_footer(document: Document, xml: str) -> str:
    """Add a footer that sections may refer to, and answer its relation."""
    part, relation = document.part.add_footer_part()  # type: ignore[no-untyped-call] # python-docx is typed in part
    _fill(part.element, xml)
    return str(relation)


def section_xml(document: Document) -> str:
    """The properties of the document's section, for others like it."""
    section = document.sections[0]._sectPr  # noqa: SLF001 - python-docx offers no other way in
    return _NAMESPACE.sub("", serialize_for_reading(section)).replace("\n", "")


def _fill(container: BaseOxmlElement, xml: str) -> None:
    for child in list(container):
        container.remove(child)
    for child in parse_xml(f"<w:root {NAMESPACES}>{xml}</w:root>"):
        container.append(child)


def add_picture(element: object, png: bytes) -> str:
    """Add a picture to a header's part and answer its relation."""
    relation, _ = element.part.get_or_add_image(io.BytesIO(png))  # type: ignore[attr-defined]  # any story part has it
    return str(relation)


def embed_fonts(document: Document, fonts: FontBook) -> None:
    """Carry our faces in the file: the letter looks the same where they are not installed (OFL allows it).

    An italic comes along where the first letter, which `fonts` has measured, has one.
    """
    faces = _ALWAYS | {font.face for font in fonts.loaded()}
    package = document.part.package
    table = next(part for part in package.iter_parts() if part.partname == "/word/fontTable.xml")
    entries: dict[str, str] = {}
    embedded = [(face, *how) for face, how in _EMBEDDED.items() if face in faces]
    for number, (face, family, kind) in enumerate(embedded, 1):
        key = uuid.uuid5(_KEYS, face.value)
        name = PackURI(f"/word/fonts/font{number}.odttf")
        part = Part(
            name,
            "application/vnd.openxmlformats-officedocument.obfuscatedFont",
            _hidden(fonts[face].data, key),
            package,
        )
        relation = table.relate_to(part, RELATIONSHIP_TYPE.FONT)
        entries[family] = entries.get(family, "") + f'<w:{kind} r:id="{relation}" w:fontKey="{{{str(key).upper()}}}"/>'
    written = "".join(f'<w:font w:name="{family}">{entry}</w:font>' for family, entry in entries.items())
    table._blob = f"<w:fonts {nsdecls('w', 'r')}>{written}</w:fonts>".encode()  # noqa: SLF001 - a part without a class
    settings = document.settings.element
    settings.insert(0, parse_xml(f"<w:embedTrueTypeFonts {nsdecls('w')}/>"))


def _hidden(font: bytes, key: uuid.UUID) -> bytes:
    mask = key.bytes[::-1] * 2
    head = bytes(byte ^ hide for byte, hide in zip(font[:_OBFUSCATED], mask, strict=True))
    return head + font[_OBFUSCATED:]


def write_filled(
    document: Document,
    letters: Iterable[tuple[str, dict[str, bytes]]],
    file: BinaryIO,
    last_section: Callable[[], str] = str,
    lists: Callable[[], tuple[str, str]] = lambda: ("", ""),
) -> None:
    """Write the package with the letters in its body. Each letter is its XML and its PNG pictures by relation.

    Once all letters are written, `last_section` is asked for the properties of the last section, "" for the package's,
    and `lists` for the lists that the letters name (`merge.letters.word_lists.WordLists.described`).
    """
    made = io.BytesIO()
    document.save(made)
    relations: list[str] = []
    with (
        zipfile.ZipFile(made) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as target,
        ProvisionalText() as body,
    ):
        head, tail = _around_body(source.read(_BODY).decode())
        body.write(head)
        for xml, pictures in letters:
            body.write(xml)
            for relation, png in pictures.items():
                relations.append(_IMAGE.format(id=relation))
                target.writestr(dateless(f"word/media/{relation}.png", zipfile.ZIP_STORED), png)
        section = last_section()
        body.write(f"{section}</w:body></w:document>" if section else tail)
        for name in source.namelist():
            if name not in (_BODY, _LISTS, _RELATIONS, _TYPES):
                target.writestr(dateless(name), source.read(name))
        target.writestr(dateless(_LISTS), _with_lists(source.read(_LISTS).decode(), *lists()))
        target.writestr(dateless(_TYPES), _with_png(source.read(_TYPES).decode()))
        given = source.read(_RELATIONS).decode()
        target.writestr(
            dateless(_RELATIONS), given.replace("</Relationships>", "".join(relations) + "</Relationships>")
        )
        with target.open(dateless(_BODY), "w", force_zip64=True) as entry:
            body.copy_to(entry)


def _with_lists(given: str, looks: str, numbers: str) -> str:
    """What lists look like stands before their numbers (ECMA-376, part 1, 17.9.16)."""
    return given.replace("<w:num ", f"{looks}<w:num ", 1).replace("</w:numbering>", f"{numbers}</w:numbering>")


def _with_png(types: str) -> str:
    """The content types, of which python-docx writes PNG only where it put such a picture itself."""
    return types if 'Extension="png"' in types else types.replace("<Override", f"{_PNG}<Override", 1)


def _around_body(xml: str) -> tuple[str, str]:
    """The document's XML before the letters and after them (the section, with its page and header)."""
    section = xml.index("<w:sectPr")
    start = xml.index("<w:body>") + len("<w:body>")
    return xml[:start], xml[section:]
