"""Step 2, « Destinataires »: filters at the left, one line a patient, counts by channel as they change."""

import datetime as dt
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.errors import Trouble
from app.mailing.recipe import Recipe
from app.mailing.recipients_presenter import (
    ORDERS,
    Chosen,
    Line,
    Patients,
    Standing,
    chosen_from,
    found,
)
from app.mailing.ticks import TickModel, TickTable
from app.screen import Context
from app.widgets.busy import BusyLine
from app.widgets.buttons import link, primary, secondary
from app.widgets.entries import ComboBox, DateEdit
from app.widgets.form import Field
from app.widgets.labels import label, picture
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.panel import Panel, line
from app.widgets.pill import Kind, PillData
from app.widgets.scrolled import Scrolled
from app.widgets.search_field import SearchField
from app.widgets.switch import Part, Switch
from app.widgets.table_model import Column, Look
from merge.recipients import ChannelKind

_NBSP = "\u00a0"
_CHANNELS = (
    (ChannelKind.LETTER, "Lettre", "envelope-simple"),
    (ChannelKind.EMAIL, "E-mail", "at"),
    (ChannelKind.SMS, "SMS", "device-mobile"),
)
_PILLS = {
    Standing.WRITTEN: Kind.OK,
    Standing.REMOVED: Kind.NEUTRAL,
    Standing.NOT_CHOSEN: Kind.NEUTRAL,
    Standing.INFORMED: Kind.INFO,
    Standing.SIGNED_IN: Kind.INFO,
    Standing.OPTED_OUT: Kind.ALERT,
    Standing.UNREACHABLE: Kind.ERROR,
    Standing.ABSENT: Kind.NEUTRAL,
    Standing.WAITING: Kind.ALERT,
    Standing.UNCERTAIN: Kind.ALERT,
}


