"""Names in every script of our patients: printed as they are written, found as they are typed, or refused by name."""

import datetime as dt
import re
import unicodedata
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as hb
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from merge.letters.bidi import levels, visual_order
from merge.letters.characters import in_plain_words
from merge.letters.composer import Composer
from merge.letters.fonts import STAND_INS, Face, FontBook, MissingGlyph
from merge.letters.geometry import POINTS
from merge.letters.model import LetterSet
from merge.letters.shaping import Shaper
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.typography import Piece, Style, Typesetter
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, need

FONTS = FontBook()
TYPESETTER = Typesetter(FONTS)
STYLE = Style(Face.REGULAR, 11.0)
NAMES = [
    "Zoé Müller-Åkesson",
    "Nguyễn Thị Hằng",
    "Łukasz Wiśniewski",
    "Gökçe Çağlar İnönü",
    "Ștefan Țepeș",
    "Ştefan Ţepeş",
    "Ẹniọlá Adébáyọ",
    "Oʻzbek Gʻani",
    "Αλέξανδρος Παπαδόπουλος",
    "Людмила Щербакова",
    "Ґалаґан Їжакевич",
]
ARABIC = ["محمد العربي", "فاطمة الزهراء", "آرین گل", "لالة"]


def printed(tmp_path: Path, *texts: str, style: Style = STYLE) -> Path:
    """A PDF with a line for each text."""
    path = tmp_path / "noms.pdf"
    with path.open("wb") as file:
        canvas = StreamedCanvas(file, title="Noms", author="Essai", day=dt.date(2026, 1, 12))
        sheet = Sheet(canvas, FONTS)
        for index, text in enumerate(texts):
            sheet.text(20, 20 + 10 * index, text, style)
        canvas.showPage()
        canvas.save()
    return path


@pytest.mark.parametrize("face", [Face.REGULAR, Face.ITALIC, Face.SEMIBOLD, Face.MONO])
def test_a_printed_name_is_read_back_letter_by_letter(tmp_path: Path, face: Face) -> None:
    need("pdftotext")
    path = printed(tmp_path, *NAMES, style=Style(face, 11.0))
    assert Pages(path).lines() == NAMES


def test_letters_that_winansi_lacks_are_glyphs_of_the_same_face_and_every_line_is_as_wide_as_it_was_measured(
    tmp_path: Path,
) -> None:
    need("pdftotext")
    texts = ["Vœux (5\u00a0€) \\ «\u00a0Tél. à Évry\u00a0»", "Łukasz Żółć (Tav)"]
    path = printed(tmp_path, *texts)
    pages = Pages(path)
    shown = [line.strip(" ") for line in pages.text().splitlines() if line.strip()]
    assert shown == [line.replace("\u00a0", " ") for line in texts], "it is not found with plain spaces"
    lines = groupby(pages.words(), key=lambda word: round(word.top / 10))
    for text, (_, found) in zip(texts, lines, strict=True):
        words = list(found)
        assert words[-1].right - words[0].left == pytest.approx(TYPESETTER.width(text, STYLE) / POINTS, abs=0.05)
    with pikepdf.open(path) as document:
        fonts = document.pages[0].resources.Font.as_dict().values()
        assert sorted((str(font.Subtype), str(font.BaseFont).partition("+")[2]) for font in fonts) == [
            ("/TrueType", "Figtree-Regular"),
            ("/Type0", "Figtree-Regular"),
        ]


def test_a_line_that_is_as_good_as_full_has_numbers_that_every_printer_reads() -> None:
    """PDF has no exponents (ISO 32000-1, 7.3.3)."""
    canvas = StreamedCanvas(BytesIO(), title="Noms", author="Essai", day=dt.date(2026, 1, 12))
    line = replace(TYPESETTER.one_line((Piece("Chère Łucja et", STYLE), Piece(" vous", STYLE))), stretch=1e-9)
    plain = replace(TYPESETTER.one_line((Piece("Chère Lucie et vous", STYLE),)), stretch=1e-9)
    for one in (line, plain):
        assert_readable(Sheet(canvas, FONTS).line_operators(0, 0, one))


@pytest.mark.parametrize("name", ["Bọ\u0300lá", "m\u0302ọ\u0300", "Ẹ\u0300kọ\u0301"])
def test_accents_that_follow_each_other_have_numbers_that_every_printer_reads(name: str) -> None:
    canvas = StreamedCanvas(BytesIO(), title="Noms", author="Essai", day=dt.date(2026, 1, 12))
    assert_readable(Sheet(canvas, FONTS).line_operators(0, 0, TYPESETTER.one_line((Piece(name, STYLE),))))


def assert_readable(operators: str) -> None:
    """Between two pieces of text stand numbers, and spaces between them."""
    numbers = re.findall(r"[\])>]\s*(-?[\d.][^(<\]]*?)[(<\]]", operators)
    assert numbers
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for between in numbers for number in between.split())


