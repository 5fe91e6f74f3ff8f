"""The shared table: sorting, keyboard, and a selection that follows its row."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.widgets.pill import Kind, PillData
from app.widgets.table import Table
from app.widgets.table_model import Column, Look, SimpleTableModel


@dataclass(frozen=True)
class Person:
    number: str
    name: str
    age: int


PEOPLE = (Person("5312", "MODÈLE", 9), Person("5316", "ÉBAUCHE", 14), Person("5320", "TÉMOIN", 11))


@pytest.fixture
def model() -> SimpleTableModel[Person]:
    return SimpleTableModel(
        [
            Column("N° interne", lambda person: person.number, Look.CODE, width=120),
            Column("Nom", lambda _: "Lina", lead=lambda person: person.name),
            Column("Âge", lambda person: f"{person.age} ans", right=True, sort=lambda person: person.age, width=90),
            Column("Compte", lambda _: "Activé", pill=lambda _: PillData(Kind.OK, "Activé"), width=120),
            Column("", lambda _: "Détail", Look.LINK, width=90),
        ],
        PEOPLE,
        key=lambda person: person.number,
    )


@pytest.fixture
def table(qtbot: QtBot, model: SimpleTableModel[Person]) -> Table[Person]:
    table = Table("Patients", model)
    table.resize(800, 300)
    qtbot.addWidget(table)
    table.show()
    return table


def numbers(model: SimpleTableModel[Person]) -> list[str]:
    return [person.number for person in model.rows]


def test_rows_come_in_their_order_until_a_head_is_clicked(
    table: Table[Person], model: SimpleTableModel[Person], qtbot: QtBot
) -> None:
    assert numbers(model) == ["5312", "5316", "5320"]
    head = table.horizontalHeader()
    middle = QPoint(head.sectionViewportPosition(2) + 20, 15)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert numbers(model) == ["5312", "5320", "5316"]
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert numbers(model) == ["5316", "5320", "5312"]


def test_a_new_set_of_rows_keeps_the_order_that_was_chosen(model: SimpleTableModel[Person]) -> None:
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.set_rows([Person("1", "A", 3), Person("2", "B", 30)])
    assert numbers(model) == ["2", "1"]


def test_the_selection_follows_its_row_through_a_sort_and_a_renewal(
    table: Table[Person], model: SimpleTableModel[Person]
) -> None:
    assert table.select_key("5316")
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert table.selected_row() == PEOPLE[1]
    model.set_rows([Person("9999", "AUTRE", 40), Person("5316", "ÉBAUCHE", 15)])
    assert table.selected_row() == Person("5316", "ÉBAUCHE", 15)


def test_a_row_that_is_gone_leaves_nothing_selected_and_says_so(
    table: Table[Person], model: SimpleTableModel[Person], qtbot: QtBot
) -> None:
    table.select_key("5316")
    with qtbot.waitSignal(table.row_selected) as told:
        model.set_rows(PEOPLE[:1])
    assert told.args == [None]
    assert table.selected_row() is None


def test_arrows_select_and_enter_activates(table: Table[Person], qtbot: QtBot) -> None:
    table.setFocus()
    table.select_first()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.selected_row() == PEOPLE[1]
    with qtbot.waitSignal(table.row_activated) as activated:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert activated.args == [PEOPLE[1]]


def test_pressing_a_link_names_its_row_and_column(table: Table[Person], qtbot: QtBot) -> None:
    where = table.visualRect(table.model().index(2, 4)).center()
    with qtbot.waitSignal(table.link_pressed) as pressed:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert pressed.args == [PEOPLE[2], 4]


def test_a_screen_reader_hears_the_words_of_every_cell(model: SimpleTableModel[Person]) -> None:
    spoken = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(4)]
    assert spoken == ["5312", "MODÈLE Lina", "9 ans", "Activé"]


def test_the_picture_of_a_selected_row_has_its_bar(table: Table[Person]) -> None:
    table.select_first()
    picture = table.viewport().grab().toImage()
    assert picture.pixelColor(1, 20).name() == "#0b5563"
    assert picture.pixelColor(300, 3).name() == "#d8ebed"
    assert picture.pixelColor(1, 47 + 20).name() != "#0b5563"
