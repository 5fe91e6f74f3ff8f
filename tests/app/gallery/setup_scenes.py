"""Réglages, section by section, and the window of an export's columns."""

from PySide6.QtWidgets import QWidget

from app.setup.columns_dialog import ColumnsDialog
from app.setup.columns_tab import ColumnsTab
from app.setup.source_section import SourceSection
from app.setup.view import SetupScreen
from app.widgets.confirm import Question
from app.widgets.scrolled import Scrolled
from cabinet.sources.location import Location
from tests.app.foreign_export import write_foreign_export
from tests.app.gallery.scenes import scene
from tests.app.gallery.stage import Stage


@scene("reglages-portail")
def portal(stage: Stage) -> QWidget:
    return _section(stage, "portal").window()


@scene("reglages-portail-code")
def enrolment(stage: Stage) -> QWidget:
    screen = _section(stage, "portal")
    screen.current.again.click()  # type: ignore[attr-defined] # the portal's section
    stage.settle()
    return screen.window()


@scene("reglages-source")
def source(stage: Stage) -> QWidget:
    return _section(stage, "source").window()


@scene("reglages-source-verifiee")
def source_verified(stage: Stage) -> QWidget:
    screen = _section(stage, "source")
    assert isinstance(screen.current, SourceSection)
    screen.current.verify.click()
    stage.settle()
    return screen.window()


@scene("reglages-source-base")
def source_database(stage: Stage) -> QWidget:
    screen = _section(stage, "source")
    assert isinstance(screen.current, SourceSection)
    screen.current.field.kind.part("database").click()
    stage.settle()
    return screen.window()


@scene("reglages-expediteurs")
def senders(stage: Stage) -> QWidget:
    return _section(stage, "senders").window()


@scene("reglages-cabinet")
def cabinet(stage: Stage) -> QWidget:
    return _section(stage, "cabinet").window()


@scene("reglages-postes")
def devices(stage: Stage) -> QWidget:
    return _section(stage, "devices").window()


@scene("reglages-assistance")
def support(stage: Stage) -> QWidget:
    return _section(stage, "help").window()


@scene("reglages-colonnes")
def columns(stage: Stage) -> QWidget:
    return _columns(stage)


@scene("reglages-colonnes-rendez-vous")
def columns_of_visits(stage: Stage) -> QWidget:
    dialog = _columns(stage)
    dialog.tabs.setCurrentIndex(2)
    stage.settle()
    return dialog


@scene("reglages-colonnes-echeancier")
def columns_of_instalments(stage: Stage) -> QWidget:
    """No column says whether an instalment is settled: what was paid of it, and when, do."""
    dialog = _columns(stage, paid=True)
    dialog.tabs.setCurrentIndex(3)
    page = dialog.tabs.currentWidget()
    assert isinstance(page, ColumnsTab)
    dates = page.entries["dates"]
    dates.setCurrentText("jour/mois/année")
    dates.activated.emit(dates.currentIndex())
    stage.settle()
    fields = page.findChild(Scrolled)
    assert fields is not None
    fields.ensureWidgetVisible(page.entries["settled_on"])
    stage.settle()
    return dialog


@scene("reglages-poste-revoque")
def revoking(stage: Stage) -> QWidget:
    window = stage.window()
    words = "Ce poste ne pourra plus rien demander au portail. Il faudra un nouveau code pour le relier."
    return stage.show(
        Question(window, "Ne plus accepter le poste «\u00a0ACCUEIL-1\u00a0»\u00a0?", words, "Ne plus l’accepter")
    )


def _section(stage: Stage, key: str) -> SetupScreen:
    screen = stage.screen("setup", SetupScreen, key)
    stage.settle()
    return screen


def _columns(stage: Stage, *, paid: bool = False) -> ColumnsDialog:
    screen = _section(stage, "source")
    export = write_foreign_export(stage.folder("export-etranger") / "export", paid=paid)
    dialog = ColumnsDialog(Location(str(export)), stage.scratch, stage.tasks, None, screen.window())
    stage.show(dialog)
    stage.until(lambda: dialog.tabs.count() > 0)
    stage.settle()
    return dialog
