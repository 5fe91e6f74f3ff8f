"""The portal's pages in a real Chromium: accessible, never wider than the window, and easy to touch.

Every page and state of `tests.e2e.scenes`, in light and in dark, on a phone and on a computer.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import CHROMIUM, chromium
from tests.e2e.pictures import SCHEMES, WIDTHS
from tests.e2e.scenes import Scene, scenes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
]

NARROW = (360, 320)
"""The phones of the design, and WCAG 1.4.10's width: 1280 px at 400 %."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OVERFLOWING = """
() => [...document.querySelectorAll('body, body *')]
  .filter(e => !e.closest('.unseen, .skip, svg, thead') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)
  .map(e => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)
"""
"""What holds more than its width, cut off or not."""

SMALL_TARGETS = """
() => [...document.querySelectorAll('a, button, textarea, input:not([type=hidden]), .check label')]
  .filter(e => !e.matches('.skip, p a:not(.action):not(.button), .zone a, .check input'))
  .map(e => [e, e.getBoundingClientRect(), e.matches('.button, .tool, .menu a, .switch a, .field *') ? 48 : 44])
  .filter(([, box, size]) => box.width < 44 || box.height < size - 0.5)
  .map(([e, box]) => `${e.tagName} ${e.textContent.trim()} ${box.width} x ${box.height}`)
"""
"""Targets under 48 px, or 44 px for links in lists; links within a sentence are excepted (WCAG 2.5.8)."""

TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
"""WCAG 1.4.12."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def windows(browser: Browser) -> dict[tuple[int, str], Page]:
    """(width, colour scheme) -> a window of that size, with axe in it."""
    made: dict[tuple[int, str], Page] = {}
    for scheme in SCHEMES:
        for width, height in {**WIDTHS, 320: 700}.items():
            window = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            window.evaluate(AXE_SCRIPT)
            made[width, scheme] = window
    return made


EVERY_SCENE = pytest.mark.parametrize("scene", list(scenes()), ids=lambda scene: scene.name)


def _show(page: Page, scene: Scene) -> None:
    page.set_content(scene.html, wait_until="load")
    page.evaluate("document.fonts.ready")


@EVERY_SCENE
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(windows: dict[tuple[int, str], Page], scene: Scene, width: int, scheme: str) -> None:
    window = windows[width, scheme]
    _show(window, scene)
    found = AxeResults(window.evaluate("rules => axe.run(rules)", {"runOnly": RULES, "resultTypes": ["violations"]}))
    assert found.violations_count == 0, found.generate_report()


@EVERY_SCENE
@pytest.mark.parametrize("width", NARROW)
def test_a_phone_never_scrolls_sideways_and_cuts_nothing_off(
    windows: dict[tuple[int, str], Page], scene: Scene, width: int
) -> None:
    window = windows[width, "light"]
    _show(window, scene)
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert window.evaluate(OVERFLOWING) == []
    window.add_style_tag(content=TEXT_SPACING)
    assert window.evaluate("document.documentElement.scrollWidth") <= width, "with the spacing of WCAG 1.4.12"


@EVERY_SCENE
def test_every_target_on_a_phone_is_large_enough_for_a_thumb(
    windows: dict[tuple[int, str], Page], scene: Scene
) -> None:
    window = windows[360, "light"]
    _show(window, scene)
    assert window.evaluate(SMALL_TARGETS) == []


def test_the_first_key_offers_a_way_past_the_menu(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    _show(page, next(scene for scene in scenes() if scene.name == "rendez-vous"))
    skip = page.locator(".skip")
    assert skip.bounding_box() == {"x": 8, "y": 8, "width": 1, "height": 1}
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.close()


def test_a_printed_page_is_dark_on_white_without_what_only_a_screen_needs(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1123}, color_scheme="dark")
    _show(page, next(scene for scene in scenes() if scene.name == "rendez-vous"))
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".next-date")).to_be_visible()
    assert page.locator(".next-date").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    for screen_only in (".menu", ".next-buttons", ".tool", ".wire", ".foot-links"):
        expect(page.locator(screen_only).first).to_be_hidden()
    page.close()
