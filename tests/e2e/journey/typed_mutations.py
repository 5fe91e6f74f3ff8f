"""What happens to workbooks and databases: ways in which a night's tables can be wrong, whatever they are kept in.

A mutation takes the tables of a sound export (name -> header and rows, cells of their types) and changes them in place.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

Tables = dict[str, list[list[Any]]]
Mutation = Callable[[Tables, Random], None]

MUTATIONS: dict[str, Mutation] = {}
_DAY_ZERO = dt.date(1899, 12, 30)
"""Of a spreadsheet's days."""
_FROM_1904 = dt.timedelta(days=1462)
"""Between the two ways in which spreadsheets count days."""


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


def a_table(tables: Tables, random: Random) -> str:
    return random.choice(sorted(tables))


def cells_changed(tables: Tables, change: Callable[[Any], Any], *names: str) -> None:
    """Change every cell below the headers, of these tables or all."""
    for name in names or tables:
        header, *rows = tables[name]
        tables[name] = [header, *([change(cell) for cell in row] for row in rows)]


def column_changed(tables: Tables, name: str, column: str, change: Callable[[int, Any], Any]) -> None:
    """Change a column's cells; the change is told the row, from 0."""
    header, *rows = tables[name]
    place = header.index(column)
    for number, row in enumerate(rows):
        row[place] = change(number, row[place])


@mutation
def a_table_is_missing(tables: Tables, random: Random) -> None:
    del tables[a_table(tables, random)]


@mutation
def a_table_has_another_name(tables: Tables, random: Random) -> None:
    name = a_table(tables, random)
    tables[f"{name}_old"] = tables.pop(name)


@mutation
def a_table_has_only_its_header(tables: Tables, random: Random) -> None:
    del tables[a_table(tables, random)][1:]


@mutation
def the_patients_have_only_their_header(tables: Tables, random: Random) -> None:
    del tables["patients"][1:]


@mutation
def a_table_lost_its_second_half(tables: Tables, random: Random) -> None:
    rows = tables[a_table(tables, random)]
    del rows[len(rows) // 2 :]


@mutation
def the_patients_lost_every_second_row(tables: Tables, random: Random) -> None:
    del tables["patients"][1::2]


@mutation
def rows_are_in_another_order(tables: Tables, random: Random) -> None:
    for name, (header, *rows) in tables.items():
        tables[name] = [header, *random.sample(rows, len(rows))]


@mutation
def all_patients_are_there_twice(tables: Tables, random: Random) -> None:
    tables["patients"] += tables["patients"][1:]


@mutation
def some_patients_are_there_twice(tables: Tables, random: Random) -> None:
    tables["patients"] += random.sample(tables["patients"][1:], 7)


@mutation
def a_column_has_another_name(tables: Tables, random: Random) -> None:
    tables["patients"][0][tables["patients"][0].index("Nom")] = "Nom de famille"


@mutation
def a_column_is_gone(tables: Tables, random: Random) -> None:
    place = tables["patients"][0].index("Date de naissance")
    for row in tables["patients"]:
        del row[place]


@mutation
def a_column_is_empty(tables: Tables, random: Random) -> None:
    column_changed(tables, "patients", random.choice(["Nom", "Date de naissance"]), lambda _, __: None)


@mutation
def names_changed_places(tables: Tables, random: Random) -> None:
    header = tables["patients"][0]
    one, other = header.index("Nom"), header.index("Prénom")
    header[one], header[other] = header[other], header[one]


@mutation
def names_slipped_by_a_row(tables: Tables, random: Random) -> None:
    rows = tables["patients"][1:]
    for column in ("Nom", "Prénom"):
        place = tables["patients"][0].index(column)
        before = [row[place] for row in rows]
        column_changed(tables, "patients", column, lambda row, _, said=before: said[row - 1])


@mutation
def numbers_are_text(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: str(cell).replace(".", ",") if isinstance(cell, (int, Decimal)) else cell)


@mutation
def patients_numbers_are_numbers(tables: Tables, random: Random) -> None:
    """All but those that begin with zeros: these would be other numbers, which the guard of withdrawals counts."""
    for name, (header, *_) in tables.items():
        column_changed(tables, name, header[0], lambda _, cell: cell if cell.startswith("0") else int(cell))


@mutation
def names_are_numbers(tables: Tables, random: Random) -> None:
    column_changed(tables, "patients", "Nom", lambda row, _: row)


@mutation
def amounts_are_in_cents(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: cell * 100 if isinstance(cell, Decimal) else cell)


@mutation
def dates_are_text(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: f"{cell:%d/%m/%Y}" if type(cell) is dt.date else cell)


@mutation
def dates_are_text_with_months_first(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: f"{cell:%m/%d/%Y}" if type(cell) is dt.date else cell)


@mutation
def dates_are_numbers_of_days(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: (cell - _DAY_ZERO).days if type(cell) is dt.date else cell)


@mutation
def days_are_counted_from_1904(tables: Tables, random: Random) -> None:
    cells_changed(tables, lambda cell: cell + _FROM_1904 if isinstance(cell, dt.date) else cell)


@mutation
def a_column_is_an_error(tables: Tables, random: Random) -> None:
    error = random.choice(["#REF!", "#N/A", "#VALEUR!"])
    column_changed(tables, "patients", random.choice(["Nom", "Date de naissance"]), lambda _, __: error)


@mutation
def some_cells_are_errors(tables: Tables, random: Random) -> None:
    column = random.choice(["Nom", "Date de naissance"])
    column_changed(tables, "patients", column, lambda row, cell: "#N/A" if row % 9 == 4 else cell)
