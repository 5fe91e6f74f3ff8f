"""Numbered lists: each letter's begin at their first number again.

A list goes on through a document as long as its number (`w:numId`) does; so each letter after the first gets numbers of
its own, with the same description and a new start (ECMA-376, part 1, 17.9).
"""

from dataclasses import dataclass

from lxml import etree

from merge.letters.whole_file import OutputError
from merge.word.nodes import ListHere
from merge.word.xml import Gaps, W, as_text, child, read_part, value_of

_MOST = 2_000
"""Beyond some more than these Word shows paragraphs without their numbers, and says nothing (tried by others)."""
_BULLETS = frozenset({"bullet", "none", ""})


@dataclass(frozen=True, slots=True)
class ListPart:
    """The part that describes lists, around the place for more of them."""

    head: str
    tail: str
    given: int
    """How many lists the template has."""

    def check(self, more: int) -> None:
        """Raise `OutputError` where a document's letters need so many `more` lists that Word would not number them."""
        if self.given + more > _MOST:
            raise OutputError(
                f"Ce modèle a une liste numérotée, et Word n’en compte pas plus de {_MOST} dans un document.",
                "Rien n’a été écrit. Choisissez des lots de 500 lettres, un fichier par lettre, ou le format PDF.",
            )


def take_lists(root: etree._Element, described: bytes, gaps: Gaps) -> ListPart | None:
    """Put gaps where paragraphs name a numbered list; None where none does. `described` is the part with the lists."""
    lists = read_part(described)
    numbers = {value_of(one, "numId"): one for one in lists.iterchildren(f"{W}num")}
    kinds = {value_of(one, "abstractNumId"): one for one in lists.iterchildren(f"{W}abstractNum")}
    free = max((int(number) for number in numbers if number.isdigit()), default=0) + 1
    found = False
    for named in root.iterfind(f".//{W}numPr/{W}numId"):
        number = numbers.get(value_of(named))
        kind = None if number is None else kinds.get(value_of(child(number, "abstractNumId")))
        if number is None or kind is None or _only_bullets(kind):
            continue
        head, tail = _description(number, kind)
        named.set(f"{W}val", gaps.value(ListHere(value_of(named), free, head, tail)))
        found = True
    return _around_more(lists) if found else None


def _only_bullets(kind: etree._Element) -> bool:
    levels = list(kind.iterchildren(f"{W}lvl"))
    return bool(levels) and all(value_of(child(level, "numFmt")) in _BULLETS for level in levels)


def _description(number: etree._Element, kind: etree._Element) -> tuple[str, str]:
    """A `w:num` that starts its levels anew, before and after its own number."""
    starts = {value_of(level, "ilvl"): value_of(child(level, "start")) or "1" for level in kind.iterchildren(f"{W}lvl")}
    levels = dict.fromkeys(starts or ("0",), "")
    for override in number.iterchildren(f"{W}lvlOverride"):
        place = value_of(override, "ilvl")
        if own := value_of(child(override, "startOverride")):
            starts[place] = own
        level = child(override, "lvl")
        levels[place] = "" if level is None else as_text(level)
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{starts.get(place, "1")}"/>{level}</w:lvlOverride>'
        for place, level in levels.items()
    )
    abstract = value_of(child(number, "abstractNumId"))
    return '<w:num w:numId="', f'"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def _around_more(lists: etree._Element) -> ListPart:
    gaps = Gaps()
    last = list(lists.iterchildren(f"{W}num"))[-1]
    last.addnext(gaps.element(None))
    head, _, tail = gaps.pieces(lists)
    return ListPart(str(head), str(tail), sum(1 for _ in lists.iterchildren(f"{W}num")))
