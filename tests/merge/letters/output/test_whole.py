"""Nothing half-written: a disk that fills up, a program that is killed."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from merge.letters.cards import write_cards
from merge.letters.docx import write_letters_docx
from merge.letters.labels import write_labels
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.writing import write_letters
from merge.letters.whole_file import OutputError, whole_file, whole_folder
from tests.merge.letters.output.disks import SIZE, small_disk
from tests.merge.letters.output.test_binding import FORMS, family

MANY = 120


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disque") as disk:
        yield disk


@contextmanager
def small_files() -> Iterator[None]:
    """No file of this process may grow beyond `SIZE`, for whoever is not root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", FORMS)
def test_a_disk_that_fills_up_leaves_nothing(form: str, disk: Path, letters: LetterSet) -> None:
    path = disk / "lettres"
    with pytest.raises(OutputError) as refused:
        write_letters(map(family, range(MANY)), letters, path, binding=FORMS[form])

    what = "Le fichier" if form == "one" else "Le dossier"
    assert refused.value.what == f"{what} «\u00a0{path}\u00a0» n’a pas pu être écrit (le disque est plein)."
    assert refused.value.todo.startswith("Rien n’a été changé. Vérifiez la place sur le disque,")
    assert list(disk.iterdir()) == []


def test_a_zip_file_that_does_not_fit_leaves_the_former_one(disk: Path, letters: LetterSet) -> None:
    path = disk / "routeur.zip"
    path.write_bytes(b"before")
    with pytest.raises(OutputError, match="le disque est plein"):
        write_letters(map(family, range(MANY)), letters, path, binding=FORMS["mail house"])

    assert [(file, file.read_bytes()) for file in disk.iterdir()] == [(path, b"before")]


@pytest.mark.parametrize("kind", ["docx", "cards", "labels"])
def test_other_papers_leave_nothing_either(kind: str, disk: Path, letters: LetterSet) -> None:
    records = (family(index) for index in range(MANY * 16))
    path = disk / "papiers"
    write: Callable[[], object] = {
        "docx": partial(write_letters_docx, records, letters, path),
        "cards": partial(write_cards, records, path),
        "labels": partial(write_labels, records, path),
    }[kind]
    with pytest.raises(OutputError, match="le disque est plein"):
        write()
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("binding", [ONE_PDF, Binding(mail_house=True)])
def test_a_file_that_may_not_grow_leaves_nothing(binding: Binding, tmp_path: Path, letters: LetterSet) -> None:
    with small_files(), pytest.raises(OutputError, match="le fichier est trop grand pour ce disque"):
        write_letters(map(family, range(MANY)), letters, tmp_path / "lettres", binding=binding)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_stopped_leaves_no_folder(tmp_path: Path, letters: LetterSet) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        if done == 3:
            raise Stopped

    for form in ("each", "batches", "mail house"):
        with pytest.raises(Stopped):
            write_letters(map(family, range(9)), letters, tmp_path / form, binding=FORMS[form], progress=stop)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys, time
from pathlib import Path
from merge.letters.whole_file import whole_file, whole_folder
with (whole_folder if sys.argv[2] == "folder" else whole_file)(Path(sys.argv[1])) as made:
    if sys.argv[2] == "folder":
        (made / "0001.pdf").write_bytes(b"half")
    else:
        made.write(b"half")
        made.flush()
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_program_left_goes_with_the_next_output_and_a_living_one_s_stays(
    kind: str, tmp_path: Path
) -> None:
    def begun(name: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-c", KILLED, tmp_path / name, kind], stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        assert program.stdout.readline() == "begun\n"
        return program

    with begun("tué") as killed, begun("vivant") as living:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(30)
        left = {file.name.split(".")[1] for file in tmp_path.iterdir()}
        assert left == {"tué", "vivant"}, "nothing has its final name"
        with whole_file(tmp_path / "autre.pdf") as file:
            file.write(b"whole")
        names = sorted(file.name.split(".")[1] for file in tmp_path.iterdir())
        living.kill()

    assert names == ["pdf", "vivant"]
    with whole_folder(tmp_path / "dossier"):
        pass
    assert sorted(file.name for file in tmp_path.iterdir()) == ["autre.pdf", "dossier"]


def test_the_whole_folder_is_its_owner_s_and_appears_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "lettres"
    path.mkdir()
    with whole_folder(path) as folder:
        (folder / "0001.pdf").write_bytes(b"1")
        assert list(path.iterdir()) == []
    assert [file.name for file in path.iterdir()] == ["0001.pdf"]
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", [whole_file, whole_folder])
@pytest.mark.parametrize("parent", ["absent", "fichier"])
def test_a_folder_that_is_not_there_is_told_by_its_name(
    what: Callable[[Path], Any], parent: str, tmp_path: Path
) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(OutputError) as refused, what(tmp_path / parent / "lettres"):
        pass
    assert refused.value.what.endswith("n’a pas pu être écrit (le dossier n’existe pas).")
    assert refused.value.todo == (
        f"Rien n’a été changé. Créez le dossier «\u00a0{tmp_path / parent}\u00a0», ou branchez le disque où il est, "
        "et recommencez."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a disk read-only")
def test_a_folder_where_nobody_may_write_is_told_so(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(OutputError) as refused, whole_file(disk / "lettres.pdf"):
        pass
    assert refused.value.what.endswith("n’a pas pu être écrit (le disque est protégé en écriture).")
    assert refused.value.todo == (
        "Rien n’a été changé. Fermez le fichier s’il est ouvert, ou choisissez un dossier où vous pouvez écrire, et "
        "recommencez."
    )
