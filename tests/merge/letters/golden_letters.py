"""The shipped letters as golden text and pictures: `python -m tests.merge.letters.golden_letters` writes them anew.

Look at what it changed before you commit it: `git diff` for the text, an eye for the pictures.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from merge.letters.output.writing import write_letters
from merge.letters.shipped import SHIPPED_BY_NAME, shipped_letters
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import make_record
from tests.merge.letters.conftest import CABINET, Pages

FOLDER = Path(__file__).with_name("golden")
LINK = "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3N"
_DPI = 60


@dataclass(frozen=True)
class Golden:
    """One shipped letter, to a parent or to an adult patient, under one of the portal's protection levels."""

    name: str
    adult: bool
    confirmed: bool

    @property
    def stem(self) -> str:
        whom = "adulte" if self.adult else "enfant"
        return f"{self.name}-{whom}-{'confirmed' if self.confirmed else 'procedure'}"

    @property
    def record(self) -> MergeRecord:
        """Each level with the initial secret that is usual there."""
        words = "date de naissance du patient (JJMMAAAA)" if self.confirmed else "5312apo"
        person = {"first_name": "Lina"} if self.adult else {}
        return make_record(
            addressee=person, cabinet=CABINET, secret=IssuedSecret(words, LINK), confirmed=self.confirmed
        )

    def print(self, folder: Path) -> Pages:
        path = folder / f"{self.stem}.pdf"
        printed = write_letters([self.record], shipped_letters(self.name), path)
        assert printed.letters == 1, printed.refused
        return Pages(path)


def picture_of(pages: Pages, page: int = 1) -> Image.Image:
    """Grey, and small enough to keep."""
    return pages.picture(page, dpi=_DPI).convert("L")


def goldens() -> Iterator[Golden]:
    for name in SHIPPED_BY_NAME:
        for adult in (False, True):
            for confirmed in (True, False):
                yield Golden(name, adult, confirmed)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for golden in goldens():
            pages = golden.print(Path(place))
            (FOLDER / f"{golden.stem}.txt").write_text("\n".join(pages.lines()) + "\n", encoding="utf-8")
            picture_of(pages).quantize(16).save(FOLDER / f"{golden.stem}.png", optimize=True)
            sys.stdout.write(f"{golden.stem}\n")


if __name__ == "__main__":
    main()
