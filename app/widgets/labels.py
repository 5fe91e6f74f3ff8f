"""Words on a screen, in the roles of the style sheet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from app import style


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text, never markup: names and addresses come from the cabinet's data.

    Roles: title, heading, strong, label (of a field), aid, quiet, mono (codes that are retyped), wrong.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def code(text: str, px: int = style.BODY_PX) -> QLabel:
    """Something people retype: N° interne, identifiant, mot de passe. It can be selected and copied."""
    made = label(text, "mono")
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setStyleSheet(f"font-size: {px}px;")
    return made


def picture(name: str, ink: str = "encre2", *, px: int = 20, fill: bool = False) -> QLabel:
    """An icon beside words that say the same: hidden from screen readers by having no name."""
    made = QLabel()
    made.setPixmap(style.pixmap(name, ink, px=px, fill=fill))
    made.setFixedSize(px, px)
    return made
