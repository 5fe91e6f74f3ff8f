"""The Synchronisation screen driven by hand, against a real portal."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.publishing.dialogs import DetailDialog, PeopleDialog
from app.publishing.pipeline import Light, Stage
from app.publishing.view import PublishingScreen
from app.shell.nav import WIDTH as NAV_WIDTH
from app.shell.window import SMALLEST
from app.widgets.confirm import Question
from app.widgets.pill import Kind, PillData
from cabinet.errors import MappingError, SourceNotReady
from portal.api import failures
from portal.api.client import PortalClient
from portal.api.nights import Ending, KnownRun, Nights, PlannedNight, RunTold
from portal.api.shapes import Batch, Launched, Role, RunNotice
from sync.config import read_config, write_config
from sync.only_run import only_run
from sync.report import Launch, Outcome
from tests.app.conftest import WITHIN
from tests.app.practice import PATIENTS, Practice
from tests.app.publishing.conftest import Opened
from tests.e2e.journey.small_export import SmallExport

Window = TypeVar("Window", bound=QDialog)


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def idle(qtbot: QtBot, screen: PublishingScreen) -> None:
    """Until the run ended and what it renews has come."""
    qtbot.waitUntil(lambda: screen.busy_with() == "" and screen._context.tasks.running == 0, timeout=WITHIN)


def open_dialog(qtbot: QtBot, kind: type[Window]) -> Window:
    found: list[Window] = []

    def there() -> bool:
        window = QApplication.activeModalWidget()
        if isinstance(window, kind):
            found.append(window)
        return bool(found)

    qtbot.waitUntil(there, timeout=WITHIN)
    return found[0]


def test_a_first_publication_is_simulated_then_run(qtbot: QtBot, opened: Opened, new_practice: Practice) -> None:
    screen = opened(new_practice)
    assert screen.pill.data.text == "Jamais lancée sur ce poste"
    assert screen.history.nothing.isVisible()
    assert not screen.history.table.isVisible()

    press(qtbot, screen.simulate_button)
    dialog = open_dialog(qtbot, PeopleDialog)
    idle(qtbot, screen)
    assert len(dialog.model.rows) == PATIENTS
    assert all(person.name and person.name != "Nom inconnu de ce poste" for person in dialog.model.rows)
    assert "Rien n’a été publié." in screen.result.text
    assert screen.run.pipeline.pipeline.portal.words == "patients à publier"
    assert [line.verdict.words for line in screen.history.model.rows] == ["Simulation"]
    assert screen._context.board.overview is not None
    assert screen._context.board.overview.published == 0

    press(qtbot, dialog.action)
    idle(qtbot, screen)
    assert screen.result.kind is Kind.OK
    assert screen.result.text.startswith(f"{PATIENTS}\u00a0dossiers ajoutés")
    assert screen._context.board.overview.published == PATIENTS
    assert screen.run.pipeline.pipeline.portal.spoken.startswith(f"{PATIENTS} patients publiés")
    newest = screen.history.model.rows[0]
    assert (newest.entry.status, newest.entry.launch, newest.launch) == (Outcome.DONE, Launch.MANUAL, "Manuelle")
    assert screen.pill.data.text.startswith("Réussie aujourd’hui à ")


def lose(export: SmallExport, count: int) -> None:
    export.names = dict(list(export.names.items())[count:])
    export.write()


def run(qtbot: QtBot, screen: PublishingScreen) -> None:
    """Synchronise, and wait for the end."""
    press(qtbot, screen.run_button)
    idle(qtbot, screen)


def run_after_losing(
    count: int, qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> PublishingScreen:
    """Synchronise an export that lost this many patients since the last run."""
    practice, export = thinned
    screen = opened(practice)
    lose(export, count)
    run(qtbot, screen)
    return screen


def test_a_practitioner_sees_the_held_withdrawals_and_confirms_them(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, _ = thinned
    screen = run_after_losing(25, qtbot, opened, thinned)
    assert screen.waiting.held.text == (
        "25\u00a0retraits attendent une confirmation. Ces patients ne sont plus dans l’export, mais restent visibles "
        "sur le portail."
    )
    assert shown_by(practice) == 60
    assert screen.pill.data.text.endswith("des retraits attendent")

    press(qtbot, screen.waiting.held.button)
    dialog = open_dialog(qtbot, PeopleDialog)
    assert (dialog.model.row(0).number, dialog.model.row(0).name) == ("0001", "NOM-0001 Alix")
    assert len(dialog.model.rows) == 25
    assert dialog.action.text() == "Retirer 25\u00a0patients du portail"
    press(qtbot, dialog.action)
    idle(qtbot, screen)
    assert shown_by(practice) == 35
    assert not screen.waiting.held.isVisible()


def test_what_is_confirmed_is_what_was_shown(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, export = thinned
    screen = run_after_losing(25, qtbot, opened, thinned)
    press(qtbot, screen.waiting.held.button)
    dialog = open_dialog(qtbot, PeopleDialog)
    lose(export, 10)
    press(qtbot, dialog.action)
    idle(qtbot, screen)
    assert screen.result.text.startswith("L’export a changé depuis que la liste des retraits a été montrée.")
    assert shown_by(practice) == 60


def at_reception(practice: Practice) -> None:
    """The computer is the reception's from now on."""
    config = read_config(practice.config_file)
    practice.enrol(Role.RECEPTION)
    write_config(config, practice.config_file)


