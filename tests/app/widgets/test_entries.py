"""Lists, dates and numbers on a page that scrolls: the wheel moves the page, not what somebody set."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.entries import ComboBox, CountEdit, DateEdit, NumberEdit


def list_of_two() -> ComboBox:
    made = ComboBox()
    made.addItems(["Un", "Deux"])
    return made


def some_date() -> DateEdit:
    made = DateEdit()
    made.setDate(QDate(2026, 11, 23))
    return made


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (list_of_two, ComboBox.currentText),
        (some_date, DateEdit.date),
        (NumberEdit, NumberEdit.value),
        (CountEdit, CountEdit.value),
    ],
)
def test_the_wheel_scrolls_the_page_and_changes_only_what_has_the_focus(
    make: Callable[[], QWidget], value: Callable[..., object], qtbot: QtBot
) -> None:
    entry, area, page = make(), QScrollArea(), QWidget()
    column = QVBoxLayout(page)
    for part in (QLabel("Sous la souris"), entry, QLabel("Plus bas\n" * 60)):
        column.addWidget(part)
    entry.setFixedHeight(30)
    area.setWidget(page)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    area.activateWindow()
    area.setFocus()
    before = value(entry)
    turn_wheel(entry, -1)
    assert value(entry) == before
    assert area.verticalScrollBar().value() > 0
    assert not entry.hasFocus(), "the wheel gave it the focus: the next turn would change it"

    area.verticalScrollBar().setValue(0)
    entry.setFocus()
    qtbot.waitUntil(entry.hasFocus)
    turn_wheel(entry, -1 if isinstance(entry, ComboBox) else 1)
    assert value(entry) != before


def turn_wheel(one: QWidget, clicks: int) -> None:
    """Over its middle, as the system tells it to the window: the event goes on to the page where nothing takes it."""
    window = one.window()
    QTest.wheelEvent(window.windowHandle(), QPointF(one.mapTo(window, one.rect().center())), QPoint(0, 120 * clicks))
    QApplication.processEvents()
