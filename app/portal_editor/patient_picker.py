"""« Patient d’essai : TEST AAESSAI »: whose pages the preview shows, chosen by typing a part of the name."""

from collections.abc import Mapping

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QStackedLayout, QWidget

from app import style
from app.portal_editor.pages import NOBODY, patient_choice, patient_label
from app.widgets.buttons import link
from cabinet.dossier import Dossier

WIDTH = 300
AROUND = 16
"""Pixels of the button's own at both sides of its words."""
NOBODY_CHOICE = "Un patient sans rien"


class _Entry(QLineEdit):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class PatientPicker(QWidget):
    """`chosen` with a dossier: one of the cabinet's, or the one that holds nothing."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, Dossier] = {}
        self.button = link("")
        self.button.setProperty("side", "right")
        self.entry = _Entry()
        self.entry.setAccessibleName("Patient d’essai")
        self.entry.setPlaceholderText("Nom ou numéro du patient")
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        completer.activated.connect(self._choose)
        self.entry.setCompleter(completer)
        self.entry.returnPressed.connect(lambda: self._choose(completer.currentCompletion()))
        self.entry.left.connect(self._close)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.button)
        self._stack.addWidget(self.entry)
        self.button.clicked.connect(self._open)
        self.setFixedWidth(WIDTH)

    def show_dossiers(self, dossiers: Mapping[str, Dossier]) -> None:
        self._choices = {NOBODY_CHOICE: NOBODY} | {patient_choice(each): each for each in dossiers.values()}
        self._model.setStringList(list(self._choices))

    def show_patient(self, dossier: Dossier) -> None:
        words = f"Patient d’essai\u00a0: {patient_label(dossier)}"
        metrics = QFontMetrics(style.font(14, QFont.Weight.DemiBold))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, WIDTH - AROUND)
        self.button.setText(shown.replace("&", "&&"))
        self.button.setToolTip(words if shown != words else "")
        self.button.setAccessibleName(words)
        self.button.setAccessibleDescription("Choisir un autre patient")

    def _open(self) -> None:
        self._stack.setCurrentWidget(self.entry)
        self.entry.clear()
        self.entry.setFocus()

    def _close(self) -> None:
        self._stack.setCurrentWidget(self.button)
        self.button.setFocus()

    def _choose(self, text: str) -> None:
        if text in self._choices:
            self.chosen.emit(self._choices[text])
            self._close()
