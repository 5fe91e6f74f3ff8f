"""The peer that loads everything anew each night: PostgreSQL's COPY of an export's files, in one transaction.

Three ways of it, because "a reload" may mean any of them:

- `TEXT`: columns of text and an index, as quick as COPY can be. Nothing is understood: « 31/02/2024 » loads, and so
  does a visit of nobody's. No page could be drawn from it without doing then what the two others do here.
- `REBUILT`: days, amounts and whose a row is are what a page reads, and wrong ones are refused; the keys go before the
  load and come back after it, as PostgreSQL's manual advises ("Populating a Database").
- `KEPT`: the same tables, whose keys stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.export import HEADERS

OWNER = "N° interne"
PATIENTS = "patients"
_TYPES = {
    "Date de naissance": "date",
    "Début de traitement": "date",
    "Date": "date",
    "Date et heure": "timestamp NOT NULL",
    "Saisi le": "timestamp",
    "Rang": "integer",
    "Durée": "integer",
}
"""Type of a column; text for the others."""
_AMOUNTS = frozenset({"Total", "Montant", "Reste", "Solde"})
"""Columns of a decimal comma, which COPY takes for text: a second column holds the number."""
_OPTIONS = "WITH (FORMAT csv, DELIMITER ';', HEADER, ENCODING 'WIN1252')"


@dataclass(frozen=True)
class Reload:
    """One way to load a folder of files: the tables, and each night's script. Both are scripts of psql."""

    name: str
    note: str
    schema: str
    is_typed: bool
    rebuilds_keys: bool = False

    def create(self) -> str:
        tables = "".join(f"CREATE TABLE {table} ({self._columns(header)});\n" for table, header in _tables())
        return f"CREATE SCHEMA {self.schema};\n{self._begin()}{tables}{self._keys()}"

    def reload(self, folder: Path) -> str:
        truncate = f"TRUNCATE {', '.join(table for table, _ in _tables())};\n"
        copies = "".join(_copy(table, header, folder) for table, header in _tables())
        work = f"{self._no_keys()}{copies}{self._keys()}" if self.rebuilds_keys else copies
        return f"{self._begin()}BEGIN;\n{truncate}{work}COMMIT;\n"

    def _begin(self) -> str:
        return f"SET search_path = {self.schema}; SET datestyle = 'ISO, DMY';\n"

    def _columns(self, header: Sequence[str]) -> str:
        if not self.is_typed:
            return ", ".join(f'"{name}" text' for name in header)
        return ", ".join(_typed(name) for name in header)

    def _keys(self) -> str:
        """A patient's rows are found by their number; typed tables know no row of nobody."""
        if not self.is_typed:
            return "".join(f'CREATE INDEX {table}_owner ON {table} ("{OWNER}");\n' for table, _ in _tables())
        patients = f'ALTER TABLE {PATIENTS} ADD CONSTRAINT {PATIENTS}_key PRIMARY KEY ("{OWNER}");\n'
        others = (
            f'CREATE INDEX {table}_owner ON {table} ("{OWNER}");\n'
            f'ALTER TABLE {table} ADD CONSTRAINT {table}_key FOREIGN KEY ("{OWNER}") REFERENCES {PATIENTS};\n'
            for table in _owned()
        )
        return patients + "".join(others)

    def _no_keys(self) -> str:
        others = (f"ALTER TABLE {table} DROP CONSTRAINT {table}_key; DROP INDEX {table}_owner;\n" for table in _owned())
        return "".join(others) + f"ALTER TABLE {PATIENTS} DROP CONSTRAINT {PATIENTS}_key;\n"


TEXT = Reload(
    "PostgreSQL, COPY de texte brut",
    "tables et index, une transaction, sans fsync; rien n’est compris ni contrôlé",
    "plain",
    is_typed=False,
)
REBUILT = Reload(
    "PostgreSQL, COPY typé, clés refaites",
    "dates, montants et patients contrôlés; clés ôtées puis refaites, une transaction, sans fsync",
    "rebuilt",
    is_typed=True,
    rebuilds_keys=True,
)
KEPT = Reload(
    "PostgreSQL, COPY typé, clés tenues",
    "dates, montants et patients contrôlés; une transaction, sans fsync",
    "kept",
    is_typed=True,
)
RELOADS = (TEXT, REBUILT, KEPT)


def _tables() -> Iterator[tuple[str, Sequence[str]]]:
    """(name, header) of each file's table; the patients' first."""
    for file, header in HEADERS.items():
        yield file.removesuffix(".csv"), header


def _owned() -> list[str]:
    return [table for table, _ in _tables() if table != PATIENTS]


def _typed(name: str) -> str:
    if name in _AMOUNTS:
        number = f"replace(replace(\"{name}\", ' ', ''), ',', '.')::numeric(10, 2)"
        return f'"{name}" text, "{name}, nombre" numeric(10, 2) GENERATED ALWAYS AS ({number}) STORED'
    return f'"{name}" {_TYPES.get(name, "text")}'


def _copy(table: str, header: Sequence[str], folder: Path) -> str:
    columns = ", ".join(f'"{name}"' for name in header)
    return f"\\copy {table} ({columns}) FROM '{folder / table}.csv' {_OPTIONS}\n"
