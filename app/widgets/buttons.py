"""Buttons: one filled primary a screen, outlined secondary, quiet link, outlined red danger."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton

from app import style
from app.widgets.pressing import PushButton

ICON_PX = 20
GAP = 4
"""Pixels between an icon and its words, besides the four that Qt leaves."""


def primary(text: str, icon: str = "", *, after: bool = False) -> QPushButton:
    """The one thing to do next on this screen. `after` puts the icon behind the words (« Suivant > »)."""
    return _button(text, icon, "primary", "sur-canard", after=after)


def secondary(text: str, icon: str = "", *, fill: bool = False, after: bool = False) -> QPushButton:
    return _button(text, icon, "secondary", "encre", fill=fill, after=after)


def link(text: str, icon: str = "") -> QPushButton:
    return _button(text, icon, "link", "canard")


def danger(text: str, icon: str = "") -> QPushButton:
    """For what cannot be undone; `confirm` asks first."""
    return _button(text, icon, "danger", "erreur")


def tool(name: str, icon: str = "", *, bare: bool = False, checkable: bool = False) -> QPushButton:
    """An icon alone, 34 pixels square; `name` is its tooltip and what screen readers say."""
    made = _button("", icon, "tool-bare" if bare else "tool", "encre")
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setCheckable(checkable)
    return made


def _button(text: str, icon: str, role: str, ink: str, *, fill: bool = False, after: bool = False) -> QPushButton:
    made = PushButton(text.replace("&", "&&"))
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        side = Qt.AlignmentFlag.AlignRight if after else Qt.AlignmentFlag.AlignLeft
        made.setIcon(style.icon(icon, ink, fill=fill, side=side))
        made.setIconSize(QSize(ICON_PX + (GAP if text else 0), ICON_PX))
        if after:
            made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return made
