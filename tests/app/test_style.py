"""The look: the design language's colours and fonts, and one style sheet without a hole."""

import re

from PySide6.QtGui import QFontInfo, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication

from app import style
from app.widgets.labels import code, label


def test_the_design_language_s_colours_are_readable_on_their_grounds() -> None:
    """WCAG 2.2 AA: 4.5 for text."""
    for ink, ground in (
        ("encre", "fond"),
        ("encre2", "surface"),
        ("encre2", "puits"),
        ("canard", "surface"),
        ("sur-canard", "canard"),
        ("bande-texte", "bande"),
        ("canard-100", "bande"),
        ("surface", "bande-choix"),
        ("abricot", "bande-choix"),
        ("sur-abricot", "abricot"),
        ("abricot-encre", "abricot-100"),
        ("ok", "ok-100"),
        ("alerte", "alerte-100"),
        ("erreur", "erreur-100"),
        ("canard", "canard-100"),
    ):
        wanted = 3.0 if (ink, ground) == ("abricot", "bande-choix") else 4.5
        assert _contrast(ink, ground) >= wanted, (ink, ground)


def test_our_own_fonts_are_the_ones_that_are_drawn(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == style.TEXT_FAMILY
    assert QFontInfo(style.font(18, code=True)).family() == style.CODE_FAMILY
    shown = code("5312", 18)
    shown.ensurePolished()
    assert QFontInfo(shown.font()).family() == style.CODE_FAMILY


def test_figures_in_tables_have_one_width(qapp: QApplication) -> None:
    metrics = QFontMetrics(style.font(40))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_no_token_of_the_style_sheet_is_left_over(qapp: QApplication) -> None:
    assert re.search(r"@[a-z]", qapp.styleSheet()) is None
    assert style.TOKENS["canard"] in qapp.styleSheet()


def test_a_role_can_change_while_the_widget_is_shown(qapp: QApplication) -> None:
    words = label("Portail en ligne", "aid")
    words.ensurePolished()
    before = words.font().pixelSize()
    style.set_role(words, "title")
    assert words.font().pixelSize() > before


def test_an_icon_is_drawn_in_its_colour_at_any_size(qapp: QApplication) -> None:
    for px in (14, 20, 64):
        picture = style.pixmap("house", "canard", px=px, fill=True).toImage()
        assert max(picture.width(), picture.height()) == px
        assert style.colour("canard").name() in _colours(picture)
        # In the middle of its place, not cut at an edge.
        assert not {picture.pixelColor(0, y).alpha() for y in range(px)} - {0}


def _colours(picture: QImage) -> set[str]:
    return {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(token: str) -> float:
    channels = style.colour(token)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channels.redF(), channels.greenF(), channels.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
