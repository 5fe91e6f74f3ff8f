"""French text as a typographer sets it: spaces that do not break, apostrophes, ellipses, œ.

The rules are those of the « Lexique des règles typographiques en usage à l'Imprimerie nationale » (Ponctuation,
Espacements, Abréviations, Heure, Nombres, Ligatures) and of J.-P. Lacroux, « Orthotypographie » (Espace, Apostrophe).
They ask for a thin space in some places; Figtree has none, so it is U+00A0 everywhere (DESIGN-LANGUAGE, Type).

Only spaces, apostrophes, three dots and the « oe » of known words change. Addresses (https://…, www.…, e-mail), @FIELDS
and what the caller declares to be data are left as they are.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from merge.french import MONTHS, NBSP

_DATA = re.compile(
    r"(?:https?://|www\.)\S+"  # an address
    r"|[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|\b(?:[\w-]+\.)+(?:fr|com|org|net|eu|info|be|ch|lu)\b(?:/\S*)?"  # a site
    r"|@@?\w+"  # a field, and @ itself
)


_SPACE = "([ \u00a0\u202f\u2009])"
_CAPITAL = r"[^\W\d_a-zà-ÿœ]"
_TITLES = r"(?<!\w)(?:M|MM|Mme|Mmes|Mlle|Mlles|Me|Dr|Drs|Pr|Prs|St|Ste|Vve)\.?"
_SHORTENED = r"(?<!\w)(?:[Nn]°s?|[Aa]rt\.|[Pp]p?\.|[Cc]hap\.|[Ff]ig\.|[Vv]ol\.|[Tt]él\.|§)"
_UNITS = r"(?:k?€|[$£%‰°]|°C|h|min|s|mm|cm|m|km|mg|g|kg|ml|cl|l|ko|Mo|Go)(?![\w’'])"
_PAIRS = rf"(?:{_SPACE}\d\d)" * 4
_RULES = tuple(
    (re.compile(pattern), into)
    for pattern, into in (
        (r"(?<!\.)(\.{3})(?!\.)", "…"),
        (r"(?<!\d)(')|(?<=\d)(')(?=[^\W\d_])", "’"),
        (rf"«{_SPACE}(?=\S)", NBSP),
        (r"«()(?=[^\s«»])", NBSP),
        (r"(?<=[^\s«»])()(?=»)", NBSP),
        # High punctuation has a space before it; a colon in a time, a ratio or an address is none.
        (rf"{_SPACE}(?=[:;?!%‰€»])", NBSP),
        (r"(?<=[\w»)\]…’°])()(?=[;?!]+(?:[\s»)\]]|$))", NBSP),
        (r"(?<=[^\W\d_]|[»)\]…’])()(?=:(?:\s|$))", NBSP),
        (r"(?<=\d)()(?=[%‰€](?!\w))", NBSP),
        # Numbers: groups of three, telephone numbers, what counts and what is counted.
        (rf"(?<!\d)\d{{1,3}}{_SPACE}(?=\d{{3}}(?!\d))", NBSP),
        (rf"(?<!\d)0\d{_PAIRS}(?!\d)", NBSP),
        (rf"\+\d\d{_SPACE}\d{_PAIRS}(?!\d)", NBSP),
        (rf"(?<=\d){_SPACE}(?={_UNITS})", NBSP),
        (rf"(?<=\d[ \u00a0]h){_SPACE}(?=\d\d(?!\d))", NBSP),
        (rf"(?<![\w.,])(?:[12]?\d|3[01]|1er){_SPACE}(?=(?:{'|'.join(MONTHS)})(?!\w))", NBSP),
        # Titles, abbreviations and initials stay with what they announce.
        (rf"{_TITLES}{_SPACE}(?={_CAPITAL}|@)", NBSP),
        (rf"{_SHORTENED}{_SPACE}(?=\S)", NBSP),
        (rf"(?<!\w){_CAPITAL}\.{_SPACE}(?={_CAPITAL})", NBSP),
    )
)
"""(pattern, what its groups become), applied one after the other; an empty group is where a space is missing."""
_LIGATURES = re.compile(
    r"(?<![^\W_])(?:(?:ran|é)?coeur|choeur|soeur|(?:man|dés)?oeuvr|oeil|noeud|voeu|boeuf|moeurs|oeuf|foet(?:us|al)"
    r"|oed[èé]m|oesophag|oestrogèn|oenolog|oecumén|coelia[qc]|coeliosc)",
    re.IGNORECASE,
)
"""Words that are never written with two letters. Capitalised within a sentence they may be names: Jacques Coeur."""
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s|\n)[«\s\u00a0]*$")


def french(text: str) -> str:
    """The text as French typographers set it. Setting what was set changes nothing."""
    return french_parts([text])[0]


def french_parts(texts: Sequence[str], data: Iterable[int] = ()) -> list[str]:
    """The parts of one text (runs in several styles), set as a whole: « n° » may end one and its number begin the next.

    The parts whose index is in `data` are left as they are.
    """
    return list(_set(tuple(texts), frozenset(data)))


@lru_cache(maxsize=512)
def _set(texts: tuple[str, ...], data: frozenset[int]) -> tuple[str, ...]:
    """Remembered: at each keystroke, a letter's other paragraphs are set as they were."""
    text = _Text(texts, data)
    for pattern, into in _RULES:
        text.change_groups(pattern, into)
    text.join_ligatures()
    return tuple(text.parts())


class _Text:
    """A text that keeps where its parts end while it is changed."""

    def __init__(self, texts: Sequence[str], data: frozenset[int]) -> None:
        self._text = "".join(texts)
        self._data = data
        self._bounds = [sum(map(len, texts[:index])) for index in range(len(texts) + 1)]

    def parts(self) -> list[str]:
        return [self._text[start:end] for start, end in pairwise(self._bounds)]

    def change_groups(self, pattern: re.Pattern[str], into: str) -> None:
        """Change the groups of every match that are not data."""
        matches = pattern.finditer(self._text)
        spans = (match.span(group) for match in matches for group in range(1, pattern.groups + 1))
        self._change((start, end, into) for start, end in spans if start >= 0)

    def join_ligatures(self) -> None:
        """« oe » becomes œ in words that are known, in small letters or at the beginning of a sentence."""
        edits = []
        for match in _LIGATURES.finditer(self._text):
            word = match[0]
            begins = word[1:].islower() and _SENTENCE_START.search(self._text[: match.start()])
            if word.islower() or begins:
                place = match.start() + word.lower().index("oe")
                edits.append((place, place + 2, "œ" if self._text[place] == "o" else "Œ"))
        self._change(edits)

    def _change(self, edits: Iterable[tuple[int, int, str]]) -> None:
        """`edits` are (start, end, replacement), from left to right. A part's end moves with the text before it."""
        wanted = [edit for edit in edits if self._text[edit[0] : edit[1]] != edit[2]]
        if not wanted:
            return
        kept = self._kept()
        pieces: list[str] = []
        bounds = list(self._bounds)
        last = 0
        for start, end, into in wanted:
            if any(start < to and end > since for since, to in kept):
                continue
            pieces += self._text[last:start], into
            last = end
            grown = len(into) - (end - start)
            for index, bound in enumerate(self._bounds):
                if bound >= end and bound > start:
                    bounds[index] += grown
        self._text = "".join((*pieces, self._text[last:]))
        self._bounds = bounds

    def _kept(self) -> list[tuple[int, int]]:
        spans = [match.span() for match in _DATA.finditer(self._text)]
        return spans + [(self._bounds[index], self._bounds[index + 1]) for index in self._data]
