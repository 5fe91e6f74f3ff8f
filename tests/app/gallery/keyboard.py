"""What is wrong with a window for who has no mouse: what Tab does not reach, a strange order, an unseen focus."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QDeadlineTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QTabWidget, QWidget

from app.portal_editor.preview import Handle
from tests.app.gallery.audit import CONTROLS, describe, is_foreign, is_internal, visible

MOST = 400
"""Presses of Tab: more than any window has stops."""
PATIENCE = 3_000
"""Milliseconds that a page of WebEngine's, which takes a Tab in its own process, gets for each: one that comes while it
is loaded is lost, and pressed again."""
_PLACE = """
document.activeElement === document.body ? -1 : [...document.querySelectorAll("*")].indexOf(document.activeElement)
"""
NOWHERE = -1
"""On no link of the page."""
_WORLD = 1
"""Of scripts: not the page's own."""


def tab_stops(window: QWidget) -> list[QWidget]:
    """What has the focus after each Tab, once around. Raise `AssertionError` where Tab leads nowhere or out."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    stops: list[QWidget] = []
    for _ in range(MOST):
        before = QApplication.focusWidget() or window
        place = _place(before)
        QTest.keyClick(before, Qt.Key.Key_Tab)
        if is_foreign(before):
            _wait_for_page(before, place)
        now = QApplication.focusWidget()
        assert now is not None, f"after {describe(before)} nothing has the focus"
        assert now.window() is window, f"{describe(before)} leads to another window"
        if is_foreign(now):
            # A page's links are stops of its own.
            if now is before:
                continue
            _wait_for_page(now, NOWHERE)
        if now in stops:
            assert now is stops[0], f"{describe(before)} leads back to {describe(now)}"
            return stops
        stops.append(now)
    raise AssertionError(f"Tab never comes around: {describe(stops[-1])}")


def unreached(window: QWidget, stops: list[QWidget]) -> list[str]:
    """Enabled controls that Tab does not come to; where one of several is chosen, arrows lead on from that one."""
    return [describe(one) for one in visible(window, QWidget) if _is_for_keys(one) and one not in stops]


def disordered(window: QWidget, stops: list[QWidget]) -> list[str]:
    """Steps that go back in the order of reading: up, and not to the next column, or left in the same line.

    One goes back to the beginning.
    """
    steps = pairwise([*stops, *stops[:1]])
    back = [f"{describe(one)} → {describe(then)}" for one, then in steps if _goes_back(window, one, then)]
    return back if len(back) > 1 else []


def unseen(stops: list[QWidget]) -> list[str]:
    """Stops that look the same with and without the focus."""
    found = []
    for one in stops:
        if not is_foreign(one):
            one.setFocus(Qt.FocusReason.TabFocusReason)
            with_focus = one.grab().toImage()
            one.clearFocus()
            if one.grab().toImage() == with_focus:
                found.append(describe(one))
    return found


def _place(one: QWidget) -> int:
    """Where in a page of WebEngine's the focus is, or `NOWHERE`."""
    view: QWidget | None = one
    while view is not None and not isinstance(view, QWebEngineView):
        view = view.parentWidget()
    if view is None:
        return NOWHERE
    told: list[int] = []
    view.page().runJavaScript(_PLACE, _WORLD, told.append)
    _wait(lambda: bool(told))
    return told[0] if told else NOWHERE


def _wait_for_page(one: QWidget, before: int) -> None:
    """Until the page of WebEngine's that had the focus at that place has moved it, or given it back."""
    _wait(lambda: QApplication.focusWidget() is not one or _place(one) not in (NOWHERE, before))


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(PATIENCE)
    while not is_so() and not deadline.hasExpired():
        QTest.qWait(1)


def _is_for_keys(one: QWidget) -> bool:
    if isinstance(one.parentWidget(), Handle):
        # Over the preview, for the mouse: the tree of elements beside it hides by keys.
        return False
    if not one.isEnabled() or is_internal(one) or one.focusProxy() is not None or isinstance(one, QTabWidget):
        return False
    if isinstance(one, QAbstractButton):
        group = one.group()
        is_exclusive = one.autoExclusive() or (group is not None and group.exclusive())
        return not (is_exclusive and not one.isChecked())
    takes_tab = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes_tab or (isinstance(one, CONTROLS) and not isinstance(one, QAbstractScrollArea))


def _goes_back(window: QWidget, one: QWidget, then: QWidget) -> bool:
    """As they lie in what holds both: what scrolls there counts as a whole. WebEngine's page, made late, is last."""
    if is_foreign(one) or is_foreign(then):
        return False
    ways = zip(_chain(window, one), _chain(window, then), strict=False)
    apart = next((both for both in ways if both[0] is not both[1]), None)
    if apart is None:
        # One is a part of the other.
        return False
    here, there = (each.geometry() for each in apart)
    is_up = there.bottom() < here.top() and there.left() <= here.right()
    is_left = there.right() < here.left() and there.top() <= here.bottom() and here.top() <= there.bottom()
    return is_up or is_left


def _chain(window: QWidget, one: QWidget) -> list[QWidget]:
    """From the window down to the widget."""
    chain = [one]
    while chain[-1] is not window and (parent := chain[-1].parentWidget()) is not None:
        chain.append(parent)
    return chain[::-1]
