"""`webortho` alone: opens the desktop application, or says why it cannot be opened here."""

import gc
import os
import sys
from importlib import import_module
from types import ModuleType

from cabinet.errors import WebOrthoError


class NoDesktop(WebOrthoError):
    """The application cannot be opened on this computer."""


def start() -> int:
    """Until its window is closed; its exit code. Raise `NoDesktop`."""
    if not has_screen():
        raise NoDesktop(
            "L’application ne peut pas s’ouvrir\u00a0: cet ordinateur n’a pas d’écran.",
            "Lancez «\u00a0webortho\u00a0» depuis une session graphique, ou voyez «\u00a0webortho --help\u00a0».",
        )
    try:
        application = load()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"PySide6", "shiboken6", "qtawesome"}:
            raise
        raise NoDesktop(
            "L’application de bureau n’est pas installée sur cet ordinateur.",
            'Installez-la avec «\u00a0pip install "webortho[desktop]"\u00a0», ou voyez «\u00a0webortho --help\u00a0».',
        ) from error
    code = application.main()
    assert isinstance(code, int)  # noqa: S101 - a house rule, not input
    return code


def load() -> ModuleType:
    """`app.main`. Raise `ModuleNotFoundError` without Qt for Python."""
    # Modules are no garbage: neither now nor ever after is it looked for among them.
    gc.disable()
    try:
        return import_module("app.main")
    finally:
        gc.freeze()
        gc.enable()


def has_screen() -> bool:
    """Whether a window can be opened; Qt itself would end the program without a sentence."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
