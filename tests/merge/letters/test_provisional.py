"""Files on their way to others: what their disk refuses is not told of the place that a person chose."""

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from merge.letters.docx import write_letters_docx
from merge.letters.model import LetterSet
from merge.letters.provisional import ProvisionalText
from merge.letters.whole_file import OutputError
from merge.word.template import read_template
from merge.word.writing import WordWriter
from tests.merge.letters.output.disks import small_disk
from tests.merge.letters.output.test_binding import family
from tests.merge.word.conftest import document, paragraph, run, saved

FULL = "Les fichiers provisoires de ce poste n’ont pas pu être écrits (le disque est plein)."
LONG = 2_000_000
"""Characters: more than stay in memory, and more than the small disk takes."""


@pytest.fixture
def system_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A nearly full disk for this computer's provisional files."""
    with small_disk(tmp_path / "disk") as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        yield disk


def our_letters(letters: LetterSet, path: Path) -> None:
    write_letters_docx(map(family, range(200)), letters, path)


def word_letters(_: LetterSet, path: Path) -> None:
    made = document(paragraph(run("@PPREN"), run("x" * (LONG // 20))))
    WordWriter(read_template(saved(made))).write(map(family, range(20)), path)


def test_text_is_copied_as_it_was_written_however_long() -> None:
    target = io.BytesIO()
    with ProvisionalText() as text:
        text.write("Né").write("e " * LONG)
        text.copy_to(target)
    assert target.getvalue().decode() == "Né" + "e " * LONG


@pytest.mark.parametrize("write", [our_letters, word_letters])
def test_a_full_system_disk_is_told_as_such(
    write: Callable[[LetterSet, Path], None], letters: LetterSet, system_disk: Path, tmp_path: Path
) -> None:
    path = tmp_path / "documents" / "lettres.docx"
    path.parent.mkdir()
    with pytest.raises(OutputError) as refused:
        write(letters, path)
    assert refused.value.what == FULL
    assert refused.value.todo == "Rien n’a été changé. Faites de la place sur le disque du système, et recommencez."
    assert list(path.parent.iterdir()) == []
    assert list(system_disk.iterdir()) == []


@pytest.mark.parametrize("write", [our_letters, word_letters])
def test_a_full_disk_of_the_letters_is_told_of_their_place(
    write: Callable[[LetterSet, Path], None], letters: LetterSet, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "documents") as disk:
        path = disk / "lettres.docx"
        with pytest.raises(OutputError) as refused:
            write(letters, path)
        assert refused.value.what == f"Le fichier «\u00a0{path}\u00a0» n’a pas pu être écrit (le disque est plein)."
        assert list(disk.iterdir()) == []
