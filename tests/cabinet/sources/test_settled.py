"""Exports that change, are locked or vanish while they are read: nothing is read by half."""

import datetime as dt
import errno
import os
import shutil
import threading
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from cabinet.demo.export import write_export
from cabinet.errors import SourceError, SourceNotReady
from cabinet.mapping import default_mapping
from cabinet.photo_book import PhotoBook
from cabinet.reading import read_source
from cabinet.sources import settled
from cabinet.sources.csv_folder import CsvFolder
from cabinet.sources.location import Location
from cabinet.sources.opening import open_source
from cabinet.sources.workbook import Workbook
from sync.rereading import gather
from tests.cabinet.conftest import KEY

BEING_WRITTEN = "Le fichier {} était en cours d’écriture."


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "partage" / "export"
    write_export(folder, reference=dt.date(2026, 10, 6), patients=8, photos=False)
    return folder


@pytest.mark.parametrize("file", ["patients.csv", "rendez_vous.csv"])
def test_an_export_that_goes_on_while_it_is_read_is_refused_whole(export: Path, file: str) -> None:
    with closing(open_source(Location(str(export)))) as opened:
        visits = export / file
        lines = visits.read_bytes().splitlines(keepends=True)
        visits.write_bytes(b"".join(lines[: len(lines) // 2]))
        opened.table(file)
        with visits.open("ab") as writer:
            writer.writelines(lines[len(lines) // 2 :])
        with pytest.raises(SourceNotReady) as refused:
            opened.require_settled()
    assert refused.value.what == BEING_WRITTEN.format(file)


def test_a_reading_ends_by_looking_whether_its_files_still_stand(export: Path) -> None:
    class Growing(CsvFolder):
        def table(self, name: str, *, query: str = "", encoding: str = "", delimiter: str = "") -> object:  # type: ignore[override]
            found = super().table(name, query=query, encoding=encoding, delimiter=delimiter)
            if name == "honoraires.csv":
                with (export / "patients.csv").open("ab") as writer:
                    writer.write(b"\r\n")
            return found

    with pytest.raises(SourceNotReady) as refused:
        read_source(Growing(export), default_mapping(), PhotoBook(None, (), KEY))  # type: ignore[arg-type]
    assert refused.value.what == BEING_WRITTEN.format("patients.csv")


def test_a_newer_version_beside_a_file_is_waited_for_and_an_old_one_is_not(export: Path) -> None:
    beside = export / "patients.csv.part"
    beside.write_bytes(b"N")
    now = (export / "patients.csv").stat().st_mtime_ns
    os.utime(beside, ns=(now, now + 10**9))
    with pytest.raises(SourceNotReady) as refused:
        CsvFolder(export).table("patients.csv")
    assert refused.value.what == BEING_WRITTEN.format("patients.csv")
    os.utime(beside, ns=(now, now - 10**9))
    assert CsvFolder(export).table("patients.csv").header


def test_what_programs_keep_beside_their_files_is_no_table(export: Path) -> None:
    (export / ".~lock.patients.csv#").write_bytes(b"x")
    (export / "~$patients.csv").write_bytes(b"x")
    (export / ".patients.csv").write_bytes(b"x")
    folder = CsvFolder(export)
    assert all(name[0] not in ".~" for name in folder.tables())
    assert folder.names("*patients.csv") == ["patients.csv"]


def test_a_share_that_vanishes_between_two_tables_is_told_as_such(export: Path) -> None:
    folder = CsvFolder(export)
    folder.table("patients.csv")
    shutil.rmtree(export.parent)
    with pytest.raises(SourceNotReady) as refused:
        folder.table("rendez_vous.csv")
    assert refused.value.what == (
        f"Le dossier {export} ne répond plus\u00a0: la lecture de rendez_vous.csv s’est interrompue."
    )
    assert "réseau" in refused.value.todo


@pytest.mark.parametrize("code", [errno.ESTALE, errno.EIO, errno.EHOSTDOWN])
def test_a_share_that_stops_to_answer_within_a_file_is_told_as_such(
    export: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def broken(_: Path) -> bytes:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(SourceNotReady) as refused:
        CsvFolder(export).table("patients.csv")
    assert refused.value.what.startswith(f"Le dossier {export} ne répond plus")


class SharingViolation(PermissionError):
    """What Windows answers while another program has a file for itself."""

    winerror = 32


@pytest.mark.parametrize("tries", [1, 4])
def test_a_file_that_another_program_locks_for_a_moment_is_waited_for(
    export: Path, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    lock(monkeypatch, tries)
    assert CsvFolder(export).table("patients.csv").header[0] == "N° interne"


def test_a_file_that_stays_locked_is_told(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(monkeypatch, 1000)
    with pytest.raises(SourceNotReady) as refused:
        CsvFolder(export).table("patients.csv")
    assert refused.value.what == "Le fichier patients.csv est utilisé par un autre programme."
    assert refused.value.todo.startswith("Fermez-le dans le logiciel du cabinet")


def lock(monkeypatch: pytest.MonkeyPatch, tries: int) -> None:
    """The next so many tries to read anything fail."""
    real, failures = Path.read_bytes, iter(range(tries))

    def locked(self: Path) -> bytes:
        if next(failures, None) is not None:
            raise SharingViolation(errno.EACCES, "Permission denied")
        return real(self)

    monkeypatch.setattr(settled, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(Path, "read_bytes", locked)


def test_a_file_of_two_gigabytes_is_refused_without_being_read(export: Path) -> None:
    with (export / "patients.csv").open("ab") as file:
        file.truncate(2 << 30)
    with pytest.raises(SourceError) as refused:
        CsvFolder(export).table("patients.csv")
    assert str(refused.value) == (
        "Le fichier patients.csv occupe 2\u00a0147\u00a0Mo\u00a0: WebOrtho lit au plus 500\u00a0Mo par export. "
        "Vérifiez que c’est bien l’export du cabinet\u00a0: celui d’un très grand cabinet en occupe 150."
    )


def test_files_that_are_too_large_together_are_refused_before_the_last_is_read(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "MAX_BYTES", 5_000_000)
    for name in ("a.csv", "b.csv"):
        with (export / name).open("wb") as file:
            file.truncate(3_000_000)
    folder = CsvFolder(export)
    assert len(folder.content("a.csv")) == len(folder.content("a.csv")) == 3_000_000
    with pytest.raises(SourceError) as refused:
        folder.content("b.csv")
    assert refused.value.what == (
        "Le fichier b.csv occupe 3\u00a0Mo, en plus de 3\u00a0Mo d’autres fichiers\u00a0: WebOrtho lit au plus "
        "5\u00a0Mo par export."
    )


def test_a_workbook_that_is_saved_again_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cabinet.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    source = Workbook(path)
    source.require_settled()
    writer = threading.Thread(target=lambda: path.write_bytes(path.read_bytes() + b"\0"))
    writer.start()
    writer.join()
    with pytest.raises(SourceNotReady) as refused:
        source.require_settled()
    assert refused.value.what == BEING_WRITTEN.format("cabinet.xlsx")


@pytest.mark.parametrize("name", ["", "cabinet.xlsx", "cabinet.mdb"])
def test_a_source_that_is_not_there_may_come_back_with_its_share_and_a_wrong_path_may_not(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "dossier").mkdir()
    with pytest.raises(SourceNotReady, match="n’existe pas"):
        open_source(Location(str(tmp_path / "partage" / "export" / name)))
    with pytest.raises(SourceError, match="n’existe pas") as refused:
        open_source(Location(str(tmp_path / "dossier" / (name or "exprot"))))
    assert not isinstance(refused.value, SourceNotReady)


def pipe(at: Path) -> Path:
    at.unlink(missing_ok=True)
    os.mkfifo(at)
    return at


NO_FILE = (
    "{}, dans le dossier {}, ne peut pas être lu\u00a0: c’est un tube, une prise ou un périphérique du système, et non "
    "un fichier."
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
class TestAPipe:
    """A reading that opened it would wait for ever."""

    @pytest.mark.parametrize("pattern", ["patients.csv", "pat*.csv"])
    def test_in_place_of_an_export_file_it_is_refused_unread(self, export: Path, pattern: str) -> None:
        pipe(export / "patients.csv")
        folder = CsvFolder(export)
        with pytest.raises(SourceError) as refused:
            folder.table(folder.names(pattern)[0])
        assert refused.value.what == NO_FILE.format("patients.csv", export)
        assert refused.value.todo == "Remettez à sa place le fichier du logiciel du cabinet, ou refaites l’export."
        assert not isinstance(refused.value, SourceNotReady)

    @pytest.mark.parametrize("source", ["{}", "sqlite:///{}"])
    def test_in_place_of_a_workbook_or_a_database_too(self, tmp_path: Path, source: str) -> None:
        path = pipe(tmp_path / "cabinet.xlsx")
        with pytest.raises(SourceError) as refused:
            open_source(Location(source.format(path)))
        assert refused.value.what == NO_FILE.format("cabinet.xlsx", tmp_path)

    def test_in_place_of_a_workbook_it_is_refused_by_a_reading_that_remembers(self, tmp_path: Path) -> None:
        path = pipe(tmp_path / "cabinet.xlsx")
        with pytest.raises(SourceError, match="et non un fichier"):
            gather(path, default_mapping(), KEY, memory=tmp_path / "memory.bin")

    def test_that_comes_while_files_are_read_is_told(self, export: Path) -> None:
        folder = CsvFolder(export)
        folder.table("patients.csv")
        pipe(export / "patients.csv")
        with pytest.raises(SourceError, match="et non un fichier"):
            folder.require_settled()


@pytest.mark.parametrize("left", ["", "N° interne;NOM\r\n1;\0", 'N° interne;NOM\r\n1;"EXEM', "N° interne;NOM\r\n1"])
def test_a_file_that_is_cut_off_is_read_by_another_try(export: Path, left: str) -> None:
    (export / "patients.csv").write_text(left, encoding="cp1252", newline="")
    with pytest.raises(SourceNotReady):
        list(CsvFolder(export).table("patients.csv").rows())
