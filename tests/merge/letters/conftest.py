"""Letters as files: their text, their places on the page in millimetres, and their pages as pictures."""

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from merge.letters.composer import Composer, Letter
from merge.letters.model import LetterSet, LetterTemplate
from merge.letters.output.writing import write_letters
from merge.letters.problems import LetterProblem, Printed
from merge.letters.setting import SignInForm
from merge.letters.shipped import shipped_letters
from merge.record import CabinetFacts, MergeRecord

CABINET = CabinetFacts(
    code="dijon21",
    name="Cabinet d’orthodontie du Parc",
    site="www.webortho.fr",
    sign_in_url="https://www.webortho.fr/c/dijon21",
    city="Dijon",
    signatory="Docteur Exemple",
    title="Cabinet d’orthodontie du Parc",
    address="12 rue de l’Exemple\n21000 DIJON",
    phone="03 53 01 21 21",
    fax="03 53 01 21 22",
)
TODAY = dt.date(2026, 1, 12)
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word of a page and its box, in millimetres from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Pages:
    """A PDF as a reader sees it."""

    path: Path

    def count(self) -> int:
        with pikepdf.open(self.path) as pdf:
            return len(pdf.pages)

    def text(self, page: int = 1) -> str:
        return _output("pdftotext", "-layout", *_only(page), self.path, "-")

    def lines(self, page: int = 1) -> list[str]:
        """The lines of the page's text, spaces made single, empty lines dropped."""
        return [" ".join(line.split()) for line in self.text(page).splitlines() if line.strip()]

    def words(self, page: int = 1) -> list[Word]:
        found = []
        for *box, text in _WORD.findall(_output("pdftotext", "-bbox", *_only(page), self.path, "-")):
            left, top, right, bottom = (float(value) * 25.4 / 72 for value in box)
            found.append(Word(left, top, right, bottom, text))
        return found

    def picture(self, page: int = 1, dpi: int = 150) -> Image.Image:
        stem = self.path.with_name(f"{self.path.stem}-{page}-{dpi}")
        _output("pdftoppm", "-r", str(dpi), "-png", "-singlefile", *_only(page), self.path, stem)
        with Image.open(stem.with_suffix(".png")) as picture:
            return picture.convert("RGB")


def text_of(letter: Letter) -> str:
    """All words of a letter, those of the picture's notes last."""
    layout, composition = letter.layout, letter.composition
    static = [item.line.text for part in layout.static for item in part.items]
    pictures = [mark.picture for part in layout.static for mark in part.marks if isinstance(mark, SignInForm)]
    lines = [line for page in composition.pages for line in page.lines]
    own = [p.line.text for p in (*composition.address, *composition.references, *lines)]
    notes = [words for picture in pictures for note in picture.notes for words in (note.caption, note.label)]
    return " ".join((*static, *own, *notes)).replace("\u00a0", " ")


def check_letter(record: MergeRecord, template: LetterTemplate) -> tuple[LetterProblem, ...]:
    """What keeps one letter from being printed."""
    return Composer(LetterSet(child=template, adult=template)).check(record)


def _only(page: int) -> Sequence[str]:
    return ("-f", str(page), "-l", str(page))


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def need(program: str) -> None:
    """Skip where a program of Debian is not installed; `run.py test` installs it."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


Printer = Callable[[Sequence[MergeRecord]], tuple[Pages, Printed]]


@pytest.fixture(scope="session")
def letters() -> LetterSet:
    return shipped_letters()


@pytest.fixture
def print_letters(tmp_path: Path, letters: LetterSet) -> Printer:
    """Prints records with the shipped letters and answers the PDF and what became of them."""
    need("pdftotext")

    def print_all(records: Sequence[MergeRecord]) -> tuple[Pages, Printed]:
        path = tmp_path / "lettres.pdf"
        printed = write_letters(records, letters, path)
        return Pages(path), printed

    return print_all