def test_reception_sees_who_waits_and_who_may_confirm(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, _ = thinned
    at_reception(practice)
    screen = run_after_losing(25, qtbot, opened, thinned)
    assert screen.waiting.held.text.endswith("Un praticien peut les confirmer depuis son poste, sur cet écran.")
    press(qtbot, screen.waiting.held.button)
    dialog = open_dialog(qtbot, PeopleDialog)
    assert len(dialog.model.rows) == 25
    assert not dialog.action.isVisible()
    press(qtbot, dialog.close_button)
    idle(qtbot, screen)
    assert shown_by(practice) == 60


def test_a_run_that_is_cancelled_publishes_nothing(
    qtbot: QtBot, opened: Opened, new_practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(new_practice)
    reached, go_on = threading.Event(), threading.Event()
    real = PortalClient.put_batch

    def slow(client: PortalClient, run: str, index: int, batch: Batch) -> None:
        reached.set()
        assert go_on.wait(WITHIN / 1000)
        real(client, run, index, batch)

    monkeypatch.setattr(PortalClient, "put_batch", slow)
    press(qtbot, screen.run_button)
    qtbot.waitUntil(reached.is_set, timeout=WITHIN)
    assert screen.busy_with().startswith("Une synchronisation est en cours.")
    assert not screen.run_button.isEnabled()
    qtbot.waitUntil(lambda: screen.run.pipeline.pipeline.lights[Stage.PORTAL] is Light.ACTIVE, timeout=WITHIN)
    assert screen.run.pipeline.pipeline.differences[0].spoken == f"{PATIENTS} à ajouter"
    press(qtbot, screen.run.progress.button)
    assert screen.run.progress.button.text() == "Arrêt en cours…"
    go_on.set()
    idle(qtbot, screen)
    assert screen.result.text == "La synchronisation a été arrêtée à votre demande. Rien n’a été publié."
    assert shown_by(new_practice) == 0
    assert [line.verdict.words for line in screen.history.model.rows] == ["Arrêtée"]
    assert screen.run_button.isEnabled()


def test_an_export_that_is_gone_is_told_and_nothing_is_published(
    qtbot: QtBot, opened: Opened, own_practice: Practice
) -> None:
    screen = opened(own_practice)
    export = own_practice.folder / "export"
    export.rename(own_practice.folder / "elsewhere")
    run(qtbot, screen)
    assert screen.result.text == (
        f"Le dossier d’export {export} n’existe pas ou n’est pas un dossier. Vérifiez le chemin, et que le partage "
        "réseau est accessible."
    )
    assert screen.run.pipeline.pipeline.lights[Stage.SOURCE] is Light.FAILED
    assert shown_by(own_practice) == PATIENTS

    press(qtbot, screen.result._close)
    screen.shown()
    idle(qtbot, screen)
    assert screen.history.failure.isVisible()
    assert screen.history.failure.text.startswith("Aujourd’hui à ")
    assert screen.pill.data.text.startswith("Non publiée aujourd’hui à ")
    qtbot.keyClick(screen.history.table, Qt.Key.Key_Down)
    qtbot.keyClick(screen.history.table, Qt.Key.Key_Return)
    dialog = open_dialog(qtbot, DetailDialog)
    press(qtbot, dialog.copy)
    assert f"Le dossier d’export {export} n’existe pas" in QApplication.clipboard().text()
    press(qtbot, dialog.close_button)


def test_a_column_that_is_gone_leads_to_the_source_until_it_is_back(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport], navigations: list[tuple[str, object]]
) -> None:
    """The morning after: the night's run failed, and this computer's screen is opened."""
    practice, export = thinned
    export.fill(60)
    patients = export.folder / "patients.csv"
    patients.write_text(patients.read_text().replace("Naissance", "Age", 1))
    with pytest.raises(MappingError, match="«\u00a0Naissance\u00a0» a disparu"):
        practice.sync()
    screen = opened(practice)
    box = screen.history.failure
    assert "La colonne «\u00a0Naissance\u00a0» a disparu du fichier patients.csv" in box.text
    assert box.button.text() == "Ouvrir les Réglages"
    press(qtbot, box.button)
    assert navigations == [("setup", "source")]

    run(qtbot, screen)
    assert screen.result.button.text() == "Ouvrir les Réglages"
    press(qtbot, screen.result.button)
    assert navigations == [("setup", "source")] * 2

    export.write()
    run(qtbot, screen)
    assert box.text.endswith("il n’y a rien à faire.")
    assert not box.button.isVisible()


def test_a_file_that_was_only_not_ready_is_tried_again(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport], navigations: list[tuple[str, object]]
) -> None:
    """The morning after: the night met a file that another program had only begun to write."""
    practice, export = thinned
    export.fill(60)
    patients = export.folder / "patients.csv"
    patients.write_bytes(b"")
    with pytest.raises(SourceNotReady):
        practice.sync()
    screen = opened(practice)
    box = screen.history.failure
    assert "Le fichier patients.csv est vide." in box.text
    assert box.button.text() == "Réessayer"
    export.write()
    press(qtbot, box.button)
    idle(qtbot, screen)
    assert screen.result.kind is Kind.OK
    assert box.text.endswith("il n’y a rien à faire.")
    assert navigations == []


