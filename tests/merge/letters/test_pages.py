"""Letters of several pages: nothing is lost, nothing leaves the margins, and what belongs together stays together."""

import io
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from merge.letters.composer import Composer, Letter
from merge.letters.flow import Strip, TooHigh, paginate, strips
from merge.letters.geometry import POINTS
from merge.letters.layout import Layout
from merge.letters.model import (
    Block,
    Cell,
    Column,
    EachChild,
    Letterhead,
    LetterSet,
    LetterTemplate,
    PageSetup,
    Paragraph,
    Picture,
    QrCode,
    Row,
    Run,
    Signature,
    Table,
    WithCode,
)
from merge.letters.output.writing import write_letters
from merge.letters.pictures import Pictures, print_picture
from merge.letters.setting import Cut, Item, Setting
from merge.letters.typography import SetLine
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker, make_record
from tests.merge.letters.conftest import CABINET, Pages, check_letter, need

SECRET = IssuedSecret("5312apo", "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3N")
SENTENCE = "Le traitement se suit au cabinet, rendez-vous après rendez-vous, avec votre enfant. "
PAGE = PageSetup()
ROOM = (PAGE.next_bottom - PAGE.next_top) * POINTS


def pictures() -> Pictures:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
    return {name: print_picture(name, drawn.getvalue()) for name in ("dessin.png", "signature.png")}


def letter_of(*blocks: Block, **page: object) -> LetterTemplate:
    setup = msgspec.structs.replace(PAGE, **page)
    return LetterTemplate("Essai", Letterhead("@TITRE"), "le @DATE", blocks, page=setup)


def text(words: str, **manner: object) -> Paragraph:
    return msgspec.structs.replace(Paragraph((Run(words),)), **manner)


def composed(record: MergeRecord, *blocks: Block, **page: object) -> Letter:
    template = letter_of(*blocks, **page)
    letter = Composer(LetterSet(template, template, pictures())).compose(record)
    assert isinstance(letter, Letter), letter
    return letter


def lines_of(letter: Letter) -> list[list[tuple[float, str]]]:
    """The lines of the text on each page, with their baselines in points, from top to bottom."""
    pages = []
    for page in letter.composition.pages:
        lines = [(placed.y, placed.x, placed.line.text) for placed in page.lines]
        for part, top, items, _ in page.static:
            placed = letter.layout.static[part].items[slice(*items)]
            lines += [(top + item.baseline, item.x, item.line.text) for item in placed]
        pages.append([(y, words) for y, _, words in sorted(lines)])
    return pages


@pytest.fixture
def usual(record: RecordMaker) -> MergeRecord:
    return record(cabinet=CABINET, secret=SECRET)


# Dividing a column


def setting(lines: int) -> Setting:
    items = tuple(Item(0.0, 12.0 * index + 9.0, SetLine((), 0.0)) for index in range(lines))
    return Setting(12.0 * lines + 6.0, items, depth=12.0 * lines, leading=12.0)


@st.composite
def columns(draw: st.DrawFn) -> list[Strip]:
    """Paragraphs of some lines, tables of some rows and pictures, of which some stay with what follows."""
    column: list[Strip] = []
    top = 0.0
    for part in range(draw(st.integers(1, 12))):
        kind, count, keep = draw(st.sampled_from("pti")), draw(st.integers(1, 15)), draw(st.booleans())
        if kind == "p":
            made = setting(count)
        elif kind == "t":
            rows = tuple(Cut(20.0 * row, 20.0 * row + 20.0, joined=row == 0 < count - 1) for row in range(count))
            made = Setting(20.0 * count + 8.0, depth=20.0 * count, rows=rows, header=True)
        else:
            made = Setting(13.0 * count, items=setting(1).items, depth=13.0 * count)
        column += strips(made, part, top, joined=keep)
        top += made.height
    return column


@given(columns(), st.floats(200.0, 400.0), st.floats(230.0, 400.0))
def test_every_strip_is_on_one_page_in_order_and_within_its_margins(
    column: list[Strip], first: float, room: float
) -> None:
    pages = paginate(column, first, room)
    assert [strip for page in pages for strip in page] == column
    for number, page in enumerate(pages):
        if not page:
            assert number == 0
            continue
        header = page[0].header
        origin = 0.0 if number == 0 else page[0].top - (header.bottom - header.top if header else 0.0)
        assert max(strip.bottom for strip in page) - origin <= (first if number == 0 else room) + 0.1


@given(columns(), st.floats(200.0, 400.0))
def test_a_page_ends_within_what_is_joined_only_where_that_fills_the_page(column: list[Strip], room: float) -> None:
    pages = paginate(column, room, room)
    for page in pages[:-1]:
        if page and page[-1].joined:
            assert all(strip.joined for strip in page)