def test_each_part_of_a_face_has_a_name_of_its_own_so_that_files_can_be_joined(tmp_path: Path) -> None:
    names: list[str] = []
    for text in ("Lucie", "Łucja", "Alice", "Alice"):
        with pikepdf.open(printed(tmp_path, text)) as document:
            names += [str(font.BaseFont) for font in document.pages[0].resources.Font.as_dict().values()]
    assert [bool(re.fullmatch(r"/[A-Z]{6}\+Figtree-Regular", name)) for name in names] == [True] * 4
    assert len(set(names)) == 3, "the same part has the same name"


@pytest.mark.parametrize("face", [face for face in Face if "Arabic" not in face])
def test_an_embedded_face_tells_readers_whether_it_leans_and_whether_all_its_letters_are_equally_wide(
    tmp_path: Path, face: Face
) -> None:
    """ISO 32000-1, table 123: bits 1 and 7; bit 3 for codes of the font's own, bit 6 for those of WinAnsi."""
    with pikepdf.open(printed(tmp_path, "Lucie", "Łucja", style=Style(face, 11.0))) as document:
        fonts = document.pages[0].resources.Font.as_dict().values()
        kinds = {str(font.Subtype): font.get("/DescendantFonts", [font])[0] for font in fonts}
        flags = {kind: int(font.FontDescriptor.Flags) for kind, font in kinds.items()}
    expected = (64 if "Italic" in face else 0) + (1 if "Mono" in face else 0)
    assert flags == {"/TrueType": expected + 32, "/Type0": expected + 4}


def test_arabic_names_are_read_back_in_the_order_of_speech(tmp_path: Path) -> None:
    need("pdftotext")
    marks = dict.fromkeys(map(ord, "\u202a\u202b\u202c"))
    lines = [line.translate(marks) for line in Pages(printed(tmp_path, *ARABIC)).lines()]
    assert lines == ARABIC


def test_a_decomposed_name_is_printed_as_the_composed_one() -> None:
    canvas = StreamedCanvas(BytesIO(), title="", author="", day=dt.date(2026, 1, 12))
    sheet = Sheet(canvas, FONTS)
    for name in [*NAMES, *ARABIC]:
        composed, decomposed = (
            TYPESETTER.one_line([Piece(unicodedata.normalize(form, name), STYLE)]) for form in ("NFC", "NFD")
        )
        assert composed.width == pytest.approx(decomposed.width)
        assert sheet.line_operators(10, 10, composed) == sheet.line_operators(10, 10, decomposed)


def test_presentation_forms_and_invisible_controls_do_not_change_a_name() -> None:
    shaper = Shaper(FONTS)
    plain = shaper.line([("محمد", Face.REGULAR)])
    assert shaper.line([("\u200f\ufee3\ufea4\ufee4\ufeaa\u200e", Face.REGULAR)]) == plain


def shaped(word: str, face: Face, direction: str) -> list[tuple[int, int]]:
    """HarfBuzz's own glyphs and advances, from left to right."""
    buffer = hb.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    buffer.direction = direction
    hb.shape(hb.Font(hb.Face(FONTS[face].data)), buffer)
    return [
        (info.codepoint, position.x_advance)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def test_arabic_letters_take_the_forms_that_join_and_stand_from_right_to_left(tmp_path: Path) -> None:
    """What the page shows, glyph by glyph, is what HarfBuzz shapes: same outlines, same advances, same order."""
    path = printed(tmp_path, "Patient : محمد العربي à Dijon")
    with pikepdf.open(path) as document:
        fonts = document.pages[0].resources.Font.as_dict()
        name, font = next((name, font) for name, font in fonts.items() if "Arabic" in str(font.BaseFont))
        descendant = font.DescendantFonts[0]
        places = descendant.CIDToGIDMap.read_bytes()
        outlines = hb.Font(hb.Face(descendant.FontDescriptor.FontFile2.read_bytes()))
        codes: list[int] = []
        current, moved = "", 0.0
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            if str(operator) == "Tf":
                current = str(operands[0])
            elif str(operator) == "TJ" and current == name:
                for item in operands[0]:
                    if isinstance(item, pikepdf.String):
                        codes.append(int.from_bytes(bytes(item), "big"))
                    else:
                        moved -= float(item)
    wanted = [*shaped("العربي", Face.ARABIC, "rtl"), *shaped("محمد", Face.ARABIC, "rtl")]
    full = hb.Font(hb.Face(FONTS[Face.ARABIC].data))
    shown = [int.from_bytes(places[2 * code : 2 * code + 2], "big") for code in codes]
    assert [outlines.get_glyph_extents(glyph) for glyph in shown] == [
        full.get_glyph_extents(glyph) for glyph, _ in wanted
    ]
    advanced = sum(outlines.get_glyph_h_advance(glyph) for glyph in shown) + moved
    assert advanced == pytest.approx(sum(advance for _, advance in wanted))
    assert len({glyph for glyph, _ in wanted}) > len(set("العربيمحمد")) - 2, "the letters were not joined"


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        ("Dossier 12", "Dossier 12"),
        ("a אב c", "a בא c"),
        ("né le 3 : אב גד.", "né le 3 : דג בא."),
        ("אב 12 גד", "דג 12 בא"),
        ("a (אב) c", "a (בא) c"),
        ("אב (גד) ה", "ה (דג) בא"),
        ("אב, ca, גד", "בא, ca, דג"),
        ("12 אב", "12 בא"),
    ],
)
def test_right_to_left_words_stand_as_the_annex_says(read: str, seen: str) -> None:
    """Seen by the reference: python-bidi 0.6 orders these, and 60,000 random lines, alike."""
    mirrored = {"(": ")", ")": "("}
    turned = [
        mirrored.get(character, character) if level % 2 else character
        for character, level in zip(read, levels(read), strict=True)
    ]
    assert "".join(visual_order(turned, levels(read))) == seen


