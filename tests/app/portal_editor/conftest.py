"""The Portail screen on a real portal. WebEngine takes hundreds of megabytes: one preview at a time."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Raw
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.board import Board
from app.portal_editor.preview import Preview
from app.portal_editor.view import PortalScreen, make
from app.screen import Context
from app.tasks import Tasks
from cli.demo_journey import CHOSEN_PASSWORD
from cli.embedded_portal import EmbeddedPortal
from cli.visitor import Visitor
from portal.api.shapes import PublishSettings
from portal.pages import addresses
from portal.pages.settings import decode, demo_settings, encode
from tests.app.conftest import NOT_WARNINGS, WITHIN, fill
from tests.app.practice import NewCabinet, Practice, published_practice, visitor_of

WEB_ENGINE_SAYS = (
    "Sandboxing disabled by user",
    "QRhiGles2: Failed to create",
    "Failed to create RHI",
    "This plugin does not support createPlatformVulkanInstance",
    "QVulkanInstance: Failed to initialize Vulkan",
    "GBM is not supported",
    "Fallback to software rendering",
    "GPUInfo not initialized",
)
"""Warnings of WebEngine on a machine without a screen."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What WebEngine says of a machine without a screen fails no test."""
    for item in items:
        if item.path.name == "test_preview.py":
            item.add_marker(pytest.mark.qt_log_ignore(*NOT_WARNINGS, *WEB_ENGINE_SAYS, extend=True), append=False)


class Editor:
    """The screen as a person has it before them, on a practitioner's or the reception's computer."""

    def __init__(self, practice: Practice, qtbot: QtBot, make_preview: Callable[[QWidget], Preview] | None) -> None:
        self.practice = practice
        self.qtbot = qtbot
        self.desk = practice.desk()
        self.tasks = Tasks()
        self.board = Board(self.desk, self.tasks)
        self.told: list[str] = []
        fill(self.board, qtbot)
        context = Context(self.desk, self.board, self.tasks, lambda *_: None, self.told.append)
        screen = make(context)
        assert isinstance(screen, PortalScreen)
        self.screen = screen
        if make_preview is not None:
            self.screen.panel._make = make_preview
        qtbot.addWidget(self.screen)
        self.screen.resize(1170, 660)
        self.screen.show()
        self.screen.shown()
        self.quiet()

    def quiet(self) -> None:
        """Until everything that was asked has come."""
        self.qtbot.waitUntil(lambda: self.tasks.running == 0, timeout=WITHIN)

    def type_into(self, zone: str, text: str) -> None:
        """Open a text and replace it, as a person does."""
        row = self.screen.rows.rows[zone]
        if not row.is_open:
            row.header.click()
        assert row.editor is not None
        row.editor.selectAll()
        self.qtbot.keyClicks(row.editor, text)

    def publish(self) -> None:
        self.screen.strip.publish.click()
        self.quiet()

    def other_computer_publishes(self, **zones: str) -> None:
        """The same cabinet's texts, from somewhere else."""
        with self.desk.portal() as portal:
            newest = portal.publishing.settings()
            settings = decode(bytes(newest.document))
            settings = replace(settings, zones=replace(settings.zones, **zones))
            portal.publishing.publish_settings(PublishSettings(newest.version, Raw(encode(settings))))

    def page_of_a_patient(self, path: str = addresses.APPOINTMENTS) -> str:
        """What the patient who has come reads over HTTP."""
        with Visitor(self.practice.portal.address) as browser:
            browser.submit(
                addresses.SIGN_IN,
                then=addresses.APPOINTMENTS,
                cabinet_code=self.practice.cabinet.code,
                patient_number=visitor_of(self.desk).number,
                password=CHOSEN_PASSWORD,
            )
            return browser.page(path)

    def close(self) -> None:
        if isValid(self.screen):
            self.screen.closing()
        assert self.tasks.stop(WITHIN)


def no_preview(_: QWidget) -> Preview:
    raise ImportError("WebEngine is not there")


@pytest.fixture(scope="module")
def publishing_practice(
    portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path_factory: pytest.TempPathFactory, today: dt.date
) -> Practice:
    """A cabinet whose texts the tests of a module publish over and over."""
    return published_practice(portal, next(cabinets), tmp_path_factory.mktemp("publishing") / "desk", today=today)


@pytest.fixture
def fresh(publishing_practice: Practice, tmp_path: Path) -> Practice:
    """`publishing_practice` with the demo cabinet's texts published, and a computer that remembers nothing."""
    with publishing_practice.desk().portal() as portal:
        newest = portal.publishing.settings().version
        portal.publishing.publish_settings(PublishSettings(newest, Raw(encode(demo_settings()))))
    return publishing_practice.copy(tmp_path / "desk")


@pytest.fixture
def open_editor(qtbot: QtBot) -> Iterator[Callable[..., Editor]]:
    """`open_editor(practice)`: the screen on it, without WebEngine unless `web=True`."""
    opened: list[Editor] = []

    def made(practice: Practice, *, web: bool = False) -> Editor:
        opened.append(Editor(practice, qtbot, None if web else no_preview))
        return opened[-1]

    yield made
    for editor in opened:
        editor.close()
