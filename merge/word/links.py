"""Addresses with fields, and pictures that stand for a QR code."""

from collections.abc import Mapping
from urllib.parse import unquote

from lxml import etree

from merge.fields import FieldKind
from merge.merging import Slot, Template
from merge.template import TemplateError, compile_template
from merge.word.nodes import Address, CodePicture
from merge.word.package import Relation
from merge.word.xml import WP, A, Gaps, R, V, W, remove

CODE_NAMES = frozenset({"@QR", "@LIEN"})
"""What people write as a picture's alternative text."""
_TYPED = ("@", "http://@", "https://@", "file:")
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"


def take_links(root: etree._Element, relations: Mapping[str, Relation], gaps: Gaps) -> list[Template]:
    """Put gaps where a link's address has fields; answers these addresses."""
    found = []
    for link in root.iter(f"{W}hyperlink"):
        relation = relations.get(link.get(f"{R}id", ""))
        address = relation and relation.external and _address(unquote(relation.target))
        if address:
            link.set(f"{R}id", gaps.value(Address(address)))
            found.append(address)
    for code in root.iter(f"{W}instrText"):
        text = code.text or ""
        if text.lstrip().startswith("HYPERLINK") and (address := _address(text)):
            code.text = gaps.value(Address(address, part_of_code=True))
            found.append(address)
    return found


def take_code_pictures(root: etree._Element, gaps: Gaps) -> bool:
    """Put gaps where a picture is to be the personal QR code; answers whether there is one."""
    found = False
    for drawing in root.iter(f"{WP}inline", f"{WP}anchor"):
        facts = drawing.find(f"{WP}docPr")
        if facts is not None and CODE_NAMES & {(facts.get(name) or "").strip() for name in ("descr", "title")}:
            for picture in drawing.iter(f"{A}blip"):
                picture.attrib.pop(f"{R}link", "")
                picture.set(f"{R}embed", gaps.value(CodePicture()))
                for more in list(picture):
                    remove(more)
                found = True
            for crop in list(drawing.iter(f"{A}srcRect")):
                remove(crop)
            facts.set("descr", "Code personnel à scanner")
            for named in drawing.iter(f"{_PICTURE}cNvPr"):
                named.attrib.pop("descr", "")
    for shape in root.iter(f"{V}shape"):
        if (shape.get("alt") or "").strip() in CODE_NAMES:
            for data in shape.iter(f"{V}imagedata"):
                data.set(f"{R}id", gaps.value(CodePicture()))
                found = True
    return found


def _address(text: str) -> Template | None:
    """The compiled address when it has fields; an @ that is none of ours belongs to the address."""
    try:
        template = compile_template(text)
    except TemplateError:
        return None
    slots = list(template.slots())
    if not slots or len(template.pieces) != 1:
        return None
    return _whole_link(text, slots) or template


def _whole_link(text: str, slots: list[Slot]) -> Template | None:
    """Word makes an address of what people type: « http://@LIEN », or a file beside the document."""
    for slot in slots:
        if slot.field.kind is FieldKind.LINK and slot.end == len(text) and text.startswith(_TYPED):
            return compile_template(slot.field.token)
    return None