@pytest.mark.parametrize("is_simulation", [False, True])
def test_a_run_that_meets_an_export_being_written_is_tried_again_as_it_was(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport], is_simulation: bool
) -> None:
    practice, export = thinned
    screen = opened(practice)
    export.fill(61)
    export.write()
    growing = export.folder / "patients.csv.tmp"
    growing.write_text("half of it")
    press(qtbot, screen.simulate_button if is_simulation else screen.run_button)
    idle(qtbot, screen)
    assert screen.result.text == (
        "Le fichier patients.csv était en cours d’écriture. Attendez la fin de l’export, puis recommencez."
    )
    assert screen.result.button.text() == "Réessayer"
    assert not screen.history.failure.isVisible()

    growing.unlink()
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    assert ("1\u00a0dossier à ajouter" if is_simulation else "1\u00a0dossier ajouté") in screen.result.text
    assert shown_by(practice) == (60 if is_simulation else 61)


def test_a_table_that_lost_its_rows_stops_the_run(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, _ = thinned
    screen = run_after_losing(55, qtbot, opened, thinned)
    assert screen.result.text == (
        "L’export semble incomplet\u00a0: 5\u00a0patients au lieu de 60, 5\u00a0rendez-vous au lieu de 60 depuis la "
        "dernière synchronisation. Rien n’a été publié, le portail reste comme il était. Refaites l’export du logiciel "
        "du cabinet, vérifiez qu’il est complet, puis relancez la synchronisation. Si c’est voulu, un praticien peut "
        "le confirmer pour cette fois."
    )
    assert shown_by(practice) == 60


def test_a_practitioner_publishes_an_export_that_really_lost_its_rows(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport], answering: Callable[[bool], list[str]]
) -> None:
    practice, _ = thinned
    screen = run_after_losing(55, qtbot, opened, thinned)

    titles = answering(True)
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    assert titles == ["Publier cet export quand même\u00a0?"]
    # The rows are lost as they should; that the patients leave the portal is another question.
    assert screen.result.text.startswith("0\u00a0dossier ajouté")
    assert screen.waiting.held.text.startswith("55\u00a0retraits attendent une confirmation.")
    assert shown_by(practice) == 60


