"""Where something stands in a document, in the words of a person who looks for it in Word."""

from collections.abc import Iterable

from lxml import etree

from merge.word.paragraph import ParagraphText
from merge.word.xml import P, W

_TABLE, _ROW, _CELL = f"{W}tbl", f"{W}tr", f"{W}tc"
_BOX = f"{W}txbxContent"
_NOTES = {f"{W}footnote": "note de bas de page", f"{W}endnote": "note de fin"}


class Place:
    """Places in one part, before anything is taken out of it."""

    def __init__(self, label: str, root: etree._Element) -> None:
        self._label = label
        self._tables = {table: number for number, table in enumerate(root.iter(_TABLE), 1)}
        self._rows = _numbered(self._tables, _ROW)
        self._cells = _numbered(self._rows, _CELL)
        self._names = {paragraph: self._name(paragraph) for paragraph in root.iter(P)}
        self._number(root)

    def of(self, paragraph: etree._Element | None) -> str:
        """« Tableau 2, ligne 3, colonne 1 », « Texte, paragraphe 12 », with the words that stand there."""
        if paragraph is None:
            return self._label
        excerpt = ParagraphText(paragraph, ()).excerpt() if not _has_places(paragraph) else ""
        return self._names.get(paragraph, self._label) + (f" (« {excerpt} »)" if excerpt else "")

    def _number(self, root: etree._Element) -> None:
        plain = [one for one in root.iter(P) if self._names[one] == self._label]
        for number, paragraph in enumerate(plain, 1):
            self._names[paragraph] = f"{self._label}, paragraphe {number}"

    def _name(self, paragraph: etree._Element) -> str:
        names = []
        for around in paragraph.iterancestors(_CELL, _BOX, *_NOTES):
            if around.tag == _BOX:
                names.append("zone de texte")
            elif around.tag in _NOTES:
                names.append(_NOTES[around.tag])
            else:
                names.append(self._in_table(around))
                break
        return ", ".join((self._label, *reversed(names))) if names else self._label

    def _in_table(self, cell: etree._Element) -> str:
        row = next(cell.iterancestors(_ROW), cell)
        table = next(cell.iterancestors(_TABLE), cell)
        place = (self._tables.get(table, 1), self._rows.get(row, 1), self._cells.get(cell, 1))
        return "tableau {}, ligne {}, colonne {}".format(*place)


def _numbered(parents: Iterable[etree._Element], tag: str) -> dict[etree._Element, int]:
    """Which of its parent's children of this name each is, from 1."""
    return {one: number for parent in parents for number, one in enumerate(parent.iterchildren(tag), 1)}


def _has_places(paragraph: etree._Element) -> bool:
    return any(text.get("place") for text in paragraph.iter(f"{W}t"))
