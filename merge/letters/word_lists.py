"""Lists as Word's own: whoever changes a letter in Word gets the next number without typing it.

A list's numbers go on through a document, and Word bears only some thousand lists; so all letters share the same few.
Before a list's first point stands a paragraph of no height, one level above, after which numbers begin anew (ECMA-376,
part 1, 17.9.10).
"""

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from merge.letters.model import Paragraph
from merge.letters.parts import marker

_HEAD, _POINT = 0, 1
"""Levels: of the paragraph that begins a list, and of the list's points."""
_FIRST = 100
"""Numbers of lists, above those of the package's styles."""
_LIST = (
    '<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="none"/><w:suff w:val="nothing"/><w:lvlText w:val=""/>'
    '<w:lvlJc w:val="left"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="{first}"/><w:numFmt w:val="{form}"/>'
    '<w:suff w:val="tab"/><w:lvlText w:val={text}/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
)


class InList(NamedTuple):
    """A paragraph's place in Word's lists."""

    number: int
    level: int


class _Kind(NamedTuple):
    """What points must have in common to be of one list in Word."""

    level: int
    form: str
    text: str
    first: int


class WordLists:
    """The lists of a document, as its letters come to need them."""

    def __init__(self) -> None:
        self._kinds: dict[_Kind, int] = {}
        self._shown: dict[int, int] = {}
        """By list, the number that Word shows at its last point."""
        self._open: dict[int, int] = {}
        """By level, the list that a point of it belongs to."""

    def point(self, paragraph: Paragraph, number: int) -> tuple[InList | None, InList]:
        """The list that a point with this number is in; and what begins it anew, where it is the first of its list."""
        if paragraph.item == "bullet":
            return None, InList(self._list(_Kind(paragraph.level, "bullet", marker(paragraph, 0), 1)), _POINT)
        form = "lowerLetter" if marker(paragraph, number)[0].isalpha() else "decimal"
        current = self._open.get(paragraph.level, 0)
        if number > 1 and self._shown.get(current) == number - 1 and self._form(current) == form:
            self._shown[current] = number
            return None, InList(current, _POINT)
        begun = self._list(_Kind(paragraph.level, form, "%2.", number))
        self._open[paragraph.level], self._shown[begun] = begun, number
        return InList(begun, _HEAD), InList(begun, _POINT)

    def described(self) -> tuple[str, str]:
        """The lists as XML: what they look like, and their numbers."""
        looks = (
            _LIST.format(number=number, first=kind.first, form=kind.form, text=quoteattr(kind.text))
            for kind, number in self._kinds.items()
        )
        numbers = (
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in self._kinds.values()
        )
        return "".join(looks), "".join(numbers)

    def _list(self, kind: _Kind) -> int:
        return self._kinds.setdefault(kind, _FIRST + len(self._kinds))

    def _form(self, number: int) -> str:
        return next((kind.form for kind, known in self._kinds.items() if known == number), "")
