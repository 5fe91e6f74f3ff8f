"""The letter as data: what stands where, in which words, read from a TOML file that people can read too.

Lengths are millimetres from the top left corner of an A4 page, type sizes points. Every text may hold @FIELDS, which
are the catalogue's (`merge.fields`). What depends on the portal's protection level says so in `when`. Pictures are
named by the file that lies beside the letter (`merge.letters.pictures`).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from merge.french import agree
from merge.letters.geometry import Window
from merge.letters.pictures import Pictures
from merge.template import OPEN
from merge.texts import Audience

Millimetres = Annotated[float, Meta(ge=0, le=297)]
TypeSize = Annotated[float, Meta(ge=5, le=72)]
Colour = Annotated[str, Meta(pattern=r"^(#[0-9A-Fa-f]{6})?$")]
"""#RRGGBB, or "" for the ink of the text's manner."""
PictureName = Annotated[str, Meta(pattern=r"^[^/\\:*?\"<>|\x00-\x1f]{1,100}$")]
"""A file's name without a folder: a letter reaches nothing but what lies beside it."""
Side = Literal["left", "centre", "right"]


class When(StrEnum):
    """Under which protection level of the portal a part is printed."""

    ALWAYS = "always"
    CONFIRMED = "confirmed"
    PROCEDURE = "procedure"

    def holds(self, *, confirmed: bool) -> bool:
        return self is When.ALWAYS or confirmed == (self is When.CONFIRMED)


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a letter: immutable, and strict about unknown keys so that a misspelt one is not ignored."""


class Run(_Part, frozen=True):
    """A stretch of text in one manner. `code` is for what people retype, `link` for addresses."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    code: bool = False
    link: bool = False
    soft: bool = False
    """In the second ink: what is told in passing."""
    colour: Colour = ""
    size: TypeSize | None = None
    """None for the paragraph's."""


class Paragraph(_Part, frozen=True, tag="paragraph"):
    """Runs of text; a line break in a run begins a new line, and a line whose fields are all empty disappears."""

    runs: tuple[Run, ...]
    align: Literal["left", "centre", "right", "justified"] = "left"
    hyphenate: bool = False
    size: TypeSize = 11.0
    space_before: Millimetres = 0.0
    space_after: Millimetres = 2.2
    keep_with_next: bool = False
    """Whether no page ends below it: a title stays with what it announces."""
    item: Literal["", "bullet", "number"] = ""
    """A point of a list. A list ends where a paragraph is none; a point without text is not counted."""
    level: Annotated[int, Meta(ge=0, le=3)] = 0
    """How deep in the list; 0 is its margin."""
    start: Annotated[int, Meta(ge=1, le=999)] | None = None
    """The number to begin with; None counts on in the list."""
    when: When = When.ALWAYS


class WithCode(_Part, frozen=True, tag="with_code"):
    """Paragraphs, and to their right the personal QR code (@LIEN)."""

    paragraphs: tuple[Paragraph, ...]
    space_after: Millimetres = 2.2


class QrCode(_Part, frozen=True, tag="qr_code"):
    """A QR code on its own: the personal link (@LIEN), or the portal's address, which is everybody's."""

    leads_to: Literal["personal", "site"] = "personal"
    side: Annotated[float, Meta(ge=20, le=60)] = 30.0
    """From 20 mm up: a smaller one is not read by every telephone."""
    align: Side = "left"
    space_after: Millimetres = 4.0


class Note(_Part, frozen=True):
    """One annotated entry of the sign-in picture: what the note says, the entry's label, the patient's own value."""

    caption: str
    label: str
    value: str


class SignInPicture(_Part, frozen=True, tag="sign_in_picture"):
    """The portal's sign-in form, drawn with the patient's own values and an arrow from each note to its entry."""

    title: str
    button: str
    notes: tuple[Note, ...]
    space_after: Millimetres = 4.0


class Picture(_Part, frozen=True, tag="picture"):
    """A picture of the cabinet's, as wide as told and as high as it is then."""

    file: PictureName
    width: Annotated[float, Meta(ge=5, le=190)]
    description: str = ""
    """What it shows, for those who do not see it."""
    align: Side = "left"
    space_after: Millimetres = 4.0


class Column(_Part, frozen=True):
    """A table's column, in millimetres or in hundredths of the text's width."""

    width: Annotated[float, Meta(gt=0, le=190)]
    unit: Literal["mm", "%"] = "mm"
    align: Side = "left"


class Cell(_Part, frozen=True):
    """Text in a table; `align` is its column's where it says nothing."""

    runs: tuple[Run, ...] = ()
    align: Side | None = None


class Row(_Part, frozen=True):
    """A table's row. `each_child` prints it for each child of the household, with the child's own values."""

    cells: tuple[Cell, ...]
    each_child: bool = False


