"""Where Tab leads, where it is not where Qt would lead it: to what is made late, and to one of several buttons."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import delete


def tab_last(*controls: QWidget) -> None:
    """Tab comes to these controls of a window after all that was made in it until now, one after the other.

    For what follows on a page something that was made later: Qt's order is that of making.
    """
    # Not by `nextInFocusChain`: PySide takes what it answers for a child of who was asked, and both are lost together.
    end = QWidget(controls[0].window())
    end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for one, following in pairwise((end, *controls)):
        QWidget.setTabOrder(one, following)
    delete(end)


def tab_to_chosen(*buttons: QAbstractButton) -> None:
    """Of buttons of which one is chosen, Tab comes to that one, and arrows lead on; Qt takes the last that was used."""
    for button in buttons:
        _let_in(button, chosen=button.isChecked())
        button.toggled.connect(partial(_let_in, button))


def _let_in(button: QAbstractButton, chosen: bool) -> None:
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
