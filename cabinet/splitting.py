"""One cell that holds two fields, « DE LA TOUR Jean-Marc » or « 21000 DIJON », cut where its text shows the place.

Nothing is lost: what does not show it stays whole in the last name, or in the city, and is told as a problem.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from cabinet.values import Unreadable, clean, fold, parse_civility

Halves = tuple[str, str]
_USUAL_NAME = re.compile(
    r"(?P<last>[A-ZÀ-ÖØ-Þ]{4,}) (?P<first>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{3,}(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)?)"
)
"""Most are of two words: ten times quicker than looking at each word."""
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "di", "da", "dos", "del"})
_CAPITALISED = frozenset({"De", "Du", "Des", "La", "Le", "Les"})
"""« Van » is a Vietnamese first name as well."""
_ANOTHER = ("ne", "nee", "ep", "epouse", "epse", "veuve", "vve", "divorcee", "dit", "dite", "et", "ou")
_BODIES = (
    *("ase", "caf", "cpam", "ime", "mdph", "mecs", "udaf", "mgen", "sarl", "sas", "sci", "ets", "ste", "societe"),
    *("association", "mutuelle", "clinique", "cabinet", "mairie", "foyer", "conseil", "departement", "centre"),
)
_NO_NAMES = frozenset((*_ANOTHER, *_BODIES, "enfant", "tutelle"))
"""Say that another name or person follows, or that it is nobody's."""
_JOINED_PARTICLE = re.compile(r"(?:[dl]['’]|Ma?c|[DL]e|La|Du)(?=\w{2})")
"""Before capitals: « d’ARC », « McDONALD »."""
_TWO_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-Þ]{2}")
_LAST_FIRST = re.compile(r"(?P<last>(?:P*L)+)(?P<first>Q(?:[QPN]*[QN])?)")
"""Of « SAINT-EXUPÉRY Antoine de » nobody knows where the particle belongs."""
_FIRST_LAST = re.compile(r"(?P<first>Q[QPN]*?)(?P<last>(?:P*L)+)")
_POSTCODE = r"(?P<postcode>(?:[A-Z]{1,3}-)?(?:\d{5}|\d\d \d{3}|\d{4}))"
_POSTCODE_CITY = re.compile(rf"{_POSTCODE}(?!\d)\s*[-–—,/]?\s*(?P<city>[^\W\d_].*)")
_CITY_POSTCODE = re.compile(
    r"(?P<city>[^\W\d_].*?)\s*[-–—,/ (]\s*(?P<postcode>(?:[A-Z]{1,3}-)?(?:\d{5}|\d\d \d{3}))\)?"
)
_LONG_FIGURES = re.compile(r"\d(?:[ .,-]?\d){3}|\d[AB]\d{3}")
"""What may be a postcode, whatever stands between its figures."""


@lru_cache(maxsize=4096)
def split_name(text: str) -> Halves | None:
    """(last name, first name); a single word is a last name. None where the text does not show where one ends.

    It does by capitals (« DUPONT Jean », « Jean DUPONT ») or by a comma after the last name (« Dupont, Jean »).
    """
    name = clean(text)
    found = _USUAL_NAME.fullmatch(name)
    if found and fold(found["last"]) not in _NO_NAMES and fold(found["first"]) not in _NO_NAMES:
        return found["last"], found["first"]
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return (last, first) if _are_halves(_forms(last), _forms(first)) else None
    words = name.split(" ")
    if len(words) == 1:
        return name, ""
    forms = _forms(name)
    for order in (_LAST_FIRST, _FIRST_LAST):
        if cut := order.fullmatch(forms):
            last, first = (" ".join(words[slice(*cut.span(half))]) for half in ("last", "first"))
            return last, first
    return None


def _are_halves(last: str, first: str) -> bool:
    """Whether these forms on either side of a comma are a last and a first name, and not two people's."""
    is_each_one = all("X" not in forms and not ("L" in forms and "Q" in forms) for forms in (last, first))
    is_turned = "Q" in last and "L" in first
    return is_each_one and not is_turned and bool(re.search("[LQ]", last) and re.fullmatch("[LQN](.*[LQN])?", first))


def _forms(name: str) -> str:
    """A letter for each word of a name, see `_form`."""
    return "".join(map(_form, name.split()))


def _form(word: str) -> str:
    """L for capitals, Q for small letters, P for a particle, N for an initial, X for what stands in no one's name."""
    folded = fold(word)
    letters = re.sub(r"['’-]", "", folded)
    if not letters.isalpha() or folded in _NO_NAMES or _is_civility(word):
        return "X"
    if len(letters) == 1:
        return "N"
    if word.casefold() in _PARTICLES and (word.islower() or word.isupper() or word in _CAPITALISED):
        return "P"
    if _JOINED_PARTICLE.sub("", word, count=1).isupper():
        return "L"
    return "X" if _TWO_CAPITALS.search(word) or word.upper() == word else "Q"


def _is_civility(word: str) -> bool:
    try:
        return bool(parse_civility(word))
    except Unreadable:
        return False


@lru_cache(maxsize=4096)
def split_place(text: str) -> Halves | None:
    """(postcode, city) of « 21000 DIJON », « 21000 - Dijon », « Dijon (21000) »; either may be missing.

    None where the text has figures of a postcode and does not show which.
    """
    place = clean(text)
    if re.fullmatch(rf"{_POSTCODE}(?:[.,]0+)?", place):
        return place, ""
    if not _LONG_FIGURES.search(place):
        return "", place
    for order in (_POSTCODE_CITY, _CITY_POSTCODE):
        found = order.fullmatch(place)
        if found and not _LONG_FIGURES.search(found["city"]):
            return found["postcode"].replace(" ", ""), found["city"]
    return None


def _last_name(text: str) -> str:
    halves = split_name(text)
    return text if halves is None else halves[0]


def _first_name(text: str) -> str:
    if (halves := split_name(text)) is None:
        raise Unreadable("unsplit-name", "ne montre pas où finit le nom")
    return halves[1]


def _postcode(text: str) -> str:
    if (halves := split_place(text)) is None:
        raise Unreadable("unsplit-place", "ne montre pas où commence la ville")
    return halves[0]


def _city(text: str) -> str:
    halves = split_place(text)
    return text if halves is None else halves[1]


HALVES: Mapping[str, Callable[[str], str]] = {
    "last_name": _last_name,
    "first_name": _first_name,
    "postcode": _postcode,
    "city": _city,
}
"""Field -> what takes its half of a cell. Raises `Unreadable` for the half that would be lost without a word."""
