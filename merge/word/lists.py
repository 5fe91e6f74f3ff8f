"""Numbered lists: each letter's begin at their first number again.

A list goes on through a document as long as its number (`w:numId`) does; so each letter after the first gets numbers of
its own, with the same description and a new start (ECMA-376, part 1, 17.9).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from merge.french import agree
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
    each: int
    """How many more a letter after the first takes."""

    @property
    def letters(self) -> int:
        """How many letters Word numbers in one document: the first alone in any case, with the template's own lists."""
        return 1 + max(0, _MOST - self.given) // self.each

    def check(self, letters: int) -> None:
        """Raise `OutputError` for a document of more letters than Word would number."""
        if letters > self.letters:
            batches = f"des lots de {agree(self.letters, 'lettre', 'lettres')} au plus, " if self.letters > 1 else ""
            raise OutputError(
                f"Ce modèle a {agree(self.each, 'liste numérotée', 'listes numérotées')}, et Word ne compte que "
                f"{agree(_MOST, 'liste', 'listes')} dans un document\u00a0: il n’y tient que "
                f"{agree(self.letters, 'lettre', 'lettres')}.",
                f"Rien n’a été écrit. Choisissez {batches}un fichier par lettre, ou le format PDF.",
            )


def take_lists(root: etree._Element, described: bytes, gaps: Gaps) -> ListPart | None:
    """Put gaps where paragraphs name a numbered list; None where none does. `described` is the part with the lists."""
    lists = read_part(described)
    numbers = {value_of(one, "numId"): one for one in lists.iterchildren(f"{W}num")}
    kinds = {value_of(one, "abstractNumId"): one for one in lists.iterchildren(f"{W}abstractNum")}
    free = max((int(number) for number in numbers if number.isdigit()), default=0) + 1
    leaders: dict[str, str] = {}
    each = set()
    for named in root.iterfind(f".//{W}numPr/{W}numId"):
        number = numbers.get(value_of(named))
        kind = None if number is None else kinds.get(value_of(child(number, "abstractNumId")))
        if number is None or kind is None or _only_bullets(kind):
            continue
        leader = _leader(value_of(named), numbers, leaders)
        head, tail = _description(numbers[leader], kind)
        named.set(f"{W}val", gaps.value(ListHere(leader, free, head, tail)))
        each.add(leader)
    return _around_more(lists, len(each)) if each else None


def _leader(name: str, numbers: Mapping[str, etree._Element], leaders: dict[str, str]) -> str:
    """The list that Word counts this one on from, or itself: lists of one description are one until one says otherwise.

    `leaders`: the last by description that others may follow.
    """
    number = numbers[name]
    abstract = value_of(child(number, "abstractNumId"))
    if child(number, "lvlOverride") is None:
        return leaders.setdefault(abstract, name)
    if number.find(f"{W}lvlOverride/{W}lvl") is None:
        leaders[abstract] = name
    else:
        leaders.pop(abstract, None)
    return name


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


def _around_more(lists: etree._Element, each: int) -> ListPart:
    gaps = Gaps()
    last = list(lists.iterchildren(f"{W}num"))[-1]
    last.addnext(gaps.element(None))
    head, _, tail = gaps.pieces(lists)
    return ListPart(str(head), str(tail), sum(1 for _ in lists.iterchildren(f"{W}num")), each)
