"""A reading that knows the last one gives what a full reading gives, whatever happened to the export in between."""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pytest
import time_machine

from cabinet.cutting import CutFolder
from cabinet.errors import SourceError, WebOrthoError
from cabinet.mapping import Mapping, parse_mapping
from cabinet.sources import patient_lines
from portal.api.shapes import BatchEntry
from sync import remembered, rereading
from sync.gathered import Gathered
from sync.rereading import gather

KEY = b"k" * 32
MAPPING = """
version = 1
[patients]
file = "patients.csv"
columns = { number = "N°", civility = "Civilité", last_name = "Nom", first_name = "Prénom", birth_date = "Né le" }
[[addressees]]
columns = { last_name = "Parent", mobile = "Mobile" }
[[addressees]]
file = "parents.csv"
columns = { patient = "N°", rank = "Rang", civility = "Civilité", last_name = "Nom" }
[appointments]
file = "rdv*.csv"
columns = { patient = "Dossier", start = "Début", kind = "Nature", status = "État" }
[fees]
file = "honoraires.csv"
columns = { patient = "N°", label = "Libellé", amount = "Montant", date = "Date" }
[balances]
file = "soldes.csv"
columns = { patient = "N°", amount = "Solde" }
[photos]
files = ["photos/{number}.png"]
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)
HEADERS = {
    "patients.csv": ["N°", "Civilité", "Nom", "Prénom", "Né le", "Parent", "Mobile"],
    "parents.csv": ["N°", "Rang", "Civilité", "Nom"],
    "rdv1.csv": ["Nature", "Dossier", "Début", "État"],
    "rdv2.csv": ["Nature", "Dossier", "Début", "État"],
    "honoraires.csv": ["N°", "Libellé", "Montant", "Date"],
    "soldes.csv": ["N°", "Solde"],
}


class Export:
    """A small export that a random hand edits, and writes in one of the ways that programs write."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.random = random
        self.headers = {name: list(header) for name, header in HEADERS.items()}
        self.rows: dict[str, list[list[str]]] = {name: [] for name in HEADERS}
        self.encoding, self.delimiter, self.end, self.is_quoted = "cp1252", ";", "\r\n", False
        self.raw_end = b""
        self.title: list[list[str]] = []
        for number in range(100, 118):
            self.add_patient(str(number))

    def add_patient(self, number: str) -> None:
        pick = self.random.choice
        birth = f"{pick(range(1, 29)):02d}/04/2012"
        self.rows["patients.csv"].append(
            [number, pick(("M.", "Enfant")), pick(("Noël", "Petit")), "Zoé", birth, pick(("", "Aîné")), "0639980101"]
        )
        for rank in ("1", "1", "2")[: pick((0, 1, 3))]:
            self.rows["parents.csv"].append([number, rank, "Mme", pick(("Rémi", "Sand", "Roux"))])
        for _ in range(pick((0, 2, 5))):
            self.rows[pick(("rdv1.csv", "rdv2.csv"))].append(["RVC", number, self.moment(), pick(("prévu", "honoré"))])
        for _ in range(pick((0, 2))):
            self.rows["honoraires.csv"].append([number, "Semestre", pick(("362,50", "12,345", "x")), "01/02/2024"])
        self.rows["soldes.csv"].append([number, "12,00"])

    def moment(self) -> str:
        return f"{self.random.randint(1, 28):02d}/03/2025 {self.random.randint(8, 18):02d}:15"

    def write(self) -> None:
        for name, rows in self.rows.items():
            text = io.StringIO(newline="")
            writer = csv.writer(
                text,
                delimiter=self.delimiter,
                lineterminator=self.end,
                quoting=csv.QUOTE_ALL if self.is_quoted else csv.QUOTE_MINIMAL,
            )
            title = self.title if len(self.headers[name]) > 2 else []
            writer.writerows([*title, self.headers[name], *rows])
            (self.folder / name).write_bytes(text.getvalue().encode(self.encoding, "replace"))
        if self.raw_end:
            with (self.folder / "rdv2.csv").open("ab") as file:
                file.write(self.raw_end)

    def table(self) -> list[list[str]]:
        return self.rows[self.random.choice([name for name, rows in self.rows.items() if rows])]

    def row(self) -> list[str]:
        return self.random.choice([row for rows in self.rows.values() for row in rows if len(row) > 1])


