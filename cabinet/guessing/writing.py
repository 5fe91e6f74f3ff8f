"""What was recognised -> a mapping in TOML with French comments, for a person to complete."""

from collections.abc import Iterator
from dataclasses import replace

from cabinet.guessing.matching import FEW
from cabinet.guessing.model import Findings, Match, PartGuess, Topic
from cabinet.guessing.parts import filter_line, quoted
from cabinet.mapping import MAPPING_VERSION

_TITLES = {
    "patients": "Les patients, un par ligne.",
    "addressees": "Un destinataire du courrier.",
    "appointments": "Les rendez-vous.",
    "instalments": "Les échéances.",
    "fees": "Les honoraires.",
    "balances": "Les soldes.",
}
_MISSING_PARTS = {
    "appointments": "aucune table de rendez-vous",
    "instalments": "aucune table d’échéances",
    "fees": "aucune table d’honoraires",
    "balances": "aucun solde",
}
TO_CHECK = "À VÉRIFIER\u00a0: "
_LIKELY = "l’encodage ({}) est reconnu aux lettres accentuées seules. Vérifiez les noms et les villes à l’essai."


def mapping_text(found: Findings) -> str:
    """The mapping; without patients it is a list of what the export holds, and no mapping yet."""
    return "\n".join(_lines(found)) + "\n"


def questions_of(found: Findings) -> list[str]:
    """All that a person must decide, in the order of the mapping, each once: one table may be of two parts."""
    lines = (line.lstrip("# ") for line in _lines(found) if line.startswith(f"# {TO_CHECK}"))
    return list(dict.fromkeys(line.removeprefix(TO_CHECK) for line in lines))


def _lines(found: Findings) -> Iterator[str]:
    yield "# Premier mapping, reconnu dans l’export\u00a0: relisez-le, puis essayez-le (webortho check)."
    yield "# À droite de chaque ligne\u00a0: ce qui l’a fait reconnaître, et si c’est sûr, probable ou incertain."
    yield "# Ce que vous devez décider est marqué «\u00a0À VÉRIFIER\u00a0». Une ligne qui commence par # n’est pas lue."
    yield f"version = {MAPPING_VERSION}"
    if found.has_zones:
        yield f"# {TO_CHECK}les heures portent un fuseau horaire\u00a0; elles sont montrées dans celui du cabinet."
    yield 'time_zone = "Europe/Paris"'
    if found.is_encoding_likely:
        yield f"# {TO_CHECK}{_LIKELY.format(found.encoding)}"
    if found.encoding:
        yield f"format = {{ encoding = {quoted(found.encoding)} }}"
    for sentence in found.unreadable:
        yield f"# {TO_CHECK}{_one_line(sentence)}"
    if found.missing:
        yield ""
        yield f"# {TO_CHECK}{found.missing}"
        yield from (f"# {TO_CHECK}{_one_line(sentence)}" for sentence in found.why_missing)
        yield "# Complétez ces lignes avec le nom d’un fichier et de ses colonnes, puis retirez les #\u00a0:"
        yield from ("# [patients]", f"# file = {quoted(found.outline.file if found.outline else '')}")
        yield from ("# [patients.columns]", '# number = ""')
        yield from (f"# {_match_line(match)}" for match in (found.outline.matches if found.outline else ()))
    for part in found.parts:
        yield ""
        yield from _part_lines(part)
    if not found.missing:
        yield from _missing_parts(found)
    if found.photos:
        yield ""
        yield "[photos]"
        yield f"files = [{', '.join(map(quoted, found.photos))}]"
    yield from _unused_lines(found)


def _part_lines(part: PartGuess) -> Iterator[str]:
    head = "# " if part.is_held else ""
    yield f"# {_TITLES[part.part]}"
    for question in part.questions:
        yield f"# {TO_CHECK}{_one_line(question.text)}"
    yield f"{head}[[addressees]]" if part.part == "addressees" else f"{head}[{part.part}]"
    if part.file:
        yield f"{head}file = {quoted(part.file)}"
    if part.where:
        yield f"{head}{filter_line(*part.where)}"
    else:
        yield from (f"# {filter_line(column, (texts[0][0],))}" for column, texts in part.filters)
    keys = list(_format_keys(part))
    if part.file and keys:
        yield f"{head}format = {{ {', '.join(keys)} }}"
    if part.file and any(question.topic is Topic.YEARS for question in part.questions):
        yield f"# format = {{ {', '.join((*keys, 'last_short_year = 2035'))} }}"
    yield ""
    yield f"{head}[{part.part}.columns]"
    for match in part.matches:
        if match.question:
            yield f"# {TO_CHECK}{_one_line(match.question)}"
        if match.undecided and not match.is_held:
            yield "# Complétez cette ligne, et mettez-la à la place de la suivante\u00a0:"
            yield f"# {_to_complete(match)}"
        yield f"{'# ' if match.is_held or part.is_held else ''}{_match_line(match)}"
    if part.part == "appointments" and part.match("status") is None:
        yield f"# {TO_CHECK}aucune colonne ne dit l’état des rendez-vous\u00a0: tous seraient «\u00a0prévus\u00a0»."
        yield "# S’ils ont tous eu lieu\u00a0:"
        yield '# status = { constant = "attended" }'


def _format_keys(part: PartGuess) -> Iterator[str]:
    if part.month_first is not None:
        yield f"dates = {quoted('mm/jj/aaaa' if part.month_first else 'jj/mm/aaaa')}"
    if part.last_short_year is not None:
        yield f"last_short_year = {part.last_short_year}"


def _to_complete(match: Match) -> str:
    """With all that its column says; « ? » is no meaning, so that one that is left is refused."""
    values = match.values | dict.fromkeys(match.undecided[:FEW], "?")
    return f"{match.field} = {_source(replace(match, values=values))}"


def _match_line(match: Match) -> str:
    return f"{match.field} = {_source(match)}  # {match.level.value}\u00a0: {_one_line(match.reason)}"


def _source(match: Match) -> str:
    if len(match.columns) > 1:
        return f"{{ columns = [{', '.join(map(quoted, match.columns))}] }}"
    if match.values:
        pairs = ", ".join(f"{quoted(said)} = {quoted(meant)}" for said, meant in sorted(match.values.items()))
        return f"{{ column = {quoted(match.columns[0])}, values = {{ {pairs} }} }}"
    if match.is_split:
        return f"{{ column = {quoted(match.columns[0])}, split = true }}"
    return quoted(match.columns[0])


def _missing_parts(found: Findings) -> Iterator[str]:
    present = {part.part for part in found.parts}
    absent = [what for part, what in _MISSING_PARTS.items() if part not in present]
    if absent:
        yield ""
        yield f"# Non reconnu dans cet export\u00a0: {', '.join(absent)}."


def _unused_lines(found: Findings) -> Iterator[str]:
    used = {part.table for part in found.parts}
    rest = [(table, columns) for table, columns in found.unused if columns]
    if rest:
        yield ""
        yield "# Colonnes qui ne sont pas lues\u00a0:"
    for table, columns in rest:
        note = "" if table in used else " (table non reconnue)"
        yield f"# {_one_line(table)}{note}\u00a0: {', '.join(_one_line(column) for column in columns)}"


def _one_line(text: str) -> str:
    """A comment of TOML holds no control character."""
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in text)
