"""`webortho` without a command opens the application, or says in French why it cannot."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

HIDES_QT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "PySide6":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
"""
RUNS = "\nimport sys\nsys.argv = ['webortho', *sys.argv[1:]]\nfrom cli.__main__ import main\nmain()\n"


def webortho(*arguments: str, before: str = "", screen: str = "") -> subprocess.CompletedProcess[str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    command: Sequence[str] = (sys.executable, "-c", before + RUNS, *arguments)
    return subprocess.run(
        command,
        env=environment | ({"QT_QPA_PLATFORM": screen} if screen else {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_what_to_do() -> None:
    ended = webortho()
    assert ended.returncode == 4
    assert ended.stderr == (
        "L’application ne peut pas s’ouvrir\u00a0: cet ordinateur n’a pas d’écran. Lancez «\u00a0webortho\u00a0» "
        "depuis une session graphique, ou voyez «\u00a0webortho --help\u00a0».\n"
    )


def test_where_qt_is_not_installed_it_says_how_to_install_it() -> None:
    ended = webortho(before=HIDES_QT, screen="offscreen")
    assert ended.returncode == 4
    assert ended.stderr == (
        "L’application de bureau n’est pas installée sur cet ordinateur. Installez-la avec «\u00a0pip install "
        '"webortho[desktop]"\u00a0», ou voyez «\u00a0webortho --help\u00a0».\n'
    )


def test_a_subcommand_needs_no_qt() -> None:
    ended = webortho("check", "--help", before=HIDES_QT)
    assert ended.returncode == 0
    assert "Lit un export" in ended.stdout
