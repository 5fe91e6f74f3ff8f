"""Files that fail while they are read: what takes their place, who may not open them, and what changes meanwhile."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cabinet.errors import SourceError
from cabinet.sources import csv_folder
from tests.e2e.journey.clinic import Clinic


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_link_to_nothing(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.with_name("elsewhere.csv"))


def a_link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def nobodys(file: Path) -> None:
    file.chmod(0)


FAULTS: dict[str, Callable[[Path], None]] = {
    "a folder stands in its place": a_folder,
    "it links to nothing": a_link_to_nothing,
    "it links to itself": a_link_to_itself,
}


@pytest.mark.parametrize("name", ["patients.csv", "rdv.csv"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_none_publishes_nothing(published: Clinic, fault: str, name: str) -> None:
    before = published.nightly.shown()
    FAULTS[fault](published.export.folder / name)
    with pytest.raises(SourceError) as refused:
        published.nightly.run_here()
    assert name in refused.value.what
    assert refused.value.todo
    assert published.nightly.shown() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read any file")
def test_a_file_that_may_not_be_read_publishes_nothing(published: Clinic) -> None:
    nobodys(published.export.folder / "rdv.csv")
    with pytest.raises(SourceError, match="rdv"):
        published.nightly.run_here()


def test_a_file_that_goes_while_others_are_read_publishes_nothing(
    published: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network share that disappears in the middle: patients were read, their appointments are not there any more."""
    before = published.nightly.shown()
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    read_one = csv_folder.CsvFolder.content

    def content(folder: csv_folder.CsvFolder, name: str) -> bytes:
        if name == "rdv.csv":
            (published.export.folder / name).unlink(missing_ok=True)
        return read_one(folder, name)

    monkeypatch.setattr(csv_folder.CsvFolder, "content", content)
    with pytest.raises(SourceError, match="rdv"):
        published.nightly.run_here()
    assert published.nightly.shown() == before


def test_a_file_that_grows_all_the_time_publishes_nothing_by_half(published: Clinic) -> None:
    """Whatever moment a run reads it in: whole rows that were there are published, or nothing."""
    written = threading.Event()
    end = threading.Event()

    def grow() -> None:
        with (published.export.folder / "rdv.csv").open("a") as file:
            while not end.is_set():
                file.write("0001;02/03/2026 10:00;CONT\n0002;02/0")
                file.flush()
                written.set()
                file.write("3/2026 11:00;CONT\n")
                file.flush()

    before = published.nightly.shown()
    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert written.wait(15)
        with pytest.raises(SourceError) as refused:
            published.nightly.run_here()
    finally:
        end.set()
        writer.join()
    assert "rdv.csv" in refused.value.what
    assert published.nightly.shown() == before
