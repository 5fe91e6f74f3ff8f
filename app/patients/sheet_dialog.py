"""The access sheet before it is printed: the real page with sample codes, then a file or paper with the real ones."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app import style
from app.desk.printing import Deliver, PrintReport
from app.errors import Trouble, trouble_of
from app.patients import printer as paper
from app.patients.sheet import Sheet, print_sheet, why_not_yet, write_preview
from app.screen import Context
from app.tasks import Reporter, Task
from app.widgets.busy import BusyLine
from app.widgets.buttons import primary, secondary
from app.widgets.dialog import Dialog
from app.widgets.entries import ComboBox
from app.widgets.form import Field
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.pill import Kind
from cabinet.dossier import Addressee
from cabinet.errors import WebOrthoError

SIZE = QSize(940, 640)
AID = (
    "Les codes de cet aperçu sont des exemples. Les vrais sont préparés quand vous imprimez ou enregistrez\u00a0: "
    "ils remplacent alors ceux de la fiche d’accès précédente."
)
AGAIN = "Réessayer"
ChooseFile = Callable[[QWidget, str], Path | None]
ChoosePrinter = Callable[[QWidget], QPrinter | None]
MakeSheet = Callable[[Addressee], Sheet]


def choose_file(parent: QWidget, name: str) -> Path | None:
    """Where to save; None when the person gives up."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Enregistrer la fiche d’accès", name, "PDF (*.pdf)")
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(".pdf")