@given(st.text("ab 12,.-(אבح", max_size=20))
def test_ordering_loses_no_character(text: str) -> None:
    assert sorted(visual_order(text, levels(text))) == sorted(text)
    if not any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        assert "".join(visual_order(text, levels(text))) == text


def test_a_word_is_never_set_in_two_faces_when_one_has_it() -> None:
    stretches = Shaper(FONTS).line([("Nguyễn Van 12", Face.REGULAR)])
    assert [(stretch.text, stretch.face) for stretch in stretches] == [
        ("Nguyễn", Face.NOTO),
        (" Van 12", Face.REGULAR),
    ]


def test_every_print_face_has_stand_ins_that_have_every_name() -> None:
    stand_ins = {face for faces in STAND_INS.values() for face in faces}
    assert set(Face) == STAND_INS.keys() | stand_ins
    for face in STAND_INS:
        for name in [*NAMES, *ARABIC]:
            assert TYPESETTER.width(name, Style(face, 11.0)) > 0


def test_an_accent_that_no_letter_of_unicode_holds_is_placed_by_a_face_that_can() -> None:
    [stretch] = Shaper(FONTS).line([("m\u0302", Face.REGULAR)])
    letter, accent = stretch.glyphs
    assert stretch.face is Face.NOTO
    assert accent.advance == 0
    assert -letter.advance < accent.x < 0


def test_a_line_in_two_scripts_is_as_wide_as_its_words_and_is_broken_and_justified_as_any_other() -> None:
    text = " ".join(NAMES * 4)
    lines = TYPESETTER.lines([Piece(text, STYLE)], 480, justify=True)
    assert " ".join(line.text for line in lines) == text
    for line in lines[:-1]:
        assert line.width + line.stretch * line.text.count(" ") == pytest.approx(480)
        assert sum(stretch.width for _, stretch in TYPESETTER.visual(line)) * 0.011 == pytest.approx(line.width)


def test_only_the_faces_and_glyphs_that_are_used_are_in_the_file(tmp_path: Path) -> None:
    plain = printed(tmp_path, "Zoé Müller").stat().st_size
    path = printed(tmp_path, "Zoé Müller", "Nguyễn")
    with pikepdf.open(path) as document:
        fonts = document.pages[0].resources.Font.as_dict().values()
        assert sorted(str(font.BaseFont).partition("+")[2] for font in fonts) == ["Figtree-Regular", "NotoSans-Regular"]
    assert path.stat().st_size - plain < 6000


def test_the_same_names_give_the_same_bytes(tmp_path: Path) -> None:
    first = printed(tmp_path, *NAMES, *ARABIC).read_bytes()
    assert printed(tmp_path, *NAMES, *ARABIC).read_bytes() == first


@pytest.mark.parametrize(
    ("name", "character", "words"),
    [
        ("Lina 漢", "漢", "idéogramme chinois, japonais ou coréen"),
        ("Lina אב", "א", "lettre hébraïque"),
        ("Lina 😀", "😀", "pictogramme"),
        ("Lina ᚠ", "ᚠ", "lettre rare"),
        ("Nguyễnア", "ア", "lettre japonaise"),
    ],
)
def test_what_no_face_has_is_refused_by_character_and_patient(
    record: RecordMaker, letters: LetterSet, name: str, character: str, words: str
) -> None:
    with pytest.raises(MissingGlyph) as missing:
        TYPESETTER.one_line([Piece(name, STYLE)])
    assert missing.value.character == character
    assert in_plain_words(character) == words
    [problem] = Composer(letters).check(record(patient={"first_name": name}, cabinet=CABINET))
    assert problem.code == "glyph"
    assert (
        f"Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: le caractère «\u00a0{character}\u00a0» ({words}, U+" in problem.sentence
    )
