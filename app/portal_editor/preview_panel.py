"""The right side of the screen: tabs of the portal's pages, computer or telephone, the preview, the patient shown."""

import logging
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget

from app import style
from app.portal_editor.items import element_label
from app.portal_editor.pages import (
    NOBODY,
    TABS,
    Shown,
    Surroundings,
    closed_by,
    is_open,
    page_at,
    page_html,
    page_of_element,
    tab_of,
    zone_of_element,
)
from app.portal_editor.patient_picker import PatientPicker
from app.portal_editor.preview import Device, Preview, load_web_engine
from app.widgets.elided import ElidedLabel
from app.widgets.empty import EmptyState
from app.widgets.labels import picture
from app.widgets.panel import Panel, line
from app.widgets.switch import Part, Switch
from cabinet.dossier import Dossier
from portal.pages.elements import ELEMENTS
from portal.pages.settings import PortalSettings

START_WITHIN = 60_000
"""Milliseconds for WebEngine to show a first page: an old computer that is busy takes long."""
WIDE = 720
"""Pixels that the tabs and the device's words need beside each other."""
HINT = "Survolez un élément pour le masquer, cliquez pour modifier son texte"
OPEN = "Ouvrir dans le navigateur"
OPENED = "L’aperçu est ouvert dans votre navigateur. Revenez ici pour l’ouvrir de nouveau après une modification."
NO_PREVIEW = "L’aperçu ne peut pas être montré ici sur ce poste. Votre navigateur, lui, le peut."

_log = logging.getLogger("app")


