"""Letters as golden text and pictures: `python -m tests.merge.letters.golden_letters` writes them anew.

They are the shipped ones, and one with all that a letter may hold. Look at what it changed before you commit it:
`git diff` for the text, an eye for the pictures.
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
from merge.texts import Audience
from tests.merge.conftest import make_dossier, make_record
from tests.merge.letters import rich
from tests.merge.letters.conftest import CABINET, Pages

FOLDER = Path(__file__).with_name("golden")
FAMILY = (("5312", "Lina"), ("5313", "Hugo"))
_DPI = 60
_WHOM = {Audience.CHILD: "enfant", Audience.ADULT: "adulte", Audience.FAMILY: "famille"}


@dataclass(frozen=True)
class Golden:
    """One shipped letter, to one of those whom it speaks to, under one of the portal's protection levels."""

    name: str
    audience: Audience
    confirmed: bool

    @property
    def stem(self) -> str:
        return f"{self.name}-{_WHOM[self.audience]}-{'confirmed' if self.confirmed else 'procedure'}"

    @property
    def record(self) -> MergeRecord:
        """Each level with the initial secret that is usual there."""
        person: dict[str, object] = {"first_name": "Lina"} if self.audience is Audience.ADULT else {}
        family = FAMILY if self.audience is Audience.FAMILY else ()
        secrets = tuple(self._secret(number) for number, _ in FAMILY)
        return make_record(
            addressee=person,
            cabinet=CABINET,
            secret=secrets[0],
            confirmed=self.confirmed,
            children=tuple(make_dossier(*child) for child in family),
            child_secrets=secrets if family else (),
        )

    def _secret(self, number: str) -> IssuedSecret:
        words = "date de naissance du patient (JJMMAAAA)" if self.confirmed else f"{number}apo"
        return IssuedSecret(words, f"https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8s{number}")

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
        for audience in Audience:
            for confirmed in (True, False):
                yield Golden(name, audience, confirmed)


def print_rich(folder: Path) -> Pages:
    """The letter with all that a letter may hold, to a family of three: two pages."""
    path = folder / "tout.pdf"
    printed = write_letters([rich.family(3)], rich.letters(), path)
    assert printed.letters == 1, printed.refused
    return Pages(path)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for golden in goldens():
            pages = golden.print(Path(place))
            (FOLDER / f"{golden.stem}.txt").write_text("\n".join(pages.lines()) + "\n", encoding="utf-8")
            picture_of(pages).quantize(16).save(FOLDER / f"{golden.stem}.png", optimize=True)
            sys.stdout.write(f"{golden.stem}\n")
        pages = print_rich(Path(place))
        for page in (1, 2):
            (FOLDER / f"tout-{page}.txt").write_text("\n".join(pages.lines(page)) + "\n", encoding="utf-8")
            picture_of(pages, page).quantize(16).save(FOLDER / f"tout-{page}.png", optimize=True)


if __name__ == "__main__":
    main()
