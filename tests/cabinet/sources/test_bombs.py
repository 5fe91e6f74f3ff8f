"""Sources that are far larger than a cabinet's: told at once and in little memory."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pytest

from cabinet.errors import SourceError
from cabinet.sources import unpacked
from cabinet.sources.old_workbook import MAGIC
from cabinet.sources.workbook import Workbook
from tests.cabinet.sources.bombs import ods_cell, ods_row, protected_by_password, small_ods, small_xlsx, with_cell_at
from tests.cabinet.sources.typed_export import converted

GIGABYTE = 1 << 30
MOST_MEMORY = 250 * 1024
"""kB, of a program that reads a source, whatever it finds there."""

_GATHER = """
import re, sys
from pathlib import Path
from cabinet.errors import SourceError
from cabinet.mapping import load_mapping
from sync.rereading import gather
try:
    now = gather(Path(sys.argv[1]), load_mapping(Path(sys.argv[2])), b"k" * 32, Path(sys.argv[3]))
    print(len(now.fingerprints), *(group.sentence for group in now.problems))
except SourceError as error:
    print(error)
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
MAPPING = """\
version = 1
[patients]
file = "patients.csv"
[patients.columns]
number = "N"
last_name = "Nom"
birth_date = "Naissance"
[photos]
files = ["{number}.jpg"]
"""


def a_file_of_two_gigabytes(folder: Path) -> None:
    with (folder / "patients.csv").open("r+b") as file:
        file.truncate(2 * GIGABYTE)


def a_line_of_a_hundred_megabytes(folder: Path) -> None:
    with (folder / "patients.csv").open("r+b") as file:
        file.truncate(100_000_000)


def a_photo_of_two_gigabytes(folder: Path) -> None:
    with (folder / "2.jpg").open("wb") as file:
        file.truncate(2 * GIGABYTE)


def a_hundred_thousand_other_files(folder: Path) -> None:
    first = folder / "0.txt"
    first.touch()
    try:
        for n in range(100_000):
            # Links to one file: a part of what files cost.
            os.link(first, folder / f"{n % 200}-{n}.txt")
    except OSError:
        return  # a file system that takes fewer links shows as much


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux how much memory was taken")
@pytest.mark.parametrize(
    ("giant", "told"),
    [
        (
            a_file_of_two_gigabytes,
            "Le fichier patients.csv occupe 2\u00a0147\u00a0Mo\u00a0: WebOrtho lit au plus 500\u00a0Mo",
        ),
        (a_line_of_a_hundred_megabytes, "La ligne 4 du fichier patients.csv est bien trop longue"),
        (a_photo_of_two_gigabytes, "La photo dépasse 5\u00a0Mo"),
        (a_hundred_thousand_other_files, "2"),
    ],
)
def test_what_is_giant_takes_little_memory(giant: Callable[[Path], None], told: str, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "patients.csv").write_text("N;Nom;Naissance\n1;MARTIN;01/02/2012\n2;DURAND;03/04/2013\n")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    giant(folder)
    try:
        arguments = [folder, tmp_path / "mapping.toml", tmp_path / "memory"]
        ended = subprocess.run(
            [sys.executable, "-c", _GATHER, *arguments], capture_output=True, text=True, check=True, timeout=120
        )
    finally:
        shutil.rmtree(folder)
    said, memory = ended.stdout.splitlines()
    assert told in said
    assert int(memory) < MOST_MEMORY


# Workbooks


def refusal_of(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        Workbook(path).table("patients")
    return str(refused.value)


def rows_of(path: Path) -> int:
    return len(list(Workbook(path).table("patients").rows()))


@pytest.mark.parametrize("place", ["IV200000", "XFD1048576", "ZZ1048576"])
def test_a_cell_that_is_filled_far_away_is_told_before_room_is_made_up_to_it(place: str, tmp_path: Path) -> None:
    said = refusal_of(small_xlsx(tmp_path / "cabinet.xlsx", with_cell_at(place)))
    assert "Une feuille du classeur cabinet.xlsx s’étend sur " in said
    assert "Supprimez dans le tableur les lignes et les colonnes au-delà des données" in said


def test_a_workbook_is_as_large_as_its_cells_and_not_as_it_says(tmp_path: Path) -> None:
    def boasting(xml: str) -> str:
        return re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml)

    assert rows_of(small_xlsx(tmp_path / "cabinet.xlsx", boasting)) == 2
    assert rows_of(small_xlsx(tmp_path / "cabinet.xlsx", with_cell_at("C1048576"))) == 3


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(ods_cell("1", 16_384), 2000),
        ods_row(ods_cell("", 16_384), 100_000) + ods_row(ods_cell("", 500) + ods_cell("1")),
        ods_row(ods_cell("1"), 1_000_000) + ods_row(ods_cell("", 400) + ods_cell("1")),
    ],
)
def test_the_same_of_a_workbook_that_counts_its_equal_cells(rows: str, tmp_path: Path) -> None:
    assert "Une feuille du classeur cabinet.ods s’étend sur " in refusal_of(small_ods(tmp_path / "cabinet.ods", rows))


