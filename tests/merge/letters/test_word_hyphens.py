"""Optional hyphens stand exactly where the printed lines divide words."""

import pytest

from merge.letters.typography import Piece, Style
from merge.letters.word_hyphens import divided

BOLD = Style(size=12.0)


def text_of(lines: list[list[Piece]]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def test_a_divided_word_gets_an_optional_hyphen_and_a_compound_keeps_its_own() -> None:
    typed = [[Piece("Le traitement, rendez-", Style()), Piece("vous après rendez-vous", BOLD)]]
    set_lines = ["Le trai-", "tement, rendez-", "vous après rendez-", "vous"]
    made = divided(typed, set_lines)
    assert text_of(made) == ["Le trai\u00adtement, rendez-vous après rendez-vous"]
    assert [piece.style for piece in made[0]] == [Style(), BOLD]


def test_typed_lines_take_up_their_own_set_lines() -> None:
    typed = [[Piece("Un traitement", Style())], [], [Piece("traitement", Style())]]
    assert text_of(divided(typed, ["Un trai-", "tement", "", "traite-", "ment"])) == [
        "Un trai\u00adtement",
        "",
        "traite\u00adment",
    ]


@pytest.mark.parametrize("lines", [["autre chose"], ["Un", "traitements"], []])
def test_lines_that_say_something_else_change_nothing(lines: list[str]) -> None:
    assert text_of(divided([[Piece("Un traitement", Style())]], lines)) == ["Un traitement"]
