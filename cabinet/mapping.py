"""The mapping file: which table and column of a cabinet's export is which fact, and in which form it is written.

TOML, checked against the structs below; its keys are the names of the dossier's fields. A column is a name, or a table
that says more: several columns joined, a constant, a value table. What is left out is not published, and what is not
fixed (encoding, delimiter, decimal sign) is detected. New keys may be added; a key never changes its meaning.
"""

import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cabinet.errors import MappingError
from cabinet.mapping_errors import invalid_toml, invalid_value, refuse_unknown_keys

MAPPING_VERSION = 1

ONE_SOURCE = "exactly one of column, columns, constant"

Text = Annotated[str, msgspec.Meta(min_length=1)]


class DateOrder(StrEnum):
    """How an all-figures date that is not ISO is written. ISO and instants are always recognised."""

    DAY_FIRST = "jj/mm/aaaa"
    MONTH_FIRST = "mm/jj/aaaa"


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    CP1252 = "cp1252"
    ISO_8859_15 = "iso8859-15"
    CP850 = "cp850"
    MAC_ROMAN = "mac-roman"


class DecimalSign(StrEnum):
    COMMA = ","
    POINT = "."


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of a mapping: immutable, and strict about keys it does not know."""


class Format(_Part, frozen=True, kw_only=True):
    """How a file is written; what is left out is detected (dates: day first)."""

    encoding: Encoding | None = None
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    dates: DateOrder | None = None
    last_short_year: Annotated[int, msgspec.Meta(ge=1999, le=2100)] | None = None
    """The latest year that a two-digit year may mean; without it two-digit years are refused."""
    decimal: DecimalSign | None = None


class Column(_Part, frozen=True, kw_only=True):
    """Where a field comes from, in full. Exactly one of `column`, `columns`, `constant`."""

    column: Text | None = None
    columns: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)] | None = None
    """Several columns into one field, joined where not empty: a date and its time, two lines of an address."""
    separator: str = " "
    constant: Text | None = None
    values: dict[str, str] = {}
    """What a cell says -> what it means ("H" -> "honoré"), before it is read; case and outer spaces do not count."""

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.column, self.columns, self.constant)) != 1:
            raise ValueError(ONE_SOURCE)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are read, in order; none for a constant."""
        if self.columns is not None:
            return self.columns
        return () if self.column is None else (self.column,)


Field = Annotated[str, msgspec.Meta(min_length=1)] | Column


class PatientFields(_Part, frozen=True, kw_only=True):
    number: Field
    key: Field | None = None
    """What other tables call a patient by, where it is not the number."""
    civility: Field | None = None
    last_name: Field | None = None
    first_name: Field | None = None
    birth_date: Field | None = None
    treatment_start: Field | None = None


class AddresseeFields(_Part, frozen=True, kw_only=True):
    patient: Field | None = None
    """The patient that a row belongs to: needed in a file of its own."""
    rank: Field | None = None
    """1 is whom letters go to; without it the order of rows decides."""
    civility: Field | None = None
    last_name: Field | None = None
    first_name: Field | None = None
    address_1: Field | None = None
    address_2: Field | None = None
    postcode: Field | None = None
    city: Field | None = None
    email: Field | None = None
    mobile: Field | None = None


class AppointmentFields(_Part, frozen=True, kw_only=True):
    patient: Field
    start: Field
    end: Field | None = None
    """Gives the duration where no column does."""
    kind: Field | None = None
    duration_minutes: Field | None = None
    practitioner: Field | None = None
    status: Field | None = None


class InstalmentFields(_Part, frozen=True, kw_only=True):
    patient: Field
    label: Field | None = None
    total: Field | None = None
    amount: Field | None = None
    settled: Field | None = None
    date: Field | None = None


class FeeFields(_Part, frozen=True, kw_only=True):
    patient: Field
    label: Field | None = None
    total: Field | None = None
    amount: Field | None = None
    remaining: Field | None = None
    date: Field | None = None


class BalanceFields(_Part, frozen=True, kw_only=True):
    patient: Field | None = None
    amount: Field
    as_of: Field | None = None


