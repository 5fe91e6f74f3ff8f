"""Where Tab leads, where it is not where Qt would lead it: to what is made late, and to one of several buttons."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


def tab_after(place: QWidget, *then: QWidget) -> None:
    """From the last stop in `place`, Tab goes on to these controls, one after the other.

    For what was made later than what follows it: Qt's order is that of making.
    """
    last = None
    here = place.window().nextInFocusChain()
    while here is not None and here is not place.window():
        if here.focusPolicy() & Qt.FocusPolicy.TabFocus and (here is place or place.isAncestorOf(here)):
            last = here
        here = here.nextInFocusChain()
    if last is not None:
        for one, following in pairwise((last, *then)):
            QWidget.setTabOrder(one, following)


def tab_to_chosen(*buttons: QAbstractButton) -> None:
    """Of buttons of which one is chosen, Tab comes to that one, and arrows lead on; Qt takes the last that was used."""
    for button in buttons:
        _let_in(button, chosen=button.isChecked())
        button.toggled.connect(partial(_let_in, button))


def _let_in(button: QAbstractButton, chosen: bool) -> None:
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