def test_reception_cannot_publish_an_export_that_lost_its_rows(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, _ = thinned
    at_reception(practice)
    screen = run_after_losing(55, qtbot, opened, thinned)
    assert not screen.result.button.isVisible()


def test_losses_that_grew_since_they_were_shown_are_not_published(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport], answering: Callable[[bool], list[str]]
) -> None:
    _, export = thinned
    screen = run_after_losing(52, qtbot, opened, thinned)
    lose(export, 3)
    answering(True)
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    assert screen.result.text.startswith("L’export a changé depuis que ce qui manque ou diffère a été montré.")


def swap_the_names(export: SmallExport) -> None:
    patients = export.folder / "patients.csv"
    patients.write_text(patients.read_text().replace("N;Nom;Prenom;", "N;Prenom;Nom;"))


def test_names_that_changed_places_stop_the_run_until_a_practitioner_confirms_them(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, export = thinned
    screen = opened(practice)
    swap_the_names(export)
    run(qtbot, screen)
    assert screen.result.text.startswith(
        "L’export semble avoir des colonnes échangées ou décalées\u00a0: «\u00a0nom\u00a0» changé pour 60 patients sur"
    )
    asked: list[str] = []

    def answer() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        asked.append(question.accessibleDescription())
        press(qtbot, question.action)

    QTimer.singleShot(0, answer)
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    (question,) = asked
    assert question == (
        "L’export a changé, depuis la dernière synchronisation\u00a0: «\u00a0nom\u00a0» changé pour 60 patients sur "
        "60, «\u00a0prénom\u00a0» changé pour 60 patients sur 60. Comparez d’abord quelques patients avec le logiciel "
        "du cabinet, comme le N°\u00a00001\u00a0: si des colonnes sont échangées, les familles verront des données "
        "fausses."
    )
    assert screen.result.text.startswith("0\u00a0dossier ajouté, 60 mis à jour")


def give_to_another(export: SmallExport, number: str) -> None:
    export.names[number] = "AUTRE"
    export.write()
    file = export.folder / "patients.csv"
    row = f"{number};AUTRE;Alix;01/02/2012"
    assert row in file.read_text()
    file.write_text(file.read_text().replace(row, f"{number};AUTRE;Sacha;09/09/2015"))


def test_a_practitioner_sees_a_number_that_went_to_another_patient_and_confirms_it(
    qtbot: QtBot, opened: Opened, thinned: tuple[Practice, SmallExport]
) -> None:
    practice, export = thinned
    screen = opened(practice)
    give_to_another(export, "0005")
    run(qtbot, screen)
    assert screen.waiting.reused.text == (
        "1\u00a0numéro réutilisé attend une confirmation. Le nom et la date de naissance ont changé\u00a0: le "
        "portail garde le dossier d’avant, pour ne pas montrer le dossier d’une famille à une autre."
    )
    assert not screen.waiting.held.isVisible()
    assert screen.run.pipeline.pipeline.portal.value == "60"
    assert screen.pill.data.text.endswith("des numéros attendent")
    assert screen.history.model.rows[0].verdict.words == "1\u00a0numéro réutilisé en attente"

    press(qtbot, screen.waiting.reused.button)
    dialog = open_dialog(qtbot, PeopleDialog)
    assert [(person.number, person.name) for person in dialog.model.rows] == [("0005", "AUTRE Sacha")]
    assert dialog.action.text() == "Publier 1\u00a0nouveau patient"
    press(qtbot, dialog.action)
    idle(qtbot, screen)
    assert not screen.waiting.reused.isVisible()
    assert screen.result.text.startswith("0\u00a0dossier ajouté, 1 mis à jour")


def test_a_run_of_another_program_is_told(qtbot: QtBot, opened: Opened, practice: Practice) -> None:
    screen = opened(practice)
    config = read_config(practice.config_file)
    with only_run(practice.state_dir, config.portal, config.cabinet):
        press(qtbot, screen.run_button)
        idle(qtbot, screen)
    assert screen.result.text == (
        "Une synchronisation de ce cabinet est déjà en cours sur ce poste. Attendez qu’elle se termine, puis réessayez."
    )
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    assert screen.result.kind is Kind.OK


def test_a_portal_out_of_reach_is_told_and_the_history_stays(
    qtbot: QtBot, opened: Opened, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(practice)
    before = len(screen.history.model.rows)
    monkeypatch.setattr("app.publishing.runs.run_configured", unreachable)
    run(qtbot, screen)
    assert screen.result.text == (
        "Le portail portail.exemple.fr est injoignable. Rien n’est publié à moitié. Vérifiez l’adresse du portail et "
        "la connexion à Internet de ce poste, puis réessayez."
    )
    assert len(screen.history.model.rows) == before

    monkeypatch.undo()
    assert screen.result.button.text() == "Réessayer"
    press(qtbot, screen.result.button)
    idle(qtbot, screen)
    assert screen.result.kind is Kind.OK


def unreachable(*_: object, **__: object) -> None:
    raise failures.no_connection("portail.exemple.fr")


def shown_by(practice: Practice) -> int:
    with practice.desk().portal() as portal:
        return len(portal.publishing.manifest().entries)


def test_the_run_of_the_evening_is_announced(qtbot: QtBot, opened: Opened, practice: Practice) -> None:
    screen = opened(practice)
    idle(qtbot, screen)
    board = screen._context.board
    board.evening = dt.time(0)
    board.schedule_changed.emit()
    assert screen.next_run.text() == "Prochaine\u00a0: demain à 0h00"
    assert screen.next_run.isVisible()


def nights_of(*launched: Launched, planned: tuple[PlannedNight, ...] = ()) -> Nights:
    at = dt.datetime(2026, 10, 6, 18, tzinfo=dt.UTC)
    runs = [RunTold(RunNotice("e" * 32, how, at), Ending.PUBLISHED, at) for how in launched]
    return Nights(planned, tuple(KnownRun("Serveur", is_this=False, run=run) for run in runs))


NOTHING_SCHEDULED = "Rien n’est programmé le soir"


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        (nights_of(), NOTHING_SCHEDULED),
        (nights_of(Launched.MANUAL), NOTHING_SCHEDULED),
        (nights_of(Launched.MANUAL, Launched.AUTOMATIC), ""),  # a script of the practice's own
        (nights_of(planned=(PlannedNight("Serveur", is_this=False, at="20:07", last_seen_at=None),)), ""),
        (None, ""),
    ],
)
def test_that_nothing_is_scheduled_is_said(
    qtbot: QtBot, opened: Opened, practice: Practice, nights: Nights | None, told: str
) -> None:
    screen = opened(practice)
    idle(qtbot, screen)
    board = screen._context.board
    board.evening, board.nights = None, nights
    board.nights_changed.emit()
    assert screen.next_run.text() == told
    assert screen.next_run.isVisible() is bool(told)


def test_in_a_narrow_window_the_state_is_whole_and_no_column_is_out_of_sight(
    qtbot: QtBot, opened: Opened, practice: Practice
) -> None:
    screen = opened(practice)
    board = screen._context.board
    board.evening = dt.time(0)
    board.schedule_changed.emit()
    # Whatever another test's computer published meanwhile: that is longer, and its whole text is the pill's tip.
    screen.pill.show_state(PillData(Kind.OK, "Réussie aujourd’hui à 14h19"))
    screen.resize(SMALLEST.width() - NAV_WIDTH, SMALLEST.height())
    QApplication.processEvents()
    assert screen.pill.toolTip() == ""
    assert not screen.next_run.isVisible()
    assert screen.history.table.horizontalScrollBar().maximum() == 0
