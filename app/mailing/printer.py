"""A PDF on paper: the system's own question, then every page, off the interface's thread."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from cabinet.errors import WebOrthoError
from sync.cancel import CancelToken

MAX_DPI = 300
"""Enough for the smallest print and the QR code; a page of 600 dpi takes a hundred megabytes."""


class PrintingError(WebOrthoError):
    """The printer did not take it."""


def ask_printer(parent: QWidget, name: str, paper: QPageSize.PageSizeId = QPageSize.PageSizeId.A4) -> QPrinter | None:
    """The printer that the person chose, None where they gave up. `name` is the document's, in the printer's queue."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(paper))
    printer.setDocName(name)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Imprimer")
    return printer if dialog.exec() else None


def print_pdf(
    pdf: bytes | Path,
    printer: QPrinter,
    progress: Callable[[int, int], None] = lambda _, __: None,
    cancel: CancelToken | None = None,
) -> int:
    """Print all pages and answer how many. `progress` is told how many of how many; raise `PrintingError`."""
    document = QPdfDocument()
    buffer = QBuffer()
    if isinstance(pdf, Path):
        document.load(str(pdf))
    else:
        buffer.setData(QByteArray(pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
    pages = int(document.pageCount())
    printer.setFullPage(True)
    painter = QPainter()
    if not pages or not painter.begin(printer):
        raise PrintingError("L’imprimante n’a pas pris le document.", "Vérifiez qu’elle est allumée, puis réessayez.")
    try:
        for page in range(pages):
            if cancel is not None:
                cancel.check()
            if page:
                printer.newPage()
            _paint(painter, printer, document, page)
            progress(page + 1, pages)
    finally:
        painter.end()
    return pages


def _paint(painter: QPainter, printer: QPrinter, document: QPdfDocument, page: int) -> None:
    points = document.pagePointSize(page)
    resolution = min(printer.resolution(), MAX_DPI) / 72
    image = document.render(page, QSize(round(points.width() * resolution), round(points.height() * resolution)))
    scale = printer.resolution() / 72
    painter.drawImage(QRectF(0, 0, points.width() * scale, points.height() * scale), image)
