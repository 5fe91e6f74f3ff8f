"""The card at the right of the list: one patient, and the buttons for them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app import style
from app.patients.card import Card, Contact, Visibility
from app.patients.photo import Portrait
from app.patients.presenter import Standing
from app.patients.rows import pill_of
from app.widgets.buttons import danger, link, primary, secondary
from app.widgets.copy_button import copy_button
from app.widgets.elided import ElidedLabel
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.panel import Panel, line
from app.widgets.pill import Kind, Pill, PillData
from app.widgets.scrolled import Scrolled

WIDTH = 342
PADDING = 20
NOBODY = "Choisissez un patient dans la liste pour voir son N°\u00a0interne et son accès au portail."
_NUMBER_PX = ((7, 34), (13, 20), (1000, 14))
"""Up to so many characters, in so many pixels: a UUID is long, four figures are large."""


class CardView(Panel):
    """Shows a `Card`; every button is a question to the screen, which acts."""

    sheet_asked = Signal()
    reset_asked = Signal()
    preview_asked = Signal()
    erase_asked = Signal()
    visibility_asked = Signal(bool)
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(flush=True, parent=parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Fiche du patient")
        self._card: Card | None = None
        self._layers = QStackedLayout()
        self.body.addLayout(self._layers)
        self._layers.addWidget(EmptyState(NOBODY))
        self._layers.addWidget(self._make_card())

    @property
    def card(self) -> Card | None:
        return self._card

    def show_card(self, card: Card | None, *, may_erase: bool = False) -> None:
        """None: nobody is chosen. `may_erase`: whether this person may erase patients at all."""
        self._card = card
        self._layers.setCurrentIndex(0 if card is None else 1)
        if card is None:
            return
        self._show_head(card)
        self._show_facts(card)
        self._show_visibility(card)
        self.sheet.setEnabled(not card.sheet_refusal)
        self._refusal.setText(card.sheet_refusal)
        self._refusal.setVisible(bool(card.sheet_refusal))
        self.reset.setEnabled(card.can_reset)
        self.preview.setEnabled(card.can_preview)
        self.erase.setVisible(may_erase and card.can_erase)

    def show_photo(self, image: QImage | None) -> None:
        self.portrait.show_image(image)

    def show_undo(self, sentence: str) -> None:
        """What was just done, with a link that takes it back; "" for nothing to take back."""
        self._done.setText(sentence)
        self._done_row.setVisible(bool(sentence))

    def _make_card(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING - 2)
        column.setSpacing(10)
        column.addWidget(self._make_upper(), 1)
        column.addLayout(self._make_visibility())
        column.addStretch(0)
        self._refusal = label("", "aid", wrap=True)
        column.addWidget(self._refusal)
        self.sheet = primary("Imprimer la fiche d’accès", "printer")
        self.reset = secondary("Réinitialiser le mot de passe", "key")
        self.preview = link("Voir son portail", "eye")
        self.erase = danger("Effacer…", "trash")
        self.erase.setToolTip("Effacer du portail, pour toujours, les données de ce patient")
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.preview)
        last.addWidget(self.erase)
        last.addStretch(1)
        column.addWidget(_tall(self.sheet, 46))
        column.addWidget(_tall(self.reset, 40))
        column.addLayout(last)
        self.sheet.clicked.connect(self.sheet_asked)
        self.reset.clicked.connect(self.reset_asked)
        self.preview.clicked.connect(self.preview_asked)
        self.erase.clicked.connect(self.erase_asked)
        return made

    def _make_upper(self) -> Scrolled:
        """What may be long (two parents, a problem) scrolls; what can be done stays."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._make_head())
        self._name = ElidedLabel("", "heading")
        self._name.setStyleSheet("font-size: 19px;")
        self._birth = ElidedLabel("", "quiet")
        names = QVBoxLayout()
        names.setSpacing(3)
        names.setContentsMargins(0, 4, 0, 2)
        names.addWidget(self._name)
        names.addWidget(self._birth)
        column.addLayout(names)
        column.addWidget(line())
        column.addLayout(self._make_facts())
        column.addWidget(line())
        self._upper = area = _AsHighAsNeeded(inside, column)
        area.viewport().setAutoFillBackground(False)
        return area

    def _make_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        self._treatment, self._last_visit, self._email, self._informed = (_value() for _ in range(4))
        self._standing = Pill(Kind.NEUTRAL, "")
        self._email_name = label("E-mail", "quiet")
        self._contacts = _Contacts()
        self._problem = label("", wrap=True)
        self._problem.setStyleSheet(f"color: {style.TOKENS['alerte']}; font-size: 13px;")
        rows = (
            (label("Début de traitement", "quiet"), self._treatment),
            (label("Compte", "quiet"), self._standing),
            (label("Dernière visite", "quiet"), self._last_visit),
            (self._email_name, self._email),
        )
        for row, (name, value) in enumerate(rows):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        grid.setAlignment(self._standing, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._contacts, len(rows), 0, 1, 2)
        grid.addWidget(label("Informé par", "quiet"), len(rows) + 1, 0)
        grid.addWidget(self._informed, len(rows) + 1, 1)
        grid.addWidget(self._problem, len(rows) + 2, 0, 1, 2)
        return grid

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.portrait = Portrait()
        row.addWidget(self.portrait)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(label("N°\u00a0interne", "aid"))
        top.addStretch(1)
        self.copy = copy_button(lambda: self._card.number if self._card else "")
        self.copy.setToolTip("Copier le N°\u00a0interne (Ctrl+C)")
        top.addWidget(self.copy)
        beside.addStretch(1)
        beside.addLayout(top)
        self.number = ElidedLabel("", "mono")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        beside.addWidget(self.number)
        beside.addStretch(1)
        row.addLayout(beside, 1)
        return row

    def _make_visibility(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        self.visible = QCheckBox("Visible sur le portail")
        self.visible.clicked.connect(self._ask_visibility)
        column.addWidget(self.visible)
        self._done_row = QWidget()
        row = QHBoxLayout(self._done_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._done = label("", "aid", wrap=True)
        self.undo = link("Annuler", "arrow-counter-clockwise")
        self.undo.clicked.connect(self.undo_asked)
        row.addWidget(self._done, 1)
        row.addWidget(self.undo)
        self._done_row.hide()
        column.addWidget(self._done_row)
        return column

    def _show_head(self, card: Card) -> None:
        px = next(px for length, px in _NUMBER_PX if len(card.number) <= length)
        self.number.setStyleSheet(f"font-size: {px}px;")
        self.number.show_text(card.number)
        self._name.show_text(card.name)
        self._birth.show_text(card.birth)

    def _show_facts(self, card: Card) -> None:
        self._treatment.show_text(card.treatment_start)
        self._standing.show_state(pill_of(card.standing) or PillData(Kind.NEUTRAL, card.standing.label, ""))
        self._last_visit.show_text(card.last_visit)
        self._informed.show_text(card.informed)
        several = len(card.contacts) > 1
        self._email_name.setVisible(not several)
        self._email.setVisible(not several)
        self._email.show_text((card.contacts[0].email if card.contacts else "") or "—")
        self._contacts.show_contacts(card.contacts if several else ())
        self._problem.setText(f"Lettre impossible\u00a0: {card.address_problem}")
        self._problem.setVisible(bool(card.address_problem))
        self._upper.fit()

    def _show_visibility(self, card: Card) -> None:
        self.visible.setChecked(card.visibility is Visibility.SHOWN)
        self.visible.setEnabled(card.visibility is not Visibility.FIXED)
        self.visible.setToolTip("" if card.standing is not Standing.ERASED else card.sheet_refusal)

    def _ask_visibility(self, wanted: bool) -> None:
        # What is shown is what is so: it changes when the portal has said so.
        self.visible.setChecked(not wanted)
        self.visibility_asked.emit(wanted)


class _AsHighAsNeeded(Scrolled):
    """Scrolls where there is no room, and takes no more of it than what is inside needs."""

    def __init__(self, inside: QWidget, layout: QVBoxLayout) -> None:
        super().__init__("Fiche du patient", inside, sideways=False)
        self._layout = layout

    def fit(self) -> None:
        """What is inside has changed."""
        layout = self._layout
        layout.activate()
        width = WIDTH - 2 * PADDING - 2
        self.setMaximumHeight(
            layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        )


class _Contacts(QWidget):
    """Several addressees: an e-mail address needs a line of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._lines: list[tuple[ElidedLabel, ElidedLabel]] = []

    def show_contacts(self, contacts: Sequence[Contact]) -> None:
        while len(self._lines) < len(contacts):
            name, email = ElidedLabel("", "quiet"), ElidedLabel("", "strong")
            name.setContentsMargins(0, 6 if self._lines else 0, 0, 0)
            self._column.addWidget(name)
            self._column.addWidget(email)
            self._lines.append((name, email))
        for place, (name, email) in enumerate(self._lines):
            is_shown = place < len(contacts)
            name.setVisible(is_shown)
            email.setVisible(is_shown)
            if is_shown:
                name.show_text(contacts[place].name)
                email.show_text(contacts[place].email or "Pas d’adresse e-mail")
        self.setVisible(bool(contacts))


def _tall(button: QPushButton, height: int) -> QWidget:
    """The style sheet gives all buttons one height: these fill their frame instead."""
    frame = QWidget()
    frame.setFixedHeight(height)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    row = QVBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    return frame


def _value() -> ElidedLabel:
    made = ElidedLabel("", "strong")
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
