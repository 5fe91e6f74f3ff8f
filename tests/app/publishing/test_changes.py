"""What would change of one patient, seen from a simulation: against a real portal, and where it does not tell."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.publishing.changes import Row, changes_of
from app.publishing.changes_dialog import ChangesDialog
from app.publishing.dialogs import PeopleDialog
from cabinet.dossier import Addressee, Dossier, Patient
from portal.api import failures
from portal.api.desk_client import DeskClient
from sync.differences import differences
from sync.shown import Comparison
from tests.app.conftest import WITHIN
from tests.app.practice import Practice
from tests.app.publishing.conftest import Opened
from tests.app.publishing.test_view import give_to_another, idle, open_dialog, press
from tests.e2e.journey.small_export import SmallExport
from tests.portal.server.support import make_dossier

Scene = tuple[Practice, SmallExport]


@pytest.fixture
def simulated(qtbot: QtBot, opened: Opened, thinned: Scene) -> Callable[[], PeopleDialog]:
    """The window of a simulation: 0002 has another name, 0005 went to another patient."""

    def simulates() -> PeopleDialog:
        practice, export = thinned
        screen = opened(practice)
        export.names["0002"] = "CHANGE"
        give_to_another(export, "0005")
        press(qtbot, screen.simulate_button)
        dialog = open_dialog(qtbot, PeopleDialog)
        idle(qtbot, screen)
        return dialog

    return simulates


def looked_into(qtbot: QtBot, dialog: PeopleDialog, group: str) -> ChangesDialog:
    dialog.switch.choose(group)
    dialog._show(group)
    press(qtbot, dialog.look)
    found = open_dialog(qtbot, ChangesDialog)
    qtbot.waitUntil(lambda: not found.busy.isVisible(), timeout=WITHIN)
    return found


def test_a_simulation_shows_line_by_line_what_changes(
    qtbot: QtBot, simulated: Callable[[], PeopleDialog], thinned: Scene
) -> None:
    dialog = simulated()
    found = looked_into(qtbot, dialog, "changed")
    assert list(found.model.rows) == [Row("Nom", "NOM-0002", "CHANGE")]
    assert found.sentence.text().startswith("Publié le ")
    assert found.unchanged.text() == "Sans changement\u00a0: 1\u00a0rendez-vous."
    press(qtbot, found.close_button)
    former = looked_into(qtbot, dialog, "reused")
    assert [row.what for row in former.model.rows] == ["Nom", "Prénom", "Date de naissance"]
    press(qtbot, former.close_button)
    press(qtbot, dialog.close_button)


def test_who_is_new_or_gone_has_nothing_to_compare(qtbot: QtBot, simulated: Callable[[], PeopleDialog]) -> None:
    dialog = simulated()
    for group, is_offered in (("added", False), ("withdrawn", False), ("changed", True)):
        dialog._show(group)
        assert dialog.look.isVisible() is is_offered, group
    press(qtbot, dialog.close_button)


def test_a_portal_that_does_not_tell_is_a_sentence(
    qtbot: QtBot, simulated: Callable[[], PeopleDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(client: DeskClient, number: str) -> None:
        raise failures.silent("portail.exemple.fr")

    dialog = simulated()
    monkeypatch.setattr(DeskClient, "shown", silent)
    found = looked_into(qtbot, dialog, "changed")
    assert found.notice.text.startswith("Le portail portail.exemple.fr ne répond pas.")
    assert list(found.model.rows) == []
    press(qtbot, found.close_button)
    press(qtbot, dialog.close_button)


def compare(shown: Dossier, now: Dossier) -> Comparison:
    return Comparison(shown, dt.datetime(2026, 11, 22, 20, 7, tzinfo=dt.UTC), differences(shown, now))


def test_a_side_that_has_no_such_line_and_one_that_says_nothing_are_told_apart() -> None:
    shown = Dossier(Patient("1", last_name="PETIT"), addressees=(Addressee(last_name="PETIT"),))
    now = Dossier(Patient("1", first_name="Zoé", last_name="PETIT"))
    assert changes_of(compare(shown, now)).rows == (
        Row("Prénom", "vide", "Zoé"),
        Row("Destinataire PETIT", "présent", "—"),
    )


def test_an_export_that_says_the_same_by_now_is_told() -> None:
    same = changes_of(compare(make_dossier("1"), make_dossier("1")))
    assert same.sentence.endswith(" L’export dit maintenant la même chose.")
    assert same.rows == ()
