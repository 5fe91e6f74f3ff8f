"""Step 2, « Destinataires »: one line a patient, counts by channel as they change; the filters stand at the left."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.errors import Trouble
from app.mailing.channels import CHANNEL_ICONS, CHANNEL_LABELS
from app.mailing.recipe import Recipe
from app.mailing.recipients_filters import RecipientFilters
from app.mailing.recipients_presenter import Chosen, Line, Patients, Standing, chosen_from, found
from app.mailing.ticks import TickModel, TickTable
from app.screen import Context
from app.widgets.busy import BusyLine
from app.widgets.buttons import link, primary, secondary
from app.widgets.labels import label, picture
from app.widgets.notice import Notice
from app.widgets.page import GAP
from app.widgets.panel import Panel, line
from app.widgets.pill import Kind, PillData
from app.widgets.search_field import SearchField
from app.widgets.table_model import Column, Look
from merge.recipients import ChannelKind
from sync.wording import number

_NBSP = "\u00a0"
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
        self._patients: Patients | None = None
        self._asked = 0
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
        self.filters = RecipientFilters()
        self.filters.changed.connect(self._set)
        sides.addWidget(self.filters)
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

    def begin(self, recipe: Recipe, patients: Patients) -> None:
        """Show this recipe's recipients; again whenever the cabinet's data changed."""
        self._patients = patients
        self.filters.show_recipe(recipe)
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

    def _list_panel(self) -> QWidget:
        panel = Panel(flush=True)
        column = panel.body
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 10)
        head.setSpacing(14)
        self.total = label("", "heading")
        head.addWidget(self.total, 1)
        self._count_labels: dict[ChannelKind, QLabel] = {}
        for kind, icon in CHANNEL_ICONS.items():
            head.addWidget(picture(icon, "canard"))
            count = label("–", "strong")
            count.setAccessibleName(CHANNEL_LABELS[kind])
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

    # What is chosen

    def _set(self, recipe: Recipe) -> None:
        self.filters.show_recipe(recipe)
        self.recipe_changed.emit(recipe)
        self._work_out()

    def _tick(self, one: Line) -> None:
        numbers = (one.number,)
        self._set(self.filters.recipe.without(numbers) if one.ticked else self.filters.recipe.with_again(numbers))

    def _tick_all(self, *, yes: bool) -> None:
        """The lines that the search shows."""
        numbers = [one.number for one in self._model.rows if one.can_tick and one.ticked is not yes]
        self._set(self.filters.recipe.with_again(numbers) if yes else self.filters.recipe.without(numbers))

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
        patients, recipe = self._patients, self.filters.recipe
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
            count.setText(number(chosen.count(kind)))
        reasons = [f"{standing.value.lower()}{_NBSP}: {count}" for standing, count in chosen.left_out()]
        self._reasons = f"Laissés de côté — {', '.join(reasons)}" if reasons else "Personne n’est laissé de côté."
        self.next.setEnabled(chosen.total > 0)
        self.next.setToolTip("" if chosen.total else self._nobody)
        self._show_lines()

    @property
    def _nobody(self) -> str:
        """Why there is no next step."""
        if self.filters.recipe.by_hand:
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
