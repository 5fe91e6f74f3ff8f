"""Paper: a PDF drawn on a printer page by page at its true size, and the question which printer."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from cabinet.errors import WebOrthoError

POINTS_PER_INCH = 72
MAX_DPI = 600
"""Finer is not seen, and an A4 page at 1200 dpi takes half a gigabyte."""
NO_PRINTER = "Aucune imprimante n’est installée sur ce poste."
NO_PRINTER_TODO = "Enregistrez la fiche en PDF, ou installez une imprimante puis recommencez."


class PrintFailed(WebOrthoError):
    """The printer did not take the page."""


class NoPrinter(WebOrthoError):
    """This computer has none."""

    def __init__(self) -> None:
        super().__init__(NO_PRINTER, NO_PRINTER_TODO)


def choose_printer(parent: QWidget) -> QPrinter | None:
    """Ask which printer; None when the person gives up. Raise `NoPrinter`."""
    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setDocName("Fiche d’accès")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Imprimer la fiche d’accès")
    return printer if dialog.exec() else None


def draw_pdf(path: Path, printer: QPrinter) -> None:
    """Draw every page of a PDF on the printer, at its true size. May run off the interface's thread.

    Raise `PrintFailed`: then nothing may be taken for printed.
    """
    document = QPdfDocument()
    try:
        if document.load(str(path)) is not QPdfDocument.Error.None_:
            raise _failed("le fichier préparé est illisible")
        printer.setFullPage(True)
        painter = QPainter()
        if not painter.begin(printer):
            raise _failed("elle ne répond pas")
        try:
            for page in range(document.pageCount()):
                if page and not printer.newPage():
                    raise _failed("elle s’est arrêtée")
                _draw_page(document, page, painter, printer.resolution())
        finally:
            finished = painter.end()
        if not finished or printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error):
            raise _failed("l’impression a été interrompue")
    finally:
        document.close()


def _draw_page(document: QPdfDocument, page: int, painter: QPainter, resolution: int) -> None:
    points = document.pagePointSize(page)
    dpi = min(resolution, MAX_DPI)
    pixels = QSize(round(points.width() * dpi / POINTS_PER_INCH), round(points.height() * dpi / POINTS_PER_INCH))
    scale = resolution / POINTS_PER_INCH
    painter.drawImage(QRectF(0, 0, points.width() * scale, points.height() * scale), document.render(page, pixels))


def _failed(why: str) -> PrintFailed:
    return PrintFailed(
        f"L’imprimante n’a pas imprimé la fiche ({why}).",
        "Rien n’a changé\u00a0: l’ancienne fiche d’accès reste valable. Vérifiez l’imprimante, puis recommencez.",
    )