def test_the_empty_rest_of_a_sheet_is_no_cell_far_away(tmp_path: Path) -> None:
    rest = ods_row(ods_cell("1") + ods_cell("MARTIN") + ods_cell("", 16_382)) + ods_row(ods_cell("", 16_384), 1_048_574)
    assert rows_of(small_ods(tmp_path / "cabinet.ods", rest)) == 1


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MAX_UNPACKED", 20_000_000)
    path = small_xlsx(tmp_path / "cabinet.xlsx", lambda xml: xml + " " * 40_000_000)
    assert path.stat().st_size < 100_000
    assert refusal_of(path).startswith(
        "Le classeur cabinet.xlsx occupe 40\u00a0Mo une fois décompressé\u00a0: WebOrtho en lit au plus 20\u00a0Mo."
    )


def test_a_workbook_under_a_password_is_told_as_such(tmp_path: Path) -> None:
    keys = '<manifest:encryption-data manifest:checksum-type="x" manifest:checksum="x"/>'
    said = {
        refusal_of(protected_by_password(tmp_path / "cabinet.xlsx")).replace(".xlsx", ""),
        refusal_of(small_ods(tmp_path / "cabinet.ods", "", keys)).replace(".ods", ""),
    }
    assert said == {"Le classeur cabinet est protégé par un mot de passe. Enregistrez-le sans mot de passe."}


@pytest.mark.parametrize("seed", range(3))
def test_an_old_workbook_of_garbage_is_told(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "cabinet.xls"
    path.write_bytes(MAGIC + Random(seed).randbytes(20_000))  # noqa: S311 - a test's
    assert refusal_of(path).startswith("Le classeur cabinet.xls est abîmé, ou n’est pas un classeur.")


needs_libreoffice = pytest.mark.skipif(
    not Path("/usr/lib/libreoffice/program/libsclo.so").exists(), reason="LibreOffice is not installed"
)


def old_workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "patients"
    for n in range(60):
        book.worksheets[0].append([n, f"MARTIN {n}"])
    book.save(folder / "cabinet.xlsx")
    return converted(folder / "cabinet.xlsx", "xls")


@needs_libreoffice
def test_an_old_workbook_that_is_damaged_brings_nobody_down(tmp_path: Path) -> None:
    """Its reader panics on some faults; on a wrong size of the sheet it asks for petabytes and ends its process."""
    path = old_workbook(tmp_path)
    whole = path.read_bytes()
    assert rows_of(path) == 59
    size = whole.index(b"\x00\x02\x0e\x00", 512)  # the record DIMENSIONS
    faults = [
        whole[:3000],
        whole[:size] + b"\x00\x02\x0e\x00" + bytes(4) + b"\xff" * 4 + bytes(2) + b"\xff" * 2 + whole[size + 16 :],
        whole[:512] + bytes(64) + whole[576:],
    ]
    for content in faults:
        path.write_bytes(content)
        assert "est abîmé" in refusal_of(path)


@needs_libreoffice
def test_an_old_workbook_is_read_by_a_bundled_program_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretended: a program that starts nothing but itself, and the tracker that every bundler provides for."""
    program = tmp_path / "webortho"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "if '-c' in sys.argv:\n"
        "    exec(sys.argv[sys.argv.index('-c') + 1])\n"
        "else:\n"
        "    sys.frozen = True\n"
        f"    sys.path.insert(0, {str(Path.cwd())!r})\n"
        "    from cli.__main__ import main\n"
        "    main()\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("multiprocessing.spawn._python_exe", os.fsencode(program))
    assert rows_of(old_workbook(tmp_path)) == 59