def change_cell(export: Export) -> None:
    row = export.row()
    row[export.random.randrange(len(row))] = export.random.choice(("", "abc", "31/02/2024", "101", "05/06/2024 10:00"))


def remove_row(export: Export) -> None:
    table = export.table()
    table.pop(export.random.randrange(len(table)))


def move_row(export: Export) -> None:
    table = export.table()
    table.insert(export.random.randrange(len(table)), table.pop(export.random.randrange(len(table))))


def repeat_row(export: Export) -> None:
    table = export.table()
    table.append(list(export.random.choice(table)))


def change_number(export: Export) -> None:
    patient = export.random.choice([row for row in export.rows["patients.csv"] if row])
    patient[0] = export.random.choice(("101", "102.0", " 103 ", "é 9", "", "1,2E+05", "200", "x" * 70, "Total"))


def widen_row(export: Export) -> None:
    export.row().extend(export.random.choice(([""], ["", "de trop"], ["\u20ac"])))


def narrow_row(export: Export) -> None:
    export.row().pop()


def quote_cell(export: Export) -> None:
    row = export.row()
    row[-1] = export.random.choice(('dit "Zou"', "a;b", "deux\nlignes", "a,b", '"'))


def blank_row(export: Export) -> None:
    table = export.table()
    table.insert(export.random.randrange(len(table)), [])


def new_patient(export: Export) -> None:
    export.add_patient(export.random.choice(("300", "301", "0100", "A-17")))


def stranger(export: Export) -> None:
    export.rows["rdv1.csv"].insert(0, ["RVC", "999", export.moment(), "prévu"])


def two_balances(export: Export) -> None:
    export.rows["soldes.csv"].append(list(export.random.choice(export.rows["soldes.csv"] or [["100", "2"]])))


def reorder_columns(export: Export) -> None:
    name = export.random.choice(list(export.rows))
    order = list(range(len(export.headers[name])))
    export.random.shuffle(order)
    if all(len(row) == len(order) for row in export.rows[name]):
        export.headers[name] = [export.headers[name][place] for place in order]
        export.rows[name] = [[row[place] for place in order] for row in export.rows[name]]


def rename_column(export: Export) -> None:
    header = export.headers[export.random.choice(list(export.rows))]
    header[-1] = header[-1] + "2" if not header[-1].endswith("2") else header[-1][:-1]


def write_otherwise(export: Export) -> None:
    export.encoding = export.random.choice(("cp1252", "utf-8", "utf-8-sig", "utf-16"))
    export.delimiter = export.random.choice((";", ",", "\t"))
    export.end = export.random.choice(("\n", "\r\n", "\r"))
    export.is_quoted = export.random.random() < 0.5
    export.title = export.random.choice(([], [["Export du cabinet"]], [["Été", "", ""], []]))


def break_file(export: Export) -> None:
    export.raw_end = export.random.choice((b"", b"RVC;1", b'RVC;101;"', b"\x00", b'RVC;101;"a"b;c\r\n', b"\x81\r\n"))


def put_photo(export: Export) -> None:
    number = export.random.choice(("100", "101", "102"))
    folder = export.folder / "photos"
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}.png"
    path.write_bytes(export.random.choice((PNG, PNG + b"\0" * 5, PNG[:-20], b"none")))
    settled = 1_700_000_000 + export.random.randrange(1000)
    os.utime(path, (settled, settled))


def nothing(_: Export) -> None:
    pass


EDITS: tuple[Callable[[Export], None], ...] = (
    *(change_cell, remove_row, move_row, repeat_row, change_number, widen_row, narrow_row, quote_cell, blank_row),
    *(new_patient, stranger, two_balances, put_photo, nothing),
)
SEEDS = range(30)
RARE_EDITS = (reorder_columns, rename_column, write_otherwise, break_file)


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return parse_mapping(MAPPING, "d’essai")