@given(st.integers(2, 60), st.integers(3, 20))
def test_two_lines_of_a_paragraph_at_least_stay_on_either_side_of_a_break(count: int, held: int) -> None:
    pages = paginate(strips(setting(count), 0, 0.0, joined=False), 12.0 * held, 12.0 * held)
    assert sum(map(len, pages)) == count
    assert all(len(page) >= 2 for page in pages)


def test_what_no_page_holds_is_told() -> None:
    with pytest.raises(TooHigh) as high:
        paginate(strips(Setting(500.0, items=setting(1).items, depth=500.0), 0, 0.0, joined=False), 300.0, 400.0)
    assert high.value.excess == pytest.approx(100.0)


# Whole letters


@st.composite
def blocks(draw: st.DrawFn) -> Sequence[Block]:
    made: list[Block] = []
    for number in range(draw(st.integers(1, 14))):
        words = f"Alinéa {number} de @PPREN. " + SENTENCE * draw(st.integers(0, 12))
        kind = draw(st.sampled_from(["text", "text", "title", "item", "table", "picture", "code"]))
        if kind == "table":
            rows = [f"ligne {number}.{row} " + SENTENCE * (row % 3) for row in range(draw(st.integers(1, 25)))]
            made.append(Table((Column(100.0, "%"),), tuple(Row((Cell((Run(row),)),)) for row in rows)))
        elif kind == "picture":
            made.append(Picture("dessin.png", draw(st.integers(20, 150))))
        elif kind == "code":
            made.append(WithCode((text(words),)))
        elif kind == "item":
            made.append(text(words, item="number", align="justified"))
        else:
            made.append(text(words, keep_with_next=kind == "title", space_before=draw(st.sampled_from([0.0, 5.0]))))
    return made


def texts_of(made: Sequence[Block]) -> list[str]:
    texts: list[str] = []
    for block in made:
        if isinstance(block, Paragraph):
            texts.append(block.runs[0].text)
        elif isinstance(block, WithCode):
            texts.append(block.paragraphs[0].runs[0].text)
        elif isinstance(block, Table):
            texts += [row.cells[0].runs[0].text for row in block.rows]
    return texts


def bare(words: str) -> str:
    return "".join(words.split())


@settings(max_examples=40)
@given(blocks())
def test_no_line_of_a_letter_is_lost_and_none_leaves_the_margins(made: Sequence[Block]) -> None:
    record = make_record(cabinet=CABINET, secret=SECRET)
    whole = composed(record, *made, body_bottom=277.0, next_bottom=277.0, max_pages=20)
    pages = lines_of(whole)
    repeated = sum(words.startswith("ligne") and ".0 " in words for page in pages for _, words in page)
    tables = sum(isinstance(block, Table) for block in made)
    assert repeated >= tables
    assert max((y for page in pages for y, _ in page), default=0.0) <= 277.0 * POINTS
    assert all(y > PAGE.next_top * POINTS for page in pages[1:] for y, _ in page)
    said = bare("".join(words for page in pages for _, words in page if not words.rstrip(".").isdigit()))
    told = [bare(words.replace("@PPREN", "Lina")) for words in texts_of(made)]
    places = [said.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)


def test_a_long_table_goes_on_below_its_header(usual: MergeRecord) -> None:
    rows = tuple(Row((Cell((Run(words),)),)) for words in ("Séances", *(f"Séance {number}" for number in range(80))))
    pages = lines_of(composed(usual, text("Voici."), Table((Column(60.0),), rows)))
    assert len(pages) == 3
    assert [page[0][1] for page in pages] == ["Voici.", "Séances", "Séances"]
    assert [words for page in pages for _, words in page if words[-1].isdigit()] == [f"Séance {n}" for n in range(80)]


def test_a_title_goes_over_with_what_it_announces(usual: MergeRecord) -> None:
    for filling in range(20, 26):
        made = [text("a") for _ in range(filling)]
        pages = lines_of(composed(usual, *made, text("Titre", keep_with_next=True), text(SENTENCE * 3)))
        [title] = [page for page in pages if any(words == "Titre" for _, words in page)]
        after = [words for _, words in title]
        assert len(after[after.index("Titre") :]) >= 3


def test_a_signature_never_stands_alone(usual: MergeRecord) -> None:
    closing = "Veuillez agréer nos salutations."
    for filling in range(18, 26):
        made = [text("a") for _ in range(filling)]
        last = lines_of(composed(usual, *made, text(closing), Signature(picture="signature.png")))[-1]
        assert [words for _, words in last][-2:] == [closing, "Docteur Exemple"]


def test_a_code_and_the_text_beside_it_stay_together(usual: MergeRecord) -> None:
    for filling in range(14, 26):
        letter = composed(usual, *[text("a") for _ in range(filling)], WithCode((text("Scannez ce code."),)))
        [(number, top)] = [
            (number, top) for number, page in enumerate(letter.composition.pages) for top, _ in page.marks
        ]
        [beside] = [y for y, words in lines_of(letter)[number] if words == "Scannez ce code."]
        assert 0 < beside - top < 30 * POINTS
        assert top + 30 * POINTS <= PAGE.body_bottom * POINTS


