"""The Patients screen on a cabinet of its own, which its tests change: each takes other patients than the next."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.board import Board
from app.patients.view import PatientsScreen
from app.screen import Context
from cabinet.dossier import Dossier
from cli.embedded_portal import EmbeddedPortal
from tests.app.conftest import WITHIN, fill
from tests.app.practice import NewCabinet, Practice, published_practice, visitor_of


@pytest.fixture(scope="package")
def changing_practice(
    portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory, today: dt.date
) -> Practice:
    return published_practice(portal, next(cabinets), tmp_path_factory.mktemp("patients") / "desk", today=today)


@pytest.fixture
def practice(changing_practice: Practice, tmp_path: Path) -> Practice:
    return changing_practice.copy(tmp_path / "desk")


@pytest.fixture(scope="package")
def visitor(changing_practice: Practice) -> Dossier:
    """The patient who has chosen a password."""
    return visitor_of(changing_practice.desk())


@pytest.fixture(scope="package")
def newcomers(changing_practice: Practice, visitor: Dossier) -> Iterator[Dossier]:
    """Patients nobody did anything for yet; each test takes its own."""
    reading = changing_practice.desk().read_source()
    return iter([one for one in reading.dossiers if one.number != visitor.number and one.patient.birth_date])


@pytest.fixture
def screen(context: Context, board: Board, qtbot: QtBot) -> PatientsScreen:
    """Shown, with all that it shows."""
    fill(board, qtbot)
    made = PatientsScreen(context)
    qtbot.addWidget(made)
    made.resize(1170, 710)
    made.show()
    made.shown()
    qtbot.waitUntil(lambda: made.rows.rowCount() > 0 and context.tasks.running == 0, timeout=WITHIN)
    return made
