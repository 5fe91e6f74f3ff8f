"""The printed letters: every word at its place, nothing else in the window, codes that read, the same bytes twice."""

from pathlib import Path

import pikepdf
import pytest
import zxingcpp

from cabinet.dossier import Addressee
from merge.letters import geometry
from merge.letters.composer import Composer
from merge.letters.model import LetterSet
from merge.letters.output.writing import write_letters
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Printer, need

LINK = "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3N"
SECRET = IssuedSecret("5312apo", LINK)
SHOWN = geometry.Box(100, 45, 195, 85)
"""Of DESIGN-LANGUAGE: the window of a DL envelope over the letter."""
SHIFT = 3.0
"""Millimetres that a letter may move in its envelope."""


@pytest.fixture
def usual(record: RecordMaker) -> MergeRecord:
    return record(cabinet=CABINET, secret=SECRET)


def test_the_window_shows_the_address_and_nothing_else(usual: MergeRecord, print_letters: Printer) -> None:
    words = print_letters([usual])[0].words()
    window = SHOWN
    seen = [
        word
        for word in words
        if word.right > window.left - SHIFT
        and word.left < window.right + SHIFT
        and word.bottom > window.top - SHIFT
        and word.top < window.bottom + SHIFT
    ]
    assert " ".join(word.text for word in seen) == "Madame SPÉCIMEN Jeanne 3 RUE DE L EXEMPLE 21000 DIJON"
    assert min(word.left for word in seen) == pytest.approx(105, abs=0.6)
    assert min(word.top for word in seen) == pytest.approx(52, abs=1.0)
    assert max(word.right for word in seen) < window.right - SHIFT


def test_six_lines_of_38_capitals_stay_in_the_window(record: RecordMaker, print_letters: Printer) -> None:
    wide = {"last_name": "EXEMPLE DE LA MAISON", "address_1": "123 IMPASSE DU COMMANDANT DE LA MAISON"}
    city = {"postcode": "B-1050", "city": "BRUXELLES, BELGIQUE", "address_2": "BOITE POSTALE 12345 MAISON COMMUNE"}
    pages, printed = print_letters([record(addressee={**wide, **city}, cabinet=CABINET, secret=SECRET)])
    assert printed.refused == []
    seen = [word for word in pages.words() if word.left > 100 and 45 < word.top < 88]
    assert max(word.right for word in seen) <= geometry.STATIONERY[geometry.Window.DL_RIGHT].address_right + 0.1
    assert max(word.bottom for word in seen) < SHOWN.bottom


def test_the_fold_ticks_stand_at_the_thirds(usual: MergeRecord, print_letters: Printer) -> None:
    need("pdftoppm")
    picture = print_letters([usual])[0].picture(dpi=254)
    dark = [y / 10 for y in range(picture.height) if sum(picture.getpixel((60, y))) < 740]  # type: ignore[arg-type]
    assert len({round(y) for y in dark}) == 2
    assert dark[0] == pytest.approx(99, abs=0.3)
    assert dark[-1] == pytest.approx(198, abs=0.3)


def test_the_code_reads_back_and_is_thirty_millimetres(usual: MergeRecord, print_letters: Printer) -> None:
    need("pdftoppm")
    [code] = zxingcpp.read_barcodes(print_letters([usual])[0].picture(dpi=150))
    assert code.text == LINK
    assert code.ec_level == "M"
    width = (code.position.top_right.x - code.position.top_left.x) * 25.4 / 150
    assert width == pytest.approx(30, abs=0.6)
    assert code.position.top_right.x * 25.4 / 150 == pytest.approx(190, abs=0.6)


def test_every_letter_has_its_own_code(record: RecordMaker, print_letters: Printer) -> None:
    need("pdftoppm")
    links = [f"https://www.webortho.fr/a/dijon21/{index:022}" for index in range(4)]
    pages, _ = print_letters([record(cabinet=CABINET, secret=IssuedSecret("apo", link)) for link in links])
    read = [zxingcpp.read_barcodes(pages.picture(page, dpi=100))[0].text for page in range(1, 5)]
    assert read == links


def test_the_words_of_a_birth_date_password_fit_their_places(record: RecordMaker, print_letters: Printer) -> None:
    words = "date de naissance du patient (JJMMAAAA)"
    pages, printed = print_letters([record(cabinet=CABINET, secret=IssuedSecret(words, LINK))])
    assert printed.letters == 1
    assert words in " ".join(pages.lines())


