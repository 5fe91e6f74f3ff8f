"""A first mapping from an export that nobody has seen: names and texts of its columns say what they are.

Nothing is decided that the export does not say: the order of day and month without a day above 12, the meaning of a
state's letter, who is published. Those stand in the mapping as « À VÉRIFIER », for a person to complete.
"""

import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from cabinet.errors import SourceError
from cabinet.guessing import addressees, families, joins, ledgers, parts, siblings
from cabinet.guessing.model import Findings, PartGuess, Question, Topic
from cabinet.guessing.moments import dated_columns, order_among, with_order
from cabinet.guessing.nobody import NO_PATIENTS, outline_of, why_nobody
from cabinet.guessing.samples import Samples, TableSample, is_text, take_samples
from cabinet.guessing.writing import mapping_text
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
MAX_PICTURES = 5000
"""So many are enough to see how they are named."""


@dataclass(frozen=True)
class Guess:
    """What was found, and what it was found in."""

    findings: Findings
    samples: Samples

    @property
    def text(self) -> str:
        """TOML with French comments. `cabinet.mapping` reads it unless the patients' number is missing."""
        return mapping_text(self.findings)


def guess(location: Location, encoding: str = "", patients: str = "") -> Guess:
    """Recognise an export; `encoding` is every file's where it is not empty. What is likely an old program's is tried.

    `patients` is the table of the patients where a person said it. Raises `SourceError` where nothing can be read there
    at all, or that table cannot.
    """
    with closing(open_source(location)) as source:
        samples = take_samples(source, encoding)
        likely = samples.old_encoding
        if likely:
            samples = take_samples(source, likely)
        names = source.tables()
        samples = replace(samples, tables=siblings.together(samples.tables, names, source.names))
    if patients and patients not in {table.name for table in samples.tables}:
        raise _no_such_table(patients, samples)
    found = findings_of(samples, location.photo_folder, patients)
    return Guess(replace(found, encoding=likely or encoding, is_encoding_likely=bool(likely)), samples)


def findings_of(samples: Samples, photo_folder: Path | None = None, patients_file: str = "") -> Findings:
    """What is recognised in the tables, and in the names of the pictures beside them.

    `patients_file` is the table of the patients where a person said it.
    """
    patients = joins.patients_table(samples.tables, patients_file)
    if patients is None:
        return Findings(
            parts=(),
            photos=(),
            unused=_unused(samples, []),
            unreadable=samples.unreadable,
            has_zones=False,
            missing=NO_PATIENTS,
            why_missing=why_nobody(samples.tables),
            outline=outline_of(samples.tables),
        )
    # Of the same columns is another list of patients: the archived ones, or those of another year.
    others = [table for table in samples.tables if table.column_names != patients.table.column_names]
    joined = parts.other_parts(others, patients)
    first = parts.with_key(parts.patients_part(patients), [join for _, join in joined], patients.number.name)
    key = next((match.columns[0] for match in first.matches if match.field == "key"), patients.number.name)
    found = [first, *(_checked(part, join, key) for part, join in joined)]
    names = {part.part for part in found}
    if "addressees" not in names:
        found[:1] = families.with_families(first, patients, others)
    if not any(part.part == "addressees" and not part.is_held for part in found):
        found[1:1] = addressees.in_patients_table(patients.table, first)
    if "balances" not in names and (balance := parts.balance_in(patients.table, first.used)):
        found.append(balance)
    found = [siblings.with_siblings(part, samples.tables) for part in found]
    tables = {table.name: table for table in samples.tables}
    dated = [(part, dated_columns(part, tables[part.table])) for part in found]
    order = order_among(column for _, columns in dated for column in columns)
    return Findings(
        parts=tuple(with_order(part, columns, order) for part, columns in dated),
        photos=_photos(photo_folder, patients.number.counts) if photo_folder else (),
        unused=_unused(samples, found),
        unreadable=(*samples.unreadable, *_unread_ledgers(samples, found, patients)),
        has_zones=any(column.content.has_zones for table in samples.tables for column in table.columns),
    )


def _no_such_table(name: str, samples: Samples) -> SourceError:
    names = ", ".join(table.name for table in samples.tables)
    return SourceError(
        f"L’export n’a pas de table «\u00a0{name}\u00a0».",
        f"Donnez l’une de celles-ci\u00a0: {names}." if names else "Aucune de ses tables ne peut être lue.",
    )


def _checked(part: PartGuess, join: joins.Join, key: str) -> PartGuess:
    """A part whose rows name patients by another column than all others cannot be read beside them."""
    if join.parent == key:
        return part
    text = (
        f"cette table désigne le patient par «\u00a0{join.parent}\u00a0», les autres par «\u00a0{key}\u00a0»\u00a0: "
        "une seule clé est possible."
    )
    return replace(part, questions=(*part.questions, Question(Topic.KEY, text)))


def _unread_ledgers(samples: Samples, found: list[PartGuess], patients: joins.PatientsTable) -> list[str]:
    used = {part.table for part in found}
    others = [table for table in samples.tables if table.name not in used]
    why = (ledgers.why_unread(table, is_joined=joins.join_of(table, patients) is not None) for table in others)
    return [sentence for sentence in why if sentence]


def _unused(samples: Samples, found: list[PartGuess]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    used: dict[str, set[str]] = {}
    for part in found:
        used.setdefault(part.table, set()).update(part.used)
    return tuple((table.name, _without(table, used.get(table.name, set()))) for table in samples.tables)


def _without(table: TableSample, used: set[str]) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in used)


def _photos(folder: Path, numbers: Counter[str]) -> tuple[str, ...]:
    """Patterns of the pictures that bear a patient's number, the most frequent first."""
    by_fold = {number.casefold() for number in numbers}
    patterns: Counter[str] = Counter()
    seen = 0
    for parent, folders, names in os.walk(folder):
        place = Path(parent).relative_to(folder)
        if len(place.parts) >= 2:
            folders.clear()
        for name in sorted(names):
            stem, suffix = Path(name).stem, Path(name).suffix
            if suffix.casefold() in PICTURES and "{" not in str(place) and is_text(f"{place}{name}"):
                seen += 1
                if pattern := _pattern(stem, by_fold):
                    patterns[(place / f"{pattern}{suffix.casefold()}").as_posix()] += 1
        if seen >= MAX_PICTURES:
            break
    return tuple(pattern for pattern, count in patterns.most_common(4) if count > patterns.total() * 0.02)


def _pattern(stem: str, numbers: set[str]) -> str:
    """« photo_00042 » -> « photo_{number} »; nothing where no patient's number stands alone in the name."""
    if stem.casefold() in numbers:
        return "{number}"
    for start, end in _runs(stem):
        if stem[start:end].casefold() in numbers:
            pattern = f"{stem[:start]}{{number}}{stem[end:]}"
            return pattern if "{" not in stem else ""
    return ""


def _runs(stem: str) -> list[tuple[int, int]]:
    """Where figures stand together."""
    runs: list[tuple[int, int]] = []
    for place, sign in enumerate(stem):
        if sign.isdigit():
            if runs and runs[-1][1] == place:
                runs[-1] = (runs[-1][0], place + 1)
            else:
                runs.append((place, place + 1))
    return runs