@pytest.fixture(autouse=True)
def _any_part_may_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports of a test are small: the quick way is taken however many of their patients changed."""
    monkeypatch.setattr(rereading, "MOST_READ", 2.0)


def everything(found: Gathered) -> object:
    """All that a run can see of a reading, orders included."""
    return (
        *(list(found.fingerprints.items()), found.counts, found.problems, found.rows),
        {digest: path.read_bytes() for digest, path in found.photos.items()},
        {number: found.encoded[number] for number in found.fingerprints},
    )


def outcome(read: Callable[[], Gathered]) -> object:
    try:
        return everything(read())
    except WebOrthoError as error:
        return type(error), str(error)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_edits_a_reading_that_remembers_gives_what_a_full_reading_gives(
    seed: int, tmp_path: Path, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)  # noqa: S311 - nothing secret
    if seed % 2:
        # As in a large export: what changed is a few of many blocks.
        monkeypatch.setattr(patient_lines, "BLOCK_BYTES", 60)
    if seed % 3:
        # As in a very large one: not all patients are in memory at once.
        monkeypatch.setattr(rereading, "AT_ONCE", 0)
        monkeypatch.setattr(rereading, "PORTION", 4)
    export = Export(tmp_path, random)
    memory = tmp_path / "memory.bin"
    for _ in range(8):
        export.write()
        remembering = outcome(lambda: gather(tmp_path, mapping, KEY, memory))
        assert remembering == outcome(lambda: gather(tmp_path, mapping, KEY))
        export.raw_end = b""
        for _ in range(random.randint(0, 3)):
            random.choice(EDITS)(export)
        if random.random() < 0.15:
            random.choice(RARE_EDITS)(export)


@pytest.mark.parametrize("seed", range(6))
def test_a_reading_that_remembers_keeps_to_the_mappings_filters(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = 'where = { column = "Civilité", values = ["enfant"] }'
    mapping = parse_mapping(MAPPING.replace('file = "patients.csv"', f'file = "patients.csv"\n{children}'), "filtré")
    test_after_any_edits_a_reading_that_remembers_gives_what_a_full_reading_gives(seed, tmp_path, mapping, monkeypatch)


@pytest.mark.parametrize("seed", range(6))
def test_a_reading_that_remembers_cuts_cells_and_settles_instalments_like_any_other(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # « Noël Zoé » does not show where its last name ends: it is told each time.
    name = '{ column = "Nom", split = true, values = { "Noël" = "Noël Zoé", "Petit" = "PETIT Zoé" } }'
    text = MAPPING.replace('last_name = "Nom", first_name = "Prénom"', f"last_name = {name}, first_name = {name}")
    text = text.replace("[fees]", "[instalments]").replace('date = "Date"', 'settled_on = "Date"')
    mapping = parse_mapping(text, "coupé")
    test_after_any_edits_a_reading_that_remembers_gives_what_a_full_reading_gives(seed, tmp_path, mapping, monkeypatch)


@pytest.mark.parametrize("title", ["", "where"], ids=["cut", "whole"])
def test_a_payment_to_come_is_one_on_its_day_though_no_file_changed(title: str, tmp_path: Path) -> None:
    random = Random(1)  # noqa: S311 - nothing secret
    export = Export(tmp_path, random)
    for place, row in enumerate(export.rows["honoraires.csv"]):
        row[HEADERS["honoraires.csv"].index("Date")] = "24/11/2026" if place % 7 == 0 else ""
    export.write()
    text = MAPPING.replace("[fees]", "[instalments]").replace('date = "Date"', 'settled_on = "Date"')
    if title:
        # What a filter leaves out is known of all rows together: the files are not cut.
        text = text.replace("[instalments]", '[instalments]\nwhere = { column = "Date", values = ["24/11/2026"] }')
    mapping, memory = parse_mapping(text, "règlements"), tmp_path / "memory.bin"
    problems = []
    for day in (22, 23, 24, 25):
        with time_machine.travel(f"2026-11-{day}T12:00Z", tick=False):
            remembering = gather(tmp_path, mapping, KEY, memory)
            assert everything(remembering) == everything(gather(tmp_path, mapping, KEY))
        problems.append(sum(one.count for one in remembering.problems if one.code == "day-to-come"))
    assert problems[0] == problems[1] > problems[2] == problems[3] == 0


def read_now(found: Gathered) -> set[str]:
    """Whose dossiers were read, not remembered."""
    return set(dict.keys(found.encoded))  # type: ignore[arg-type]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    export = Export(tmp_path, Random(1))  # noqa: S311 - nothing secret
    export.write()
    return export


def test_an_unchanged_export_is_not_read_again(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    first = gather(export.folder, mapping, KEY, memory)
    again = gather(export.folder, mapping, KEY, memory)
    assert read_now(first) == set(first.fingerprints)
    assert read_now(again) == set()
    assert again.problems == first.problems != ()


def test_only_patients_who_changed_are_read_and_the_first_of_each_kind_of_problem(
    export: Export, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading, "MOST_READ", 0.99)
    memory = export.folder / "memory.bin"
    gather(export.folder, mapping, KEY, memory)
    export.rows["soldes.csv"][15][1] = "99,00"
    export.write()
    found = gather(export.folder, mapping, KEY, memory)
    lines = {place.line for group in found.problems for place in group.places[:1] if place.file == "patients.csv"}
    firsts = {export.rows["patients.csv"][line - 2][0] for line in lines if line}
    assert {"115", *firsts} <= read_now(found) < set(found.fingerprints)
    assert everything(found) == everything(gather(export.folder, mapping, KEY))


def test_rows_that_only_moved_are_not_read(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    before = gather(export.folder, mapping, KEY, memory)
    export.rows["patients.csv"].reverse()
    export.write()
    found = gather(export.folder, mapping, KEY, memory)
    assert len(read_now(found)) < len(found.fingerprints)
    assert found.fingerprints == before.fingerprints
    assert everything(found) == everything(gather(export.folder, mapping, KEY))


def test_a_photo_that_changed_is_a_patient_who_changed(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    gather(export.folder, mapping, KEY, memory)
    put_photo(export)
    (photo,) = (export.folder / "photos").iterdir()
    photo.write_bytes(PNG)
    found = gather(export.folder, mapping, KEY, memory)
    assert photo.stem in read_now(found) < set(found.fingerprints)
    assert found.fingerprints[photo.stem].photo_digest in found.photos


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda _: b"",
        lambda content: content * 2,
    ],
)
def test_a_damaged_memory_is_passed_over(export: Export, mapping: Mapping, damage: Callable[[bytes], bytes]) -> None:
    memory = export.folder / "memory.bin"
    first = gather(export.folder, mapping, KEY, memory)
    memory.write_bytes(damage(memory.read_bytes()))
    again = gather(export.folder, mapping, KEY, memory)
    assert read_now(again) == set(first.fingerprints)
    assert everything(again) == everything(first)
    assert read_now(gather(export.folder, mapping, KEY, memory)) == set()


def test_a_memory_of_another_key_mapping_or_program_is_passed_over(
    export: Export, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = export.folder / "memory.bin"
    gather(export.folder, mapping, KEY, memory)
    other = parse_mapping(MAPPING.replace(', date = "Date"', ""), "d’essai")
    assert read_now(gather(export.folder, other, KEY, memory))
    gather(export.folder, mapping, KEY, memory)
    assert read_now(gather(export.folder, mapping, bytes(32), memory))
    gather(export.folder, mapping, KEY, memory)
    monkeypatch.setattr(remembered, "_FORMAT", 0)
    assert read_now(gather(export.folder, mapping, KEY, memory))


def test_the_memory_is_its_accounts_alone_and_names_nobody(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    gather(export.folder, mapping, KEY, memory)
    content = memory.read_bytes()
    assert not any(name in content for name in ("Noël".encode(), b"Petit", b"2012", b"0639980101", b"Semestre"))
    if os.name == "posix":
        assert memory.stat().st_mode & 0o777 == 0o600


def test_a_memory_that_cannot_be_written_stops_nothing(export: Export, mapping: Mapping) -> None:
    assert gather(export.folder, mapping, KEY, export.folder / "missing" / "memory.bin").fingerprints


def test_what_a_killed_run_left_of_its_memory_is_taken_away(export: Export, mapping: Mapping) -> None:
    state = export.folder / "state"
    state.mkdir()
    others = state / ".reading-2.bin-0123456789abcdef"
    for left in (others, state / ".reading-1.bin-0123456789abcdef", state / ".reading-1.bin-fedcba9876543210"):
        left.write_bytes(b"half")
    gather(export.folder, mapping, KEY, state / "reading-1.bin")
    assert sorted(state.iterdir()) == [others, state / "reading-1.bin"]


def test_a_dossier_that_the_portal_lacks_is_read_when_it_is_asked_for(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    first = gather(export.folder, mapping, KEY, memory)
    again = gather(export.folder, mapping, KEY, memory)
    number = next(iter(again.fingerprints))
    assert again.encoded[number] == first.encoded[number]


def test_an_export_that_changes_meanwhile_is_told_apart(export: Export, mapping: Mapping) -> None:
    memory = export.folder / "memory.bin"
    gather(export.folder, mapping, KEY, memory)
    again = gather(export.folder, mapping, KEY, memory)
    export.rows["soldes.csv"][0][1] = "99,00"
    export.write()
    with pytest.raises(SourceError, match="a changé pendant"):
        _ = again.encoded["100"]


def test_an_unchanged_workbook_is_not_read_again(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "patients"
    for row in (["N°", "Nom"], ["7", "Petit"]):
        sheet.append(row)
    source = tmp_path / "export.xlsx"
    book.save(source)
    mapping = parse_mapping(
        'version = 1\n[patients]\nfile = "patients.csv"\ncolumns = { number = "N°", last_name = "Nom" }', "d’essai"
    )
    memory = tmp_path / "memory.bin"
    first = gather(source, mapping, KEY, memory)
    again = gather(source, mapping, KEY, memory)
    assert (read_now(first), read_now(again)) == ({"7"}, set())
    assert everything(again) == everything(first)
    sheet.append(["8", "Roux"])
    book.save(source)
    assert read_now(gather(source, mapping, KEY, memory)) == {"7", "8"}


def test_a_large_export_without_any_readable_number_is_refused_as_a_small_one_is(
    export: Export, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in export.rows["patients.csv"]:
        row[0] = ""
    export.write()
    monkeypatch.setattr(rereading, "AT_ONCE", 0)
    remembering = outcome(lambda: gather(export.folder, mapping, KEY, export.folder / "memory.bin"))
    assert remembering == outcome(lambda: gather(export.folder, mapping, KEY))


@pytest.mark.parametrize(("title_end", "end"), [(b"\r", b"\r"), (b"\r", b"\n"), (b"\r", b"\r\n"), (b"\r\r", b"\n")])
@pytest.mark.parametrize("title", [b"Export du cabinet", b"sep=;"])
def test_no_row_is_lost_below_a_title_whose_line_ends_otherwise(
    export: Export, mapping: Mapping, title: bytes, title_end: bytes, end: bytes
) -> None:
    path = export.folder / "patients.csv"
    path.write_bytes(title + title_end + path.read_bytes().replace(b"\r\n", end))
    full = outcome(lambda: gather(export.folder, mapping, KEY))
    assert outcome(lambda: gather(export.folder, mapping, KEY, export.folder / "memory.bin")) == full


class Recorder:
    """An outlet that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: dict[str, bytes] = {}
        self.begun = 0

    def begin(self) -> None:
        self.taken.clear()
        self.begun += 1

    def take(self, entry: BatchEntry) -> bool:
        assert entry.number not in self.taken
        self.taken[entry.number] = entry.encoded
        return True


@pytest.mark.parametrize("is_cut", [True, False])
def test_an_outlet_is_given_every_dossier_once_and_again_where_a_reading_begins_anew(
    export: Export, mapping: Mapping, monkeypatch: pytest.MonkeyPatch, is_cut: bool
) -> None:
    def give_up(*_: object) -> None:
        raise patient_lines.Uncuttable

    monkeypatch.setattr(rereading, "SENT_PORTION", 4)
    if not is_cut:
        monkeypatch.setattr(CutFolder, "row_problems", give_up)
    outlet = Recorder()
    found = gather(export.folder, mapping, KEY, export.folder / "memory.bin", outlet)
    taken = dict(outlet.taken)
    assert (outlet.begun > 1) is not is_cut
    expected = gather(export.folder, mapping, KEY)
    assert everything(found) == everything(expected)
    assert taken == {number: expected.encoded[number] for number in expected.fingerprints}
