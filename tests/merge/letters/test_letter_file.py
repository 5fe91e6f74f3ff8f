"""Letter files: everything that a letter may hold can be written by hand, and what is wrong is told with its place."""

import msgspec
import pytest

from app.mailing.letter.file import letter_toml
from merge.letters.geometry import Window
from merge.letters.letter_file import LetterFormatError, read_letter
from merge.letters.model import Column, EachChild, Paragraph, Picture, QrCode, Run, Signature, Table, WithCode

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


def test_the_mark_and_line_ends_of_an_editor_of_windows_change_nothing() -> None:
    written = (HEAD + BLOCKS).replace("\n", "\r\n")
    assert read_letter(written.encode("utf-8-sig")) == read_letter((HEAD + BLOCKS).encode())


def test_a_letter_whose_logo_is_not_shown_needs_no_file_for_it() -> None:
    letter = read_letter((HEAD + BLOCKS).encode())
    plain = msgspec.structs.replace(letter.letterhead, logo=False)
    assert "logo.png" not in msgspec.structs.replace(letter, letterhead=plain).pictures()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('type = "paragraph"\nruns = []\ncolour = "red"', "dans « blocks[1] », la clé « colour » n’existe pas"),
        (
            'type = "paragraph"\nruns = [{ text = "x", colour = "red" }]',
            "« blocks[1].runs[1].colour » n’a pas la forme voulue",
        ),
        (
            'type = "paragraph"\nruns = [{ text = "x", size = 200.0 }]',
            "« blocks[1].runs[1].size » doit être un nombre d’au plus 72",
        ),
        ('type = "paragraph"', "dans « blocks[1] », il manque la clé « runs »"),
        ('type = "picture"\nfile = "../secret.png"\nwidth = 10.0', "« blocks[1].file » n’a pas la forme voulue"),
        ('type = "picture"\nfile = "C:logo.png"\nwidth = 10.0', "« blocks[1].file » n’a pas la forme voulue"),
        ('type = "qr_code"\nside = 8.0', "« blocks[1].side » doit être un nombre d’au moins 20"),
        ('type = "qr_code"\nalign = "top"', "« blocks[1].align » vaut « top », qui n’est pas possible"),
        ('type = "paragraph"\nruns = 3', "« blocks[1].runs » doit être une liste"),
        (
            'type = "table"\ncolumns = []\nrows = []',
            "dans « blocks[1] », un tableau a au moins une colonne et une ligne",
        ),
        (
            'type = "table"\ncolumns = [{ width = 10.0 }]\nrows = [{ cells = [] }]',
            "dans « blocks[1] », chaque ligne de ce tableau a 1 cellule, comme il a de colonnes",
        ),
        (
            'type = "each_child"\nblocks = [{ type = "signature" }]',
            "« blocks[1].blocks[1].type » vaut « signature », qui n’est pas possible",
        ),
        ('type = "paragraph"\nruns = []\ncode = "whit"', "dans « blocks[1] », la clé « code » n’existe pas"),
        (
            'type = "paragraph"\ncode = "with"\nruns = []\n[[blocks]]\ntype = "heading"',
            "« blocks[2].type » vaut « heading », qui n’est pas possible",
        ),
    ],
)
@pytest.mark.parametrize("with_code", [True, False])
def test_what_is_wrong_is_told_in_french_with_its_place(wrong: str, told: str, with_code: bool) -> None:
    with pytest.raises(LetterFormatError) as refused:
        read_letter(f"{HEAD}\n[[blocks]]\n{wrong}".encode(), with_code=with_code)
    assert refused.value.what.replace("\u00a0", " ") == f"Le modèle de lettre ne peut pas être lu : {told}."
    assert refused.value.todo == "Corrigez-le, ou revenez au modèle livré avec WebOrtho."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'title = "x', "ce n’est pas un fichier TOML valable, ligne 1, colonne 11."),
        (b"x = " + b"1" * 5000, "ce n’est pas un fichier TOML valable."),
        (b"\xff\xfe", "ce n’est pas du texte en UTF-8."),
        (b"blocks = 3", "« blocks » doit être une liste."),
        (b"blocks = [3]", "« blocks[1] » doit être une table."),
    ],
)
def test_what_is_no_letter_at_all_is_told_so(data: bytes, told: str) -> None:
    rest = HEAD.encode() if data.startswith(b"blocks") else b""
    with pytest.raises(LetterFormatError) as refused:
        read_letter(data + b"\n" + rest)
    assert refused.value.what.replace("\u00a0", " ").endswith(told)


def test_a_letter_has_a_version_for_portals_without_links() -> None:
    document = (
        HEAD
        + """
[[blocks]]
type = "with_code"
[[blocks.paragraphs]]
code = "with"
runs = [{ text = "Scannez" }]
[[blocks.paragraphs]]
code = "without"
runs = [{ text = "Allez sur le site" }]

[[blocks]]
type = "paragraph"
code = "with"
runs = [{ text = "Ce code est à vous" }]

[[blocks]]
type = "paragraph"
runs = [{ text = "Code", code = true }]
"""
    )
    scanned, code = Paragraph((Run("Scannez"),)), Paragraph((Run("Code", code=True),))
    assert read_letter(document.encode()).blocks == (
        WithCode((scanned,)),
        Paragraph((Run("Ce code est à vous"),)),
        code,
    )
    without = read_letter(document.encode(), with_code=False)
    assert without.blocks == (Paragraph((Run("Allez sur le site"),)), code)


def test_a_letter_with_a_code_and_no_other_version_keeps_it() -> None:
    """Without a link it is refused rather than printed with words about a code that is not there."""
    document = f'{HEAD}\n[[blocks]]\ntype = "with_code"\n[[blocks.paragraphs]]\nruns = [{{ text = "Scannez" }}]'
    assert read_letter(document.encode(), with_code=False).blocks == (WithCode((Paragraph((Run("Scannez"),)),)),)


@pytest.mark.parametrize("margins", ["left = 100.0\nright = 150.0", "body_top = 250.0", "next_bottom = 30.0"])
def test_margins_without_room_for_text_are_refused(margins: str) -> None:
    with pytest.raises(LetterFormatError, match="il reste moins de"):
        read_letter(f"{HEAD}{margins}\n{BLOCKS}".encode())
