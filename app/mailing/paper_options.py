"""What is put on paper, and where: the form of the letters' file, its place, and access cards with it."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.desk.printing import PaperFormat
from app.mailing.sending import Paper
from app.mailing.sending_presenter import cards_path
from app.widgets.buttons import secondary
from app.widgets.labels import label
from app.widgets.switch import Part, Switch


class PaperOptions(QWidget):
    """One line. `changed` when the path did, for instance because the form did."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label("Fichier des lettres", "label"))
        self.form = Switch("Forme du fichier", [Part(PaperFormat.PDF, "PDF"), Part(PaperFormat.DOCX, "Word")])
        self.form.chosen.connect(self._change_form)
        self.place = QLineEdit()
        self.place.setAccessibleName("Fichier des lettres")
        self.place.textChanged.connect(lambda _: self.changed.emit())
        choose = secondary("Choisir…")
        choose.clicked.connect(self._choose)
        self.cards = QCheckBox("Et leurs fiches d’accès")
        self.cards.setToolTip("Dix par page, à découper\u00a0; elles ont leurs propres codes.")
        row.addWidget(self.form)
        row.addWidget(self.place, 1)
        row.addWidget(choose)
        row.addWidget(self.cards)

    @property
    def paper(self) -> Paper | None:
        """None while no file is named."""
        text = self.place.text().strip()
        if not text:
            return None
        path = Path(text)
        return Paper(path, PaperFormat(self.form.current), cards_path(path) if self.cards.isChecked() else None)

    def propose(self, path: Path) -> None:
        self.place.setText(str(path))

    def _change_form(self, form: str) -> None:
        if self.place.text().strip():
            self.place.setText(str(Path(self.place.text().strip()).with_suffix(f".{form}")))

    def _choose(self) -> None:
        form = self.form.current
        kind = "Document PDF (*.pdf)" if form == PaperFormat.PDF else "Document Word (*.docx)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Enregistrer les lettres", self.place.text(), kind)
        if chosen:
            self.place.setText(str(Path(chosen).with_suffix(f".{form}")))


def documents_folder() -> Path:
    """Where people look for their files."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
