"""French typography, and lines that keep their text and their width."""

import datetime as dt
import re
from io import BytesIO

import pytest
import uharfbuzz as hb
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from merge.letters.fonts import STAND_INS, Face, FontBook, MissingGlyph
from merge.letters.geometry import PAGE_HEIGHT, POINTS
from merge.letters.orthotypography import french
from merge.letters.sheet import Sheet
from merge.letters.stream import StreamedCanvas
from merge.letters.typography import DoesNotFit, Piece, Style, Typesetter, hyphenations

FONTS = FontBook()
TYPESETTER = Typesetter(FONTS)
STYLE = Style(Face.REGULAR, 11.0)
TEXT = (
    "Dans le cadre d’un meilleur suivi orthodontique, vous pouvez désormais consulter votre dossier en ligne : "
    "prochains rendez-vous, échéancier, honoraires, naturellement."
)


def test_a_line_never_begins_with_a_mark_or_ends_with_an_opening_quote() -> None:
    pieces = [Piece(french("Voici le code « dijon21 » : est-il juste ?"), STYLE)]
    for width in range(60, 300):
        for line in TYPESETTER.lines(pieces, width):
            assert line.text[0] not in ":?»"
            assert line.text[-1] != "«"


def test_names_are_never_divided_and_words_never_next_to_their_ends() -> None:
    assert hyphenations("Montpellier") == []
    places = hyphenations("orthodontique")
    assert places
    assert all(3 <= place <= len("orthodontique") - 3 for place in places)


def test_hyphenation_fills_lines_and_loses_no_letter() -> None:
    plain = TYPESETTER.lines([Piece(TEXT, STYLE)], 150)
    divided = TYPESETTER.lines([Piece(TEXT, STYLE)], 150, hyphenate=True)
    assert any(line.text.endswith("-") for line in divided)
    assert len(divided) <= len(plain)
    whole = "".join(line.text.removesuffix("-") for line in divided).replace(" ", "")
    assert whole == TEXT.replace(" ", "").replace("rendez-vous", "rendez-vous")


def test_every_justified_line_but_the_last_ends_at_the_column() -> None:
    *full, last = TYPESETTER.lines([Piece(TEXT, STYLE)], 250, justify=True, hyphenate=True)
    assert len(full) >= 3
    for line in full:
        assert line.width + line.stretch * line.text.count(" ") == pytest.approx(250)
    assert last.stretch == 0


def test_a_compound_is_cut_after_its_hyphen_but_one_letter_does_not_stay_alone() -> None:
    for words, parts in (("un rendez-vous", ["un rendez-", "vous"]), ("un bel e-mail", ["un bel", "e-mail"])):
        room = TYPESETTER.width(words, STYLE) - 1
        assert [line.text for line in TYPESETTER.lines([Piece(words, STYLE)], room)] == parts


def test_a_line_whose_spaces_would_become_holes_stays_ragged() -> None:
    text = "anticonstitutionnellement un orthodontiquement parlant incompréhensiblement"
    lines = TYPESETTER.lines([Piece(text, STYLE)], 165, justify=True)
    assert len(lines) == 3
    assert all(line.stretch == 0 and line.width < 150 for line in lines)
    space = TYPESETTER.width(" ", STYLE)
    for width in range(150, 400, 7):
        for line in TYPESETTER.lines([Piece(TEXT, STYLE)], width, justify=True):
            assert line.stretch <= 2 * space + 1e-6


def test_justified_lines_are_more_even_than_full_ones() -> None:
    """Knuth and Plass look at all lines together: the loosest of them is less loose than line by line."""
    text = french(TEXT + " " + TEXT.lower() + " " + TEXT.lower())
    gained = 0.0
    for width in range(220, 420, 4):
        even = TYPESETTER.lines([Piece(text, STYLE)], width, justify=True, hyphenate=True)
        full = TYPESETTER.lines([Piece(text, STYLE)], width, hyphenate=True)
        loosest = [max((width - line.width) / line.text.count(" ") for line in lines[:-1]) for lines in (even, full)]
        gained += loosest[1] - loosest[0]
    assert gained > 0


