"""One page of a PDF on the screen, whole or at its full width."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMargins, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame

from app import style


class PdfPage(QPdfView):
    """One page. The document is not the view's child: the view must be gone before it (Qt crashes otherwise)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._document = QPdfDocument()
        self._data = QByteArray()
        self._buffer = QBuffer()
        self.setDocument(self._document)
        self.setPageMode(QPdfView.PageMode.SinglePage)
        self.setToolTip("Double-clic\u00a0: agrandir, ou revoir la page entière")
        # Qt fits a page into the view less the page spacing, where it should take the upper and lower margins.
        self.setDocumentMargins(QMargins(12, 12, 12, 12))
        self.setPageSpacing(26)
        self._whole()
        self.setFrameShape(QFrame.Shape.NoFrame)
        palette = self.palette()
        for role in (QPalette.ColorRole.Dark, QPalette.ColorRole.Base, QPalette.ColorRole.Window):
            palette.setColor(role, style.colour("plateau"))
        self.setPalette(palette)

    @property
    def pages(self) -> int:
        return int(self._document.pageCount())

    def show_page(self, pdf: bytes) -> None:
        self._document.close()
        self._buffer.close()
        self._data = QByteArray(pdf)
        self._buffer.setData(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)

    def mouseDoubleClickEvent(self, event: object) -> None:  # noqa: ARG002, N802 - Qt's signature
        self.zoom()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.zoom()
        else:
            super().keyPressEvent(event)

    def zoom(self) -> None:
        """Near and far: its width, or the whole page."""
        if self.zoomMode() is QPdfView.ZoomMode.FitInView:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        else:
            self._whole()

    def _whole(self) -> None:
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setZoomMode(QPdfView.ZoomMode.FitInView)
