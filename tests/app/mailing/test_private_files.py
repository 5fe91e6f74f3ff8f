"""What a mailing leaves on a computer that several people use is read by its owner alone."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.mailing.refused import FILE_NAME as REFUSED
from app.mailing.refused_dialog import RefusedDialog
from app.mailing.view import RECIPE_FILE
from app.settings import write_settings
from app.state import FILE_NAME as STATE
from tests.app.conftest import WITHIN
from tests.app.desk.conftest import LetterBoxes
from tests.app.mailing.conftest import OpenScreen
from tests.app.mailing.test_journey import push, start, to_sending
from tests.app.practice import Practice

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
EMAIL_OR_LETTER = 1
"""A place in the list of channel orders."""
NOBODY_S = {"sync.toml"}
"""Names no patient: the portal, the cabinet's code, and where the export is."""


@pytest.fixture
def careless() -> Iterator[None]:
    """A system that gives everybody what a program does not keep for itself."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
def test_nobody_else_reads_what_a_mailing_leaves_behind(
    own_practice: Practice,
    open_screen: OpenScreen,
    boxes: LetterBoxes,
    qtbot: QtBot,
    answering: Callable[[bool], list[str]],
    *,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    papers = tmp_path / "papiers"
    papers.mkdir()
    write_settings(boxes.settings(), own_practice.desk().settings_file)
    screen = open_screen(own_practice)
    page = screen.model.panel
    qtbot.keyClicks(page.body, "Un brouillon. ")
    to_sending(screen, qtbot, EMAIL_OR_LETTER)
    options = screen.sending.paper
    options.place.setText(str(papers / "lettres.pdf"))
    options.envelopes.setCurrentText("C5")
    options.cards.setChecked(True)
    options.mail_house.setChecked(True)
    monkeypatch.setattr(RefusedDialog, "exec", lambda dialog: dialog.later.click())
    push(screen.sending.refused.button)
    ended = start(screen, answering)
    qtbot.waitUntil(lambda: bool(ended), timeout=WITHIN)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(papers / "journal.csv"), ""))
    push(screen.sending.export)
    qtbot.waitUntil((papers / "journal.csv").exists, timeout=WITHIN)
    screen.closing()

    export = own_practice.folder / "export"
    places = [*own_practice.folder.rglob("*"), *papers.rglob("*")]
    files = {path for path in places if path.is_file() and export not in path.parents and path.stat().st_size}
    names = {path.name for path in files}
    state = own_practice.state_dir
    assert {STATE, RECIPE_FILE, REFUSED, "journal.csv", "poste.toml", "journal.sqlite3"} <= names
    assert any(path.name.startswith("envois-") for path in files)
    assert {path.suffix for path in files if papers in path.parents} == {".zip", ".pdf", ".csv"}
    open_to_others = {path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert open_to_others <= NOBODY_S
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
