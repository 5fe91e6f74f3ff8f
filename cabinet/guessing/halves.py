"""Columns whose cells hold two fields: « DUPONT Jean », « 21000 DIJON ». Their texts prove it, or a person is asked."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from cabinet.guessing.contents import MOSTLY
from cabinet.guessing.fields import NAMES
from cabinet.guessing.model import Level, Match
from cabinet.guessing.samples import Sample
from cabinet.guessing.words import ideas_of
from cabinet.splitting import Halves, split_name, split_place

_PLACE = frozenset({"postcode", "town"})
_WHOSE = frozenset({"patient", "addressee", "father", "mother"})
"""Ideas of a name of somebody that says no more than who it is."""
_NAME_REASON = "le contenu\u00a0: le nom en capitales, ou une virgule entre nom et prénom"
_PLACE_REASON = "le contenu\u00a0: le code postal, puis la ville"
_SPLIT_OF = {
    "last_name": (split_name, _NAME_REASON),
    "first_name": (split_name, _NAME_REASON),
    "postcode": (split_place, _PLACE_REASON),
    "city": (split_place, _PLACE_REASON),
}


def holds_halves(field: str, column: Sample) -> bool:
    """Whether nearly all texts of a column show the field and another one."""
    if field not in _SPLIT_OF or not column.texts:
        return False
    return _shown(_SPLIT_OF[field][0], column) >= MOSTLY


def split_match(field: str, column: Sample) -> Match:
    """A field's half of a column."""
    return Match(field, (column.name,), Level.LIKELY, _SPLIT_OF[field][1], is_split=True)


def with_halves(part: str, found: list[Match], columns: Iterable[Sample], taken: Collection[str] = ()) -> list[Match]:
    """The fields of patients or addressees with the halves of such columns; `taken` are columns of something else."""
    by_name = {column.name: column for column in columns}
    fields = {match.field: match for match in found}
    if last := fields.get("last_name"):
        _take_name(fields, last, by_name[last.columns[0]])
    if "city" in NAMES[part]:
        used = {name for match in found for name in match.columns} | set(taken)
        _take_place(fields, [column for column in by_name.values() if column.name not in used], by_name)
    return [fields[name] for name in NAMES[part] if name in fields]


def _take_name(fields: dict[str, Match], last: Match, column: Sample) -> None:
    if holds_halves("last_name", column):
        fields["last_name"] = split_match("last_name", column)
        fields.setdefault("first_name", split_match("first_name", column))
    elif "first_name" not in fields and _says_both_names(column) and _has_words(column):
        fields["last_name"] = replace(last, question=_WHOLE_NAME.format(column.name))


def _take_place(fields: dict[str, Match], free: list[Sample], by_name: dict[str, Sample]) -> None:
    if city := fields.get("city"):
        column = by_name[city.columns[0]]
    else:
        about = [one for one in free if any(_PLACE & word for word in ideas_of(one.said))]
        proven = next((one for one in about if holds_halves("city", one)), None)
        if proven is None or "postcode" in fields:
            return
        column = proven
    if holds_halves("city", column):
        fields["city"] = split_match("city", column)
        fields.setdefault("postcode", split_match("postcode", column))
    elif city and "postcode" not in fields and frozenset().union(*ideas_of(column.said)) >= _PLACE:
        fields["city"] = replace(city, question=_WHOLE_PLACE.format(column.name))


def _shown(split: Callable[[str], Halves | None], column: Sample) -> float:
    found = sum((halves := split(text)) is not None and all(halves) for text in column.texts)
    return found / len(column.texts)


def _says_both_names(column: Sample) -> bool:
    """« Nom et prénom », « Patient », « Responsable »."""
    ideas = ideas_of(column.said)
    return any("whole" in word for word in ideas) or (bool(ideas) and all(word & _WHOSE for word in ideas))


def _has_words(column: Sample) -> bool:
    """Whether its cells are of several words, as far as there are any."""
    return 2 * sum(" " in text for text in column.texts) >= len(column.texts)


_WHOLE_NAME = (
    "la colonne «\u00a0{0}\u00a0» tient le nom et le prénom, et rien ne montre où finit le nom\u00a0: le tout est lu "
    "comme nom. Exportez-les en deux colonnes, ou le nom en capitales («\u00a0split\u00a0» les coupe alors)."
)
_WHOLE_PLACE = (
    "la colonne «\u00a0{0}\u00a0» tient le code postal et la ville, et rien ne les montre\u00a0: le tout est lu comme "
    "ville. Exportez-les en deux colonnes, ou le code postal devant («\u00a0split\u00a0» les coupe alors)."
)
