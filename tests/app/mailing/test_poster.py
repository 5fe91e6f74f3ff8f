"""The poster's dialog: what is seen is saved, on the chosen paper, and leads to the cabinet's sign-in page."""

from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.mailing.poster_dialog import PosterDialog
from app.mailing.view import MailingScreen
from merge.letters.poster import PosterSize
from portal.pages.addresses import CABINET_SIGN_IN
from tests.app.conftest import WITHIN
from tests.app.practice import Practice
from tests.merge.letters.conftest import Pages, need


@pytest.fixture
def dialog(screen: MailingScreen, qtbot: QtBot) -> PosterDialog:
    qtbot.mouseClick(screen.poster, Qt.MouseButton.LeftButton)
    made = screen.poster_dialog
    assert made is not None
    qtbot.waitUntil(made.print.isEnabled, timeout=WITHIN)
    return made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a person says that the poster goes."""
    path = tmp_path / "affiches" / "affiche-A3.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def test_the_poster_is_saved_on_the_paper_that_was_chosen(
    dialog: PosterDialog, practice: Practice, place: Path, told: list[str], qtbot: QtBot
) -> None:
    need("pdftoppm")
    place.parent.mkdir()
    assert dialog.page.pages == 1
    dialog.format.choose("A3")
    dialog.format.chosen.emit("A3")
    dialog.borderless.setChecked(True)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=WITHIN)
    with qtbot.waitSignal(dialog.accepted, timeout=WITHIN):
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)

    assert told == ["L’affiche est enregistrée dans «\u00a0affiche-A3.pdf\u00a0»."]
    with pikepdf.open(place) as pdf:
        size = [float(value) * 25.4 / 72 for value in pdf.pages[0].mediabox][2:]
    assert size == pytest.approx(PosterSize.A3.millimetres, abs=0.05)
    [code] = zxingcpp.read_barcodes(Pages(place).picture(dpi=80))
    address = practice.portal.address + CABINET_SIGN_IN.format(code=practice.desk().config.cabinet)
    assert code.text == address


def test_a_poster_that_cannot_be_written_says_so_and_stays_on_the_screen(
    dialog: PosterDialog, place: Path, qtbot: QtBot
) -> None:
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.notice.isVisible, timeout=WITHIN)
    assert dialog.isVisible()
    assert not place.exists()
    qtbot.waitUntil(dialog.save.isEnabled, timeout=WITHIN)