class RecipientsPage(QWidget):
    """`recipe_changed` at each choice; `chosen` is what the recipe comes to, None while it is worked out."""

    recipe_changed = Signal(object)
    back_wanted = Signal()
    next_wanted = Signal()
    close_wanted = Signal()
    opted_out_changed = Signal(str, bool)
    """A patient's number, and whether nothing is announced to them any more."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._recipe = Recipe()
        self._patients: Patients | None = None
        self._asked = 0
        self._filling = False
        self.chosen: Chosen | None = None
        self._reasons = ""
        """Who is left out, and why."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.notice = Notice()
        column.addWidget(self.notice)
        sides = QHBoxLayout()
        sides.setSpacing(GAP)
        sides.addWidget(self._filters_panel())
        sides.addWidget(self._list_panel(), 1)
        column.addLayout(sides, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        close = secondary("Fermer")
        close.clicked.connect(self.close_wanted)
        back = secondary("Modèle", "caret-left")
        back.clicked.connect(self.back_wanted)
        self.next = primary(f"Suivant{_NBSP}: Contrôle", "caret-right", after=True)
        self.next.setEnabled(False)
        self.next.clicked.connect(self.next_wanted)
        foot.addWidget(close)
        foot.addStretch(1)
        foot.addWidget(back)
        foot.addWidget(self.next)
        column.addLayout(foot)
        self.first = self.search  # where the keyboard begins

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    def begin(self, recipe: Recipe, patients: Patients) -> None:
        """Show this recipe's recipients; again whenever the cabinet's data changed."""
        self._patients = patients
        self._show_recipe(recipe)
        if patients.accounts_known or not patients.reads_source:
            self.notice.hide()
        else:
            self.notice.say(
                Kind.ALERT,
                "Le portail n’a pas dit qui est déjà informé, ni qui s’est connecté.",
                "Sans lui, seules des lettres peuvent être préparées.",
            )
        self._work_out()

    def show_unread(self, trouble: Trouble) -> None:
        """The export could not be read: there is nobody to choose."""
        self.busy.end()
        self.notice.say_trouble(trouble)

    # Layout

    def _filters_panel(self) -> QWidget:
        panel = Panel("Qui", icon="funnel")
        panel.setFixedWidth(306)
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
        body = QVBoxLayout()
        body.setSpacing(6)
        for widget in (self.way, self.never_informed, self.never_signed_in, self.active, self.with_email):
            body.addWidget(widget)
        for box, entry in ((self._start, self.start_from), (self._until, self.start_until)):
            body.addWidget(box)
            body.addWidget(entry)
        body.addSpacing(4)
        body.addWidget(line())
        body.addSpacing(2)
        body.addWidget(Field("Canaux, le premier qui convient", self.order))
        body.addWidget(self.group)
        body.addWidget(self.both)
        body.addStretch(1)
        inner = QWidget()
        body.setContentsMargins(0, 0, 4, 0)
        inner.setLayout(body)
        panel.body.addWidget(Scrolled("Filtres", inner, sideways=False), 1)
        return panel

    def _list_panel(self) -> QWidget:
        panel = Panel(flush=True)
        column = panel.body
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 10)
        head.setSpacing(14)
        self.total = label("", "heading")
        head.addWidget(self.total, 1)
        self._count_labels: dict[ChannelKind, QLabel] = {}
        for kind, name, icon in _CHANNELS:
            head.addWidget(picture(icon, "canard"))
            count = label("–", "strong")
            count.setAccessibleName(name)
            self._count_labels[kind] = count
            head.addWidget(count)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 10)
        row.setSpacing(10)
        self.search = SearchField("Chercher un destinataire", "nom, N°, adresse")
        self.search.searched.connect(lambda _: self._show_lines())
        row.addWidget(self.search, 1)
        self.opt_out = secondary("Ne plus lui écrire")
        self.opt_out.setEnabled(False)
        self.opt_out.clicked.connect(self._change_opt_out)
        row.addWidget(self.opt_out)
        column.addLayout(row)
        self._model = TickModel(_columns(), _box_of, lambda one: one.number)
        self.table = TickTable("Patients", self._model)
        self.search.left_down.connect(self.table.setFocus)
        self.table.ticked.connect(self._tick)
        self.table.row_selected.connect(self._offer_opt_out)
        self.table.row_activated.connect(lambda one: self._context.navigate("patients", one.number))
        column.addWidget(self.table, 1)
        column.addWidget(line())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 6)
        self.left_out = label("", "quiet", wrap=True)
        self.left_out.setMinimumHeight(34)
        self.busy = BusyLine()
        self.none = link("Tout décocher")
        self.none.clicked.connect(lambda: self._tick_all(yes=False))
        self.all = link("Tout cocher")
        self.all.clicked.connect(lambda: self._tick_all(yes=True))
        foot.addWidget(self.busy)
        foot.addWidget(self.left_out, 1)
        foot.addWidget(self.all)
        foot.addWidget(self.none)
        column.addLayout(foot)
        return panel

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

    # What is chosen

    def _show_recipe(self, recipe: Recipe) -> None:
        self._recipe = recipe
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

    def _change(self, **fields: object) -> None:
        if not self._filling:
            self._set(msgspec.structs.replace(self._recipe, **fields))

    def _set(self, recipe: Recipe) -> None:
        self._show_recipe(recipe)
        self.recipe_changed.emit(recipe)
        self._work_out()

    def _tick(self, one: Line) -> None:
        numbers = (one.number,)
        self._set(self._recipe.without(numbers) if one.ticked else self._recipe.with_again(numbers))

    def _tick_all(self, *, yes: bool) -> None:
        """The lines that the search shows."""
        numbers = [one.number for one in self._model.rows if one.can_tick and one.ticked is not yes]
        self._set(self._recipe.with_again(numbers) if yes else self._recipe.without(numbers))

    def _offer_opt_out(self, one: Line | None) -> None:
        self.opt_out.setEnabled(one is not None)
        again = one is not None and self._patients is not None and one.number in self._patients.opted_out
        self.opt_out.setText("Lui écrire de nouveau" if again else "Ne plus lui écrire")

    def _change_opt_out(self) -> None:
        one = self.table.selected_row()
        if one is not None and self._patients is not None:
            self.opted_out_changed.emit(one.number, one.number not in self._patients.opted_out)

    # What it comes to

    def _work_out(self) -> None:
        patients, recipe = self._patients, self._recipe
        if patients is None:
            return
        if not patients.dossiers_known:
            self.chosen = None
            self._say_unread(patients)
            return
        self._asked += 1
        asked = self._asked
        self.next.setEnabled(False)
        if self.chosen is None:
            self.busy.begin("Recherche des destinataires…")

        def came(chosen: Chosen) -> None:
            if asked == self._asked:
                self._show(chosen)

        self._run(lambda: chosen_from(patients, recipe), came)

    def _say_unread(self, patients: Patients) -> None:
        """Nobody is counted before the export is read."""
        self.next.setEnabled(False)
        self.total.setText("")
        self.left_out.setText("")
        self._model.set_rows(())
        if patients.reads_source and not self.notice.isVisibleTo(self):
            self.busy.begin("Lecture de l’export…")
        else:
            self.busy.end()

    def _show(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.busy.end()
        self.total.setText(chosen.summary if chosen.total else self._nobody)
        for kind, count in self._count_labels.items():
            count.setText(f"{chosen.count(kind):,}".replace(",", _NBSP))
        reasons = [f"{standing.value.lower()}{_NBSP}: {count}" for standing, count in chosen.left_out()]
        self._reasons = f"Laissés de côté — {', '.join(reasons)}" if reasons else "Personne n’est laissé de côté."
        self.next.setEnabled(chosen.total > 0)
        self.next.setToolTip("" if chosen.total else self._nobody)
        self._show_lines()

    @property
    def _nobody(self) -> str:
        """Why there is no next step."""
        if self._recipe.by_hand:
            return "Cochez les patients à qui écrire."
        return "Aucun patient ne passe ces filtres."

    def _show_lines(self) -> None:
        """Those that the search finds; what ticks them all says that it is those."""
        if self.chosen is None:
            return
        typed = self.search.text().strip()
        lines = found(self.chosen.lines, typed)
        self._model.set_rows(lines)
        nothing = f"Aucun patient ne correspond à «{_NBSP}{typed}{_NBSP}»."
        self.left_out.setText(self._reasons if lines or not typed else nothing)
        for button, verb in ((self.all, "cocher"), (self.none, "décocher")):
            shown = f"{verb.capitalize()} ceux qui sont affichés"
            button.setText(shown if typed else f"Tout {verb}")
            button.setEnabled(bool(lines))

    def _run(self, work: Callable[[], Chosen], done: Callable[[Chosen], None]) -> None:
        self._context.tasks.run(lambda _: work(), done=done, failed=self._failed, owner=self)

    def _failed(self, trouble: Trouble) -> None:
        self.busy.end()
        self.notice.say_trouble(trouble)


def _columns() -> list[Column[Line]]:
    return [
        Column("N°", lambda one: one.number, Look.CODE, 88),
        Column("Patient", lambda one: one.patient, Look.STRONG, 0, tip=lambda one: one.patient),
        Column("Destinataire", lambda one: one.addressees, tip=lambda one: one.addressees),
        Column("Canal", lambda one: one.channels, width=72),
        Column("Adresse", lambda one: one.where, Look.QUIET, tip=lambda one: one.where),
        Column(
            "État",
            lambda one: one.standing.value,
            width=156,
            pill=lambda one: PillData(_PILLS[one.standing], one.standing.value),
        ),
    ]


def _box_of(one: Line) -> bool | None:
    return one.ticked if one.can_tick else None


def _date_of(entry: DateEdit) -> dt.date:
    date = entry.date()
    return dt.date(date.year(), date.month(), date.day())