def test_qpdf_finds_nothing_wrong_and_every_font_is_embedded(record: RecordMaker, print_letters: Printer) -> None:
    records = [record(patient={"number": str(number)}, cabinet=CABINET, secret=SECRET) for number in range(70)]
    pages, _ = print_letters(records)
    with pikepdf.open(pages.path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 70
        fonts = pdf.pages[69].Resources.Font
        assert len(list(fonts.keys())) == 4
        assert all("/FontFile2" in font.FontDescriptor for font in fonts.values())
        assert str(pdf.docinfo["/Title"]) == "Votre dossier en ligne, lettre pour un enfant"
        assert str(pdf.docinfo["/Author"]) == "Cabinet d’orthodontie du Parc"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root][::69] == ["0 · SPÉCIMEN Lina", "69 · SPÉCIMEN Lina"]


def test_the_same_letters_give_the_same_bytes(record: RecordMaker, letters: LetterSet, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_letters([record(cabinet=CABINET, secret=SECRET)], letters, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "hostile", ["{{7*7}}", "{% raw %}", "@ORDRE", "<b>gras</b>", "\\065) Tj", "(()", "%PDF", "&amp;"]
)
def test_a_value_is_printed_as_it_is(hostile: str, record: RecordMaker, print_letters: Printer) -> None:
    pages, printed = print_letters([record(patient={"last_name": hostile}, cabinet=CABINET, secret=SECRET)])
    assert printed.refused == []
    assert f"Patient : Lina {hostile}" in pages.text().replace("\u00a0", " ")


def test_the_right_are_printed_and_the_refused_are_listed(record: RecordMaker, print_letters: Printer) -> None:
    records = [
        record(cabinet=CABINET, secret=SECRET),
        record(patient={"number": "7", "first_name": "Zoé😀"}, cabinet=CABINET, secret=SECRET),
        record(patient={"number": "8"}, addressee={"city": ""}, cabinet=CABINET, secret=SECRET),
    ]
    pages, printed = print_letters(records)
    assert printed.letters == 1
    assert [problem.sentence.replace("\u00a0", " ") for problem in printed.refused] == [
        (
            "Dossier 7 (SPÉCIMEN Jeanne) : le caractère « 😀 » (pictogramme, U+1F600) ne peut pas être imprimé. "
            "Corrigez-le dans la fiche, ou dans les textes du cabinet."
        ),
        (
            "Dossier 8 (SPÉCIMEN Jeanne) : l’adresse est incomplète : il manque la ville. "
            "Complétez la fiche du destinataire dans le logiciel du cabinet."
        ),
    ]
    with pikepdf.open(pages.path) as pdf:
        assert len(pdf.pages) == 1


def test_without_a_right_letter_the_former_file_stays(record: RecordMaker, letters: LetterSet, tmp_path: Path) -> None:
    path = tmp_path / "lettres.pdf"
    path.write_bytes(b"before")
    printed = write_letters([record(addressee={"city": ""}, cabinet=CABINET, secret=SECRET)], letters, path)
    assert printed.letters == 0
    assert path.read_bytes() == b"before"


def test_a_run_that_is_stopped_leaves_nothing_behind(record: RecordMaker, letters: LetterSet, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        if done == 3:
            raise Stopped

    records = (record(cabinet=CABINET, secret=SECRET) for _ in range(10))
    with pytest.raises(Stopped):
        write_letters(records, letters, tmp_path / "lettres.pdf", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_parent_and_an_adult_patient_get_their_own_letters(record: RecordMaker, print_letters: Printer) -> None:
    child = record(cabinet=CABINET, secret=SECRET)
    adult = record(addressee={"first_name": "Lina"}, cabinet=CABINET, secret=SECRET)
    pages, _ = print_letters([child, adult, child])
    texts = [" ".join(pages.lines(page)) for page in (1, 2, 3)]
    assert ["de votre enfant" in text for text in texts] == [True, False, True]


def test_one_composer_checks_and_prints_alike(usual: MergeRecord, letters: LetterSet, tmp_path: Path) -> None:
    composer = Composer(letters)
    assert composer.check(usual) == ()
    first = write_letters([usual], letters, tmp_path / "a", composer=composer)
    second = write_letters([usual], letters, tmp_path / "b")
    assert first.letters == second.letters == 1
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_address_never_takes_the_place_of_another(print_letters: Printer, record: RecordMaker) -> None:
    people = [Addressee("Madame", f"EXEMPLE{index}", "A", f"{index} rue B", "", "21000", "Dijon") for index in (1, 2)]
    records = [
        record(
            addressee={"last_name": person.last_name, "address_1": person.address_1},
            cabinet=CABINET,
            secret=SECRET,
        )
        for person in people
    ]
    pages, _ = print_letters(records)
    assert "EXEMPLE2" not in pages.text(1)
    assert "EXEMPLE1" not in pages.text(2)
