"""A preview is of the text and the person that are chosen, or says that it is on its way."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.mailing.library import SHIPPED, Library, Part
from app.mailing.model_page import ModelPage
from app.mailing.model_presenter import ModelPresenter
from app.mailing.preview_loop import PreviewLoop
from app.mailing.preview_pane import PreviewPane
from app.mailing.previews import Preview, Previewer
from app.tasks import Tasks
from merge.emails.message import Sender
from merge.preparing import Setting
from merge.recipients import Recipient
from merge.word.conversion import ConversionError
from portal.pages.settings import FirstAccess
from tests.app.conftest import WITHIN
from tests.app.mailing.conftest import DOSSIERS, NOW
from tests.app.mailing.test_word import document, use
from tests.merge.conftest import CABINET, TODAY
from tests.merge.letters.conftest import need

PREPARES = "L’aperçu se prépare…"
SECONDS = WITHIN / 1000


class SlowPresenter(ModelPresenter):
    """Each person's preview comes when their gate opens: those of Word letters take their time."""

    def __init__(self, library: Library) -> None:
        super().__init__(library, confirmed=True, now=lambda: NOW)
        self.gates: defaultdict[str, Event] = defaultdict(Event)
        self.broken: frozenset[str] = frozenset()

    def preview(self, previewer: Previewer, recipient: Recipient) -> Callable[[], Preview]:
        make, number = super().preview(previewer, recipient), recipient.numbers[0]
        gate = self.gates[number]

        def later() -> Preview:
            assert gate.wait(SECONDS)
            if number in self.broken:
                raise ConversionError("Ce document ne se lit pas.", "Choisissez-en un autre.")
            return make()

        return later


@pytest.fixture
def presenter(library: Library) -> SlowPresenter:
    made = SlowPresenter(library)
    made.opened(SHIPPED, Part.LETTER_CHILD, library.load(SHIPPED, Part.LETTER_CHILD))
    return made


@pytest.fixture
def previewer() -> Previewer:
    return Previewer(Setting(CABINET, TODAY), FirstAccess(), Sender("Cabinet du Parc", "cabinet@exemple.fr"))


@pytest.fixture
def loop(tasks: Tasks, presenter: SlowPresenter, previewer: Previewer, qtbot: QtBot) -> PreviewLoop:
    """It shows the first person, 5312."""
    pane = PreviewPane()
    qtbot.addWidget(pane)
    loop = PreviewLoop(tasks, pane, pane)
    loop.begin(presenter, previewer, DOSSIERS, TODAY)
    loop.open()
    qtbot.waitUntil(lambda: loop._pane.words == PREPARES, timeout=WITHIN)
    presenter.gates["5312"].set()
    qtbot.waitUntil(lambda: loop.letter != b"", timeout=WITHIN)
    return loop


def test_a_preview_that_is_long_in_coming_is_not_the_former_persons(
    loop: PreviewLoop, presenter: SlowPresenter, qtbot: QtBot
) -> None:
    first = loop.letter
    loop._pane.record_chosen.emit(1)
    assert loop.letter == b"", "nobody prints the letter of another"
    assert loop.is_awaited
    qtbot.waitUntil(lambda: loop._pane.words == PREPARES, timeout=WITHIN)
    presenter.gates["5313"].set()
    qtbot.waitUntil(lambda: loop.letter not in (b"", first), timeout=WITHIN)
    assert loop._pane.words == ""
    assert not loop.is_awaited


def test_a_preview_that_comes_when_another_person_is_chosen_is_not_shown(
    loop: PreviewLoop, presenter: SlowPresenter, qtbot: QtBot
) -> None:
    shown: list[bytes] = []
    loop.came.connect(lambda: shown.append(loop.letter))
    first = loop.letter
    loop._pane.record_chosen.emit(1)
    loop._pane.record_chosen.emit(0)
    presenter.gates["5313"].set()
    qtbot.waitUntil(lambda: bool(shown), timeout=WITHIN)
    assert shown == [first]


def test_a_preview_of_former_data_is_not_printed_while_others_are_looked_through(
    loop: PreviewLoop, presenter: SlowPresenter, previewer: Previewer, qtbot: QtBot
) -> None:
    first = loop.letter
    presenter.gates["5312"].clear()
    loop.renew()
    qtbot.waitUntil(lambda: loop._busy, timeout=WITHIN)
    loop.begin(presenter, previewer, DOSSIERS[:1], TODAY)
    loop.reopen()
    assert loop.letter == b"", "it is not on the screen"
    assert loop.is_awaited
    presenter.gates["5312"].set()
    qtbot.waitUntil(lambda: loop.letter == first, timeout=WITHIN)


def test_what_was_said_of_a_person_does_not_stay_for_the_next(
    loop: PreviewLoop, presenter: SlowPresenter, qtbot: QtBot
) -> None:
    presenter.broken = frozenset({"5313"})
    presenter.gates["5313"].set()
    presenter.gates["5312"].clear()
    loop._pane.record_chosen.emit(1)
    qtbot.waitUntil(lambda: "Ce document ne se lit pas." in loop._pane.words, timeout=WITHIN)
    assert not loop.is_awaited
    loop._pane.record_chosen.emit(0)
    qtbot.waitUntil(lambda: loop._pane.words == PREPARES, timeout=WITHIN)
    presenter.gates["5312"].set()
    qtbot.waitUntil(lambda: loop._pane.words == "", timeout=WITHIN)


def test_what_was_said_of_a_document_does_not_stay_for_another(
    page: ModelPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no trial is printed meanwhile: LibreOffice takes its seconds."""
    need("soffice")
    use(page, document(tmp_path, "Bonjour @DNOMM"), qtbot, monkeypatch)
    qtbot.waitUntil(lambda: "@DNOMM" in page.preview.words, timeout=WITHIN)
    assert page.loop.letter == b""
    use(page, document(tmp_path, "Bonjour @DNOM"), qtbot, monkeypatch)
    qtbot.waitUntil(lambda: page.preview.words == PREPARES, timeout=WITHIN)
    page.trial.click()
    assert page.notice.text.startswith("L’aperçu se prépare encore.")
    qtbot.waitUntil(lambda: page.loop.letter.startswith(b"%PDF"), timeout=4 * WITHIN)
    assert page.preview.words == ""
