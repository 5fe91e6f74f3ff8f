"""Pictures that stand for others: people say which in their alternative text (« @QR »)."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from merge.word.nodes import CodePicture
from merge.word.xml import WP, A, Gaps, R, V, remove

CODE_NAMES = frozenset({"@QR", "@QRCODE", "@LIEN"})
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A picture with an alternative text that may be a name of ours."""

    element: etree._Element
    """The drawing, or the shape of Word versions before 2007."""
    name: str

    @property
    def frames(self) -> list[etree._Element]:
        """What says how large it is, in English Metric Units (`cx`, `cy`); a shape says it elsewhere."""
        return [*self.element.iterchildren(f"{WP}extent"), *self.element.iterfind(f".//{A}xfrm/{A}ext")]

    def show(self, relation: str, told: str) -> None:
        """Show the picture of this relation instead; `told` is its alternative text."""
        for picture in self.element.iter(f"{A}blip"):
            picture.attrib.pop(f"{R}link", "")
            picture.set(f"{R}embed", relation)
            for more in list(picture):
                remove(more)
        for crop in list(self.element.iter(f"{A}srcRect")):
            remove(crop)
        for facts in self.element.iter(f"{WP}docPr"):
            facts.attrib.pop("title", "")
            facts.set("descr", told)
        for named in self.element.iter(f"{_PICTURE}cNvPr"):
            named.attrib.pop("descr", "")
        for data in self.element.iter(f"{V}imagedata"):
            data.set(f"{R}id", relation)
        if self.element.tag == f"{V}shape":
            self.element.set("alt", told)


def placeholders(root: etree._Element) -> Iterator[Placeholder]:
    """The pictures of a part whose alternative text begins as our names do."""
    for drawing in root.iter(f"{WP}inline", f"{WP}anchor"):
        facts = drawing.find(f"{WP}docPr")
        if facts is not None and next(drawing.iter(f"{A}blip"), None) is not None:
            for name in ((facts.get(key) or "").strip() for key in ("descr", "title")):
                if name.startswith("@"):
                    yield Placeholder(drawing, name)
                    break
    for shape in root.iter(f"{V}shape"):
        name = (shape.get("alt") or "").strip()
        if name.startswith("@") and next(shape.iter(f"{V}imagedata"), None) is not None:
            yield Placeholder(shape, name)


def take_code_pictures(root: etree._Element, gaps: Gaps) -> bool:
    """Put gaps where a picture is to be the personal QR code; answers whether there is one."""
    codes = [one for one in placeholders(root) if one.name in CODE_NAMES]
    for code in codes:
        # One gap for each place that a picture is named at: it writes the relation.
        code.show(gaps.value(CodePicture()), "Code personnel à scanner")
    return bool(codes)
