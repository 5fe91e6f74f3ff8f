"""Addresses with fields."""

from collections.abc import Mapping
from urllib.parse import unquote

from lxml import etree

from merge.fields import FieldKind
from merge.merging import Slot, Template
from merge.template import TemplateError, compile_template
from merge.word.nodes import Address
from merge.word.package import Relation
from merge.word.xml import Gaps, R, W

_TYPED = ("@", "http://@", "https://@", "file:")


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
