"""Finding a patient while somebody types: by any part of a name, by number, by birth date, in whatever order.

Accents, case, hyphens and apostrophes do not count. Every word must be found. Digits are looked for in numbers, and
from four digits on in birth dates (1985, 1504, 15041985); with a separator they are a date (15/04, 5.4.1985,
1985-04-15). Nothing is parsed twice: what is searched is folded once, when the index is made.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cabinet.values import fold

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_JOINS = re.compile(r"[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}'’ʼ`´_]+")
_WHOLE_DATE = re.compile(r"(?<!\d)(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
_PART_OF_DATE = re.compile(r"\d{1,2}(?:/\d{0,2}){1,2}|\d{1,2}/\d{1,2}/\d{0,4}|\d{1,2}/\d{3,4}")
_DIGITS_OF_DATE = 4
"""So many digits may be a year, or a day and a month; fewer are met in every date."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a patient is found by."""

    number: str
    last_name: str = ""
    first_name: str = ""
    birth_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Term:
    """One word of a query: all of `words` stand in a patient's names and number, or one of `dates` in the dates.

    What is certainly a date has no words.
    """

    words: tuple[str, ...]
    dates: tuple[str, ...] = ()


class Index:
    """Patients in the order given; `find` tells their places in it."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._places: dict[str, int] = {}
        """By number."""
        self._heads: list[str] = []
        """What a patient is expected to be looked up by: « |5312|aaessai »."""
        self._texts: list[str] = []
        self._dates: list[str] = []
        for person in people:
            number, last, first = (_spellings(text) for text in (person.number, person.last_name, person.first_name))
            self._places.setdefault(number[1], len(self._texts))
            self._heads.append(f"|{number[1]}|{last[0]}")
            self._texts.append(" ".join(part for both in (last, first, number) for part in both if part))
            self._dates.append(_date_forms(person.birth_date))

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, query: str) -> list[int]:
        """Places of the patients found: an exact number first, then what begins so, then the others; all for ""."""
        terms = _terms(query)
        found: list[int] | None = None
        for term in terms:
            by_name = found
            for word in term.words:
                by_name = _with(word, self._texts, by_name)
            if term.dates:
                # A pass for each spelling: a condition that tries several at once takes five times as long.
                hits = set(by_name or ()) if term.words else set()
                for date in term.dates:
                    hits.update(_with(date, self._dates, found))
                by_name = sorted(hits)
            found = by_name
        if found is None:
            return list(range(len(self)))
        return self._best_first(terms, found) if terms[0].words else found

    def _best_first(self, terms: Sequence[_Term], found: list[int]) -> list[int]:
        heads, beginning = self._heads, f"|{terms[0].words[0]}"
        first = [place for place in found if beginning in heads[place]]
        if len(first) < len(found):
            first += [place for place in found if beginning not in heads[place]]
        exact = self._places.get("".join(word for term in terms for word in term.words))
        if exact in first:
            first.remove(exact)
            first.insert(0, exact)
        return first


def _with(part: str, texts: Sequence[str], among: list[int] | None) -> list[int]:
    """Places, of all or among some, whose text contains a part."""
    if among is None:
        return [place for place, text in enumerate(texts) if part in text]
    return [place for place in among if part in texts[place]]


def _terms(query: str) -> tuple[_Term, ...]:
    plain = _WHOLE_DATE.sub(_as_written, _ISO_DATE.sub(r"\3/\2/\1", query))
    return tuple(term for token in plain.split() if (term := _term(token)).words or term.dates)


def _as_written(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return f"{day:0>2}/{month:0>2}/{year}"


def _term(token: str) -> _Term:
    words = tuple(_folded(token.replace("/", " ")).split())
    dotted = re.sub(r"[.-]", "/", token)
    if token.isdecimal():
        return _Term(words, (f" {token}",) if len(token) >= _DIGITS_OF_DATE else ())
    if _PART_OF_DATE.fullmatch(dotted):
        dates = tuple(f"{before}{form}" for form in _padded(dotted) for before in " /")
        return _Term(() if "/" in token else words, dates)
    return _Term(words)


def _padded(written: str) -> tuple[str, ...]:
    """« 5/4/1985 » as kept, « 05/04/1985 »; what may go on stays as it is too: « 5/1 » is January or October."""
    *whole, last = written.split("/")
    start = "".join(f"{part:0>2}/" for part in whole)
    return (start + last, f"{start}0{last}") if len(last) == 1 and len(whole) < 2 else (start + last,)


def _folded(text: str) -> str:
    return _JOINS.sub(" ", fold(text).translate(_LIGATURES))


def _spellings(text: str) -> tuple[str, str]:
    """« jean pierre » and « jeanpierre »: both are typed."""
    words = _folded(text)
    return words, words.replace(" ", "")


def _date_forms(date: dt.date | None) -> str:
    """Every way to write a date, each after a space: what is typed is looked for at the beginning of one."""
    if date is None:
        return ""
    day, month, year = f"{date.day:02}", f"{date.month:02}", f"{date.year:04}"
    return (
        f" {day}/{month}/{year} {day}/{month}/{year[2:]} {day}{month}{year} {day}{month}{year[2:]} {month}{year} {year}"
    )
