"""The browser part of the preview: a page that loads nothing, runs nothing of its own, and says what is pointed at.

Imported only when the preview is first shown: WebEngine takes half a second and hundreds of megabytes.
"""

import json
from importlib.resources import files

from PySide6.QtCore import QFile, QIODevice, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
"""Scripts of ours run here, out of the reach of whatever a page might hold."""
MAX_WHOLE = 1_000_000
"""Characters: `setHtml` shows nothing beyond 2 MB, once its signs are escaped."""
AGAIN_AFTER = 200
"""Milliseconds before a page that broke is loaded again."""
_LOCAL = frozenset({"data", "about", "qrc"})


class _NoNetwork(QWebEngineUrlRequestInterceptor):
    """What a page shows is within it; nothing is fetched from anywhere."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        if info.requestUrl().scheme() not in _LOCAL:
            info.block(True)


class Bridge(QObject):
    """What `preview.js` calls."""

    ready = Signal()
    painted = Signal()
    over = Signal(str, float, float, float, float)
    """Key of the element under the mouse ("" for none) and its box in the page's pixels."""
    clicked = Signal(str, str)
    """Key of the element and the address of the link that was clicked; "" for none."""

    @Slot()
    def is_ready(self) -> None:
        self.ready.emit()

    @Slot()
    def was_painted(self) -> None:
        self.painted.emit()

    @Slot(str, float, float, float, float)
    def is_over(self, key: str, left: float, top: float, width: float, height: float) -> None:
        self.over.emit(key, left, top, width, height)

    @Slot(str, str)
    def was_clicked(self, key: str, address: str) -> None:
        self.clicked.emit(key, address)


class WebPage(QWebEnginePage):
    """One page, in a profile of its own that keeps nothing. `show_html` puts a version of it in place."""

    def __init__(self, profile: QWebEngineProfile, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self.bridge = Bridge(self)
        self._interceptor = _NoNetwork(self)
        self.setUrlRequestInterceptor(self._interceptor)
        settings = self.settings()
        # In the page's own world; ours is another one.
        settings.setAttribute(QWebEngineSettings.WebAttribute.JavascriptEnabled, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.ErrorPageEnabled, False)
        self._channel = QWebChannel(self)
        self._channel.registerObject("bridge", self.bridge)
        self.setWebChannel(self._channel, WORLD)
        self.scripts().insert(_script())
        self._is_ready = False
        self._was_loaded = False
        self._html = ""
        self.bridge.ready.connect(self._on_ready)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_AFTER)
        self._again.timeout.connect(self._load)
        self.renderProcessTerminated.connect(self._load_again)

    def show_html(self, html: str, *, from_top: bool = False) -> None:
        """Show this page: only what differs from what is shown is changed.

        It stays scrolled where it was, unless it is another one (`from_top`).

        The first one is loaded whole; so is one that could not be put in place.
        """
        if html == self._html:
            return
        first = not self._html
        self._html = html
        if first:
            self._load()
        elif self._is_ready:
            self._replace(from_top=from_top)

    def mark(self, keys: tuple[str, ...], *, reveal: bool) -> None:
        """Outline these elements; `reveal` scrolls to the first."""
        if self._is_ready:
            self.runJavaScript(f"preview.mark({json.dumps(keys)}, {json.dumps(reveal)})", WORLD)

    def takes_marks_anew(self) -> bool:
        """Whether the page was loaded whole since this was last asked."""
        was_loaded, self._was_loaded = self._was_loaded, False
        return was_loaded

    def show_scroll_bars(self, *, shown: bool) -> None:
        """A telephone has none; the page still scrolls."""
        self.settings().setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, shown)

    def unhover(self) -> None:
        if self._is_ready:
            self.runJavaScript("preview.unhover()", WORLD)

    def acceptNavigationRequest(  # noqa: N802 - Qt's name
        self, url: QUrl | str, _kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Only what `setHtml` loads: a link leads nowhere, a form sends nothing."""
        return is_main_frame and QUrl(url).scheme() == "data"

    def javaScriptConsoleMessage(  # noqa: N802 - Qt's name
        self, _level: QWebEnginePage.JavaScriptConsoleMessageLevel, _message: str, _line: int, _source: str
    ) -> None:
        """Not to any log: the source's name would be the whole page, with a patient's dossier."""

    def _replace(self, *, from_top: bool = False) -> None:
        html = self._html
        body = html[html.index("<body") :]

        def placed(done: object) -> None:
            if done is not True and html == self._html:
                self._load_again()

        self.runJavaScript(f"preview.replace({json.dumps(body)}, {json.dumps(from_top)})", WORLD, placed)

    def _load(self) -> None:
        """Whole; one that is too large for it without its body, which is put in place as soon as it is ready."""
        html = self._html
        self.setHtml(html if len(html) < MAX_WHOLE else f"{html[: html.index('<body')]}<body></body></html>")

    def _load_again(self) -> None:
        """In a moment, and once: a process that ended is still being tidied away, and its last script fails too."""
        self._is_ready = False
        self._again.start()

    def _on_ready(self) -> None:
        self._is_ready = self._was_loaded = True
        # Something newer may have come while the first one was being loaded.
        self._replace()


def _script() -> QWebEngineScript:
    channel = QFile(":/qtwebchannel/qwebchannel.js")
    channel.open(QIODevice.OpenModeFlag.ReadOnly)
    ours = files("app").joinpath("portal_editor", "preview.js").read_text("utf-8")
    script = QWebEngineScript()
    script.setSourceCode(bytes(channel.readAll().data()).decode() + "\n" + ours)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentReady)
    script.setWorldId(WORLD)
    return script
