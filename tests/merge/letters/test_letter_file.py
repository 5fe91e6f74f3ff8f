"""Letter files: everything that a letter may hold can be written by hand, and what is wrong is told with its place."""

import msgspec
import pytest

from app.mailing.letter.file import letter_toml
from merge.letters.geometry import Window
from merge.letters.model import (
    Column,
    EachChild,
    LetterFormatError,
    Paragraph,
    Picture,
    QrCode,
    Run,
    Signature,
    Table,
    read_letter,
)

HEAD = """\
title = "Lettre d’essai"
place_and_date = "le @DATE"

[letterhead]
title = "@TITRE"
picture = "logo.png"

[page]
window = "c5-left"
max_pages = 3
"""
BLOCKS = """
[[blocks]]
type = "paragraph"
align = "centre"
space_before = 3.0
keep_with_next = true
runs = [{ text = "Vos ", italic = true }, { text = "soins", underline = true, colour = "#B45A10", size = 14.0 }]

[[blocks]]
type = "paragraph"
item = "number"
start = 3
runs = [{ text = "Apportez votre carte" }]

[[blocks]]
type = "table"
columns = [{ width = 40.0 }, { width = 60.0, unit = "%", align = "right" }]
rules = "grid"

[[blocks.rows]]
cells = [{ runs = [{ text = "Enfant" }] }, { runs = [{ text = "Identifiant" }], align = "centre" }]

[[blocks.rows]]
each_child = true
cells = [{ runs = [{ text = "@PPREN" }] }, { runs = [{ text = "@ORDRE", code = true }] }]

[[blocks]]
type = "each_child"

[[blocks.blocks]]
type = "qr_code"
side = 25.0

[[blocks.blocks]]
type = "picture"
file = "bagues.jpg"
width = 60.0

[[blocks]]
type = "signature"
picture = "signature.png"
"""


def test_a_letter_file_may_hold_all_that_a_letter_does() -> None:
    letter = read_letter((HEAD + BLOCKS).encode())
    title, item, table, children, signature = letter.blocks
    assert letter.page.window is Window.C5_LEFT
    assert title == Paragraph(
        (Run("Vos ", italic=True), Run("soins", underline=True, colour="#B45A10", size=14.0)),
        align="centre",
        space_before=3.0,
        keep_with_next=True,
    )
    assert isinstance(item, Paragraph)
    assert (item.item, item.start) == ("number", 3)
    assert isinstance(table, Table)
    assert table.columns[1] == Column(60.0, "%", "right")
    assert [row.each_child for row in table.rows] == [False, True]
    assert children == EachChild((QrCode(side=25.0), Picture("bagues.jpg", 60.0)))
    assert signature == Signature(picture="signature.png")
    assert letter.pictures() == ("logo.png", "bagues.jpg", "signature.png")


def test_what_is_written_is_read_again() -> None:
    letter = read_letter((HEAD + BLOCKS).encode())
    assert read_letter(letter_toml(letter)) == letter


def test_a_letter_whose_logo_is_not_shown_needs_no_file_for_it() -> None:
    letter = read_letter((HEAD + BLOCKS).encode())
    plain = msgspec.structs.replace(letter.letterhead, logo=False)
    assert "logo.png" not in msgspec.structs.replace(letter, letterhead=plain).pictures()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('type = "paragraph"\nruns = []\ncolour = "red"', "colour"),
        ('type = "paragraph"\nruns = [{ text = "x", colour = "red" }]', r"`\$\.blocks\[0\]\.runs\[0\]\.colour`"),
        ('type = "paragraph"\nruns = [{ text = "x", size = 200.0 }]', r"`\$\.blocks\[0\]\.runs\[0\]\.size`"),
        ('type = "picture"\nfile = "../secret.png"\nwidth = 10.0', r"`\$\.blocks\[0\]\.file`"),
        ('type = "picture"\nfile = "C:logo.png"\nwidth = 10.0', r"`\$\.blocks\[0\]\.file`"),
        ('type = "qr_code"\nside = 8.0', r"`\$\.blocks\[0\]\.side`"),
        ('type = "table"\ncolumns = []\nrows = []', "un tableau a au moins une colonne"),
        (
            'type = "table"\ncolumns = [{ width = 10.0 }]\nrows = [{ cells = [] }]',
            r"chaque ligne de ce tableau a 1 cellules.*`\$\.blocks\[0\]`",
        ),
        ('type = "each_child"\nblocks = [{ type = "signature" }]', "signature"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(wrong: str, told: str) -> None:
    with pytest.raises(LetterFormatError, match=told):
        read_letter(f"{HEAD}\n[[blocks]]\n{wrong}".encode())


@pytest.mark.parametrize("margins", ["left = 100.0\nright = 150.0", "body_top = 250.0", "next_bottom = 30.0"])
def test_margins_without_room_for_text_are_refused(margins: str) -> None:
    with pytest.raises(LetterFormatError, match="il reste moins de"):
        read_letter(f"{HEAD}{margins}\n{BLOCKS}".encode())
