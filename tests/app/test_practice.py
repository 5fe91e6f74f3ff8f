"""The fixtures that the other tests stand on: a desk that reaches a real portal."""

from app.board import Board, Connection
from app.screen import Context
from tests.app.practice import PATIENTS, Practice


def test_a_full_board_knows_the_cabinet_and_its_portal(full_board: Board, context: Context) -> None:
    assert full_board.reading is not None
    assert len(full_board.dossiers) == PATIENTS
    assert full_board.overview is not None
    assert (full_board.overview.published, full_board.overview.activated) == (PATIENTS, 1)
    assert full_board.messages is not None
    assert len(full_board.messages) == 1
    assert full_board.history is not None
    assert len(full_board.history) == 1
    assert full_board.is_practitioner
    assert full_board.connection is Connection.ONLINE
    assert context.board is full_board


def test_a_cabinet_that_published_nothing_has_an_empty_portal(new_practice: Practice) -> None:
    with new_practice.desk().portal() as portal:
        assert portal.desk.overview().published == 0
    assert len(new_practice.desk().read_source().dossiers) == PATIENTS
