"""PDFs through a program of this computer: LibreOffice, else Word; one that is missing, fails or hangs is told."""

import os
import time
from pathlib import Path

import pytest

from merge.word import libre_office
from merge.word.conversion import ConversionError, convert, needed_converter

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended programs are shell scripts")
_MADE = "printf '%%PDF-1.7\\n%%%%EOF' > 1.pdf"


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one document to convert; no program is where LibreOffice usually is, and none on the path."""
    monkeypatch.setattr(libre_office, "_USUAL", ())
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("sh", "sleep", "setsid", "cat", "env"):
        (bare / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(bare))
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "1.docx").write_bytes(b"")
    return folder


def pretend(folder: Path, name: str, *script: str) -> None:
    """A program that behaves as the real one does on a good or a bad day."""
    program = folder.parent / "bin" / name
    program.write_text("\n".join(("#!/bin/sh", *script, "")))
    program.chmod(0o700)


def pretend_word(documents: Path, *script: str) -> None:
    """PowerShell, on a computer with Word; it notes what it is asked."""
    asked = documents.parent / "asked"
    pretend(
        documents,
        "powershell",
        f'echo "$@" >> "{asked}"',
        'for last; do :; done; [ "$last" = -Check ] && exit 0',
        *script,
    )


def convert_one(documents: Path, limit: float | None = None) -> list[Path]:
    return list(convert([documents / "1.docx"], letters=1, limit=limit))


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "printf '%%PDF-1.7 begun' > 1.pdf"])
def test_a_libreoffice_that_fails_is_told(documents: Path, script: str) -> None:
    pretend(documents, "soffice", script)
    with pytest.raises(ConversionError, match="LibreOffice n’a pas pu faire le PDF"):
        convert_one(documents)


def test_a_libreoffice_that_hangs_is_ended_with_all_that_it_started(documents: Path) -> None:
    pretend(documents, "soffice", "sleep 600 & echo $! > child; wait")
    with pytest.raises(ConversionError, match="LibreOffice n’a pas répondu à temps"):
        convert_one(documents, limit=1.0)
    wait_for_end(documents / "child")


def test_without_libreoffice_word_makes_the_pdf(documents: Path) -> None:
    pretend_word(documents, _MADE)
    assert convert_one(documents) == [documents / "1.pdf"]
    checked, converted = (documents.parent / "asked").read_text().splitlines()
    assert converted.endswith("word_program.ps1")
    assert checked == f"{converted} -Check"
    assert str(documents) not in converted, "the folder is where it is started, not a word of its command"


def test_libreoffice_is_taken_before_word(documents: Path) -> None:
    pretend_word(documents, _MADE)
    pretend(documents, "soffice", _MADE)
    assert needed_converter().name == "LibreOffice"


def test_a_word_that_fails_is_told(documents: Path) -> None:
    pretend_word(documents, "exit 1")
    with pytest.raises(ConversionError, match="Word n’a pas pu faire le PDF"):
        convert_one(documents)


def test_a_word_that_hangs_is_ended_though_powershell_did_not_start_it(documents: Path) -> None:
    # Windows starts Word for PowerShell: it is in no group of ours, and only its number tells of it.
    pretend_word(documents, "setsid sleep 600 & echo $! > word.pid", "cat word.pid > child", "sleep 600")
    with pytest.raises(ConversionError, match="Word n’a pas répondu à temps"):
        convert_one(documents, limit=2.0)
    wait_for_end(documents / "child")


@pytest.mark.parametrize("has_powershell", [True, False])
def test_with_neither_program_nothing_is_begun(documents: Path, *, has_powershell: bool) -> None:
    if has_powershell:
        pretend(documents, "powershell", "exit 3")
    with pytest.raises(ConversionError, match="Ni LibreOffice ni Word n’est installé") as told:
        convert_one(documents)
    assert told.value.todo == "Installez LibreOffice (gratuit), ou choisissez le format Word."


def wait_for_end(number: Path) -> None:
    status = Path(f"/proc/{int(number.read_text())}/stat")
    end = time.monotonic() + 15
    while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < end
        time.sleep(0.05)
