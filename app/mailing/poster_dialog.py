"""The waiting room's poster: seen as it will be printed, then saved or printed. Nothing is asked of the portal."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.mailing.pdf_page import PdfPage
from app.mailing.printer import ask_printer, print_pdf
from app.screen import Context
from app.tasks import Reporter
from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.form import Field
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.switch import Part, Switch
from merge.letters.poster import PosterSize, write_poster
from merge.preparing import Setting

SIZE = QSize(900, 660)
AID = "Son code à scanner mène à la page de connexion du cabinet. Aucun code personnel n’y figure."
_PAPERS = {PosterSize.A4: QPageSize.PageSizeId.A4, PosterSize.A3: QPageSize.PageSizeId.A3}


class PosterDialog(Dialog):
    """Closes when the poster is out."""

    def __init__(self, context: Context, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._setting = setting
        self._asked = 0
        self._pdf = b""
        self.setWindowTitle("Affiche de la salle d’attente")
        self.resize(SIZE)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 20, 20, 20)
        row.setSpacing(20)
        self.page = PdfPage("Aperçu de l’affiche")
        row.addWidget(self.page, 1)
        side = QWidget()
        side.setFixedWidth(280)
        side.setLayout(self._choices())
        row.addWidget(side)
        self._renew()

    @property
    def size_chosen(self) -> PosterSize:
        return PosterSize(self.format.current)

    def _choices(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label("Affiche de la salle d’attente", "heading", wrap=True))
        column.addWidget(label(AID, "aid", wrap=True))
        self.format = Switch("Format de l’affiche", [Part(size, size.value) for size in PosterSize])
        self.format.chosen.connect(self._renew)
        column.addWidget(Field("Format", self.format))
        self.borderless = QCheckBox("Imprimer jusqu’au bord")
        self.borderless.setToolTip("Sans marge blanche de 5\u00a0mm, si l’imprimante le permet.")
        self.borderless.toggled.connect(self._renew)
        column.addWidget(self.borderless)
        self.notice = Notice()
        column.addWidget(self.notice)
        column.addStretch(1)
        self.print = primary("Imprimer", "printer")
        self.save = secondary("Enregistrer en PDF", "file-pdf")
        self.cancel = secondary("Annuler")
        for button, act in ((self.print, self._print), (self.save, self._save), (self.cancel, self.reject)):
            button.clicked.connect(act)
            column.addWidget(button)
        return column

    def _renew(self) -> None:
        """The page for what is chosen; of two quick choices the last one counts."""
        self._asked += 1
        asked, setting, size, borderless = self._asked, self._setting, self.size_chosen, self.borderless.isChecked()
        self._pdf = b""
        self._allow(is_allowed=False)
        self.notice.hide()

        def work(_: Reporter) -> bytes:
            with tempfile.TemporaryDirectory(prefix="webortho-affiche-", ignore_cleanup_errors=True) as folder:
                path = Path(folder) / "affiche.pdf"
                write_poster(setting.cabinet, path, today=setting.today, size=size, borderless=borderless)
                return path.read_bytes()

        def done(pdf: bytes) -> None:
            if asked == self._asked:
                self._pdf = pdf
                self.page.show_page(pdf)
                self._allow(is_allowed=True)

        self._run(work, done)

    def _print(self) -> None:
        printer = ask_printer(self, "Affiche", _PAPERS[self.size_chosen])
        if printer is not None:
            self._carry_out(_printing(self._pdf, printer), "L’affiche est à l’imprimante.")

    def _save(self) -> None:
        name = f"affiche-{self.size_chosen}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "Enregistrer l’affiche", name, "Document PDF (*.pdf)")
        if chosen:
            path, setting, size = Path(chosen).with_suffix(".pdf"), self._setting, self.size_chosen
            borderless = self.borderless.isChecked()
            self._carry_out(
                lambda _: write_poster(setting.cabinet, path, today=setting.today, size=size, borderless=borderless),
                f"L’affiche est enregistrée dans «\u00a0{path.name}\u00a0».",
            )

    def _carry_out(self, work: Callable[[Reporter], object], sentence: str) -> None:
        def done(_: object) -> None:
            self._context.tell(sentence)
            self.accept()

        self._allow(is_allowed=False)
        self._run(work, done)

    def _allow(self, *, is_allowed: bool) -> None:
        self.print.setEnabled(is_allowed)
        self.save.setEnabled(is_allowed)

    def _run(self, work: Callable[[Reporter], object], done: Callable[..., None]) -> None:
        self._context.tasks.run(work, done=done, failed=self._failed, owner=self)

    def _failed(self, trouble: Trouble) -> None:
        self._allow(is_allowed=bool(self._pdf))
        self.notice.say_trouble(trouble)


def _printing(pdf: bytes, printer: QPrinter) -> Callable[[Reporter], object]:
    return lambda reporter: print_pdf(pdf, printer, cancel=reporter.cancel)
