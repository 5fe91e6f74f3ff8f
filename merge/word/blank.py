"""Empty headers and footers for a letter's first section, which would else show those of the letter before."""

from lxml import etree

from merge.word.package import RELATION_TYPES, TYPES, WordFile, parse, relations_of, written
from merge.word.sections import KINDS, missing_references, sections_of
from merge.word.xml import R, W

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ROOTS = {"header": "hdr", "footer": "ftr"}


def with_blanks(word: WordFile, root: etree._Element) -> WordFile:
    """Refer to empty parts in the first section of `root`, the text's tree; the document with these parts."""
    missing = missing_references(root)
    if not missing:
        return word
    folder = word.main.rpartition("/")[0]
    parts = dict(word.parts)
    types, relations = parse(parts[TYPES]), parse(parts[relations_of(word.main)])
    for kind in sorted({KINDS[tag] for tag, _ in missing}):
        name, identity = f"{kind}Blank.xml", f"rIdBlank{kind}"
        path = f"{folder}/{name}" if folder else name
        parts[path] = _blank(_ROOTS[kind])
        etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{path}", ContentType=_KIND.format(kind=kind))
        type_ = f"{RELATION_TYPES}{kind}"
        etree.SubElement(relations, f"{_RELATIONS}Relationship", Id=identity, Type=type_, Target=name)
    first = sections_of(root)[0]
    for tag, reference in reversed(missing):
        first.insert(0, etree.Element(tag, {f"{W}type": reference, f"{R}id": f"rIdBlank{KINDS[tag]}"}))
    parts[TYPES], parts[relations_of(word.main)] = written(types), written(relations)
    return WordFile(parts, word.main)


def _blank(name: str) -> bytes:
    root = etree.Element(f"{W}{name}", nsmap={"w": W[1:-1]})
    etree.SubElement(root, f"{W}p")
    return written(root)
