"""Each envelope's window shows the address and nothing else, measured in millimetres on the printed page."""

from pathlib import Path

import msgspec
import pytest

from merge.letters.geometry import STATIONERY, TOLERANCE, Box, Window
from merge.letters.model import Letterhead, LetterSet, LetterTemplate, Paragraph, QrCode, Run
from merge.letters.output.writing import write_letters
from merge.letters.shipped import shipped_letters
from merge.record import IssuedSecret, MergeRecord
from tests.merge.conftest import RecordMaker
from tests.merge.letters.conftest import CABINET, Pages, Word, check_letter, need

SECRET = IssuedSecret("5312apo", "https://www.webortho.fr/a/dijon21/K7mQ2xv9RtYb4LpZ8sWc3N")
WINDOWS = {
    Window.DL_RIGHT: Box(100, 45, 195, 85),
    Window.DL_LEFT: Box(15, 45, 110, 85),
    Window.C5_RIGHT: Box(100, 45, 195, 85),
    Window.C5_LEFT: Box(15, 45, 110, 85),
}
FOLDS = {"dl": [99.0, 198.0], "c5": [148.5], "no": []}


def set_up(letter: LetterTemplate, **page: object) -> LetterTemplate:
    return msgspec.structs.replace(letter, page=msgspec.structs.replace(letter.page, **page))


@pytest.fixture
def widest(record: RecordMaker) -> MergeRecord:
    """Six lines, the widest of 38 capitals."""
    wide = {"last_name": "EXEMPLE DE LA MAISON", "address_1": "123 IMPASSE DU COMMANDANT DE LA MAISON"}
    city = {"postcode": "B-1050", "city": "BRUXELLES, BELGIQUE", "address_2": "BOITE POSTALE 12345 MAISON COMMUNE"}
    return record(addressee={**wide, **city}, cabinet=CABINET, secret=SECRET)


def printed(record: MergeRecord, letter: LetterTemplate, path: Path) -> Pages:
    need("pdftotext")
    run = write_letters([record], LetterSet(letter, letter), path / "lettre.pdf")
    assert run.refused == []
    return Pages(path / "lettre.pdf")


def within(words: list[Word], box: Box) -> list[Word]:
    return [
        word
        for word in words
        if word.right > box.left and word.left < box.right and word.bottom > box.top and word.top < box.bottom
    ]


@pytest.mark.parametrize("window", WINDOWS)
def test_the_window_shows_the_whole_address_and_nothing_else(
    window: Window, widest: MergeRecord, tmp_path: Path
) -> None:
    box = WINDOWS[window]
    assert STATIONERY[window].window == box
    words = printed(widest, set_up(shipped_letters().child, window=window), tmp_path).words()
    around = Box(box.left - TOLERANCE, box.top - TOLERANCE, box.right + TOLERANCE, box.bottom + TOLERANCE)
    seen = within(words, around)
    assert " ".join(word.text for word in seen) == (
        "Madame EXEMPLE DE LA MAISON Jeanne 123 IMPASSE DU COMMANDANT DE LA MAISON "
        "BOITE POSTALE 12345 MAISON COMMUNE B 1050 BRUXELLES BELGIQUE"
    )
    assert min(word.left for word in seen) >= box.left + TOLERANCE
    assert max(word.right for word in seen) <= box.right - TOLERANCE + 0.1
    assert min(word.top for word in seen) >= box.top + TOLERANCE
    assert max(word.bottom for word in seen) <= box.bottom


@pytest.mark.parametrize("window", Window)
def test_the_folds_are_the_envelopes(window: Window, widest: MergeRecord, tmp_path: Path) -> None:
    need("pdftoppm")
    picture = printed(widest, set_up(shipped_letters().child, window=window), tmp_path).picture(dpi=127)
    dark = [y / 5 for y in range(picture.height) if sum(picture.getpixel((30, y))) < 740]  # type: ignore[arg-type]
    ticks = [y for index, y in enumerate(dark) if index == 0 or y - dark[index - 1] > 5]
    assert ticks == pytest.approx(FOLDS[window[:2]], abs=0.4)


@pytest.mark.parametrize("window", Window)
def test_address_references_and_date_keep_clear_of_each_other(
    window: Window, widest: MergeRecord, tmp_path: Path
) -> None:
    words = printed(widest, set_up(shipped_letters().child, window=window), tmp_path).words()
    address = next(word for word in words if word.text == "EXEMPLE")
    file = next(word for word in words if word.text == "Dossier")
    [date] = [word for word in words if word.text == "Dijon,"]
    assert abs(file.left - address.left) > 60
    assert date.top > 88
    assert max(word.right for word in words) <= 195


# What would be seen besides


def head(*facts: str, **more: object) -> LetterTemplate:
    plain = LetterTemplate(
        "Essai",
        Letterhead("@TITRE", tuple((fact,) for fact in facts)),
        "le @DATE",
        (Paragraph((Run("Bonjour."),)),),
    )
    return msgspec.structs.replace(plain, **more)


def told(record: MergeRecord, letter: LetterTemplate) -> list[str]:
    return [problem.sentence.replace("\u00a0", " ") for problem in check_letter(record, letter)]


def test_a_letterhead_that_reaches_into_the_window_is_refused(record: RecordMaker) -> None:
    one = record(cabinet=CABINET, secret=SECRET)
    long = "Cabinet secondaire : 12 rue de l’Exemple, 21000 Dijon, sur rendez-vous seulement"
    assert told(one, head(*[long] * 4)) == []
    [sentence] = told(one, head(*[f"{long} {number}" for number in range(6)]))
    assert sentence == (
        f"Dossier 5312 (SPÉCIMEN Jeanne) : « {long} 5 » se verrait dans la fenêtre de l’enveloppe. "
        "Raccourcissez l’en-tête ou les références, ou descendez le texte dans la mise en page du modèle."
    )
    without = set_up(head(*[f"{long} {number}" for number in range(6)]), window=Window.NONE)
    assert told(one, without) == []


def test_a_text_that_begins_in_the_window_is_refused(record: RecordMaker) -> None:
    one = record(cabinet=CABINET, secret=SECRET)
    text = Paragraph((Run("Bonjour, voici une ligne assez longue pour atteindre la fenêtre de l’enveloppe."),))
    [sentence] = told(one, set_up(head(blocks=(text,)), body_top=80.0))
    assert "se verrait dans la fenêtre" in sentence
    assert told(one, set_up(head(), body_top=80.0)) == []
    code = set_up(head(blocks=(QrCode(align="right"),)), body_top=70.0)
    assert [sentence for sentence in told(one, code) if "le code à scanner se verrait" in sentence]


def test_references_that_run_into_the_text_are_refused(record: RecordMaker) -> None:
    lines = tuple(Paragraph((Run(f"Référence {number}"),)) for number in range(7))
    [sentence] = told(record(cabinet=CABINET, secret=SECRET), head(references=lines))
    assert "« Référence 6 » toucherait le texte de la lettre." in sentence