class PreviewPanel(Panel):
    """Shows a document on a page for a patient. It never changes the document: it asks."""

    hide_asked = Signal(str)
    show_asked = Signal(str)
    zone_asked = Signal(str)
    patient_chosen = Signal(object)

    def __init__(
        self, around: Surroundings, make: Callable[[QWidget], Preview] = Preview, parent: QWidget | None = None
    ) -> None:
        """`make` makes the preview when it is first needed; it may raise `ImportError` or `RuntimeError`."""
        super().__init__(flush=True, parent=parent)
        self._make = make
        self.preview: Preview | None = None
        self.page = Shown.APPOINTMENTS
        self.dossier: Dossier = NOBODY
        self._last = self.page
        """The page that was shown last: another one begins at its top."""
        self._around = around
        self._settings: PortalSettings | None = None
        self._marked: tuple[str, ...] = ()
        self._is_painted = self._is_loaded = self._is_held = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(START_WITHIN)
        self._patience.timeout.connect(self._give_up)
        self.body.addLayout(self._head())
        self.body.addWidget(line())
        self.closed = EmptyState("")
        self.closed.acted.connect(self._show_again)
        self.elsewhere = EmptyState(NO_PREVIEW, OPEN, "browser")
        self.elsewhere.acted.connect(self.open_in_browser)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.closed)
        self.stack.addWidget(self.elsewhere)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(line())
        self.body.addLayout(self._foot())
        self._show_tab()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        is_wide = self.width() >= WIDE
        self.device.show_words(yes=is_wide)
        style.set_tight(self.tabs, tight=not is_wide)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """WebEngine is started once the screen around it can be seen."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self._soon.start(0)

    def hold(self) -> None:
        """Show no page before `release`: what the first one needs is being made ready in a worker."""
        self._is_held = True

    def release(self) -> None:
        self._is_held = False
        self._soon.start(0)

    def show_settings(self, settings: PortalSettings) -> None:
        """The draft, or a version of the past. Seen a moment later: several changes at once are one."""
        self._settings = settings
        self._soon.start(0)

    def show_around(self, around: Surroundings) -> None:
        self._around = around
        self._soon.start(0)

    def show_patient(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.picker.show_patient(dossier)
        self._soon.start(0)

    def show_page(self, page: Shown) -> None:
        self.page = page
        self._show_tab()
        self._show()

    def mark_zone(self, zone: str) -> None:
        """Outline what shows a text zone; "" for nothing."""
        keys = tuple(each.key for each in ELEMENTS if zone and zone_of_element(each.key) == zone)
        if zone == "access":
            self.show_page(Shown.CONTACT)
        self._mark(keys, reveal=bool(zone))

    def point_at(self, key: str) -> None:
        """Show the page that an element is on, and outline it."""
        page = page_of_element(key, self.page)
        if page is not self.page:
            self.show_page(page)
        self._mark((key,), reveal=True)

    def open_in_browser(self) -> None:
        """Write the page to a folder that only this account can read, until the application closes."""
        path = self.write_page()
        if path is not None and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.elsewhere.say(OPENED, OPEN)

    def write_page(self) -> Path | None:
        """The page that is shown, as a file; None before there is one."""
        if self._settings is None:
            return None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="webortho-")
        path = Path(self._folder.name) / "apercu.html"
        path.write_text(self._html(self._settings), encoding="utf-8")
        return path

    def closing(self) -> None:
        """End the preview. What was written for the browser is a patient's page: it does not stay."""
        self._settings = None
        self._drop_preview()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _head(self) -> QHBoxLayout:
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Pages du portail")
        self.tabs.setExpanding(False)
        for tab in TABS:
            self.tabs.addTab(tab.label)
        self.tabs.tabBarClicked.connect(self._choose_tab)
        self.tabs.currentChanged.connect(self._choose_tab)
        self.device = Switch(
            "Appareil",
            (Part(Device.COMPUTER, "Ordinateur", "desktop"), Part(Device.PHONE, "Téléphone", "device-mobile")),
        )
        self.device.chosen.connect(self._choose_device)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.device, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _foot(self) -> QHBoxLayout:
        self._parts: list[Switch | None] = []
        row = QHBoxLayout()
        row.setContentsMargins(14, 2, 6, 2)
        row.setSpacing(8)
        row.addWidget(picture("cursor", px=16))
        self._hint = ElidedLabel(HINT, "quiet")
        row.addWidget(self._hint, 1)
        for tab in TABS:
            switch = None
            if len(tab.pages) > 1:
                switch = Switch(tab.label, [Part(page, said) for page, said in tab.pages])
                switch.chosen.connect(lambda key: self.show_page(Shown(key)))
                row.addWidget(switch, 0, Qt.AlignmentFlag.AlignVCenter)
            self._parts.append(switch)
        self.picker = PatientPicker()
        self.picker.chosen.connect(self.patient_chosen)
        self.picker.show_patient(self.dossier)
        row.addWidget(self.picker)
        return row

    def _choose_tab(self, index: int) -> None:
        if index >= 0 and tab_of(self.page) != index:
            self.show_page(TABS[index].pages[0][0])

    def _choose_device(self, key: str) -> None:
        if self.preview is not None:
            self.preview.set_device(Device(key))

    def _show_tab(self) -> None:
        index = tab_of(self.page)
        if index is not None:
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(index)
            self.tabs.blockSignals(False)
        for place, switch in enumerate(self._parts):
            if switch is not None:
                switch.setVisible(place == index)
                if place == index:
                    switch.choose(self.page)
        self._hint.setVisible(index is None or self._parts[index] is None)

    def _show(self) -> None:
        settings = self._settings
        if settings is None or not self.isVisible() or not self._is_painted:
            return
        if not is_open(self.page, settings):
            self._say_closed(settings)
            return
        if self.preview is None:
            self._start()
            return
        self.stack.setCurrentWidget(self.preview)
        if self._is_held:
            return
        self.preview.show_html(self._html(settings), from_top=self.page is not self._last)
        self._last = self.page

    def _html(self, settings: PortalSettings) -> str:
        return page_html(self.page, self.dossier, settings, self._around)

    def _start(self) -> None:
        """Load WebEngine, then make the preview, then its first page: in one turn they would keep the window deaf."""
        if self._make is _never:
            self.stack.setCurrentWidget(self.elsewhere)
            return
        try:
            if self._is_loaded:
                self._take(self._make(self))
            else:
                load_web_engine()
                self._is_loaded = True
        except (ImportError, RuntimeError) as error:
            _log.warning("the preview cannot start: %s", type(error).__name__)
            self._make = _never
        self._soon.start(0)

    def _take(self, preview: Preview) -> None:
        self.preview = preview
        preview.set_device(Device(self.device.current))
        preview.hide_asked.connect(self.hide_asked)
        preview.clicked.connect(self._clicked)
        preview.painted.connect(self._patience.stop)
        preview.painted.connect(partial(self._remark))
        self.stack.addWidget(preview)
        self._patience.start()

    def _give_up(self) -> None:
        """WebEngine is there, but nothing comes."""
        self._make = _never
        self._drop_preview()
        self._show()

    def _drop_preview(self) -> None:
        self._patience.stop()
        if self.preview is not None:
            self.stack.removeWidget(self.preview)
            self.preview.shut()
            self.preview.deleteLater()
            self.preview = None

    def _say_closed(self, settings: PortalSettings) -> None:
        keys = closed_by(self.page, settings)
        name = element_label(keys[-1]) if keys else TABS[tab_of(self.page) or 0].label
        sentence = f"La page «\u00a0{name}\u00a0» est masquée\u00a0: les patients ne la voient pas."
        self.closed.say(sentence, "Afficher de nouveau")
        self.stack.setCurrentWidget(self.closed)

    def _show_again(self) -> None:
        self.show_asked.emit(self.page.value)

    def _clicked(self, key: str, address: str) -> None:
        zone, page = zone_of_element(key), page_at(address)
        if zone:
            self.zone_asked.emit(zone)
        elif page is not None:
            self.show_page(page)

    def _mark(self, keys: tuple[str, ...], *, reveal: bool) -> None:
        self._marked = keys
        if self.preview is not None:
            self.preview.mark(*keys, reveal=reveal)

    def _remark(self) -> None:
        """A page that was loaded anew has no marks."""
        if self.preview is not None and self.preview.page.takes_marks_anew():
            self.preview.mark(*self._marked, reveal=True)


def _never(_: QWidget) -> Preview:
    raise RuntimeError("WebEngine did not start")
