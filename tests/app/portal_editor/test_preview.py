"""The preview in a real WebEngine: what it shows, what a mouse does in it, and what it never does."""

import dataclasses
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.portal_editor import errands, preview_panel
from app.portal_editor.items import element_label
from app.portal_editor.pages import NOBODY, Shown, make_ready
from app.portal_editor.preview import Device, Preview
from app.portal_editor.preview_panel import PreviewPanel
from portal.pages import addresses
from tests.app.conftest import WITHIN
from tests.app.portal_editor.conftest import Editor
from tests.app.practice import Practice, visitor_of

pytestmark = pytest.mark.browser

Open = Callable[..., Editor]


class InPreview:
    """The preview of an open screen, with what a test asks of its page."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.qtbot: QtBot = editor.qtbot
        self.panel = editor.screen.panel
        self.qtbot.waitUntil(lambda: self.panel.preview is not None, timeout=WITHIN)
        self.qtbot.waitUntil(lambda: self.preview.page._is_ready, timeout=WITHIN)

    @property
    def preview(self) -> Preview:
        assert self.panel.preview is not None
        return self.panel.preview

    def ask(self, script: str) -> Any:
        """What a script gives, in the world that is not the page's own."""
        answers: list[Any] = []
        self.preview.page.runJavaScript(f"JSON.stringify({script})", 1, answers.append)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=WITHIN)
        return json.loads(answers[0]) if answers[0] else None

    def wait_for(self, script: str) -> None:
        """Until a script says true."""
        self.qtbot.waitUntil(lambda: self.ask(script) is True, timeout=WITHIN)

    def place_of(self, selector: str) -> QPoint:
        """Where its middle is, in the view."""
        script = (
            f"(() => {{ const n = document.querySelector({json.dumps(selector)}); "
            "n.scrollIntoView({block: 'center'}); "
            "const b = n.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        x, y = self.ask(script)
        zoom = self.preview.view.zoomFactor()
        return QPoint(round(x * zoom), round(y * zoom))

    @property
    def surface(self) -> QWidget:
        found = self.preview.view.focusProxy()
        assert found is not None
        return found

    def steady_place_of(self, selector: str) -> QPoint:
        """Once the page neither scrolls nor moves any more."""
        place, before = self.place_of(selector), QPoint()
        while place != before:
            self.qtbot.wait(100)
            place, before = self.place_of(selector), place
        return place

    def point_at(self, selector: str) -> None:
        place = self.steady_place_of(selector)
        QTest.mouseMove(self.surface, place - QPoint(3, 0))
        QTest.mouseMove(self.surface, place)

    def click(self, selector: str) -> None:
        QTest.mouseClick(self.surface, Qt.MouseButton.LeftButton, pos=self.steady_place_of(selector))


@pytest.fixture
def shown(open_editor: Open, fresh: Practice) -> InPreview:
    return InPreview(open_editor(fresh, web=True))


def test_an_element_is_hidden_by_mouse_and_then_gone_for_patients(shown: InPreview) -> None:
    editor = shown.editor
    found = re.search(r'data-element="(appointments\.(?:upcoming|history)\.kind)"', editor.page_of_a_patient())
    assert found is not None
    key = found[1]
    column = f"td[data-element='{key}']"
    editor.screen.receive(visitor_of(editor.desk).number)
    shown.wait_for(f"document.querySelector({json.dumps(column)}) !== null")

    shown.point_at(column)
    handle = shown.preview.handle
    shown.qtbot.waitUntil(handle.isVisible, timeout=WITHIN)
    assert handle.key == key
    assert handle.button.accessibleName() == f"Masquer {element_label(key)}"
    handle.button.click()
    shown.wait_for(f"document.querySelector({json.dumps(column)}) === null")
    item = editor.screen.tree.item(key)
    assert item.checkState(0) is Qt.CheckState.Unchecked
    assert editor.screen.tree.view.currentItem() is item

    editor.screen.strip.undo.click()
    shown.wait_for(f"document.querySelector({json.dumps(column)}) !== null")
    editor.screen.redo()
    shown.wait_for(f"document.querySelector({json.dumps(column)}) === null")
    assert f'data-element="{key}"' in editor.page_of_a_patient()
    editor.publish()
    assert f'data-element="{key}"' not in editor.page_of_a_patient()


def test_a_keystroke_changes_the_text_and_leaves_the_page_where_it_was(shown: InPreview) -> None:
    shown.wait_for("document.querySelector('img.photo')?.naturalWidth > 0")
    # A mark on the page's own nodes: whatever stays in place keeps it.
    shown.ask("document.querySelectorAll('body *').forEach((n) => { n.before_ = true; }) ?? 1")
    shown.editor.type_into("greeting", "Bonjour")
    shown.wait_for("document.querySelector('[data-element=\"information.greeting\"]').textContent === 'Bonjour'")
    top = shown.ask("(scrollTo(0, 300), scrollY)")
    assert top > 0
    shown.editor.type_into("greeting", "Bonsoir")
    shown.wait_for("document.querySelector('[data-element=\"information.greeting\"]').textContent === 'Bonsoir'")

    assert shown.ask("scrollY") == top
    assert shown.ask("[...document.querySelectorAll('body *')].filter((n) => !n.before_).length") == 0
    shown.panel.show_page(Shown.CONTACT)
    shown.wait_for("scrollY === 0 && document.querySelector('h1').textContent === 'Contact'")


def test_whatever_page_comes_after_whatever_page_is_as_if_it_were_loaded_whole(shown: InPreview) -> None:
    panel = shown.panel
    pages = [*Shown, Shown.FEES, Shown.APPOINTMENTS, Shown.CONTACT, Shown.SIGN_IN, Shown.SCHEDULE, Shown.APPOINTMENTS]
    for dossier in (panel.dossier, NOBODY):
        panel.show_patient(dossier)
        for page in pages:
            panel.show_page(page)
            assert panel._settings is not None
            html = panel._html(panel._settings)
            body = html[html.index("<body") :]
            shown.wait_for(
                f"document.body.isEqualNode(new DOMParser().parseFromString({json.dumps(body)}, 'text/html').body)"
            )


def test_a_click_on_a_text_opens_its_editor_and_a_link_its_page(shown: InPreview) -> None:
    rows = shown.editor.screen.rows
    shown.click("[data-element='information.hours'] .zone")
    shown.qtbot.waitUntil(lambda: rows.current == "hours", timeout=WITHIN)
    editor = rows.rows["hours"].editor
    assert editor is not None
    assert shown.editor.screen.focusWidget() is editor

    shown.click("[data-element='accounts']")
    shown.qtbot.waitUntil(lambda: shown.panel.page is Shown.SCHEDULE, timeout=WITHIN)
    shown.wait_for("document.querySelector('h1').textContent === 'Comptabilité'")
    assert shown.panel.tabs.currentIndex() == 1
    shown.click("[data-element='accounts.switch'] a[href$='honoraires']")
    shown.qtbot.waitUntil(lambda: shown.panel.page is Shown.FEES, timeout=WITHIN)


def test_a_form_does_nothing_and_nothing_is_fetched_or_run(shown: InPreview, monkeypatch: pytest.MonkeyPatch) -> None:
    address = shown.ask("location.href")
    shown.click("[data-element='header.sign_out'] button")
    shown.ask("document.querySelector('form').submit() ?? 1")
    shown.ask(
        "(() => { const s = document.createElement('script'); s.textContent = 'document.title = \"run\"';"
        "document.body.append(s); const i = document.createElement('img'); i.id = 'spy';"
        "i.onerror = () => { i.dataset.blocked = 'yes'; }; i.src = '"
        + shown.editor.desk.config.portal
        + addresses.SIGN_IN
        + "logo.png'; document.body.append(i); return 1; })()"
    )
    shown.wait_for("document.querySelector('#spy').dataset.blocked === 'yes'")
    assert shown.ask("document.title") != "run"
    assert shown.ask("location.href") == address


def test_photos_are_shown_and_a_telephone_is_390_wide(shown: InPreview) -> None:
    with_photo = next(each for each in shown.editor.board.dossiers.values() if each.photo_digest)
    shown.editor.screen.receive(with_photo.number)
    shown.wait_for("document.querySelector('img.photo')?.naturalWidth > 0")

    shown.panel.device.part(Device.PHONE).click()
    shown.wait_for("Math.abs(innerWidth - 390) <= 1")
    shown.panel.device.part(Device.COMPUTER).click()
    shown.wait_for("Math.abs(innerWidth - 1280) <= 2")


def test_what_is_always_shown_offers_no_button(shown: InPreview) -> None:
    shown.point_at("[data-element='header.sign_out'] button")
    shown.qtbot.waitUntil(shown.preview.handle.isVisible, timeout=WITHIN)
    assert not shown.preview.handle.button.isVisible()
    assert "ordinateur partagé" in shown.preview.handle.toolTip()


def test_a_page_that_crashed_is_loaded_again(shown: InPreview) -> None:
    page = shown.preview.page
    with shown.qtbot.waitSignal(page.bridge.ready, timeout=WITHIN):
        page.renderProcessTerminated.emit(page.RenderProcessTerminationStatus.KilledTerminationStatus, 9)
    shown.editor.type_into("greeting", "Encore")
    shown.wait_for("document.querySelector('[data-element=\"information.greeting\"]').textContent === 'Encore'")


def test_a_page_with_a_large_map_is_shown_all_the_same(shown: InPreview) -> None:
    large = "data:image/png;base64," + "A" * 4_000_000
    shown.panel.show_around(dataclasses.replace(shown.panel._around, photo=large))
    shown.wait_for("document.querySelector('img.photo')?.src.length > 4000000")
    page = shown.preview.page
    with shown.qtbot.waitSignal(page.bridge.ready, timeout=WITHIN):
        page.renderProcessTerminated.emit(page.RenderProcessTerminationStatus.KilledTerminationStatus, 9)
    shown.wait_for("document.querySelector('img.photo')?.src.length > 4000000")


def test_the_first_visit_takes_one_step_in_a_turn_of_the_event_loop(
    open_editor: Open, fresh: Practice, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The screen is painted first, and what its first page needs is compiled in a worker: nobody waits for a click."""
    turns, took, workers = [0], {}, []
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher is not None

    def noted(step: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any, **named: Any) -> Any:
            took.setdefault(step, turns[0])
            return real(*given, **named)

        return note

    def made_ready() -> None:
        workers.append(threading.current_thread() is not threading.main_thread())
        make_ready()
        took["ready"] = turns[0]

    def turned() -> None:
        turns[0] += 1

    monkeypatch.setattr(errands, "make_ready", made_ready)
    monkeypatch.setattr(preview_panel, "load_web_engine", noted("load", preview_panel.load_web_engine))
    monkeypatch.setattr(Preview, "__init__", noted("make", Preview.__init__))
    monkeypatch.setattr(Preview, "show_html", noted("page", Preview.show_html))
    monkeypatch.setattr(PreviewPanel, "paintEvent", noted("paint", PreviewPanel.paintEvent))
    dispatcher.awake.connect(turned)
    try:
        InPreview(open_editor(fresh, web=True))
    finally:
        dispatcher.awake.disconnect(turned)
    assert workers == [True]
    assert took["paint"] < took["load"] < took["make"] < took["page"]
    assert took["ready"] <= took["page"]
