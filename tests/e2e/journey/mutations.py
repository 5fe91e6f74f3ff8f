"""What happens to exports: 40 ways in which a night's files can be wrong, each drawn from a seed.

A mutation takes the files of a sound export (name -> bytes: cp1252, `;`, CRLF) and changes them in place.
"""

import csv
import io
from collections.abc import Callable
from random import Random

Files = dict[str, bytes]
Mutation = Callable[[Files, Random], None]

MUTATIONS: dict[str, Mutation] = {}
END = b"\r\n"


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


def a_table(files: Files, random: Random) -> str:
    return random.choice(sorted(files))


def lines_of(content: bytes) -> list[bytes]:
    """Header and rows, without their ends."""
    return content.removesuffix(END).split(END)


def joined(lines: list[bytes]) -> bytes:
    return END.join(lines) + END


def rows_changed(files: Files, name: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Replace the rows of a table below its header."""
    header, *rows = lines_of(files[name])
    files[name] = joined([header, *change(rows)])


def cells_changed(files: Files, name: str, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Replace a table's cells, header included."""
    found = change(list(csv.reader(io.StringIO(files[name].decode("cp1252"), newline=""), delimiter=";")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(found)
    files[name] = text.getvalue().encode("cp1252")


# Nothing, or not all


@mutation
def one_table_is_empty(files: Files, random: Random) -> None:
    files[a_table(files, random)] = b""


@mutation
def all_tables_are_empty(files: Files, random: Random) -> None:
    files.update(dict.fromkeys(files, b""))


@mutation
def one_table_is_blank(files: Files, random: Random) -> None:
    files[a_table(files, random)] = random.choice([b"\r\n\r\n", b"   \r\n", b"\xef\xbb\xbf", b"\0" * 512])


@mutation
def one_table_has_only_its_header(files: Files, random: Random) -> None:
    rows_changed(files, a_table(files, random), lambda rows: rows[:0])


@mutation
def one_table_is_missing(files: Files, random: Random) -> None:
    del files[a_table(files, random)]


@mutation
def one_table_lost_its_header(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = joined(lines_of(files[name])[1:])


@mutation
def one_table_is_cut_at_any_byte(files: Files, random: Random) -> None:
    name = a_table(files, random)
    cut = random.randrange(1, len(files[name]) - 1)
    # A file that ends with its line is no cut one: what it lost is counted by the guards of rows and withdrawals.
    files[name] = files[name][: cut - (files[name][cut - 1 : cut] == b"\n")]


@mutation
def one_table_is_cut_in_its_last_row(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name][: -random.randrange(1, 12)]


@mutation
def all_tables_are_cut_at_any_byte(files: Files, random: Random) -> None:
    for name in files:
        files[name] = files[name][: random.randrange(1, len(files[name]) - 2)]


@mutation
def one_table_lost_its_second_half(files: Files, random: Random) -> None:
    rows_changed(files, a_table(files, random), lambda rows: rows[: len(rows) // 2])


@mutation
def one_table_lost_its_first_half(files: Files, random: Random) -> None:
    rows_changed(files, a_table(files, random), lambda rows: rows[len(rows) // 2 :])


@mutation
def one_table_lost_every_second_row(files: Files, random: Random) -> None:
    rows_changed(files, a_table(files, random), lambda rows: rows[::2])


# In another order, or twice


@mutation
def rows_are_in_another_order(files: Files, random: Random) -> None:
    rows_changed(files, a_table(files, random), lambda rows: random.sample(rows, len(rows)))


@mutation
def columns_are_in_another_order(files: Files, random: Random) -> None:
    def change(cells: list[list[str]]) -> list[list[str]]:
        order = random.sample(range(len(cells[0])), len(cells[0]))
        return [[row[place] for place in order] for row in cells]

    cells_changed(files, a_table(files, random), change)


@mutation
def some_rows_are_there_twice(files: Files, random: Random) -> None:
    rows_changed(files, "patients.csv", lambda rows: rows + random.sample(rows, 12))


@mutation
def all_patients_are_there_twice(files: Files, random: Random) -> None:
    rows_changed(files, "patients.csv", lambda rows: rows + rows)


@mutation
def one_file_was_written_into_another(files: Files, random: Random) -> None:
    name, other = random.sample(sorted(files), 2)
    files[name] = files[other]


@mutation
def one_file_was_appended_to_another(files: Files, random: Random) -> None:
    name, other = random.sample(sorted(files), 2)
    files[name] += files[other]


# Other bytes


@mutation
def nul_bytes_stand_in_a_table(files: Files, random: Random) -> None:
    name = a_table(files, random)
    place = random.randrange(len(files[name]))
    files[name] = files[name][:place] + b"\0" * random.choice([1, 4096]) + files[name][place:]


@mutation
def one_table_ends_in_nul_bytes(files: Files, random: Random) -> None:
    name = a_table(files, random)
    half = len(files[name]) // 2
    files[name] = files[name][:half] + b"\0" * half


@mutation
def one_table_is_in_utf_8(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name].decode("cp1252").encode(random.choice(["utf-8", "utf-8-sig"]))


@mutation
def one_table_is_in_utf_16(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name].decode("cp1252").encode(random.choice(["utf-16", "utf-16-le", "utf-16-be"]))


@mutation
def one_table_is_in_dos_letters(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name].decode("cp1252").encode("cp850", "replace")


@mutation
def one_table_mixes_encodings(files: Files, random: Random) -> None:
    name = random.choice(["patients.csv", "destinataires.csv"])
    header, *rows = lines_of(files[name].decode("cp1252").encode())
    place = random.randrange(len(rows) // 2)
    files[name] = joined([header, *rows[:place], "5;Écrit;en;cp1252;é;è".encode("cp1252"), *rows[place:]])


@mutation
def one_table_has_a_mark_in_its_middle(files: Files, random: Random) -> None:
    name = a_table(files, random)
    rows_changed(files, name, lambda rows: [*rows[:5], b"\xef\xbb\xbf", *rows[5:]])


@mutation
def one_table_ends_its_lines_otherwise(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name].replace(END, random.choice([b"\r", b"\n", b"\r\r\n", b"\n\n"]))


@mutation
def noise_stands_in_a_table(files: Files, random: Random) -> None:
    name = a_table(files, random)
    place = random.randrange(len(files[name]))
    files[name] = files[name][:place] + random.randbytes(300) + files[name][place:]


@mutation
def one_table_is_another_kind_of_file(files: Files, random: Random) -> None:
    files[a_table(files, random)] = random.choice(
        [
            b"PK\x03\x04" + random.randbytes(4000),
            b"<html><body>Session expir\xe9e</body></html>\r\n",
            b"%PDF-1.7\r\n%\xe2\xe3",
        ]
    )


# Other signs


@mutation
def one_table_has_another_delimiter(files: Files, random: Random) -> None:
    name = a_table(files, random)
    files[name] = files[name].replace(b";", random.choice([b"\t", b"|", b",", b" ", b"#"]))


@mutation
def one_table_mixes_delimiters(files: Files, random: Random) -> None:
    def change(rows: list[bytes]) -> list[bytes]:
        return [row.replace(b";", b"\t") if place % 2 else row for place, row in enumerate(rows)]

    rows_changed(files, a_table(files, random), change)


@mutation
def a_quote_is_left_open(files: Files, random: Random) -> None:
    name = a_table(files, random)
    place = files[name].index(b";", random.randrange(len(files[name]) // 2)) + 1
    files[name] = files[name][:place] + b'"' + files[name][place:]


@mutation
def two_quotes_swallow_what_is_between_them(files: Files, random: Random) -> None:
    name = a_table(files, random)
    header, *rows = lines_of(files[name])
    first = random.randrange(len(rows) // 2)
    last = first + random.randrange(2, 9)
    rows[first] = rows[first].replace(b";", b';"', 1)
    rows[last] = b'";'.join(rows[last].rsplit(b";", 1))
    files[name] = joined([header, *rows])


@mutation
def a_row_never_ends(files: Files, random: Random) -> None:
    name = a_table(files, random)
    rows_changed(files, name, lambda rows: [*rows[:9], rows[9] + b"x" * 1_000_000, *rows[10:]])


@mutation
def some_rows_have_a_delimiter_too_many(files: Files, random: Random) -> None:
    def change(rows: list[bytes]) -> list[bytes]:
        chosen = set(random.sample(range(len(rows)), 9))
        return [row.replace(b";", b";reste;", 1) if place in chosen else row for place, row in enumerate(rows)]

    rows_changed(files, "patients.csv", change)


# Other columns


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
    def change(cells: list[list[str]]) -> list[list[str]]:
        header, *rows = cells
        column = random.choice([header.index("E-mail"), header.index("Mobile"), header.index("Adresse 1")])
        ordered = sorted(row[column] for row in rows)
        return [header, *([*row[:column], cell, *row[column + 1 :]] for row, cell in zip(rows, ordered, strict=True))]

    cells_changed(files, "destinataires.csv", change)


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
    name = random.choice(["rendez_vous.csv", "echeances.csv", "honoraires.csv"])
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