class Patients(_Part, frozen=True, kw_only=True):
    file: Text
    format: Format = Format()
    columns: PatientFields


class Addressees(_Part, frozen=True, kw_only=True):
    file: Text | None = None
    """Left out: columns of the patients' file."""
    format: Format = Format()
    columns: AddresseeFields


class Appointments(_Part, frozen=True, kw_only=True):
    file: Text
    format: Format = Format()
    columns: AppointmentFields


class Instalments(_Part, frozen=True, kw_only=True):
    file: Text
    format: Format = Format()
    columns: InstalmentFields


class Fees(_Part, frozen=True, kw_only=True):
    file: Text
    format: Format = Format()
    columns: FeeFields


class Balances(_Part, frozen=True, kw_only=True):
    file: Text | None = None
    """Left out: columns of the patients' file."""
    format: Format = Format()
    columns: BalanceFields


class Photos(_Part, frozen=True, kw_only=True):
    files: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    """Paths in the export's folder with `{number}` in them; the first that exists is the patient's photo."""


class Mapping(_Part, frozen=True, kw_only=True):
    version: int
    time_zone: str = "Europe/Paris"
    """The cabinet's: instants with a zone are shown in it."""
    format: Format = Format()
    """Of every file; a table's own `format` goes before it."""
    patients: Patients
    addressees: tuple[Addressees, ...] = ()
    appointments: Appointments | None = None
    instalments: Instalments | None = None
    fees: Fees | None = None
    balances: Balances | None = None
    photos: Photos | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def format_of(self, own: Format) -> Format:
        """A table's format: its own keys before the mapping's."""
        return Format(**{key: getattr(own, key) or getattr(self.format, key) for key in Format.__struct_fields__})


def default_mapping() -> Mapping:
    """The mapping of the export that `resources/demo/README.md` describes."""
    return parse_mapping(files("resources").joinpath("demo", "mapping.toml").read_text(encoding="utf-8"), "par défaut")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raise `MappingError`, with the key and its place, for anything that is not one."""
    try:
        return parse_mapping(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise MappingError(f"Le mapping {path} n’est pas en UTF-8.", "Enregistrez-le en UTF-8.") from error
    except OSError as error:
        raise MappingError(
            f"Le mapping {path} ne peut pas être lu ({error.strerror or error}).", "Vérifiez le chemin."
        ) from error


def parse_mapping(text: str, name: str) -> Mapping:
    """A mapping from its TOML text; `name` is how errors call it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise invalid_toml(str(error), name) from error
    refuse_unknown_keys(raw, Mapping, name)
    try:
        mapping = msgspec.convert(raw, Mapping)
    except msgspec.ValidationError as error:
        raise invalid_value(error, name) from error
    _check_sense(mapping, name)
    return mapping


def _check_sense(mapping: Mapping, name: str) -> None:
    """What types cannot say."""
    if mapping.version != MAPPING_VERSION:
        raise MappingError(
            f"Le mapping {name} est de la version {mapping.version}, ce programme lit la version {MAPPING_VERSION}.",
            "Mettez WebOrtho à jour, ou reprenez l’exemple resources/demo/mapping.toml.",
        )
    try:
        _ = mapping.zone
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MappingError(
            f"Dans le mapping {name}, « time_zone » vaut « {mapping.time_zone} », qui n’est pas un fuseau horaire.",
            "Pour la France métropolitaine, mettez « Europe/Paris ».",
        ) from error
    own_files = [(f"addressees[{i}]", part) for i, part in enumerate(mapping.addressees, start=1)]
    for path, part in (*own_files, ("balances", mapping.balances)):
        if part is not None and part.file is not None and part.columns.patient is None:
            raise MappingError(
                f"Dans le mapping {name}, il manque la clé « {path}.columns.patient ».",
                f"Elle dit à quel patient appartient une ligne du fichier {part.file}.",
            )
    for pattern in mapping.photos.files if mapping.photos else ():
        if "{number}" not in pattern:
            raise MappingError(
                f"Dans le mapping {name}, « photos.files » vaut « {pattern} », sans « {{number}} ».",
                "Écrivez par exemple « photos/{number}.jpg ».",
            )
