"""Which table is which part of the mapping: by the fields that are found in it, and by its name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cabinet.fields import Kind
from cabinet.guessing import accounts, ledgers
from cabinet.guessing.fields import PAYMENTS, named_after
from cabinet.guessing.halves import with_halves
from cabinet.guessing.joins import Join, PatientsTable, join_of, may_number_rows
from cabinet.guessing.matching import FEW, matches, names_patient
from cabinet.guessing.model import Level, Match, PartGuess, Question, Topic
from cabinet.guessing.moments import joined_moments
from cabinet.guessing.payments import payments_of
from cabinet.guessing.samples import Sample, TableSample
from cabinet.guessing.statuses import status_by_flag, with_values
from cabinet.guessing.words import ideas_of

Filters = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
_OVER_OR_NOT = frozenset({"archived", "active"})
_LEAST = 1.4
_NEEDED = {
    "addressees": ({"last_name", "first_name"}, {"address_1", "postcode", "city", "email", "mobile", "civility"}),
    "appointments": ({"start"},),
    "instalments": ({"amount", "total"}, {"date"}),
    "fees": ({"amount", "total", "remaining"}, {"date", "label"}),
    "balances": ({"amount"},),
}
"""Part -> of each set, one field at least: without it a table is not that part."""
_TELLING = {
    "settled": 0.6,
    "remaining": 0.5,
    "duration_minutes": 0.6,
    "end": 0.6,
    "practitioner": 0.3,
    "status": 0.3,
}
_WEIGHT = {Level.SURE: 0.3, Level.LIKELY: 0.2, Level.UNSURE: 0.1}
_ROW_NUMBERS = (
    "«\u00a0{}\u00a0» désigne peut-être la ligne et non le patient. Si c’est bien le patient, retirez les # "
    "de cette partie."
)
_NO_TIME = (
    "la colonne «\u00a0{}\u00a0» donne le jour des rendez-vous, et aucune leur heure\u00a0: sans elle, ils ne peuvent "
    "pas être publiés. Exportez-la aussi."
)
_PERHAPS_OTHERS = (
    "ni son nom ni une date de naissance ne disent que cette table est celle des patients. Vérifiez que ce ne sont pas "
    "des correspondants ou des salariés."
)
_NUMBERED = "le nom, et une valeur différente à chaque ligne"
_NUMBERED_TWICE = "le nom, et presque toujours une valeur différente à chaque ligne"
_NAMED, _MISNAMED = 1.2, 0.8
_RELATED = frozenset({"addressee", "father", "mother"})


def patients_part(found: PatientsTable) -> PartGuess:
    """The patients' own columns; the key that other tables use is added by `with_key`."""
    table, number = found.table, found.number
    others = [column for column in table.columns if not any(word & _RELATED for word in ideas_of(column.said))]
    aside = frozenset({"patient"})
    matched = [
        match for match in matches("patients", others, ignore=aside, taken={number.name}) if match.field != "number"
    ]
    if not any(match.field == "last_name" for match in matched):
        used = {number.name}.union(*(match.columns for match in matched))
        named = next((one for one in others if one.name not in used and names_patient(one)), None)
        matched[:0] = [Match("last_name", (named.name,), Level.LIKELY, "le nom de la colonne")] if named else []
    matched = with_halves("patients", matched, others)
    reason = _NUMBERED if number.is_key else _NUMBERED_TWICE if number.rows else "le nom seul (la table est vide)"
    level = Level.SURE if number.is_key else Level.LIKELY
    first = Match("number", (number.name,), level if number.rows else Level.UNSURE, reason)
    questions, filters = _filters(table)
    filled = tuple(with_values(match, table.column(match.columns[0])) for match in matched)
    if not (named_after(table.name, "patients") or any(match.field == "birth_date" for match in filled)):
        questions = (Question(Topic.PATIENTS, _PERHAPS_OTHERS), *questions)
    return PartGuess("patients", table.name, (first, *filled), table.name, questions=questions, filters=filters)


def _filters(table: TableSample) -> tuple[tuple[Question, ...], Filters]:
    """Patients who are no longer treated may be left out: a person must say so."""
    questions, filters = [], []
    for column in table.columns:
        if 2 <= len(column.counts) <= FEW and _tells_who_is_treated(column):
            said = ", ".join(f"«\u00a0{text}\u00a0» ({count})" for text, count in column.counts.most_common())
            text = (
                f"la colonne «\u00a0{column.name}\u00a0» vaut {said}. Pour ne publier qu’une partie des patients, "
                "gardez la valeur voulue et retirez le #."
            )
            questions.append(Question(Topic.ROWS, text))
            filters.append((column.name, tuple(column.counts.most_common())))
    return tuple(questions), tuple(filters)


def _tells_who_is_treated(column: Sample) -> bool:
    """« Archivé » by its name, « État du dossier » by what stands in it."""
    if any(_OVER_OR_NOT & word for word in ideas_of(column.said)):
        return True
    said = [ideas_of(text) for text in column.counts]
    is_repeated = len(column.counts) < column.filled
    return is_repeated and any(ideas and all(_OVER_OR_NOT & word for word in ideas) for ideas in said)


def filter_line(column: str, values: Iterable[str]) -> str:
    """A `where` of TOML."""
    return f"where = {{ column = {quoted(column)}, values = [{', '.join(map(quoted, values))}] }}"


