"""Takes out of a tree what would cut fields in two, or would undo the merging when Word opens the file."""

from lxml import etree

from merge.word.merge_fields import PLACE, drop, run_children
from merge.word.xml import W14, XML_SPACE, P, W, remove, value_of

_NOISE = (f"{W}proofErr", f"{W}lastRenderedPageBreak")
_LAST_EDIT = "_GoBack"
_PARAGRAPH_KEYS = (f"{W14}paraId", f"{W14}textId")


def clean(root: etree._Element) -> None:
    """Remove marks of spelling and of former page ends, the place of the last edit, keys that copies would share.

    A field's code is one text afterwards.
    """
    for element in list(root.iter(*_NOISE)):
        remove(element)
    _forget_last_edit(root)
    _join_codes(root)
    for paragraph in root.iter(P, f"{W}tr"):
        for key in _PARAGRAPH_KEYS:
            paragraph.attrib.pop(key, "")


def unbind(root: etree._Element) -> None:
    """Content controls that hold fields: Word would write its stored value over ours, or show ours as a hint."""
    for control in root.iter(f"{W}sdt"):
        properties = control.find(f"{W}sdtPr")
        if properties is None or not _holds_fields(control):
            continue
        for element in list(properties.iterchildren(f"{W}dataBinding", f"{W}showingPlcHdr")):
            remove(element)
        for element in [one for one in properties if one.tag.endswith("}dataBinding")]:
            remove(element)


def _holds_fields(control: etree._Element) -> bool:
    return any("@" in (text.text or "") or text.get(PLACE) for text in control.iter(f"{W}t"))


def _forget_last_edit(root: etree._Element) -> None:
    starts = [one for one in root.iter(f"{W}bookmarkStart") if value_of(one, "name") == _LAST_EDIT]
    numbers = {value_of(one, "id") for one in starts}
    ends = [one for one in root.iter(f"{W}bookmarkEnd") if value_of(one, "id") in numbers]
    for element in (*starts, *ends):
        remove(element)


def _join_codes(root: etree._Element) -> None:
    """Word cuts a field's code into several texts where somebody went back to it."""
    begun: etree._Element | None = None
    for item in list(run_children(root)):
        if item.tag != f"{W}instrText":
            begun = None
        elif begun is None:
            begun = item
        else:
            begun.text = (begun.text or "") + (item.text or "")
            begun.set(XML_SPACE, "preserve")
            drop(item)
