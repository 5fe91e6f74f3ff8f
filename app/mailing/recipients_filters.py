"""Step 2's left side, « Qui »: the filters, the channels and the households of a recipe."""

import datetime as dt

import msgspec
from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.mailing.recipe import Recipe
from app.mailing.recipients_presenter import ORDERS
from app.widgets.entries import ComboBox, DateEdit
from app.widgets.form import Field
from app.widgets.panel import Panel, line
from app.widgets.scrolled import Scrolled
from app.widgets.switch import Part, Switch

WIDTH = 306


class RecipientFilters(Panel):
    """`changed` with the recipe that a person makes of the one that is shown."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Qui", icon="funnel", parent=parent)
        self.setFixedWidth(WIDTH)
        self.recipe = Recipe()
        self._filling = False
        self.way = Switch("Comment choisir", [Part("filters", "Par filtres"), Part("hand", "À la main")])
        self.way.chosen.connect(lambda key: self._change(by_hand=key == "hand"))
        self.never_informed = self._box("Jamais informés", "never_informed")
        self.never_signed_in = self._box("Jamais connectés", "never_signed_in")
        self.never_signed_in.setToolTip("Pour une relance\u00a0: personne n’a encore ouvert leur dossier.")
        self.active = self._box("En traitement", "active")
        self.with_email = self._box("Avec une adresse e-mail", "with_email")
        self._start, self.start_from = self._date("Début de traitement à partir du", "treatment_from")
        self._until, self.start_until = self._date("Jusqu’au", "treatment_until")
        self.order = ComboBox()
        self.order.addItems([name for name, _ in ORDERS])
        self.order.activated.connect(lambda place: self._change(order=ORDERS[place][1]))
        self.group = self._box("Un seul envoi par foyer", "group")
        self.both = self._box("Écrire aux deux parents", "both_parents")
        self._lay_out()

    def show_recipe(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._filling = True
        try:
            self.way.choose("hand" if recipe.by_hand else "filters")
            self.never_informed.setChecked(recipe.never_informed)
            self.never_signed_in.setChecked(recipe.never_signed_in)
            self.active.setChecked(recipe.active)
            self.with_email.setChecked(recipe.with_email)
            for box, entry, date in (
                (self._start, self.start_from, recipe.treatment_from),
                (self._until, self.start_until, recipe.treatment_until),
            ):
                box.setChecked(date is not None)
                if date is not None:
                    entry.setDate(QDate(date.year, date.month, date.day))
            orders = [order for _, order in ORDERS]
            self.order.setCurrentIndex(orders.index(recipe.order) if recipe.order in orders else 0)
            self.group.setChecked(recipe.group)
            self.both.setChecked(recipe.both_parents)
        finally:
            self._filling = False
        for widget in (self.active, self.with_email, self._start, self._until):
            widget.setEnabled(not recipe.by_hand)
        self.start_from.setEnabled(not recipe.by_hand and recipe.treatment_from is not None)
        self.start_until.setEnabled(not recipe.by_hand and recipe.treatment_until is not None)

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(6)
        for widget in (self.way, self.never_informed, self.never_signed_in, self.active, self.with_email):
            column.addWidget(widget)
        for box, entry in ((self._start, self.start_from), (self._until, self.start_until)):
            column.addWidget(box)
            column.addWidget(entry)
        column.addSpacing(4)
        column.addWidget(line())
        column.addSpacing(2)
        column.addWidget(Field("Canaux, le premier qui convient", self.order))
        column.addWidget(self.group)
        column.addWidget(self.both)
        column.addStretch(1)
        self.body.addWidget(Scrolled("Filtres", page, sideways=False), 1)

    def _box(self, words: str, name: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(lambda on: self._change(**{name: on}))
        return box

    def _date(self, words: str, name: str) -> tuple[QCheckBox, DateEdit]:
        box, entry = QCheckBox(words), DateEdit()
        entry.setDisplayFormat("dd/MM/yyyy")
        entry.setCalendarPopup(True)
        entry.setAccessibleName(words)
        entry.setDate(QDate.currentDate())
        box.toggled.connect(lambda on: self._change(**{name: _date_of(entry) if on else None}))
        entry.dateChanged.connect(lambda: self._change(**{name: _date_of(entry)}) if box.isChecked() else None)
        return box, entry

    def _change(self, **fields: object) -> None:
        if not self._filling:
            self.changed.emit(msgspec.structs.replace(self.recipe, **fields))


def _date_of(entry: DateEdit) -> dt.date:
    date = entry.date()
    return dt.date(date.year(), date.month(), date.day())
