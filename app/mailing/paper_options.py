"""« Impression »: in which order and in which files the letters come, and what is printed with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.desk.printing import PaperFormat
from app.mailing.papers import SUFFIXES, Envelopes, Labels, Paper
from app.state import Printing
from app.widgets.buttons import link, secondary
from app.widgets.entries import ComboBox, CountEdit
from app.widgets.form import Field
from app.widgets.panel import Panel
from app.widgets.switch import Part, Switch
from merge.letters.labels import GRIDS, LabelSheet
from merge.letters.output.binding import ONE_PDF, Binding, Form
from merge.letters.output.envelopes import EnvelopeSize
from merge.letters.output.order import Order

Chosen = TypeVar("Chosen")
ORDERS = (("Code postal", Order.POSTCODE), ("Nom du destinataire", Order.NAME), ("N° du patient", Order.NUMBER))
FILES: tuple[tuple[str, Binding], ...] = (
    ("Un seul fichier", ONE_PDF),
    ("Un fichier par lettre", Binding(Form.EACH)),
    *((f"Lots de {length} {{}}", Binding(Form.BATCHES, length)) for length in (20, 50, 100, 250, 500)),
)
ENVELOPES: tuple[tuple[str, Envelopes | Labels | None], ...] = (
    ("Aucune, elles ont une fenêtre", None),
    ("DL", Envelopes(EnvelopeSize.DL)),
    ("DL, avec l’expéditeur", Envelopes(EnvelopeSize.DL, sender=True)),
    ("C5", Envelopes(EnvelopeSize.C5)),
    ("C5, avec l’expéditeur", Envelopes(EnvelopeSize.C5, sender=True)),
    ("Étiquettes, 24 de 70 × 37\u00a0mm", Labels(LabelSheet.L24)),
    ("Étiquettes, 21 de 63,5 × 38,1\u00a0mm", Labels(LabelSheet.L21)),
    ("Étiquettes, 14 de 99,1 × 38,1\u00a0mm", Labels(LabelSheet.L14)),
)


class PaperOptions(Panel):
    """Proposes one PDF, sorted by postcode. `changed` when anything did, the file's name with it."""

    changed = Signal()
    reset = Signal()
    """A person wants what is proposed to everybody: what was remembered is forgotten."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Impression", icon="printer", parent=parent)
        self.usual = link("Choix d’origine", "arrow-counter-clockwise")
        self.usual.setToolTip("Un seul PDF par code postal, sans rien d’autre")
        self.usual.clicked.connect(self._reset)
        self.add_aside(self.usual)
        self.form = Switch("Forme du fichier", [Part(PaperFormat.PDF, "PDF"), Part(PaperFormat.DOCX, "Word")])
        self.add_aside(self.form)
        self.order = _choice(words for words, _ in ORDERS)
        self.binding = _choice(_files(PaperFormat.PDF))
        self.envelopes = _choice(words for words, _ in ENVELOPES)
        self.first_label = CountEdit()
        self.first_label.setMinimum(1)
        self.first_label.setToolTip("La première qui reste sur une planche entamée, en comptant ligne par ligne.")
        self._first_label = Field("1re étiquette", self.first_label)
        self.duplex = QCheckBox("Recto verso")
        self.duplex.setToolTip("Chaque lettre commence sur un recto\u00a0; les versos vides restent blancs.")
        self.index = QCheckBox("Index des destinataires")
        self.index.setToolTip("Par nom, avec la page de chacun.")
        self.mail_house = QCheckBox("Pour un routeur")
        self.mail_house.setToolTip("Un ZIP, avec le tableau des lettres et un mot d’explication.")
        self.cards = QCheckBox("Fiches d’accès")
        self.cards.setToolTip("Dix par page, à découper\u00a0; elles ont leurs propres codes.")
        self.place = QLineEdit()
        self.body.addLayout(self._choices())
        self.body.addLayout(self._ticks())
        self.body.addLayout(self._file())
        self.form.chosen.connect(lambda _: self._adapt())
        for combo in (self.order, self.binding, self.envelopes):
            combo.currentIndexChanged.connect(lambda _: self._adapt())
        self.first_label.valueChanged.connect(lambda _: self.changed.emit())
        for box in (self.duplex, self.index, self.mail_house, self.cards):
            box.toggled.connect(lambda _: self._adapt())
        self.place.textChanged.connect(lambda _: self.changed.emit())
        self._usual = self.printing
        self._adapt()

    @property
    def paper(self) -> Paper | None:
        """None while no file is named."""
        text = self.place.text().strip()
        if not text:
            return None
        return Paper(
            Path(text),
            PaperFormat(self.form.current),
            self._chosen_binding(),
            ORDERS[self.order.currentIndex()][1],
            self._chosen_envelopes(),
            with_cards=self.cards.isChecked(),
        )

    @property
    def printing(self) -> Printing:
        """What is chosen but the place and the first label, to be shown again another time."""
        binding = FILES[self.binding.currentIndex()][1]
        envelopes = ENVELOPES[self.envelopes.currentIndex()][1]
        return Printing(
            form=self.form.current,
            order=ORDERS[self.order.currentIndex()][1],
            files=binding.form,
            batch_pages=binding.batch_pages,
            envelopes=_size(envelopes),
            sender=isinstance(envelopes, Envelopes) and envelopes.sender,
            duplex=self.duplex.isChecked(),
            index=self.index.isChecked(),
            mail_house=self.mail_house.isChecked(),
            cards=self.cards.isChecked(),
        )

    def show_printing(self, last: Printing) -> None:
        """What was chosen last; what is not offered any more is as it is proposed to everybody."""
        self.form.choose(PaperFormat.DOCX if last.form == PaperFormat.DOCX else PaperFormat.PDF)
        self.order.setCurrentIndex(_place(ORDERS, lambda order: order == last.order))
        self.binding.setCurrentIndex(
            _place(FILES, lambda one: (one.form, one.batch_pages) == (last.files, last.batch_pages))
        )
        self.envelopes.setCurrentIndex(
            _place(
                ENVELOPES,
                lambda one: (_size(one), isinstance(one, Envelopes) and one.sender) == (last.envelopes, last.sender),
            )
        )
        self.duplex.setChecked(last.duplex)
        self.index.setChecked(last.index)
        self.mail_house.setChecked(last.mail_house)
        self.cards.setChecked(last.cards)
        self._adapt()

    def propose(self, path: Path) -> None:
        self.place.setText(str(path))
        self._adapt()

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        for words, combo in (
            ("Ordre des lettres", self.order),
            ("Fichiers", self.binding),
            ("Enveloppes ou étiquettes", self.envelopes),
        ):
            row.addWidget(Field(words, combo), 1)
        row.addWidget(self._first_label)
        return row

    def _ticks(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(22)
        for box in (self.duplex, self.index, self.mail_house, self.cards):
            row.addWidget(box)
        row.addStretch(1)
        return row

    def _file(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        choose = secondary("Choisir…")
        choose.clicked.connect(self._choose)
        row.addWidget(Field("Écrire les lettres dans", self.place), 1)
        row.addWidget(choose, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _chosen_binding(self) -> Binding:
        chosen = FILES[self.binding.currentIndex()][1]
        if self.form.current == PaperFormat.DOCX:
            return chosen
        return replace(
            chosen,
            duplex=self.duplex.isChecked(),
            index=self.index.isChecked(),
            mail_house=self.mail_house.isChecked(),
        )

    def _chosen_envelopes(self) -> Envelopes | Labels | None:
        chosen = ENVELOPES[self.envelopes.currentIndex()][1]
        return replace(chosen, first=self.first_label.value()) if isinstance(chosen, Labels) else chosen

    def _adapt(self) -> None:
        """Nobody counted a Word document's pages; a folder has no ending, what goes to a mail house is a ZIP file."""
        is_pdf = self.form.current == PaperFormat.PDF
        for widget in (self.duplex, self.index, self.mail_house):
            widget.setEnabled(is_pdf)
        for place, words in enumerate(_files(self.form.current)):
            self.binding.setItemText(place, words)
        if path := self.place.text().strip():
            self.place.setText(str(self._named(Path(path))))
        envelopes = self._chosen_envelopes()
        self._first_label.setVisible(isinstance(envelopes, Labels))
        if isinstance(envelopes, Labels):
            self.first_label.setMaximum(GRIDS[envelopes.sheet].labels)
        self.usual.setVisible(self.printing != self._usual)
        self.changed.emit()

    def _reset(self) -> None:
        self.first_label.setValue(1)
        self.show_printing(Printing())
        self.reset.emit()

    def _named(self, path: Path) -> Path:
        bare = path.name.removesuffix(path.suffix) if path.suffix.lower() in SUFFIXES else path.name
        binding = self._chosen_binding()
        ending = f".{self.form.current}"
        if binding.is_folder:
            ending = ".zip" if binding.mail_house else ""
        return path.with_name(bare + ending)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Enregistrer les lettres", self.place.text())
        if chosen:
            self.place.setText(str(self._named(Path(chosen))))


def _place(choices: Sequence[tuple[str, Chosen]], is_wanted: Callable[[Chosen], bool]) -> int:
    """Of the first that is wanted, else of the first of all."""
    return next((place for place, (_, one) in enumerate(choices) if is_wanted(one)), 0)


def _size(envelopes: Envelopes | Labels | None) -> str:
    """By what it is remembered: an envelope's size, how many labels a sheet has, or nothing."""
    if isinstance(envelopes, Envelopes):
        return envelopes.size
    return envelopes.sheet if envelopes else ""


def _choice(choices: Iterable[str]) -> ComboBox:
    combo = ComboBox()
    combo.addItems(list(choices))
    # Long words must not make the window wide: an open list is as wide as it needs.
    combo.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(18)
    return combo


def _files(form: str) -> tuple[str, ...]:
    """What is counted in a batch depends on the form."""
    return tuple(words.format("pages" if form == PaperFormat.PDF else "lettres") for words, _ in FILES)


def documents_folder() -> Path:
    """Where people look for their files."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