class SheetDialog(Dialog):
    """`made` with a sentence when a real sheet is out; the dialog then closes."""

    made = Signal(str)

    def __init__(
        self,
        context: Context,
        name: str,
        contacts: tuple[tuple[str, Addressee], ...],
        make_sheet: MakeSheet,
        parent: QWidget | None = None,
    ) -> None:
        """`contacts`: whom a sheet can be for, by name; `make_sheet` is slow."""
        super().__init__(parent)
        self._context = context
        self._name = name
        self._contacts = contacts
        self._make_sheet = make_sheet
        self.choose_file: ChooseFile = choose_file
        self.choose_printer: ChoosePrinter = paper.choose_printer
        self._sheet: Sheet | None = None
        self._task: Task[PrintReport] | Task[Sheet] | None = None
        self._is_real = False
        """Whether what runs makes real codes: it is then stopped in order, and waited for."""
        self._folder = tempfile.TemporaryDirectory(prefix="webortho-fiche-", ignore_cleanup_errors=True)
        # Without a parent: a document that its view destroys crashes at exit.
        self._document = QPdfDocument()
        self._blank = QPdfDocument()
        self._build()
        self._prepare()

    def _build(self) -> None:
        self.setWindowTitle("Fiche d’accès")
        self.resize(SIZE)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 20, 20, 20)
        row.setSpacing(20)
        self.view = QPdfView(self)
        self.view.setAccessibleName("Aperçu de la fiche d’accès")
        self.view.setPageMode(QPdfView.PageMode.SinglePage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self._document)
        ground = self.view.palette()
        ground.setColor(QPalette.ColorRole.Dark, style.colour("plateau"))
        self.view.setPalette(ground)
        row.addWidget(self.view, 1)
        column = QVBoxLayout()
        column.setSpacing(12)
        side = QWidget()
        side.setFixedWidth(300)
        side.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(f"Fiche d’accès de {self._name}", "heading", wrap=True))
        self.whom = ComboBox()
        self.whom.addItems([name for name, _ in self._contacts])
        self.whom.currentIndexChanged.connect(self._prepare)
        self._whom_field = Field("Pour", self.whom, "Chaque parent a ses propres codes.")
        self._whom_field.setVisible(len(self._contacts) > 1)
        column.addWidget(self._whom_field)
        column.addWidget(label(AID, "aid", wrap=True))
        self.notice = Notice()
        self.notice.acted.connect(self._prepare)
        column.addWidget(self.notice)
        column.addStretch(1)
        self.busy = BusyLine()
        column.addWidget(self.busy)
        self.print = primary("Imprimer", "printer")
        self.save = secondary("Enregistrer en PDF", "file-pdf")
        self.cancel = secondary("Annuler")
        for button, act in ((self.print, self._print), (self.save, self._save), (self.cancel, self.reject)):
            button.clicked.connect(act)
            column.addWidget(button)
        row.addWidget(side)

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def reject(self) -> None:
        """While real codes are under way, ask for a stop: the dialog closes when they are discarded."""
        if self._task is not None and self._is_real:
            self._task.cancel()
            self.cancel.setEnabled(False)
            self.busy.begin("Arrêt en cours…")
        else:
            super().reject()

    def done(self, result: int) -> None:
        """However it is closed: no preview goes on, and no file stays behind."""
        if self._task is not None:
            self._task.abandon()
        # The view draws in a thread of its own: without this it may be drawing a document that is gone.
        self.view.setDocument(self._blank)
        self._document.close()
        self._folder.cleanup()
        super().done(result)

    def _prepare(self) -> None:
        """The preview for the chosen addressee."""
        if self._task is not None:
            self._task.abandon()
        self.notice.hide()
        addressee = self._contacts[self.whom.currentIndex()][1]
        path = Path(self._folder.name) / "apercu.pdf"

        def work(_: Reporter) -> Sheet:
            sheet = self._make_sheet(addressee)
            write_preview(sheet, path)
            return sheet

        def done(sheet: Sheet) -> None:
            self._end()
            self._sheet = sheet
            self._document.load(str(path))
            self._allow(True)
            self.print.setFocus()

        self._document.close()
        self._begin("Préparation de l’aperçu…")
        self._task = self._context.tasks.run(work, done=done, failed=self._complain, owner=self)

    def _print(self) -> None:
        try:
            printer = self.choose_printer(self)
        except WebOrthoError as error:
            self.notice.say_trouble(trouble_of(error))
            return
        if printer is not None:
            path = Path(self._folder.name) / "fiche.pdf"
            self._carry_out(
                path,
                lambda written: paper.draw_pdf(written, printer),
                f"La fiche d’accès de {self._name} est imprimée.",
            )

    def _save(self) -> None:
        assert self._sheet is not None  # noqa: S101 - the button is enabled with it
        path = self.choose_file(self, self._sheet.file_name)
        if path is not None:
            self._carry_out(path, lambda _: None, f"La fiche d’accès de {self._name} est enregistrée dans {path.name}.")

    def _carry_out(self, path: Path, deliver: Deliver, sentence: str) -> None:
        sheet = self._sheet
        assert sheet is not None  # noqa: S101 - the buttons are enabled with it

        def done(report: PrintReport) -> None:
            self._end()
            if report.told_error is not None:
                self.notice.say(Kind.ALERT, why_not_yet(report.told_error))
                self.cancel.setText("Fermer")
                return
            self.made.emit(sentence)
            self.accept()

        self._begin("Préparation des codes d’accès…")
        self._is_real = True
        self._task = self._context.tasks.run(
            lambda reporter: print_sheet(self._context.desk, sheet, path, reporter.cancel, deliver),
            done=done,
            failed=self._complain,
            owner=self,
        )

    def _begin(self, sentence: str) -> None:
        self.notice.hide()
        self.busy.begin(sentence)
        self._allow(False)

    def _end(self) -> None:
        self._task = None
        self._is_real = False
        self.busy.end()

    def _allow(self, is_allowed: bool) -> None:
        self.print.setEnabled(is_allowed)
        self.save.setEnabled(is_allowed)
        self.whom.setEnabled(is_allowed)

    def _complain(self, trouble: Trouble) -> None:
        self._end()
        if trouble.cancelled:
            self.reject()
            return
        self._allow(self._sheet is not None)
        self.whom.setEnabled(True)
        self.notice.say_trouble(trouble, "" if self._sheet is not None else AGAIN)
