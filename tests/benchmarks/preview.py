"""A keystroke in the Portail screen, from the changed text to the painted preview; then one in a letter.

Ours puts in place what changed; beside it, the same page loaded whole by our preview, and the same bytes by a bare
QWebEngineView.setHtml. Painted is when the second frame after the change begins, for each of them alike.
"""

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from shiboken6 import delete

from app.main import application
from app.portal_editor.pages import Shown, Surroundings, example_patient, page_html
from app.portal_editor.preview import COMPUTER_WIDTH, Preview
from cabinet.demo import write_export
from cabinet.dossier import Dossier
from cabinet.mapping import default_mapping
from cabinet.reading import read
from portal.pages.settings import demo_settings
from tests.benchmarks import letter_preview
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.processes import BenchmarkFailed, tree_cpu, tree_peak_mb

KEYSTROKES = 20
PATIENTS = 40
SIZE = (795, 545)
"""Of the preview in a window of 1366×768."""
WITHIN = 30_000
_SAY_WHEN_PAINTED = "requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'peint %d'; }))"


def run(rounds: int) -> list[Table]:
    """Seconds for a keystroke: in the portal's texts, and in a letter."""
    application()
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as folder:
        typing = _Typing(_patient(Path(folder)))
    ours, whole, bare = _Ours(typing), _Whole(typing), _Bare(typing)
    table = compete(
        f"Une frappe, du texte à l’aperçu peint ({len(typing.page())} octets de page)",
        [
            Contender("WebOrtho : ce qui change", ours),
            Contender("WebOrtho : la page entière", whole),
            Contender("QWebEngineView.setHtml nu", bare),
        ],
        rounds,
    )
    for each in (ours, whole, bare):
        each.close()
    with tempfile.TemporaryDirectory(prefix="webortho-bench-") as folder:
        return [table, letter_preview.run(rounds, Path(folder))]


class _Typing:
    """Each `page` is the portal's own, with one more character in the greeting."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._around = Surroundings("dijon21", "Cabinet du Parc", dt.datetime.now())  # noqa: DTZ005 - the cabinet's
        self._typed = 0

    def page(self) -> str:
        self._typed += 1
        settings = demo_settings()
        greeting = f"Bienvenue au cabinet. {self._typed}"
        settings = replace(settings, zones=replace(settings.zones, greeting=greeting))
        return page_html(Shown.APPOINTMENTS, self._dossier, settings, self._around)


class _Ours:
    """The preview of the application."""

    def __init__(self, typing: _Typing) -> None:
        self._typing = typing
        self.preview = Preview()
        self.preview.resize(*SIZE)
        self.preview.show()
        _until(self.preview.painted, lambda: self.preview.show_html(typing.page()))
        # What the first page still brings with it.
        _until(self.preview.painted, lambda: self.preview.show_html(typing.page()))

    def __call__(self, _: int) -> Sample:
        return _measured(self.stroke)

    def stroke(self) -> None:
        _until(self.preview.painted, lambda: self.preview.show_html(self._typing.page()))

    def close(self) -> None:
        self.preview.hide()
        self.preview.shut()


class _Whole(_Ours):
    """The same preview, loading each page whole."""

    def stroke(self) -> None:
        _until(self.preview.painted, lambda: self.preview.page.setHtml(self._typing.page()))


class _Bare:
    """QWebEngineView as it comes, at the same size and zoom."""

    def __init__(self, typing: _Typing) -> None:
        from PySide6.QtWebEngineWidgets import QWebEngineView  # noqa: PLC0415 - after the application

        self._typing = typing
        self._count = 0
        self.view = QWebEngineView()
        self.view.resize(*SIZE)
        self.view.setZoomFactor(SIZE[0] / COMPUTER_WIDTH)
        self.view.show()
        self.view.loadFinished.connect(self._loaded)
        self.stroke()

    def __call__(self, _: int) -> Sample:
        return _measured(self.stroke)

    def stroke(self) -> None:
        self._count += 1
        said = f"peint {self._count}"
        _until(self.view.titleChanged, lambda: self.view.setHtml(self._typing.page()), said)

    def close(self) -> None:
        self.view.hide()
        delete(self.view)

    def _loaded(self) -> None:
        self.view.page().runJavaScript(_SAY_WHEN_PAINTED % self._count)


def _measured(stroke: Callable[[], None]) -> Sample:
    cpu, wall = tree_cpu(os.getpid()), time.perf_counter()
    for _ in range(KEYSTROKES):
        stroke()
    wall, cpu = time.perf_counter() - wall, tree_cpu(os.getpid()) - cpu
    return Sample(wall / KEYSTROKES, cpu / KEYSTROKES, tree_peak_mb(os.getpid()))


def _until(signal: SignalInstance, act: Callable[[], None], said: str = "") -> None:
    """Do it, and wait for the signal (whose text is `said`, where there is one)."""
    loop = QEventLoop()

    def heard(text: str = "") -> None:
        if text == said:
            loop.quit()

    signal.connect(heard)
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(lambda: loop.exit(1))
    late.start(WITHIN)
    act()
    ended = loop.exec()
    signal.disconnect(heard)
    if ended:
        raise BenchmarkFailed("the preview was not painted in time")


def _patient(folder: Path) -> Dossier:
    write_export(folder / "export", reference=dt.date(2026, 10, 5), patients=PATIENTS, photos=False)
    found = read(folder / "export", default_mapping(), bytes(32)).dossiers
    return example_patient({dossier.number: dossier for dossier in found})