class Table(_Part, frozen=True, tag="table"):
    """Rows of cells; no page break cuts a row. With `header`, the first row is bold and stands atop each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    header: bool = True
    rules: Literal["none", "rows", "grid"] = "rows"
    size: TypeSize = 10.0
    space_after: Millimetres = 4.0

    def __post_init__(self) -> None:
        """Raise `ValueError` for a table that is none; reading a letter tells where it stands."""
        if not self.columns or not self.rows:
            raise ValueError("un tableau a au moins une colonne et une ligne")
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            cells = agree(len(self.columns), "cellule", "cellules")
            raise ValueError(f"chaque ligne de ce tableau a {cells}, comme il a de colonnes")


class Signature(_Part, frozen=True, tag="signature"):
    """Who signs: the practitioner, or the cabinet where none is named; `space_before` leaves room for a hand."""

    space_before: Millimetres = 2.0
    picture: PictureName | None = None
    """A signature that was scanned, above the name."""
    width: Annotated[float, Meta(ge=5, le=120)] = 45.0
    """The scanned signature's."""


class EachChild(_Part, frozen=True, tag="each_child"):
    """What is printed for each child of the household, with the child's own values, link and code."""

    blocks: "tuple[ChildBlock, ...]"


ChildBlock = Paragraph | WithCode | QrCode | SignInPicture | Picture | Table
Block = ChildBlock | Signature | EachChild


class PageSetup(_Part, frozen=True):
    """Where the letter stands. Address, date and folds follow from the envelope (`merge.letters.geometry`)."""

    window: Window = Window.DL_RIGHT
    left: Millimetres = 20.0
    right: Millimetres = 190.0
    body_top: Millimetres | None = None
    """Where the text begins on the first page; None for right below the address and date."""
    body_bottom: Millimetres = 276.0
    next_top: Millimetres = 25.0
    """Where the text begins and ends on the second page and those that follow."""
    next_bottom: Millimetres = 276.0
    max_pages: Annotated[int, Meta(ge=1, le=20)] = 10
    """A letter that needs more is refused; 1 keeps it on one sheet."""
    page_numbers: bool = True
    """« 2/3 », on letters of several pages only."""
    leading: Annotated[float, Meta(ge=1, le=3)] = 1.42
    """Distance of two lines, in type sizes."""
    fold_marks: bool = True

    def __post_init__(self) -> None:
        """Raise `ValueError` for margins that leave no room for text."""
        if self.right - self.left < _LEAST_WIDTH:
            raise ValueError(f"entre les marges, il reste moins de {_LEAST_WIDTH} mm pour le texte")
        tops = (self.body_top or 0.0, self.body_bottom), (self.next_top, self.next_bottom)
        if any(bottom - top < _LEAST_HEIGHT for top, bottom in tops):
            raise ValueError(f"entre le haut et le bas du texte, il reste moins de {_LEAST_HEIGHT} mm")


_LEAST_WIDTH, _LEAST_HEIGHT = 60, 40


class Letterhead(_Part, frozen=True):
    """The top of the page: a logo or none, the cabinet's title, and lines of facts with a point between them.

    A fact whose fields are empty is left out; a label (« Tél. ») is left out where the zone has its own.
    """

    title: str
    lines: tuple[tuple[str, ...], ...] = ()
    logo: bool = True
    picture: PictureName | None = None
    """The cabinet's own logo; None for ours."""


class LetterTemplate(_Part, frozen=True):
    """A whole letter."""

    title: str
    """The document's title, also a person's name for the letter in lists."""
    letterhead: Letterhead
    place_and_date: str
    blocks: tuple[Block, ...]
    references: tuple[Paragraph, ...] = ()
    """Lines beside the window: the dossier's number, the patient."""
    footer: str = ""
    page: PageSetup = PageSetup()

    def pictures(self) -> tuple[str, ...]:
        """The names of the picture files that the letter shows, each once."""
        named = [self.letterhead.picture] if self.letterhead.logo else []
        for block in self.blocks:
            for one in block.blocks if isinstance(block, EachChild) else (block,):
                if isinstance(one, Picture):
                    named.append(one.file)
                elif isinstance(one, Signature):
                    named.append(one.picture)
        return tuple(dict.fromkeys(name for name in named if name))

    def speaks_of_each_child(self) -> bool:
        """Whether something of it repeats for every child of a household: one letter does for all of them then."""
        repeats = f"@{OPEN}"
        return any(
            isinstance(block, EachChild)
            or (isinstance(block, Table) and any(row.each_child for row in block.rows))
            or (isinstance(block, Paragraph) and any(repeats in run.text for run in block.runs))
            for block in self.blocks
        )


@dataclass(frozen=True)
class LetterSet:
    """The letters of one campaign, by whom they speak to."""

    child: LetterTemplate
    adult: LetterTemplate
    pictures: Pictures = field(default_factory=dict)
    """The pictures that they show (`LetterTemplate.pictures`, `merge.letters.pictures.read_pictures`)."""
    family: LetterTemplate | None = None
    """To a parent of several children; None where each child has a letter of its own."""

    def letter_for(self, audience: Audience) -> LetterTemplate:
        if audience is Audience.FAMILY:
            return self.family or self.child
        return self.adult if audience is Audience.ADULT else self.child
