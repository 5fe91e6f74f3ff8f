"""What the card's buttons do at the portal: hide and show, reset, erase."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.board import Board
from app.patients.erase_dialog import EraseDialog
from app.patients.presenter import Standing
from app.patients.view import PatientsScreen
from cabinet.dossier import Dossier
from cli.demo_journey import CHOSEN_PASSWORD
from cli.visitor import VisitFailed, Visitor
from portal.api import failures
from portal.api.connections import NotConnected
from portal.api.desk import Showing
from portal.pages import addresses
from tests.app.conftest import WITHIN
from tests.app.practice import Practice

Answering = Callable[[bool], list[str]]


def standing(screen: PatientsScreen) -> Standing | None:
    card = screen.card.card
    return card.standing if card else None


def showing(board: Board, dossier: Dossier) -> Showing | None:
    account = (board.accounts or {}).get(dossier.number)
    return account.showing if account else None


def sync(practice: Practice, board: Board, qtbot: QtBot) -> None:
    """A night passes, and the board knows of it."""
    qtbot.waitUntil(lambda: not board.is_pending("accounts"), timeout=WITHIN)
    practice.sync()
    with qtbot.waitSignal(board.accounts_changed, timeout=WITHIN):
        board.refresh_accounts()


def signs_in(practice: Practice, dossier: Dossier) -> bool:
    with Visitor(practice.portal.address) as browser:
        try:
            browser.submit(
                addresses.SIGN_IN,
                then=addresses.APPOINTMENTS,
                cabinet_code=practice.cabinet.code,
                patient_number=dossier.number,
                password=CHOSEN_PASSWORD,
            )
        except VisitFailed:
            return False
    return True


def test_a_patient_is_hidden_at_once_and_shown_again_by_the_next_sync(
    screen: PatientsScreen, practice: Practice, newcomers: Iterator[Dossier], answering: Answering, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    board = screen._context.board
    screen.receive(dossier.number)
    titles = answering(True)
    qtbot.mouseClick(screen.card.visible, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: standing(screen) is Standing.HIDDEN, timeout=WITHIN)
    assert titles == [f"Masquer {dossier.patient.last_name} {dossier.patient.first_name} sur le portail\u00a0?"]
    assert not screen.card.visible.isChecked()
    assert not screen.card.sheet.isEnabled()
    sync(practice, board, qtbot)
    assert showing(board, dossier) is Showing.HIDDEN

    qtbot.mouseClick(screen.card.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: standing(screen) is Standing.UNPUBLISHED, timeout=WITHIN)
    assert screen.card.visible.isChecked()
    sync(practice, board, qtbot)
    qtbot.waitUntil(lambda: standing(screen) is Standing.NEVER_INFORMED, timeout=WITHIN)
    assert showing(board, dossier) is Showing.SHOWN


def test_a_person_who_says_no_hides_nobody(
    screen: PatientsScreen, newcomers: Iterator[Dossier], answering: Answering, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    screen.receive(dossier.number)
    titles = answering(False)
    qtbot.mouseClick(screen.card.visible, Qt.MouseButton.LeftButton)
    assert len(titles) == 1
    assert screen.card.visible.isChecked()
    assert screen._context.tasks.running == 0


def test_the_undo_belongs_to_the_patient_it_was_done_for(
    screen: PatientsScreen, newcomers: Iterator[Dossier], answering: Answering, qtbot: QtBot
) -> None:
    dossier, other = next(newcomers), next(newcomers)
    screen.receive(dossier.number)
    answering(True)
    qtbot.mouseClick(screen.card.visible, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.card.undo.isVisible, timeout=WITHIN)
    screen.receive(other.number)
    assert not screen.card.undo.isVisible()
    screen.receive(dossier.number)
    assert screen.card.undo.isVisible()


def test_a_reset_access_no_longer_opens_with_the_old_password_and_a_new_sheet_is_offered(
    screen: PatientsScreen, practice: Practice, newcomers: Iterator[Dossier], answering: Answering, qtbot: QtBot
) -> None:
    dossier = next(one for one in newcomers if any(addressee.email for addressee in one.addressees))
    practice.first_visit(dossier)
    assert signs_in(practice, dossier)
    screen.receive(dossier.number)
    titles = answering(True)
    qtbot.mouseClick(screen.card.reset, Qt.MouseButton.LeftButton)
    assert titles == ["Réinitialiser le mot de passe de ce patient\u00a0?"]
    offered = answering(True)
    qtbot.waitUntil(lambda: screen._errands.dialog is not None, timeout=WITHIN)
    assert offered == ["Le mot de passe est réinitialisé"]
    dialog = screen._errands.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.print.isEnabled, timeout=WITHIN)
    dialog.reject()
    assert not signs_in(practice, dossier)
    qtbot.waitUntil(lambda: standing(screen) is not Standing.ACTIVATED, timeout=WITHIN)


def test_a_patient_is_erased_only_with_the_number_typed_and_never_comes_back(
    screen: PatientsScreen, practice: Practice, newcomers: Iterator[Dossier], qapp: QApplication, qtbot: QtBot
) -> None:
    dossier = next(newcomers)
    screen.receive(dossier.number)
    assert screen.card.erase.isVisible()
    allowed: list[bool] = []

    def type_number() -> None:
        question = qapp.activeModalWidget()
        if not isinstance(question, EraseDialog):
            QTimer.singleShot(20, type_number)
            return
        allowed.append(question.action.isEnabled())
        qtbot.keyClicks(question.typed, dossier.number[:-1])
        allowed.append(question.action.isEnabled())
        qtbot.keyClicks(question.typed, dossier.number[-1])
        allowed.append(question.action.isEnabled())
        qtbot.mouseClick(question.action, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, type_number)
    qtbot.mouseClick(screen.card.erase, Qt.MouseButton.LeftButton)
    assert allowed == [False, False, True]
    qtbot.waitUntil(lambda: standing(screen) is Standing.ERASED, timeout=WITHIN)
    assert not screen.card.erase.isVisible()
    sync(practice, screen._context.board, qtbot)
    assert standing(screen) is Standing.ERASED


def test_the_reception_is_not_offered_to_erase(screen: PatientsScreen, newcomers: Iterator[Dossier]) -> None:
    screen.card.show_card(screen.card.card, may_erase=False)
    screen.receive(next(newcomers).number)
    screen.card.show_card(screen.card.card, may_erase=False)
    assert not screen.card.erase.isVisible()


def test_a_portal_that_is_away_changes_nothing_and_says_so(
    screen: PatientsScreen,
    newcomers: Iterator[Dossier],
    answering: Answering,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier = next(newcomers)
    screen.receive(dossier.number)

    def refuse(*_: object) -> None:
        raise NotConnected(failures.no_connection)

    monkeypatch.setattr("portal.api.connections.Connections.to", refuse)
    monkeypatch.setattr("sync.cancel.CancelToken.wait", lambda *_: None)
    answering(True)
    qtbot.mouseClick(screen.card.visible, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.notice.isVisible, timeout=WITHIN)
    assert screen.card.visible.isChecked()
    assert screen.card.isEnabled()