def test_a_letter_of_one_page_refuses_a_second(usual: MergeRecord) -> None:
    made = tuple(text("a") for _ in range(40))
    [problem] = check_letter(usual, letter_of(*made, max_pages=1))
    assert problem.code == "overflow"
    assert "dépasse le bas de la page" in problem.sentence
    [problem] = check_letter(usual, letter_of(*made * 3, max_pages=2))
    assert (problem.code, "prend 5\u00a0pages" in problem.sentence) == ("overflow", True)
    assert check_letter(usual, letter_of(*made * 3, max_pages=5)) == ()


def test_long_letters_are_numbered_and_short_ones_are_not(
    usual: MergeRecord, record: RecordMaker, tmp_path: Path
) -> None:
    need("pdftotext")
    template = letter_of(text("@DPOLI,"), *(text(SENTENCE * 4) for _ in range(14)))
    short = letter_of(text("@DPOLI,"))
    adult = record(addressee={"first_name": "Lina"}, cabinet=CABINET, secret=SECRET)
    path = tmp_path / "lettres.pdf"
    write_letters([usual, adult], LetterSet(child=template, adult=short), path)
    pages = Pages(path)
    assert [pages.lines(number)[-1] for number in (1, 2)] == ["1/2", "2/2"]
    assert pages.lines(3)[-1] == "Madame,"
    [number] = [word for word in pages.words(2) if word.text == "2/2"]
    assert number.right == pytest.approx(190, abs=0.3)
    assert number.bottom == pytest.approx(291, abs=1.0)


# Lists


def signs_of(layout: Layout, record: MergeRecord) -> list[str]:
    pages = lines_of(Letter(record, layout, layout.compose(record)))
    return [words for _, words in pages[0] if words[:-1].isalnum() and words[-1] == "." and len(words) < 4]


@pytest.mark.parametrize(("fax", "signs"), [("03 53 01 21 22", ["1.", "2.", "3."]), ("", ["1.", "2."])])
def test_a_point_that_has_nothing_to_say_is_not_counted(record: RecordMaker, fax: str, signs: list[str]) -> None:
    birth = {"birth_date": None} if not fax else {}
    one = record(patient=birth, cabinet=CABINET, secret=SECRET)
    letter = composed(
        one, *(text(words, item="number") for words in ("Premier", "Né le @PNAIS", "Dernier")), text("Fin")
    )
    assert signs_of(letter.layout, one) == signs


def test_lists_count_by_level_and_begin_anew_after_a_paragraph(usual: MergeRecord) -> None:
    levels = [
        *(text("x", item="number", level=level) for level in (0, 1, 1, 0, 1)),
        text("Entre deux"),
        text("x", item="number"),
        text("x", item="number", start=7),
        text("x", item="number"),
    ]
    letter = composed(usual, *levels)
    assert signs_of(letter.layout, usual) == ["1.", "a.", "b.", "2.", "a.", "1.", "7.", "8."]


# Families


def test_each_child_has_its_own_values_and_its_own_code(record: RecordMaker) -> None:
    children = tuple(record(patient={"number": number, "first_name": name}).dossier for number, name in NAMES)
    secrets = tuple(IssuedSecret(f"mot{number}", f"https://w.fr/a/{number}") for number, _ in NAMES)
    family = record(cabinet=CABINET, secret=secrets[0], children=children, child_secrets=secrets)
    row = Row((Cell((Run("@PPREN"),)), Cell((Run("@ORDRE"),))), each_child=True)
    letter = composed(
        family,
        Table((Column(40.0), Column(40.0)), (row,), header=False),
        EachChild((text("@PPREN : @MDP"), QrCode())),
    )
    [page] = letter.composition.pages
    words = [words for _, words in lines_of(letter)[0]]
    assert words == ["Lina", "5312", "Hugo", "5313", "Lina\u00a0: mot5312", "Hugo\u00a0: mot5313"]
    assert [mark.text for _, mark in page.marks if hasattr(mark, "text")] == [secret.link for secret in secrets]


NAMES = (("5312", "Lina"), ("5313", "Hugo"))


def test_a_family_does_not_get_a_letter_that_shows_one_childs_codes_besides(record: RecordMaker) -> None:
    one = record(cabinet=CABINET, secret=SECRET)
    family = record(cabinet=CABINET, secret=SECRET, children=(one.dossier, one.dossier))
    for template in (letter_of(text("@MDP")), letter_of(EachChild((text("@PPREN"),)), text("@ORDRE"))):
        assert [problem.code for problem in check_letter(family, template)] == ["household"]
    whole = letter_of(text("@DPOLI, pour @ENFANTS @PPREN @FINENFANTS"), EachChild((text("@PPREN @ORDRE"),)))
    assert check_letter(family, whole) == ()
