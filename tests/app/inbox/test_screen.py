"""Reading and answering a patient's message, against a real portal and its mails."""

import email
import email.policy
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.board import Board, Connection
from app.inbox.presenter import BY_PHONE
from app.inbox.view import WAITS, InboxScreen
from app.inbox.watch import Watch
from app.screen import Context
from portal.api import failures
from portal.api.connections import NotConnected
from portal.api.desk import Message, MessageState
from tests.app.conftest import WITHIN
from tests.app.inbox.conftest import Written
from tests.app.practice import Practice

Opened = Callable[[], InboxScreen]


class Line:
    """The line to the portal, which can be cut and mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def cut(self) -> None:
        def refuse(*_: object) -> None:
            raise NotConnected(failures.no_connection)

        self._monkeypatch.setattr("portal.api.connections.Connections.to", refuse)
        self._monkeypatch.setattr("sync.cancel.CancelToken.wait", lambda *_: None)

    def mend(self) -> None:
        self._monkeypatch.undo()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


def state(board: Board, message: Message) -> MessageState:
    return next(one.state for one in board.messages or () if one.id == message.id)


def known(practice: Practice, message: Message) -> Message:
    """As the portal has it now."""
    with practice.desk().portal() as portal:
        return next(one for one in portal.desk.messages() if one.id == message.id)


def mails_to(practice: Practice, address: str, words: str) -> list[Path]:
    found = []
    for path in practice.portal.mails.glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        if address in str(mail["To"]) and words in body.get_content():
            found.append(path)
    return found


def test_an_answer_typed_and_sent_by_keyboard_arrives_as_an_e_mail(
    opened: Opened, written: Written, practice: Practice, told: list[str], qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    assert screen.list.select(message.id)
    assert screen.pane.editor.toPlainText() == "\n\nCabinet d’orthodontie du Parc"
    assert not screen.pane.send.isEnabled()
    qtbot.keyClicks(screen.pane.editor, "Passez demain matin.")
    assert screen.pane.send.isEnabled()
    qtbot.keyClick(screen.pane.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: bool(mails_to(practice, message.reply_to, "Passez demain matin.")), timeout=WITHIN)
    qtbot.waitUntil(lambda: told == [f"Votre réponse est envoyée à {message.reply_to}."], timeout=WITHIN)
    kept = known(practice, message)
    assert (kept.state, kept.answer) == (
        MessageState.ANSWERED,
        "Passez demain matin.\n\nCabinet d’orthodontie du Parc",
    )
    assert not screen.pane.editor.isVisible()
    assert screen.pane.again.isVisible()
    qtbot.waitUntil(lambda: screen._context.tasks.running == 0, timeout=WITHIN)
    assert len(mails_to(practice, message.reply_to, "Passez demain matin.")) == 1


def test_a_message_counts_as_read_once_it_was_in_front_for_a_moment(
    opened: Opened, written: Written, practice: Practice, board: Board, qtbot: QtBot
) -> None:
    message, other = written(), written()
    screen = opened()
    screen.list.select(other.id)
    screen.list.select(message.id)
    assert state(board, message) is MessageState.UNREAD
    qtbot.waitUntil(lambda: known(practice, message).state is MessageState.READ, timeout=WITHIN)
    assert known(practice, other).state is MessageState.UNREAD
    qtbot.waitUntil(screen.pane.unread.isVisible, timeout=WITHIN)

    qtbot.mouseClick(screen.pane.unread, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: known(practice, message).state is MessageState.UNREAD, timeout=WITHIN)
    assert not screen._read_timer.isActive(), "it would be read again at once"


def test_a_message_behind_another_screen_is_not_read(
    opened: Opened, written: Written, practice: Practice, qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    screen.list.select(message.id)
    screen.hide()
    with qtbot.waitSignal(screen._read_timer.timeout, timeout=WITHIN):
        pass
    qtbot.waitUntil(lambda: screen._context.tasks.running == 0, timeout=WITHIN)
    assert known(practice, message).state is MessageState.UNREAD


def test_an_answer_by_telephone_is_noted_and_nothing_is_mailed(
    opened: Opened, written: Written, practice: Practice, qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    screen.list.select(message.id)
    qtbot.mouseClick(screen.pane.by_phone, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: known(practice, message).state is MessageState.ANSWERED, timeout=WITHIN)
    assert known(practice, message).answer == BY_PHONE
    assert not mails_to(practice, message.reply_to, BY_PHONE)


def test_without_an_e_mail_the_answer_is_a_note_of_the_call(
    opened: Opened, written: Written, board: Board, practice: Practice, qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    board.messages = tuple(replace(one, reply_to="") if one.id == message.id else one for one in board.messages or ())
    board.messages_changed.emit()
    screen.list.select(message.id)
    assert not screen.pane.send.isVisible()
    assert screen.pane.editor.accessibleName() == "Ce qui a été dit au téléphone"
    assert screen.pane.editor.toPlainText() == ""
    qtbot.keyClicks(screen.pane.editor, "Elle viendra mardi.")
    qtbot.keyClick(screen.pane.editor, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: known(practice, message).answer == "Elle viendra mardi.", timeout=WITHIN)


def test_a_draft_survives_leaving_the_message_and_the_program(
    opened: Opened, written: Written, context: Context, board: Board, qtbot: QtBot
) -> None:
    message, other = written(), written()
    screen = opened()
    screen.list.select(message.id)
    qtbot.keyClicks(screen.pane.editor, "Je regarde et")
    screen.list.select(other.id)
    assert "Je regarde" not in screen.pane.editor.toPlainText()
    screen.list.select(message.id)
    assert screen.pane.editor.toPlainText().startswith("Je regarde et")
    assert next(line.mark.value for line in screen.list.lines if line.id == message.id) == "Brouillon"
    qtbot.keyClicks(screen.pane.editor, "Bien. ")
    screen.closing()

    again = InboxScreen(context)
    qtbot.addWidget(again)
    again.list.select(message.id)
    assert again.pane.editor.toPlainText().startswith("Bien. Je regarde et")


def test_a_draft_is_on_the_disk_moments_after_the_last_key(
    opened: Opened, written: Written, context: Context, practice: Practice, qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    screen.list.select(message.id)
    qtbot.keyClicks(screen.pane.editor, "Rien ne se perd")
    kept = practice.state_dir / f"reponses-{practice.cabinet.code}.json"
    qtbot.waitUntil(lambda: kept.exists() and "Rien ne se perd" in kept.read_text(encoding="utf-8"), timeout=WITHIN)
    qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=WITHIN)


def test_while_the_portal_is_away_the_list_stays_and_an_answer_waits(
    opened: Opened, written: Written, practice: Practice, line: Line, qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    board = screen._context.board
    screen.list.select(message.id)
    line.cut()
    screen.shown()
    qtbot.waitUntil(lambda: board.connection is Connection.OFFLINE, timeout=WITHIN)
    assert len(screen.list.lines) == len(board.messages or ())
    assert screen.foot.text() == "Liste du dernier échange avec le portail"
    qtbot.keyClicks(screen.pane.editor, "Oui.")
    qtbot.mouseClick(screen.pane.send, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.pane.notice.isVisible, timeout=WITHIN)
    assert WAITS in screen.pane.notice.text
    assert screen.pane.editor.toPlainText().startswith("Oui.")

    line.mend()
    board.refresh_overview()
    qtbot.waitUntil(lambda: screen.pane.notice.button.text() == "Envoyer la réponse", timeout=WITHIN)
    qtbot.mouseClick(screen.pane.notice.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: known(practice, message).answer.startswith("Oui."), timeout=WITHIN)
    qtbot.waitUntil(lambda: not screen.pane.notice.isVisible(), timeout=WITHIN)


def test_the_patient_behind_a_message_is_one_press_away(
    opened: Opened, written: Written, navigated: list[tuple[str, object]], qtbot: QtBot
) -> None:
    message = written()
    screen = opened()
    screen.list.select(message.id)
    qtbot.mouseClick(screen.pane.patient, Qt.MouseButton.LeftButton)
    assert navigated == [("patients", message.number)]


def test_a_search_without_success_offers_to_clear_it(opened: Opened, qtbot: QtBot) -> None:
    screen = opened()
    all_of_them = len(screen.list.lines)
    qtbot.keyClicks(screen.search, "zzz")
    assert screen.empty.isVisible()
    qtbot.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)
    assert len(screen.list.lines) == all_of_them > 0


def test_a_new_message_is_noticed_without_anybody_asking(
    opened: Opened, written: Written, board: Board, qtbot: QtBot
) -> None:
    screen = opened()
    watch = Watch(board, every=50)
    message = written()
    qtbot.waitUntil(lambda: any(line.id == message.id for line in screen.list.lines), timeout=WITHIN)
    assert next(line.is_unread for line in screen.list.lines if line.id == message.id)
    watch.stop()
    qtbot.waitUntil(lambda: screen._context.tasks.running == 0, timeout=WITHIN)
