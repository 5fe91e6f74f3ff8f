"""What happens to an export's columns: they are renamed, gone, or say something else, each drawn from a seed.

Mutations like those of `tests.e2e.journey.mutations`.
"""

from collections.abc import Callable
from random import Random

from tests.e2e.journey.mutations import Files, Mutations, a_table, cells_changed, joined, lines_of, rows_changed

COLUMN_MUTATIONS = Mutations()
mutation = COLUMN_MUTATIONS.add


def column_changed(files: Files, name: str, column: str, change: Callable[[list[str]], list[str]]) -> None:
    """Replace the cells of one column below its header."""

    def in_rows(cells: list[list[str]]) -> list[list[str]]:
        header, *rows = cells
        at = header.index(column)
        new = change([row[at] for row in rows])
        return [header, *([*row[:at], cell, *row[at + 1 :]] for row, cell in zip(rows, new, strict=True))]

    cells_changed(files, name, in_rows)


@mutation
def a_column_has_another_name(files: Files, random: Random) -> None:
    name = a_table(files, random)
    header, *rows = lines_of(files[name])
    names = header.split(b";")
    place = random.randrange(len(names))
    names[place] += random.choice([b" 2", b"_OLD", b"X"])
    files[name] = joined([b";".join(names), *rows])


@mutation
def a_column_is_gone(files: Files, random: Random) -> None:
    name = a_table(files, random)

    def change(cells: list[list[str]]) -> list[list[str]]:
        place = random.randrange(len(cells[0]))
        return [row[:place] + row[place + 1 :] for row in cells]

    cells_changed(files, name, change)


@mutation
def a_column_is_empty(files: Files, random: Random) -> None:
    name = random.choice(["patients.csv", "destinataires.csv"])

    def change(cells: list[list[str]]) -> list[list[str]]:
        by_name = {"patients.csv": [0, 2, 3, 4], "destinataires.csv": [0, 3, 7, 8, 9]}[name]
        place = random.choice(by_name)
        return [cells[0], *([*row[:place], "", *row[place + 1 :]] for row in cells[1:])]

    cells_changed(files, name, change)


@mutation
def the_numbers_slipped_by_a_row(files: Files, random: Random) -> None:
    by = random.randrange(1, 9)

    def change(cells: list[list[str]]) -> list[list[str]]:
        header, *rows = cells
        return [header, *([rows[(place + by) % len(rows)][0], *row[1:]] for place, row in enumerate(rows))]

    cells_changed(files, "patients.csv", change)


@mutation
def the_numbers_of_another_table_slipped(files: Files, random: Random) -> None:
    """Its rows stand with other families."""
    name, by = random.choice(["destinataires.csv", "rendez_vous.csv", "honoraires.csv"]), random.randrange(30, 60)

    def change(cells: list[list[str]]) -> list[list[str]]:
        header, *rows = cells
        return [header, *([rows[(place + by) % len(rows)][0], *row[1:]] for place, row in enumerate(rows))]

    cells_changed(files, name, change)


@mutation
def a_column_of_contacts_was_sorted_alone(files: Files, random: Random) -> None:
    column_changed(files, "destinataires.csv", random.choice(["E-mail", "Mobile", "Adresse 1"]), sorted)


@mutation
def a_column_of_sums_was_sorted_alone(files: Files, random: Random) -> None:
    name, column = random.choice(
        [("echeances.csv", "Montant"), ("echeances.csv", "Total"), ("honoraires.csv", "Total")]
    )
    column_changed(files, name, column, lambda cells: sorted(cells, reverse=True))


@mutation
def a_column_of_sums_lost_its_decimals(files: Files, random: Random) -> None:
    """« 360,25 » has become « 36025 »."""
    name, columns = random.choice(
        [
            ("echeances.csv", ["Total", "Montant"]),
            ("honoraires.csv", ["Total", "Montant", "Reste"]),
            ("soldes.csv", ["Solde"]),
        ]
    )
    column_changed(files, name, random.choice(columns), lambda sums: [one.replace(",", "") for one in sums])


@mutation
def a_column_says_the_same_of_all(files: Files, random: Random) -> None:
    name, column, says = random.choice(
        [
            *(("rendez_vous.csv", "État", state) for state in ("prévu", "honoré", "absent", "annulé")),
            *(("echeances.csv", "Traité", state) for state in ("oui", "non")),
        ]
    )
    column_changed(files, name, column, lambda cells: [says for _ in cells])


@mutation
def all_visits_are_another_year(files: Files, random: Random) -> None:
    by = random.choice([-4, -1, 1, 4])
    column_changed(
        files, "rendez_vous.csv", "Date et heure", lambda days: [f"{d[:6]}{int(d[6:10]) + by}{d[10:]}" for d in days]
    )


@mutation
def the_numbers_are_others(files: Files, random: Random) -> None:
    add = random.randrange(100_000, 900_000)

    def change(cells: list[list[str]]) -> list[list[str]]:
        header, *rows = cells
        return [header, *([str(int(row[0]) + add), *row[1:]] for row in rows)]

    cells_changed(files, "patients.csv", change)


@mutation
def all_numbers_are_others(files: Files, random: Random) -> None:
    """In every table: an export of another cabinet, or numbers that are written otherwise."""
    write = random.choice(["P{}", "{}-1", "9{}", "{}\u00a0000"])
    for name in files:
        cells_changed(files, name, lambda cells: [cells[0], *([write.format(row[0]), *row[1:]] for row in cells[1:])])


@mutation
def all_rows_of_a_table_are_there_twice(files: Files, random: Random) -> None:
    name = random.choice(["destinataires.csv", "rendez_vous.csv", "echeances.csv", "honoraires.csv"])
    rows_changed(files, name, lambda rows: rows + rows)


@mutation
def the_heads_of_two_columns_changed_places(files: Files, random: Random) -> None:
    header, *rows = lines_of(files["patients.csv"])
    names = header.split(b";")
    # The number, a name or the birth date, with a name: what is read then is a nonsense that reads well, or not at all.
    one, other = random.choice([(0, 2), (4, 2), (2, 3), (0, 3), (4, 3)])
    names[one], names[other] = names[other], names[one]
    files["patients.csv"] = joined([b";".join(names), *rows])


@mutation
def dates_are_written_otherwise(files: Files, random: Random) -> None:
    write = random.choice(["{2}{1}{0}", "{0}.{1}", "{1}/{0}/{2}", "le {0} {1}", "{0}/{1}/" + "12"])

    def change(cells: list[list[str]]) -> list[list[str]]:
        return [cells[0], *([*row[:4], write.format(*row[4].split("/")), *row[5:]] for row in cells[1:] if row[4])]

    cells_changed(files, "patients.csv", change)