def quoted(text: str) -> str:
    """A string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def with_key(patients: PartGuess, joins: Iterable[Join], number: str) -> PartGuess:
    """The patients with the column that other tables call them by, where it is not the number."""
    parents = [join.parent for join in joins]
    key = max(sorted(set(parents)), key=parents.count, default=number)
    if key == number:
        return patients
    match = Match("key", (key,), Level.LIKELY, "les autres tables désignent le patient par cette colonne")
    question = "deux colonnes numérotent les patients. Gardez pour «\u00a0number\u00a0» celle que la famille connaît."
    named = replace(patients.matches[0], question=question)
    return replace(patients, matches=(named, match, *(one for one in patients.matches[1:] if one.columns != (key,))))


def other_parts(tables: Iterable[TableSample], patients: PatientsTable) -> list[tuple[PartGuess, Join]]:
    """Every other part that a table was found for, each with the column that says whose a row is."""
    options: list[tuple[float, PartGuess, Join]] = []
    both: list[tuple[PartGuess, Join]] = []
    for table in tables:
        join = join_of(table, patients)
        if join is None:
            continue
        kinds = accounts.kinds_of(table)
        aside = {join.column} | ({kinds[0].name} if kinds else set())
        found = list(_options(table, join, aside))
        by_part = {part.part: part for _, part in found}
        due, charged = by_part.get("instalments"), by_part.get("fees")
        if due and charged and kinds:
            both += [(accounts.filtered(part, *kinds), join) for part in (due, charged)]
        elif due and charged and accounts.has_both(due, charged):
            both += [(due, join), (charged, join)]
        else:
            options += [(score, ledgers.without_credits(part, table), join) for score, part in found if score >= _LEAST]
    chosen = {part.part: (part, join) for part, join in both}
    used = {part.table for part, _ in both}
    for _, part, join in sorted(options, key=lambda option: -option[0]):
        if part.part not in chosen and part.table not in used:
            chosen[part.part] = (part, join)
            used.add(part.table)
    return [chosen[part] for part in _NEEDED if part in chosen]


def _options(table: TableSample, join: Join, aside: set[str]) -> Iterator[tuple[float, PartGuess]]:
    """(score, part) for each part that a table could be."""
    for part, needed in _NEEDED.items():
        found: list[Match] | None = _matches(part, table, aside, join)
        if part == "appointments":
            days = found or []
            found = joined_moments(days, table, aside)
            if found is None and named_after(table.name, part) and (timeless := _timeless(days, table, join)):
                yield _LEAST, timeless
        fields = {match.field for match in found or () if not match.is_held}
        if not found or not all(fields & some for some in needed):
            continue
        if part == "balances" and not (table.column(join.column).is_key or named_after(table.name, part)):
            continue
        filled = tuple(with_values(match, table.column(match.columns[0])) for match in found)
        telling = [match for match in found if match.field not in PAYMENTS]
        score = sum(_WEIGHT[match.level] + _TELLING.get(match.field, 0.0) for match in telling)
        score += _own_words(table, part)
        if part == "fees" and ledgers.sides_of(table):
            score = max(score, _LEAST)
        is_held = may_number_rows(table.column(join.column))
        questions = (Question(Topic.OWNER, _ROW_NUMBERS.format(join.column)),) if is_held else ()
        yield (
            score,
            PartGuess(part, table.name, (join.match, *filled), table.name, questions=questions, is_held=is_held),
        )


def _matches(part: str, table: TableSample, aside: set[str], join: Join | None) -> list[Match]:
    found = matches(part, table.columns, ignore=frozenset({"patient"}), taken=aside)
    if part == "addressees":
        return with_halves(part, found, table.columns, aside)
    if part == "fees" and join:
        found = ledgers.without_running(found, table, join.column)
        return [*found, *ledgers.charges_of(found, table)]
    if part == "instalments":
        # A ledger's debits are of either part where a column says of which.
        debits = ledgers.charges_of(found, table) if accounts.kinds_of(table) else []
        return [*found, *debits, *payments_of(found, table, aside)]
    if part != "appointments" or not found or any(match.field == "status" for match in found):
        return found
    used = aside.union(*(match.columns for match in found))
    flag = status_by_flag(column for column in table.columns if column.name not in used)
    return [*found, flag] if flag else found


def _timeless(found: list[Match], table: TableSample, join: Join) -> PartGuess | None:
    """Appointments whose day alone is known, held."""
    start = next((match for match in found if match.field == "start"), None)
    if start is None:
        return None
    rest = tuple(
        with_values(match, table.column(match.columns[0])) for match in found if match.field not in ("start", "end")
    )
    question = Question(Topic.TIME, _NO_TIME.format(start.columns[0]))
    return PartGuess("appointments", table.name, (join.match, *rest), table.name, questions=(question,), is_held=True)


def _own_words(table: TableSample, part: str) -> float:
    if named_after(table.name, part):
        return _NAMED
    return -_MISNAMED if any(named_after(table.name, other) for other in _NEEDED) else 0.0


def part_of_table(name: str, table: TableSample, patients: PatientsTable) -> PartGuess:
    """A part whose table a person named, with the columns that are recognised there; its owner may be missing."""
    join = join_of(table, patients)
    aside = {join.column} if join else set()
    found: list[Match] = _matches(name, table, aside, join)
    if name == "appointments":
        found = joined_moments(found, table, aside) or found
    filled = tuple(with_values(match, table.column(match.columns[0])) for match in found)
    return PartGuess(name, table.name, (*((join.match,) if join else ()), *filled), table.name)


def balance_in(table: TableSample, taken: frozenset[str]) -> PartGuess | None:
    """The balance as a column of the patients' table."""
    columns: list[Sample] = [
        column
        for column in table.columns
        if any("balance" in word for word in ideas_of(column.said))
        and (column.content.fits(Kind.MONEY) or column.content.is_day)
        and column.counts
    ]
    found = matches("balances", columns, taken=taken)
    is_known = any(match.field == "amount" for match in found)
    return PartGuess("balances", "", tuple(found), table.name) if is_known else None
