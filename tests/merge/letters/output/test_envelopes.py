"""Envelopes: the address where machines read it, nothing under the stamp, the letters' order."""

from pathlib import Path

import pikepdf
import pytest

from merge.letters.output.envelopes import SIZES, EnvelopeSize, write_envelopes
from tests.merge.letters.conftest import Pages, need
from tests.merge.letters.output.test_binding import family


@pytest.mark.parametrize("size", EnvelopeSize)
def test_the_address_stands_where_machines_read_it(size: EnvelopeSize, tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "enveloppes.pdf"
    width, height = SIZES[size]
    longest = family(1, address_1="1" * 30, address_2="Bât. B", postcode="1201", city="Genève (Suisse)")
    assert write_envelopes([family(0), longest], path, size, sender=True).letters == 2

    with pikepdf.open(path) as pdf:
        assert [[round(float(side) * 25.4 / 72, 1) for side in page.mediabox[2:]] for page in pdf.pages] == [
            [width, height]
        ] * 2
    for page in (1, 2):
        words = Pages(path).words(page)
        start = next(index for index, word in enumerate(words) if word.text == "Madame")
        sender, address = words[:start], words[start:]
        assert min(word.left for word in address) == pytest.approx(width - 115, abs=0.3)
        assert max(word.right for word in address) < width - 15
        assert min(word.top for word in address) > 40
        assert max(word.bottom for word in address) < height - 15
        assert " ".join(word.text for word in sender) == "Cabinet d’orthodontie du Parc 12 rue de l’Exemple 21000 DIJON"
        assert max(word.right for word in sender) < width - 74
        assert max(word.bottom for word in sender) < 40


def test_they_come_in_the_letters_order_and_the_wrong_ones_are_refused(tmp_path: Path) -> None:
    need("pdftotext")
    path = tmp_path / "enveloppes.pdf"
    records = [family(2), family(0), family(7, city=""), family(8, address_1="W" * 38), family(1)]
    printed = write_envelopes(records, path)

    assert [Pages(path).lines(page)[0] for page in (1, 2, 3)] == [f"Madame ESSAI{index} Jeanne" for index in (2, 0, 1)]
    assert [problem.number for problem in printed.refused] == ["107", "108"]
    assert printed.refused[1].sentence.endswith("n’entre pas sur l’enveloppe. Abrégez l’adresse dans la fiche.")
    assert "Cabinet" not in Pages(path).text()


def test_the_same_envelopes_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_envelopes([family(0), family(1)], tmp_path / name, EnvelopeSize.C5)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_without_a_right_envelope_there_is_no_file(tmp_path: Path) -> None:
    assert write_envelopes([family(0, city="")], tmp_path / "e.pdf").letters == 0
    assert list(tmp_path.iterdir()) == []
