"""Accueil, Patients, Portail and Messages."""

import datetime as dt

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from app.board import Connection
from app.errors import Trouble
from app.home.view import HomeScreen
from app.inbox.view import InboxScreen
from app.patients.erase_dialog import EraseDialog
from app.patients.sheet_dialog import SheetDialog
from app.patients.view import PatientsScreen
from app.portal_editor.view import PortalScreen
from app.widgets.confirm import Question
from portal.api.nights import Trouble as NightTrouble
from portal.api.nights import TroubledNights
from tests.app.gallery.scenes import scene
from tests.app.gallery.stage import Stage

OFFLINE = Trouble(
    "Le portail ne répond pas.",
    "Vérifiez la connexion à Internet de ce poste\u00a0; ce qui est affiché est ce qui était connu.",
    offline=True,
)


@scene("accueil")
def home(stage: Stage) -> QWidget:
    window = stage.window()
    window.navigate("home", None)
    stage.settle()
    return window


@scene("accueil-tout-est-a-faire")
def home_with_everything(stage: Stage) -> QWidget:
    """After a refused night, with all that may wait for a person."""
    window = stage.window()
    board = window.context.board
    assert board.overview is not None
    window.navigate("home", None)
    stage.settle()
    trouble = TroubledNights(
        NightTrouble.REFUSED,
        3,
        dt.datetime.now(dt.UTC),
        what="La colonne «\u00a0Né(e) le\u00a0» a disparu de patients.csv",
    )
    board.overview = replace(
        board.overview, held_withdrawals=30, held_reused=2, unread_messages=14, never_informed=1_240, trouble=trouble
    )
    board.overview_changed.emit()
    board.set_unpublished(3)
    board.connection = Connection.OFFLINE
    board.connection_changed.emit()
    window.report(OFFLINE)
    home = stage.screen_of(window, "home", HomeScreen)
    stage.until(home.todo.isVisible)
    stage.settle()
    return window


@scene("accueil-inconnu")
def home_before_anything(stage: Stage) -> QWidget:
    window = stage.window(known=False)
    window.navigate("home", None)
    stage.settle()
    return window


@scene("patients")
def patients(stage: Stage) -> QWidget:
    return _patients(stage).window()


@scene("patients-personne")
def patients_nobody(stage: Stage) -> QWidget:
    screen = stage.screen("patients", PatientsScreen)
    screen.search.setText("anticonstitutionnellement")
    stage.settle()
    return screen.window()


@scene("patients-panne")
def patients_in_trouble(stage: Stage) -> QWidget:
    screen = _patients(stage)
    screen.notice.say_trouble(OFFLINE, "Réessayer")
    stage.settle()
    return screen.window()


@scene("patients-fiche")
def access_sheet(stage: Stage) -> QWidget:
    _patients(stage).card.sheet.click()
    dialog = stage.dialog(SheetDialog)
    stage.until(dialog.print.isEnabled)
    return dialog


@scene("patients-effacer")
def erase(stage: Stage) -> QWidget:
    screen = _patients(stage)
    return stage.show(EraseDialog(screen.window(), "AAESSAI TEST", "5312"))


@scene("question")
def question(stage: Stage) -> QWidget:
    window = stage.window()
    words = (
        "Une synchronisation est en cours. Si vous fermez maintenant, elle s’arrête\u00a0: rien n’est à moitié. " * 3
    )
    return stage.show(Question(window, "Réinitialiser 1\u00a0248 accès\u00a0?", words, "Réinitialiser les accès"))


@scene("portail")
def portal(stage: Stage) -> QWidget:
    return _portal(stage).window()


@scene("portail-texte-ouvert")
def portal_text(stage: Stage) -> QWidget:
    screen = _portal(stage)
    screen.focus_on("zones.greeting")
    stage.settle()
    return screen.window()


@scene("portail-acces")
def portal_access(stage: Stage) -> QWidget:
    screen = _portal(stage)
    screen._choose_tab(1)
    stage.settle()
    return screen.window()


@scene("portail-versions")
def portal_versions(stage: Stage) -> QWidget:
    screen = _portal(stage)
    screen.show_versions()
    stage.settle()
    return screen.window()


@scene("portail-modifications")
def portal_changes(stage: Stage) -> QWidget:
    screen = _portal(stage)
    for key in ("appointments.history", "contact", "dossier.photo"):
        screen.presenter.hide(key)
    screen.refresh()
    dialog = screen.show_detail()
    stage.settle()
    stage.windows.append(dialog)
    return dialog


@scene("portail-non-publie")
def portal_unpublished(stage: Stage) -> QWidget:
    screen = _portal(stage)
    for key in ("appointments.history", "contact", "dossier.photo"):
        screen.presenter.hide(key)
    screen.refresh()
    stage.settle()
    return screen.window()


@scene("messages")
def messages(stage: Stage) -> QWidget:
    screen = stage.screen("inbox", InboxScreen)
    stage.until(lambda: bool(screen.list.lines))
    screen.list.select(screen.list.lines[0].id)
    stage.settle()
    return screen.window()


def _patients(stage: Stage) -> PatientsScreen:
    screen = stage.screen("patients", PatientsScreen)
    stage.until(lambda: screen.rows.rowCount() > 0)
    screen.table.select_first()
    stage.settle()
    return screen


def _portal(stage: Stage) -> PortalScreen:
    screen = stage.screen("portal_editor", PortalScreen)
    stage.until(lambda: screen.presenter.is_ready and screen.panel.preview is not None)
    painted: list[bool] = []
    assert screen.panel.preview is not None
    screen.panel.preview.painted.connect(lambda: painted.append(True))
    stage.until(lambda: bool(painted))
    stage.settle()
    return screen
