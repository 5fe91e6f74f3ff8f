"""The preview on the screen: a computer's page or a telephone's, and « Masquer » beside what the mouse is over."""

import os
from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget
from shiboken6 import delete

from app import style
from app.portal_editor.items import element_label
from app.portal_editor.tree import reason
from app.widgets.labels import label, picture

COMPUTER_WIDTH = 1280
PHONE_WIDTH = 390
PHONE_HEIGHT = 844
SMALLEST_PHONE = 0.7
"""Below, its words could not be read."""
_FRAME = 10
"""Pixels of the telephone's body around its screen."""


class Device(StrEnum):
    COMPUTER = "computer"
    PHONE = "phone"


class Handle(QFrame):
    """« Mon dossier | Masquer », beside the element under the mouse."""

    hide_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._lock = picture("lock-simple", "abricot-encre", px=16)
        self._name = label("")
        self.button = QPushButton("Masquer")
        self.button.setIcon(style.icon("eye-slash", "surface"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda: self.hide_asked.emit(self.key))
        row.addSpacing(8)
        row.addWidget(self._lock)
        row.addWidget(self._name)
        row.addSpacing(8)
        row.addWidget(self.button)
        self.setObjectName("handle")
        ink, ground = style.TOKENS["abricot-encre"], style.TOKENS["abricot-100"]
        self.setStyleSheet(
            f"QFrame#handle {{ background: {ground}; border: 1px solid {ink}; border-radius: 6px; }}"
            f"QFrame#handle QLabel {{ color: {ink}; font-size: 13px; font-weight: 600; padding: 0 2px; }}"
            f"QFrame#handle QPushButton {{ background: {ink}; color: white; border: 2px solid {ink};"
            " font-size: 13px; font-weight: 700; border-radius: 4px; padding: 0 8px; min-height: 24px; }"
            f"QFrame#handle QPushButton:focus {{ border-color: {style.TOKENS['abricot']}; }}"
        )
        self.hide()

    def offer(self, key: str) -> None:
        """Name the element; its button is there unless it is always shown."""
        self.key = key
        locked = reason(key)
        self._name.setText(element_label(key))
        self._lock.setVisible(bool(locked))
        self.button.setVisible(not locked)
        self.button.setAccessibleName(f"Masquer {element_label(key)}")
        self.setToolTip(locked)
        self.adjustSize()


class Preview(QWidget):
    """Make it when the screen is first shown. Raise `ImportError` or `RuntimeError` where WebEngine cannot start."""

    hide_asked = Signal(str)
    """Key of the element that « Masquer » was pressed for."""
    clicked = Signal(str, str)
    """Key of the element and address of the link; "" for none."""
    painted = Signal()
    """What was asked to be shown can be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _let_root_in()
        from PySide6.QtWebEngineCore import QWebEngineProfile  # noqa: PLC0415 - half a second, when first shown
        from PySide6.QtWebEngineWidgets import QWebEngineView  # noqa: PLC0415 - as above

        from app.portal_editor.web_page import WebPage  # noqa: PLC0415 - as above

        self._device = Device.COMPUTER
        self.view = QWebEngineView(self)
        self._profile = QWebEngineProfile(self)
        self.page = WebPage(self._profile, self.view)
        self.view.setPage(self.page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAccessibleName("Aperçu du portail")
        self.setFocusProxy(self.view)
        self.handle = Handle(self)
        self.handle.hide_asked.connect(self.hide_asked)
        self.page.bridge.over.connect(self._on_over)
        self.page.bridge.clicked.connect(self.clicked)
        self.page.bridge.painted.connect(self.painted)
        self.page.loadFinished.connect(lambda _: self._fit())

    @property
    def device(self) -> Device:
        return self._device

    def set_device(self, device: Device) -> None:
        self._device = device
        self.page.show_scroll_bars(shown=device is Device.COMPUTER)
        self.handle.hide()
        self._fit()
        self.update()

    def show_html(self, html: str, *, from_top: bool = False) -> None:
        """`from_top`: it is another page than before."""
        self.page.show_html(html, from_top=from_top)

    def mark(self, *keys: str, reveal: bool = False) -> None:
        self.page.mark(keys, reveal=reveal)

    def shut(self) -> None:
        """End the page, then its profile: the other way round, and at the program's end in whatever order, crashes."""
        delete(self.view)
        delete(self._profile)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Of the page, the telephone and « Masquer » together."""
        self.page.unhover()
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        self.handle.hide()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.colour("plateau"))
        if self._device is Device.PHONE:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("encre"))
            around = QRectF(self.view.geometry()).adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME)
            painter.drawRoundedRect(around, _FRAME * 1.4, _FRAME * 1.4)

    def _fit(self) -> None:
        """Place the page and zoom it, so that it is as wide as on the device."""
        if self._device is Device.COMPUTER:
            place = self.rect().adjusted(18, 14, -8, 0)
            zoom = min(1.0, place.width() / COMPUTER_WIDTH)
        else:
            room = self.height() - 2 * _FRAME - 8
            zoom = min(1.0, max(SMALLEST_PHONE, room / PHONE_HEIGHT))
            width = round(PHONE_WIDTH * zoom)
            height = min(room, round(PHONE_HEIGHT * zoom))
            place = QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)
        self.view.setGeometry(place)
        self.view.setZoomFactor(max(0.25, zoom))
        self.update()

    def _on_over(self, key: str, left: float, top: float, width: float, height: float) -> None:
        if not key:
            # On the way to « Masquer » the mouse leaves the page.
            self.handle.setVisible(self.handle.isVisible() and self.handle.underMouse())
            return
        zoom = self.view.zoomFactor()
        corner = self.view.geometry().topLeft()
        box = QRect(
            corner + QPoint(round(left * zoom), round(top * zoom)),
            corner + QPoint(round((left + width) * zoom), round((top + height) * zoom)),
        )
        self.handle.offer(key)
        self.handle.move(self._beside(box))
        self.handle.show()
        self.handle.raise_()

    def _beside(self, box: QRect) -> QPoint:
        """Under the element; beside the telephone, where there is room."""
        size = self.handle.size()
        if self._device is Device.PHONE:
            left = self.view.geometry().right() + _FRAME + 12
            top = box.center().y() - size.height() // 2
        else:
            left, top = box.left(), box.bottom() + 2
        right, bottom = self.width() - size.width() - 4, self.height() - size.height() - 4
        return QPoint(max(4, min(left, right)), max(4, min(top, bottom)))


def load_web_engine() -> None:
    """Its modules, which take longer than the rest of making a preview. Raise `ImportError` without them."""
    import PySide6.QtWebEngineWidgets  # noqa: F401, PLC0415 - half a second, when first shown

    import app.portal_editor.web_page  # noqa: F401, PLC0415 - as above


def _let_root_in() -> None:
    """Chromium's sandbox does not start for the superuser; the preview shows nothing from outside anyway."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
