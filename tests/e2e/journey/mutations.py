"""What happens to exports: 50 ways in which a night's files can be wrong, each drawn from a seed.

A mutation takes the files of a sound export (name -> bytes: cp1252, `;`, CRLF) and changes them in place.
"""

import csv
import io
from collections.abc import Callable
from random import Random

Files = dict[str, bytes]
Mutation = Callable[[Files, Random], None]

END = b"\r\n"


class Mutations(dict[str, Mutation]):
    """By their names."""

    def add(self, function: Mutation) -> Mutation:
        """A decorator's."""
        self[function.__name__.replace("_", " ")] = function
        return function


MUTATIONS = Mutations()
mutation = MUTATIONS.add


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
