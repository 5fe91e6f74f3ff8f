"""A look at the cabinet's export: the first rows of each table as they will be published, and what is wrong. No Qt."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.publishing.history import ProblemLine, problem_lines
from cabinet.dossier import AppointmentStatus, Dossier
from cabinet.mapping import default_mapping, load_mapping
from cabinet.problem_groups import group
from cabinet.reading import FileFormat, Reading, read
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from merge.french import money, short_date, time_of_day
from sync.config import SyncConfig, source_of
from sync.wording import counted

NO_KEY = bytes(32)
"""Names the photos alone, which are not shown here."""
FIRST_ROWS = 5
_STATUSES = {
    AppointmentStatus.PLANNED: "Prévu",
    AppointmentStatus.ATTENDED: "Honoré",
    AppointmentStatus.MISSED: "Manqué",
    AppointmentStatus.CANCELLED: "Annulé",
}

Item = TypeVar("Item")
Row = tuple[str, ...]


@dataclass(frozen=True)
class TablePreview:
    """The first rows of one table, as patients will read them. `count` is all of its rows that are published."""

    name: str
    count: int
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Look:
    """What one reading of the export found."""

    summary: str
    tables: tuple[TablePreview, ...]
    formats: tuple[str, ...]
    problems: tuple[ProblemLine, ...]
    problem_count: int

    @property
    def problem_words(self) -> str:
        return counted(self.problem_count, "problème") if self.problem_count else "Aucun problème"


def located(config: SyncConfig, base: Path, password: str = "") -> Location:
    """Where the configuration's data are, opened by the password that is typed, or by the one that is kept.

    Raise `SecretStoreError`.
    """
    if not password:
        return source_of(config, base)
    named = Location(config.source)
    return Location(config.source if named.is_address else str(base / config.source), password)


def open_once(location: Location) -> None:
    """Whether something can be read there. Raise `SourceError`."""
    with closing(open_source(location)) as source:
        source.tables()


def look(source: Location | Path, mapping_file: Path | None) -> Look:
    """Read the whole export; nothing is published. Raise `SourceError`, and `MappingError` for the mapping."""
    mapping = load_mapping(mapping_file) if mapping_file else default_mapping()
    return look_of(read(source, mapping, NO_KEY))


def look_of(reading: Reading) -> Look:
    counts = reading.counts
    summary = ", ".join(
        (
            counted(counts.patients, "patient"),
            counted(counts.appointments, "rendez-vous", "rendez-vous"),
            counted(counts.instalments, "échéance"),
            counted(counts.fees, "ligne d’honoraires", "lignes d’honoraires"),
            counted(len(reading.photos), "photo"),
        )
    )
    return Look(
        summary=f"Export lu\u00a0: {summary}.",
        tables=tuple(_tables(reading.dossiers)),
        formats=tuple(format_words(found) for found in reading.formats),
        problems=problem_lines(group(reading.problems)),
        problem_count=len(reading.problems),
    )


def format_words(found: FileFormat) -> str:
    """« patients.csv : 250 lignes, cp1252 (Windows), point-virgule, dates jj/mm/aaaa »."""
    parts = [counted(found.rows, "ligne"), found.encoding, found.delimiter]
    if found.dates:
        parts.append(f"dates {' et '.join(found.dates)}")
    if found.decimals:
        signs = " et ".join(f"«\u00a0{sign}\u00a0»" for sign in found.decimals)
        parts.append(f"décimales {signs}")
    return f"{found.file}\u00a0: {', '.join(part for part in parts if part)}"


def _tables(dossiers: Sequence[Dossier]) -> Iterator[TablePreview]:
    def table(
        name: str,
        columns: Row,
        items: Callable[[Dossier], Iterable[Item]],
        cells: Callable[[Item], Row],
        key: Callable[[Dossier], str] = lambda dossier: dossier.number,
    ) -> TablePreview:
        rows: list[Row] = []
        count = 0
        for dossier in dossiers:
            for item in items(dossier):
                count += 1
                if len(rows) < FIRST_ROWS:
                    rows.append((key(dossier), *cells(item)))
        return TablePreview(name, count, ("N° interne", *columns), tuple(rows))

    yield table(
        "Patients",
        ("Civilité", "Nom", "Prénom", "Né(e) le", "Début de traitement"),
        lambda d: (d.patient,),
        lambda p: (p.civility, p.last_name, p.first_name, _date(p.birth_date), _date(p.treatment_start)),
    )
    yield table(
        "Destinataires",
        ("Civilité", "Nom", "Prénom", "Adresse", "Code postal", "Ville", "E-mail", "Mobile"),
        lambda d: d.addressees,
        lambda a: (
            *(a.civility, a.last_name, a.first_name, ", ".join(filter(None, (a.address_1, a.address_2)))),
            *(a.postcode, a.city, a.email, a.mobile),
        ),
    )
    yield table(
        "Rendez-vous",
        ("Date", "Heure", "Nature", "Durée", "Praticien", "État"),
        lambda d: d.appointments,
        lambda v: (
            *(_date(v.start.date()), time_of_day(v.start), v.kind),
            *(_minutes(v.duration_minutes), v.practitioner, _STATUSES[v.status]),
        ),
    )
    yield table(
        "Échéancier",
        ("Libellé", "Total", "Montant", "Traité", "Date"),
        lambda d: d.instalments,
        lambda i: (i.label, _money(i.total), _money(i.amount), _yes(i.settled), _date(i.date)),
    )
    yield table(
        "Honoraires",
        ("Libellé", "Total", "Montant", "Reste", "Date"),
        lambda d: d.fees,
        lambda f: (f.label, _money(f.total), _money(f.amount), _money(f.remaining), _date(f.date)),
    )
    yield table(
        "Soldes",
        ("Solde restant dû", "Au"),
        lambda d: (d.balance,) if d.balance else (),
        lambda b: (_money(b.amount), _date(b.as_of)),
    )


def _date(date: dt.date | None) -> str:
    return short_date(date) if date else ""


def _money(cents: int | None) -> str:
    return "" if cents is None else money(cents)


def _minutes(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes}\u00a0min"


def _yes(value: bool | None) -> str:
    return {None: "", True: "Oui", False: "Non"}[value]
