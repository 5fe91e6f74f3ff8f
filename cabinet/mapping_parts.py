"""What a mapping is made of: the form of a file, a column in full, and for each table which column is which field.

Keys are the names of the dossier's fields. A column is a name, or a table that says more. What is left out is not
published, and what is not fixed (encoding, delimiter, decimal sign) is detected. New keys may be added; a key never
changes its meaning.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

ONE_SOURCE = "exactly one of column, columns, constant"
ONE_TABLE = "exactly one of file, query"
FILTER_OF_A_TABLE = "where without file, query"

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
    CP437 = "cp437"
    MAC_ROMAN = "mac-roman"


class DecimalSign(StrEnum):
    COMMA = ","
    POINT = "."


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of a mapping: immutable, and strict about keys it does not know."""


class Format(Part, frozen=True, kw_only=True):
    """How a file is written; what is left out is detected (dates: day first)."""

    encoding: Encoding | None = None
    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] | None = None
    dates: DateOrder | None = None
    last_short_year: Annotated[int, msgspec.Meta(ge=1999, le=2100)] | None = None
    """The latest year that a two-digit year may mean; without it two-digit years are refused."""
    decimal: DecimalSign | None = None


class Column(Part, frozen=True, kw_only=True):
    """Where a field comes from, in full. Exactly one of `column`, `columns`, `constant`."""

    column: Text | None = None
    columns: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)] | None = None
    """Several columns into one field, joined where not empty: a date and its time, two lines of an address."""
    separator: str = " "
    constant: Text | None = None
    values: dict[str, str] = {}
    """What a cell says -> what it means ("H" -> "honoré"), before it is read; case and outer spaces do not count."""
    split: bool = False
    """The cell holds two fields, « DUPONT Jean » or « 21000 DIJON », and this one is its half (`cabinet.splitting`)."""

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


class PatientFields(Part, frozen=True, kw_only=True):
    number: Field
    key: Field | None = None
    """What other tables call a patient by, where it is not the number."""
    family: Field | None = None
    """What a table of addressees calls them by who are the same for brothers and sisters."""
    civility: Field | None = None
    last_name: Field | None = None
    first_name: Field | None = None
    birth_date: Field | None = None
    treatment_start: Field | None = None


class AddresseeFields(Part, frozen=True, kw_only=True):
    patient: Field | None = None
    """The patient that a row belongs to: a file of its own needs this, or the family."""
    family: Field | None = None
    """The family that a row belongs to, as `patients.columns.family` says it: all its patients have the addressee."""
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


class AppointmentFields(Part, frozen=True, kw_only=True):
    patient: Field
    start: Field
    end: Field | None = None
    """Gives the duration where no column does."""
    kind: Field | None = None
    duration_minutes: Field | None = None
    practitioner: Field | None = None
    status: Field | None = None


class InstalmentFields(Part, frozen=True, kw_only=True):
    patient: Field
    label: Field | None = None
    total: Field | None = None
    amount: Field | None = None
    settled: Field | None = None
    settled_amount: Field | None = None
    """What was paid of it. Where `settled` says nothing, it is settled once that is its amount."""
    settled_on: Field | None = None
    """The day it was paid. Where neither of these says anything, it is settled if there is one."""
    date: Field | None = None


class FeeFields(Part, frozen=True, kw_only=True):
    patient: Field
    label: Field | None = None
    total: Field | None = None
    amount: Field | None = None
    remaining: Field | None = None
    date: Field | None = None


class BalanceFields(Part, frozen=True, kw_only=True):
    patient: Field | None = None
    amount: Field
    as_of: Field | None = None


class Where(Part, frozen=True, kw_only=True):
    """Which rows of a table are read: those whose cell says one of `values`; case and outer spaces do not count."""

    column: Text
    values: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    """\"\" stands for an empty cell."""


class TablePart(Part, frozen=True, kw_only=True):
    """Where a table's rows are. `file` is a file, a sheet or a database's table; with `*` in it, all that fit."""

    file: Text | None = None
    query: Text | None = None
    """What a database is asked instead of the whole table; begins with SELECT or WITH."""
    where: Where | None = None
    """Without it every row is read. One file may serve two parts, each with its own rows."""
    format: Format = Format()

    def __post_init__(self) -> None:
        if self.file is not None and self.query is not None:
            raise ValueError(ONE_TABLE)
        if self.where is not None and not self.has_own_table:
            raise ValueError(FILTER_OF_A_TABLE)

    @property
    def has_own_table(self) -> bool:
        return self.file is not None or self.query is not None

    @property
    def table_name(self) -> str:
        """As errors call it."""
        return self.file or "la requête"


class OwnTable(TablePart, frozen=True, kw_only=True):
    """A table that cannot be columns of the patients' one."""

    def __post_init__(self) -> None:
        if (self.file is None) == (self.query is None):
            raise ValueError(ONE_TABLE)


class Patients(OwnTable, frozen=True, kw_only=True):
    columns: PatientFields


class Addressees(TablePart, frozen=True, kw_only=True):
    """Without `file` and `query`: columns of the patients' table."""

    columns: AddresseeFields


class Appointments(OwnTable, frozen=True, kw_only=True):
    columns: AppointmentFields


class Instalments(OwnTable, frozen=True, kw_only=True):
    columns: InstalmentFields


class Fees(OwnTable, frozen=True, kw_only=True):
    columns: FeeFields


class Balances(TablePart, frozen=True, kw_only=True):
    """Without `file` and `query`: columns of the patients' table."""

    columns: BalanceFields


class Photos(Part, frozen=True, kw_only=True):
    folder: Text | None = None
    """Where they are, if not beside the export; a database's photos need it."""
    files: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    """Paths in the export's folder with `{number}` in them; the first that exists is the patient's photo."""
