"""The Patients screen: search at the left, the chosen patient at the right."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.errors import Trouble
from app.patients.card import card_of
from app.patients.card_view import CardView
from app.patients.errands import Errands
from app.patients.photo import read_portrait
from app.patients.presenter import Directory, Filter, Row, Sort, filter_named, found_sentence
from app.patients.rows import PatientRows
from app.screen import Context, Screen
from app.tasks import Task
from app.widgets.busy import BusyLine
from app.widgets.empty import EmptyState
from app.widgets.entries import ComboBox
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.page import GAP, PageHeader, page_layout
from app.widgets.panel import Panel
from app.widgets.search_field import SearchField
from app.widgets.table import Table

READING = "Lecture de l’export…"
ASKING = "Le portail est interrogé…"
NOT_READ = "Les patients sont lus dans l’export du cabinet."
READ_ELSEWHERE = "Ce poste ne lit pas l’export du cabinet\u00a0: les patients ne peuvent pas y être affichés."
RETRY = "Réessayer"
HINT = "Essayez une partie du nom, le N°\u00a0interne ou la date de naissance."


def make(context: Context) -> Screen:
    return PatientsScreen(context)


class PatientsScreen(Screen):
    """Shows the directory; what is done to a patient is in `Errands`."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._directory: Directory | None = None
        self._making: Task[Directory] | None = None
        self._sort: Sort | None = None
        self._wanted = ""
        """The number that somebody asked for before the directory was there."""
        self._photo_of = ""
        self._unread: Trouble | None = None
        """Why the export could not be read the last time."""
        self._build()
        self._errands = Errands(context, self, self.card, self.notice)
        self._connect()
        self._renew()

    # What the window asks

    def shown(self) -> None:
        board = self._context.board
        if board.reading is None:
            board.refresh_reading()
        board.refresh_accounts()
        if board.published is None:
            board.refresh_settings()
        if board.identity is None:
            board.refresh_identity()
        self._say_progress()
        self.search.setFocus()

    def receive(self, subject: object) -> None:
        """A filter's name, or a patient's number."""
        if only := filter_named(subject):
            self.search.clear()
            self.only.setCurrentIndex(list(Filter).index(only))
        elif isinstance(subject, str) and subject:
            self._wanted = subject
            self._go_to_wanted()
        else:
            self.search.take_focus()

    def closing(self) -> None:
        self._errands.stop()

    # The parts

    def _build(self) -> None:
        page = page_layout(self)
        self.header = PageHeader("Patients")
        page.addWidget(self.header)
        self.notice = Notice(dismissible=True)
        """For what was asked of the portal here and went wrong."""
        page.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._make_list(), 1)
        self.card = CardView()
        row.addWidget(self.card)
        page.addLayout(row, 1)

    def _make_list(self) -> Panel:
        panel = Panel(flush=True)
        panel.setAccessibleName("Liste des patients")
        top = QHBoxLayout()
        top.setContentsMargins(14, 12, 14, 12)
        top.setSpacing(10)
        self.search = SearchField("Rechercher un patient", "Nom, N°\u00a0interne ou date de naissance")
        self.only = ComboBox()
        self.only.setAccessibleName("Comptes à montrer")
        self.only.setFixedWidth(190)
        self.only.setMinimumHeight(42)
        for one in Filter:
            self.only.addItem(one.label, one)
        top.addWidget(self.search, 1)
        top.addWidget(self.only)
        panel.body.addLayout(top)
        self.rows = PatientRows()
        self.table: Table[Row] = Table("Patients", self.rows)
        self.empty = EmptyState("")
        self._busy = BusyLine()
        self._layers = QStackedLayout()
        for layer in (self.table, self.empty, _centred(self._busy)):
            self._layers.addWidget(layer)
        panel.body.addLayout(self._layers, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 12)
        self.found = label("", "quiet")
        foot.addWidget(self.found, 1)
        self._renewing = BusyLine()
        foot.addWidget(self._renewing)
        panel.body.addLayout(foot)
        return panel

    def _connect(self) -> None:
        board = self._context.board
        board.reading_changed.connect(self._renew)
        board.accounts_changed.connect(self._renew)
        board.identity_changed.connect(self._show_card)
        board.troubled.connect(self._trouble)
        self.search.searched.connect(self._find)
        self.search.left_down.connect(self._go_down)
        self.search.returnPressed.connect(self._go_down)
        self.search.installEventFilter(self)
        self.only.currentIndexChanged.connect(self._find)
        self.rows.sort_asked.connect(self._sort_by)
        self.table.row_selected.connect(self._choose)
        self.empty.acted.connect(self._help_on)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self._copy_number)

    # The list

    def _renew(self) -> None:
        """Make the directory anew, off this thread; the newest making wins."""
        board = self._context.board
        if board.reading is None:
            self._directory = None
            self._say_progress()
            return
        self._unread = None
        dossiers, accounts = board.reading.dossiers, board.accounts
        if self._making is not None:
            self._making.abandon()
        self._making = self._context.tasks.run(lambda _: Directory(dossiers, accounts), done=self._take, owner=self)

    def _take(self, directory: Directory) -> None:
        self._making = None
        self._directory = directory
        self.header.set_aside(directory.aside)
        self._find()
        self._go_to_wanted()

    def _find(self) -> None:
        self._say_progress()
        if self._directory is None:
            return
        query, only = self.search.text(), self._only()
        found = self._directory.find(query, only, self._sort)
        before = self.table.selected_row()
        self.rows.set_rows(found)
        self.found.setText(found_sentence(len(found), query, only))
        if not found:
            self.empty.say(*_nothing_found(query, only))
        self._layers.setCurrentIndex(0 if found else 1)
        stays = before is not None and self.table.select_key(before.number)
        if (query.strip() or only is not Filter.ALL) and not stays:
            self.table.select_first()

    def _only(self) -> Filter:
        return Filter(self.only.currentData())

    def _sort_by(self, sort: Sort | None) -> None:
        self._sort = sort
        self._find()

    def _help_on(self) -> None:
        """The empty list's button: look among all, or read them first."""
        if not self._context.board.reads_source:
            self._context.navigate("setup", "source")
            return
        if self._directory is None:
            self._refresh()
            return
        self.search.clear()
        self.only.setCurrentIndex(0)
        self.search.setFocus()

    def _go_down(self) -> None:
        if self.rows.rowCount():
            if self.table.selected_row() is None:
                self.table.select_first()
            self.table.setFocus()

    def _go_to_wanted(self) -> None:
        if not self._wanted or self._directory is None:
            return
        number, self._wanted = self._wanted, ""
        self.only.setCurrentIndex(0)
        if self._directory.row_of(number) is None:
            self.search.setText(number)
            return
        self.search.clear()
        self.table.select_key(number)
        self.table.setFocus()

    # The card

    def _choose(self, row: Row | None) -> None:
        self._show_card()
        self._show_photo(row)

    def _show_card(self) -> None:
        row = self.table.selected_row()
        self.card.show_card(card_of(row) if row else None, may_erase=self._context.board.is_practitioner)
        self._errands.show_undo()

    def _show_photo(self, row: Row | None) -> None:
        digest = row.dossier.photo_digest if row and row.dossier else ""
        if digest == self._photo_of:
            return
        self._photo_of = digest
        self.card.show_photo(None)
        reading = self._context.board.reading
        path = reading.photos.get(digest) if reading and digest else None
        if path is not None:
            self._context.tasks.run(
                lambda _: read_portrait(path),
                done=lambda image: self.card.show_photo(image) if digest == self._photo_of else None,
                owner=self,
            )

    def _copy_number(self) -> None:
        if row := self.table.selected_row():
            QGuiApplication.clipboard().setText(row.number)
            self._context.tell(f"N°\u00a0interne {row.number} copié.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Ctrl+C in the search box copies the number, unless some of the box's text is selected."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
            and not self.search.hasSelectedText()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    # What is on its way, and what went wrong

    def _refresh(self) -> None:
        self._unread = None
        self._context.board.refresh_reading()
        self._context.board.refresh_accounts()
        self._say_progress()

    def _trouble(self, subject: str, trouble: object) -> None:
        """The window's strip tells it; here it is said in the place of a list that could not be read."""
        if subject == "reading" and isinstance(trouble, Trouble):
            self._unread = trouble
        self._say_progress()

    def _say_progress(self) -> None:
        board = self._context.board
        is_reading = board.is_pending("reading") or self._making is not None
        if self._directory is not None:
            if is_reading or board.is_pending("accounts"):
                self._renewing.begin(READING if is_reading else ASKING)
            else:
                self._renewing.end()
        elif is_reading:
            self._busy.begin(READING)
            self._layers.setCurrentIndex(2)
        elif not board.reads_source:
            self.empty.say(READ_ELSEWHERE, "Ouvrir les Réglages")
            self._layers.setCurrentIndex(1)
        else:
            sentence = self._unread.sentence if self._unread else NOT_READ
            self.empty.say(sentence, RETRY if self._unread else "Lire l’export")
            self._layers.setCurrentIndex(1)


def _nothing_found(query: str, only: Filter) -> tuple[str, str]:
    if query.strip():
        return f"Aucun patient ne correspond à «\u00a0{query.strip()}\u00a0». {HINT}", "Effacer la recherche"
    if only is not Filter.ALL:
        return f"Aucun patient dans «\u00a0{only.label}\u00a0».", "Montrer tous les comptes"
    return "L’export du cabinet ne contient aucun patient.", ""


def _centred(widget: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.addStretch(1)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return made
