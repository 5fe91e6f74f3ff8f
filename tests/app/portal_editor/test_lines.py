"""A zone's HTML as lines and back: what a patient sees stays, and the same text is always written alike."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.portal_editor.lines import Line, Run, canonical, length, parse, write
from portal.pages.rich_text import COLOURS, clean_html, plain_lines
from portal.pages.settings import demo_settings

TEXT = st.text(st.sampled_from('abcé’<>&" \u00a0:'), max_size=8)
RUNS = st.builds(
    Run,
    TEXT,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", *COLOURS]),
    st.sampled_from(["", "https://exemple.fr/?a=1&b=2", "tel:+33353012121"]),
)
LINES = st.lists(st.builds(Line, st.lists(RUNS, max_size=3).map(tuple), st.sampled_from(["", "ul", "ol"])), max_size=5)


@pytest.mark.parametrize("zone", msgspec.structs.astuple(demo_settings().zones))
def test_the_demo_cabinets_texts_are_written_as_they_were(zone: str) -> None:
    assert canonical(zone) == zone


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>Un</p><p>Deux</p>", "<p>Un</p><p>Deux</p>"),
        ("<p>Un</p>", "Un"),
        ("Un<br><br>Deux", "<p>Un</p><p>Deux</p>"),
        ("<b>Un</b> <i>deux</i>", "<strong>Un</strong> <em>deux</em>"),
        ("<ul><li>Un<br>encore</li><li>Deux</li></ul>Fin", "<ul><li>Un<br>encore</li><li>Deux</li></ul><p>Fin</p>"),
        ('<span class="couleur-rouge autre">Un</span>', '<span class="couleur-rouge">Un</span>'),
        ("<script>alert(1)</script>Un", "Un"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<p></p><p> </p>", ""),
    ],
)
def test_a_text_has_one_way_to_be_written(html: str, written: str) -> None:
    assert canonical(html) == written


@given(LINES)
def test_what_is_written_is_clean_and_reads_back_the_same(lines: list[Line]) -> None:
    html = write(lines)

    assert clean_html(html) == html
    assert canonical(html) == html
    said = "".join("".join(line.text.split()) for line in lines)
    assert "".join("".join(line.split()) for line in plain_lines(html)) == said


def test_only_what_a_patient_reads_is_counted() -> None:
    assert length('<strong>Lundi</strong><br><a href="tel:+33353012121">Mardi</a>') == len("Lundi\nMardi")
    assert length("") == 0


def test_a_style_spans_the_words_it_was_given_to() -> None:
    (line,) = parse("Bonjour <strong>à <em>tous</em></strong>")

    assert line.runs == (Run("Bonjour "), Run("à ", bold=True), Run("tous", bold=True, italic=True))
