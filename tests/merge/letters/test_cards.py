"""Access cards, the poster, and files that are there whole or not at all."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import zxingcpp

from merge.letters.cards import write_cards
from merge.letters.poster import PosterSize, write_poster
from merge.letters.whole_file import OutputError, whole_file
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, need


def card(record: RecordMaker, index: int, words: str = "5312apo") -> MergeRecord:
    secret = IssuedSecret(words, f"https://www.webortho.fr/a/dijon21/{index:022}")
    return record(patient={"number": str(5312 + index)}, cabinet=CABINET, secret=secret)


def test_ten_cards_stand_on_a_page_each_with_its_own_codes(record: RecordMaker, tmp_path: Path) -> None:
    need("pdftoppm")
    path = tmp_path / "cartes.pdf"
    assert write_cards((card(record, index) for index in range(13)), path).letters == 13
    pages = Pages(path)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2
        assert pdf.check_pdf_syntax() == []
    numbers = [word for word in pages.words() if word.text.startswith("53") and len(word.text) == 4]
    assert [word.text for word in numbers] == [str(5312 + index) for index in range(10)]
    first = numbers[0]
    for index, number in enumerate(numbers):
        assert number.left == pytest.approx(first.left + 85 * (index % 2), abs=0.05)
        assert number.top == pytest.approx(first.top + 54 * (index // 2), abs=0.05)
    codes = zxingcpp.read_barcodes(pages.picture(dpi=200))
    assert len({code.text for code in codes}) == 10
    width = codes[0].position.top_right.x - codes[0].position.top_left.x
    assert width * 25.4 / 200 == pytest.approx(21, abs=0.5)
    assert sum(line.count("Identifiant") for line in pages.lines(2)) == 3


def test_a_card_shows_the_words_of_a_birth_date_password(record: RecordMaker, tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "cartes.pdf"
    write_cards([card(record, 0, "date de naissance du patient (JJMMAAAA)")], path)
    lines = " ".join(Pages(path).lines())
    assert "date de naissance du" in lines
    assert "patient (JJMMAAAA)" in lines


def test_whom_the_portal_refuses_gets_no_card_and_the_handles_in_the_file_are_told(
    record: RecordMaker, tmp_path: Path
) -> None:
    right = card(record, 0)
    right = replace(right, secret=replace(right.secret, handle="h0"))
    refused = record(cabinet=CABINET, secret=IssuedSecret("", refused="Ce patient n’est pas publié sur le portail."))
    printed = write_cards([right, refused], tmp_path / "cartes.pdf")

    assert (printed.letters, printed.handles) == (1, ["h0"])
    assert [problem.sentence for problem in printed.refused] == [
        "Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: ce patient n’est pas publié sur le portail."
    ]


def test_a_card_without_a_secret_or_with_an_impossible_name_is_refused(record: RecordMaker, tmp_path: Path) -> None:
    path = tmp_path / "cartes.pdf"
    printed = write_cards(
        [
            record(cabinet=CABINET, secret=IssuedSecret("", "https://w.fr/a/1")),
            record(patient={"first_name": "Zoé😀"}, cabinet=CABINET),
            record(patient={"last_name": "EXEMPLE" * 12}, cabinet=CABINET),
        ],
        path,
    )
    assert [problem.code for problem in printed.refused] == ["empty-field", "glyph", "width"]
    assert printed.refused[0].sentence == (
        "Dossier 5312 (SPÉCIMEN Jeanne)\u00a0: le mot de passe manque, et la carte ne servirait à rien. "
        "Relancez la préparation des cartes."
    )
    assert not path.exists()


@pytest.mark.parametrize("size", PosterSize)
@pytest.mark.parametrize("borderless", [True, False])
def test_the_poster_leads_to_the_sign_in_page_and_tells_nobodys_codes(
    borderless: bool, size: PosterSize, tmp_path: Path
) -> None:
    need("pdftoppm")
    path = tmp_path / "affiche.pdf"
    write_poster(CABINET, path, today=dt.date(2026, 1, 12), size=size, borderless=borderless)
    pages = Pages(path)
    picture = pages.picture(dpi=100)
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text == CABINET.sign_in_url
    enlarged = (size.millimetres[0] - (0 if borderless else 10)) / 210
    side = (code.position.top_right.x - code.position.top_left.x) * 25.4 / 100
    assert side == pytest.approx(49 * enlarged, abs=0.6)
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        box = [float(value) * 25.4 / 72 for value in pdf.pages[0].mediabox]
    assert box == pytest.approx([0, 0, *size.millimetres], abs=0.05)
    assert "Cabinet : dijon21" in pages.text().replace("\u00a0", " ")
    assert (picture.getpixel((5, 200)) == (255, 255, 255)) is not borderless


def test_a_long_title_is_set_smaller_and_stays_on_its_card_and_poster(record: RecordMaker, tmp_path: Path) -> None:
    need("pdftotext")
    title = "CABINET D’ORTHODONTIE DU DOCTEUR ORTHOEXEMPLE ET DE SES ASSOCIÉS DE LA CÔTE"
    long = replace(CABINET, title=title, site="orthodontie-du-parc.exemple.fr")
    write_cards([replace(card(record, index), cabinet=long) for index in range(2)], tmp_path / "c.pdf")
    write_poster(long, tmp_path / "a.pdf", today=dt.date(2026, 1, 12), borderless=True)

    cards = Pages(tmp_path / "c.pdf").words()
    first = [word for word in cards if word.left < 105]
    assert [word.text for word in first][: len(title.split())] == title.split()
    assert max(word.right for word in first) < 105 - 2.9
    assert max(word.right for word in cards) < 190 - 2.9
    poster = Pages(tmp_path / "a.pdf").words()
    assert {*title.split(), long.site} <= {word.text for word in poster}
    assert max(word.right for word in poster) <= 192.3


def test_a_title_that_no_card_holds_is_told(record: RecordMaker, tmp_path: Path) -> None:
    long = replace(CABINET, title="Cabinet d’orthodontie " * 9)
    with pytest.raises(OutputError, match=r"Les cartes ne peuvent pas montrer .* c’est trop long\. Abrégez-le"):
        write_cards([replace(card(record, 0), cabinet=long)], tmp_path / "c.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_poster_that_cannot_be_printed_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="L’affiche ne peut pas imprimer le caractère «\u00a0漢\u00a0»"):
        write_poster(replace(CABINET, title="漢"), tmp_path / "affiche.pdf", today=dt.date(2026, 1, 12))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_says_so_and_the_former_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "lettres.pdf"
    with pytest.raises(OutputError) as refused, whole_file(path) as file:
        file.write(b"x")
    assert str(refused.value) == (
        f"Le fichier «\u00a0{path}\u00a0» n’a pas pu être écrit (le dossier n’existe pas). Rien n’a été changé. "
        f"Créez le dossier «\u00a0{path.parent}\u00a0», ou branchez le disque où il est, et recommencez."
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_papers_with_codes_are_for_whoever_made_them_alone(tmp_path: Path) -> None:
    path = tmp_path / "lettres.pdf"
    with whole_file(path) as file:
        (unfinished,) = tmp_path.iterdir()
        assert unfinished.stat().st_mode & 0o777 == 0o700
        assert Path(file.name).stat().st_mode & 0o777 == 0o600
        file.write(b"x")
    assert path.stat().st_mode & 0o777 == 0o600
