"""The assistant on an empty folder, against the real portal."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.first_run.draft import Step, read_draft
from app.first_run.page import Journey
from app.first_run.view import Assistant
from app.tasks import Tasks
from cabinet.demo.export import write_export
from cli.embedded_portal import EmbeddedPortal
from sync.config import SecretKind
from tests.app.conftest import WITHIN
from tests.app.practice import NewCabinet


@pytest.fixture(scope="session")
def demo_export(tmp_path_factory: pytest.TempPathFactory, today: dt.date) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "export"
    write_export(folder, reference=today, photos=False)
    return folder


@pytest.fixture(scope="session")
def small_export(tmp_path_factory: pytest.TempPathFactory, today: dt.date) -> Path:
    folder = tmp_path_factory.mktemp("small") / "export"
    write_export(folder, reference=today, patients=8, photos=False)
    return folder


@pytest.fixture
def new(cabinets: Iterator[NewCabinet]) -> NewCabinet:
    return next(cabinets)


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "poste" / "sync.toml"


@dataclass(frozen=True)
class Bench:
    """A computer without anything, and the driver's hands."""

    qtbot: QtBot
    tasks: Tasks
    portal: EmbeddedPortal
    new: NewCabinet
    config_file: Path
    state_dir: Path
    export: Path

    def open(self, secrets: SecretKind = SecretKind.FILE) -> Assistant:
        """As `app.first_run.view.run` opens it, from the step where it was left."""
        draft = read_draft(self.config_file)
        journey = Journey(self.config_file, self.state_dir, self.tasks, draft, secrets, "s.json")
        assistant = Assistant(journey)
        self.qtbot.addWidget(assistant)
        assistant.open()
        return assistant

    def press(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def idle(self, assistant: Assistant) -> None:
        self.qtbot.waitUntil(lambda: all(page.task is None for page in assistant.pages), timeout=WITHIN)

    def reach(self, assistant: Assistant, step: Step) -> None:
        self.qtbot.waitUntil(lambda: assistant.stepper.current == step, timeout=WITHIN)
        self.idle(assistant)

    def enrolled(self) -> Assistant:
        """At the second step."""
        assistant = self.open()
        assistant.portal.address.setText(self.portal.address)
        assistant.portal.code.setText(self.new.practitioner_code)
        self.press(assistant.next)
        self.reach(assistant, Step.SOURCE)
        return assistant

    def with_source(self) -> Assistant:
        """At the third step."""
        assistant = self.enrolled()
        assistant.source.field.folder.edit.setText(str(self.export))
        self.press(assistant.next)
        self.reach(assistant, Step.COLUMNS)
        return assistant


@pytest.fixture
def bench(  # noqa: PLR0917 - what a computer is made of
    qtbot: QtBot, tasks: Tasks, portal: EmbeddedPortal, new: NewCabinet, config_file: Path, small_export: Path
) -> Bench:
    return Bench(qtbot, tasks, portal, new, config_file, config_file.parent.parent / "etat", small_export)
