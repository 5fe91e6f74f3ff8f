"""Finding a patient by keyboard, and what the card then says."""

import datetime as dt

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.board import Board
from app.patients.presenter import Directory, Filter
from app.patients.view import PatientsScreen
from app.screen import Context
from cabinet.dossier import Dossier, Patient
from cabinet.values import fold
from tests.app.conftest import WITHIN, fill
from tests.app.practice import PATIENTS, Practice
from tests.app.watchdog import Watchdog


def numbers(screen: PatientsScreen) -> list[str]:
    return [row.number for row in screen.rows.rows]


def test_a_patient_is_found_by_birth_date_and_the_number_copied(
    screen: PatientsScreen, qtbot: QtBot, told: list[str]
) -> None:
    qtbot.keyClicks(screen.search, "15/04/1985")

    assert numbers(screen) == ["5312"]
    assert screen.found.text() == "1\u00a0patient trouvé pour «\u00a015/04/1985\u00a0»"
    card = screen.card.card
    assert card is not None
    assert (card.number, card.birth) == ("5312", "Monsieur, né le 15/04/1985")
    qtbot.keyClick(screen.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "5312"
    assert told == ["N°\u00a0interne 5312 copié."]


def test_ctrl_c_copies_what_is_selected_in_the_search_box_first(screen: PatientsScreen, qtbot: QtBot) -> None:
    qtbot.keyClicks(screen.search, "aaessai")
    screen.search.selectAll()
    qtbot.keyClick(screen.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "aaessai"


def test_the_copy_button_copies_the_number_of_the_card(screen: PatientsScreen, qtbot: QtBot) -> None:
    screen.receive("5312")
    qtbot.mouseClick(screen.card.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "5312"


def test_everybody_is_listed_with_how_they_stand(screen: PatientsScreen, visitor: Dossier) -> None:
    assert len(numbers(screen)) == PATIENTS
    screen.receive(visitor.number)
    card = screen.card.card
    assert card is not None
    assert (card.number, card.standing.label) == (visitor.number, "Activé")
    assert card.last_visit == dt.datetime.now().astimezone().strftime("%d/%m/%Y")


def test_the_photo_is_shown_where_there_is_one(screen: PatientsScreen, board: Board, qtbot: QtBot) -> None:
    with_photo = next(one for one in board.dossiers.values() if one.photo_digest)
    without = next(one for one in board.dossiers.values() if not one.photo_digest)
    screen.receive(with_photo.number)
    qtbot.waitUntil(lambda: screen.card.portrait.has_photo, timeout=WITHIN)
    screen.receive(without.number)
    assert not screen.card.portrait.has_photo


def test_down_leads_from_the_search_to_the_list_and_the_card_follows(screen: PatientsScreen, qtbot: QtBot) -> None:
    qtbot.keyClicks(screen.search, "48")
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    assert screen.table.hasFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_Down)
    card = screen.card.card
    assert card is not None
    assert card.number == numbers(screen)[1]


def test_what_is_typed_next_keeps_the_chosen_patient_while_it_is_found(screen: PatientsScreen, qtbot: QtBot) -> None:
    qtbot.keyClicks(screen.search, "48")
    chosen = numbers(screen)[3]
    screen.table.select_key(chosen)
    qtbot.keyClicks(screen.search, chosen[2:])
    assert screen.card.card is not None
    assert screen.card.card.number == chosen


def test_a_head_sorts_and_sorts_back(screen: PatientsScreen) -> None:
    screen.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    up = [fold(row.last_name) for row in screen.rows.rows]
    screen.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    down = [fold(row.last_name) for row in screen.rows.rows]
    assert up == sorted(up)
    assert down == up[::-1]
    assert up[0] != up[-1]


def test_a_search_without_success_offers_to_clear_it(screen: PatientsScreen, qtbot: QtBot) -> None:
    qtbot.keyClicks(screen.search, "zzz")
    assert screen.found.text() == "Aucun patient trouvé pour «\u00a0zzz\u00a0»"
    assert screen.card.card is None
    assert screen.empty.isVisible()
    qtbot.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)
    assert len(numbers(screen)) == PATIENTS


@pytest.mark.parametrize("name", ["never-informed", "incomplete-address"])
def test_another_screen_leads_to_a_filtered_list(screen: PatientsScreen, name: str) -> None:
    screen.receive(name)
    assert screen.only.currentData() == Filter(name)
    shown = screen.rows.rows
    assert 0 < len(shown) < PATIENTS
    assert all(row.address_problem or row.standing.value == "never-informed" for row in shown)
    assert screen.card.card is not None


def test_another_screen_leads_to_a_patient_before_the_export_is_read(
    context: Context, board: Board, qtbot: QtBot
) -> None:
    screen = PatientsScreen(context)
    qtbot.addWidget(screen)
    screen.show()
    screen.shown()
    screen.receive("5312")
    assert screen.card.card is None
    qtbot.waitUntil(lambda: screen.card.card is not None, timeout=WITHIN)
    assert screen.card.card is not None
    assert screen.card.card.number == "5312"
    qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=WITHIN)


def test_an_export_that_cannot_be_read_says_why_and_is_tried_again(
    practice: Practice, context: Context, board: Board, qtbot: QtBot
) -> None:
    source = context.desk.source
    away = practice.folder / "away"
    context.desk.config = replace(context.desk.config, source=str(away))
    screen = PatientsScreen(context)
    qtbot.addWidget(screen)
    screen.show()
    screen.shown()
    qtbot.waitUntil(lambda: screen.empty.button.text() == "Réessayer", timeout=WITHIN)
    away.symlink_to(source)
    qtbot.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.rows.rowCount() == PATIENTS, timeout=WITHIN)
    qtbot.waitUntil(lambda: context.tasks.running == 0, timeout=WITHIN)


def test_his_portal_is_seen_on_the_portal_screen(
    screen: PatientsScreen, navigated: list[tuple[str, object]], qtbot: QtBot
) -> None:
    screen.receive("5312")
    qtbot.mouseClick(screen.card.preview, Qt.MouseButton.LeftButton)
    assert navigated == [("portal_editor", "5312")]


def test_separated_parents_are_both_on_the_card(screen: PatientsScreen, board: Board) -> None:
    two = next(one for one in board.dossiers.values() if len(one.addressees) == 2)
    screen.receive(two.number)
    card = screen.card.card
    assert card is not None
    assert len(card.contacts) == 2


def test_typing_among_ten_thousand_patients_never_keeps_the_window_busy(
    context: Context, board: Board, qtbot: QtBot, watchdog: Watchdog
) -> None:
    fill(board, qtbot)
    screen = PatientsScreen(context)
    qtbot.addWidget(screen)
    screen.show()
    dossiers = [
        Dossier(
            Patient(str(number), "", f"NOM{number % 700}", f"Prénom{number % 90}", dt.date(2010, 1, 1 + number % 28))
        )
        for number in range(10_000)
    ]
    screen._take(Directory(dossiers, {}))
    watchdog.start()
    for query in ("nom12 prenom", "0401", "05/01/2010"):
        screen.search.clear()
        qtbot.keyClicks(screen.search, query)
    watchdog.stop()
    # One keystroke is a few milliseconds; the bound is for a machine ten times slower.
    assert watchdog.longest_cpu < 1.0
    assert screen.rows.rowCount() > 0
