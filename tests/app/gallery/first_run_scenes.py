"""The first-run assistant, page by page."""

from PySide6.QtWidgets import QWidget

from app.errors import Trouble
from app.first_run.draft import Draft, Step
from app.first_run.page import Journey
from app.first_run.view import Assistant
from sync.config import SecretKind, read_config, write_config
from tests.app.gallery.scenes import scene
from tests.app.gallery.stage import Stage

WRONG_CODE = Trouble(
    "Le portail ne connaît pas ce code, ou il a déjà servi.", "Demandez un nouveau code à votre hébergeur."
)


@scene("installation-portail")
def portal(stage: Stage) -> QWidget:
    return _assistant(stage, Step.PORTAL, enrolled=False)


@scene("installation-portail-refus")
def wrong_code(stage: Stage) -> QWidget:
    assistant = _assistant(stage, Step.PORTAL, enrolled=False)
    assistant.next.click()
    assistant.portal.notice.say_trouble(WRONG_CODE)
    stage.settle()
    return assistant


@scene("installation-source")
def source(stage: Stage) -> QWidget:
    return _assistant(stage, Step.SOURCE)


@scene("installation-colonnes")
def columns(stage: Stage) -> QWidget:
    return _assistant(stage, Step.COLUMNS)


@scene("installation-expediteurs")
def senders(stage: Stage) -> QWidget:
    return _assistant(stage, Step.SENDERS)


@scene("installation-publication")
def publishing(stage: Stage) -> QWidget:
    return _assistant(stage, Step.PUBLISH)


def _assistant(stage: Stage, step: Step, *, enrolled: bool = True) -> Assistant:
    folder = stage.folder("installation")
    config_file = folder / "sync.toml"
    draft = Draft(step=step)
    if enrolled:
        config = read_config(stage.config_file)
        write_config(config, config_file)
        secrets = stage.config_file.with_name("s.json")
        (folder / "s.json").write_bytes(secrets.read_bytes())
        (folder / "s.json").chmod(0o600)
        draft = Draft(
            step=step, address=config.portal, cabinet_name="Cabinet d’orthodontie du Parc", source=config.source
        )
    journey = Journey(config_file, folder / "etat", stage.tasks, draft, SecretKind.FILE, "s.json")
    assistant = Assistant(journey)
    assistant.resize(stage.size)
    stage.show(assistant)
    return assistant