def test_no_three_lines_in_a_row_and_no_last_word_are_divided() -> None:
    words = "consultation naturellement orthodontique régulièrement appareillage traitement renseignement"
    text = " ".join([words] * 4)
    for width in range(100, 220, 5):
        for justify in (True, False):
            lines = TYPESETTER.lines([Piece(text, STYLE)], width, hyphenate=True, justify=justify)
            ends = "".join("-" if line.text.endswith("-") else "." for line in lines)
            assert "---" not in ends
            assert lines[-1].text.split()[-1] == "renseignement"


@pytest.mark.parametrize(
    "whole",
    [
        "www.orthodontie.exemple.fr",
        "jeanne@orthodontie.fr",
        "Orthodontique",
        "NATURELLEMENT",
        "dijon21abcdef",
        "12\u00a0kilomètres",
    ],
)
def test_names_codes_amounts_and_addresses_are_never_divided(whole: str) -> None:
    assert hyphenations(whole) == []


@pytest.mark.parametrize("divisible", ["l’orthodontie", "«\u00a0naturellement\u00a0»,", "renseignements."])
def test_a_word_with_its_article_or_its_marks_may_be_divided(divisible: str) -> None:
    letters = re.search(r"\w{6,}", divisible)
    assert letters is not None
    places = hyphenations(divisible)
    assert places
    assert all(letters.start() + 3 <= place <= letters.end() - 3 for place in places)


def test_codes_are_not_divided_whatever_they_spell() -> None:
    code = Style(Face.MONO, 11.0)
    with pytest.raises(DoesNotFit):
        TYPESETTER.lines([Piece("naturellement oui", code)], 60, hyphenate=True)


@given(
    words=st.lists(st.text("abcdefghijklmnopqrstuvwxyzéèç’", min_size=1, max_size=12), min_size=1, max_size=40),
    width=st.floats(120, 400),
)
def test_lines_hold_the_whole_text_within_the_width(words: list[str], width: float) -> None:
    lines = TYPESETTER.lines([Piece(" ".join(words), STYLE)], width)
    assert " ".join(line.text for line in lines) == " ".join(words)
    assert all(line.width <= width + 1e-6 for line in lines)


def test_a_word_wider_than_the_column_is_refused() -> None:
    with pytest.raises(DoesNotFit) as refused:
        TYPESETTER.lines([Piece("court anticonstitutionnellement", STYLE)], 80)
    assert refused.value.text == "anticonstitutionnellement"


@pytest.mark.parametrize("text", ["AVATAR", "Tokyo", "L’Haÿ-les-Roses", "WAGNER Yvette", "5312apo"])
@pytest.mark.parametrize("face", list(STAND_INS))
def test_pair_kerning_is_what_harfbuzz_shapes(text: str, face: Face) -> None:
    font = hb.Font(hb.Face(FONTS[face].data))
    buffer = hb.Buffer()
    buffer.add_str(text.replace(" ", ""))
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"kern": True, "liga": False, "clig": False, "calt": False})
    shaped = sum(position.x_advance for position in buffer.glyph_positions)
    assert FONTS[face].width(text.replace(" ", "")) == pytest.approx(shaped, abs=len(text))


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(MissingGlyph) as missing:
        TYPESETTER.one_line([Piece("Zoé 😀", STYLE)])
    assert missing.value.character == "😀"
    assert FONTS[Face.REGULAR].missing("Zoé 😀漢😀") == "😀漢"


def test_underlined_words_have_one_bar_as_wide_as_themselves() -> None:
    marked = replace(STYLE, underline=True, colour="#0B5563")
    line = TYPESETTER.one_line([Piece("avant ", STYLE), Piece("deux mots", marked), Piece(" après", STYLE)])
    line = replace(line, stretch=2.0)
    canvas = StreamedCanvas(BytesIO(), title="", author="", day=dt.date(2026, 1, 12))
    operators = Sheet(canvas, FONTS).line_operators(100.0, 200.0, line)
    [(left, bottom, width, height)] = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", operators)
    baseline = PAGE_HEIGHT * POINTS - 200.0
    assert float(left) == pytest.approx(100.0 + TYPESETTER.width("avant ", STYLE) + 2.0, abs=0.01)
    assert float(width) == pytest.approx(TYPESETTER.width("deux mots", marked) + 2.0, abs=0.01)
    assert baseline - 3 < float(bottom) < float(bottom) + float(height) < baseline
