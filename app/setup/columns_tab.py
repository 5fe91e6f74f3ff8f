"""One part of the recognised columns: its table, how its dates are written, and a row for each field."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.setup.recognition import MEANINGS, NOT_PUBLISHED, OF_PATIENTS, Line, Recognition, Tab
from app.widgets.entries import ComboBox
from app.widgets.form import Field
from app.widgets.labels import label
from app.widgets.notice import Notice
from app.widgets.pill import Kind, Pill
from app.widgets.scrolled import Scrolled
from cabinet.fields import FIELDS
from cabinet.guessing.model import Level, Topic

_WIDTH = 250
_ANSWERS = {Topic.OWNER: "C’est bien le patient", Topic.FILES: "Lire tous ces fichiers"}


class Choice(ComboBox):
    """A list to choose from."""

    def __init__(self, name: str, texts: Sequence[str], current: int) -> None:
        super().__init__()
        self.addItems([text.replace("\n", " ") for text in texts])
        self.setCurrentIndex(current)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)


class ColumnsTab(QWidget):
    """`lay_out` shows it anew after a decision, the focus where it was."""

    decided = Signal(str)
    """What a person changed, by its key in `entries`, or nothing of them."""

    def __init__(self, recognition: Recognition, place: int) -> None:
        super().__init__()
        self._recognition = recognition
        self._place = place
        self.entries: dict[str, Choice] = {}
        """By a field's key, « field/text » for what a text means, or what else is chosen: table, dates, years, rows."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 4, 4)
        self._body = QWidget()
        self._column.addWidget(self._body)
        self.lay_out()

    def lay_out(self) -> None:
        """Show the part as it now is."""
        focused = next((key for key, entry in self.entries.items() if entry.hasFocus()), "")
        self.entries = {}
        tab = self._recognition.tab(self._place)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._head(tab))
        for topic, text in tab.questions:
            column.addWidget(self._question(tab, topic, text))
        if tab.table is not NOT_PUBLISHED:
            column.addWidget(Scrolled("Informations et colonnes", self._fields(tab)), 1)
        else:
            column.addWidget(label("Le portail n’en montrera rien. Choisissez sa table pour le publier.", "quiet"))
            column.addStretch(1)
        self._column.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
        if focused in self.entries:
            self.entries[focused].setFocus()

    def _head(self, tab: Tab) -> QVBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        tables = [
            *((NOT_PUBLISHED,) if tab.table is NOT_PUBLISHED and NOT_PUBLISHED not in tab.tables else ()),
            *tab.tables,
        ]
        entry = self._choice(
            "table",
            "Table",
            [_table_words(name) for name in tables],
            tables.index(tab.table),
            lambda at: self._recognition.choose_table(self._place, tables[at]),
        )
        row.addWidget(Field("Table de l’export", entry), 2)
        if tab.has_dates:
            row.addWidget(Field("Dates", self._dates(tab)), 1)
        if tab.has_short_years:
            row.addWidget(Field("Années sur deux chiffres", self._years(tab)), 1)
        for column, texts in tab.filters:
            row.addWidget(Field(f"Lignes lues, d’après {column}", self._rows(tab, column, texts)), 1)
        row.addStretch(1)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addLayout(row)
        head.addWidget(label(tab.form, "aid", wrap=True))
        return head

    def _dates(self, tab: Tab) -> QWidget:
        orders = [*((None,) if tab.month_first is None else ()), False, True]
        words = {None: "À choisir", False: "jour/mois/année", True: "mois/jour/année"}

        def said(at: int) -> None:
            order = orders[at]
            if order is not None:
                self._recognition.say_order(self._place, month_first=order)

        return self._choice("dates", "Dates", [words[order] for order in orders], orders.index(tab.month_first), said)

    def _years(self, tab: Tab) -> QWidget:
        this_year = dt.datetime.now().astimezone().year
        years = [None, this_year, this_year + 10]
        words = ["À choisir", f"jusqu’à {this_year}", f"jusqu’à {this_year + 10}"]
        if tab.last_short_year not in years:
            years.append(tab.last_short_year)
            words.append(f"jusqu’à {tab.last_short_year}")
        return self._choice(
            "years",
            "Années sur deux chiffres",
            words,
            years.index(tab.last_short_year),
            lambda at: self._recognition.say_years(self._place, years[at]),
        )

    def _rows(self, tab: Tab, column: str, texts: tuple[tuple[str, int], ...]) -> QWidget:
        values = ["", *(text for text, _ in texts)]
        words = ["Toutes", *(f"{text} ({count})" for text, count in texts)]
        return self._choice(
            f"rows/{column}",
            f"Lignes lues, d’après {column}",
            words,
            values.index(tab.where) if tab.where in values else 0,
            lambda at: self._recognition.choose_rows(self._place, column, values[at]),
        )

    def _question(self, tab: Tab, topic: Topic, text: str) -> Notice:
        notice = Notice()
        answer = _ANSWERS.get(topic, "") if topic is not Topic.FILES or tab.pattern else ""
        notice.say(Kind.ALERT, text, "", answer)
        if topic is Topic.OWNER:
            notice.acted.connect(lambda: self._decide(lambda: self._recognition.confirm_owner(self._place)))
        elif topic is Topic.FILES:
            notice.acted.connect(lambda: self._decide(lambda: self._recognition.choose_files(self._place, tab.pattern)))
        return notice

    def _fields(self, tab: Tab) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 10, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for place, title in enumerate(("Dans WebOrtho", "Colonne de l’export", "Reconnue", "Premières valeurs")):
            grid.addWidget(label(title, "label"), 0, place)
        row = 1
        for line in tab.lines:
            row = self._line(grid, row, line)
        grid.setRowStretch(row, 1)
        grid.setColumnStretch(3, 1)
        return page

    def _line(self, grid: QGridLayout, row: int, line: Line) -> int:
        """Fill a row of the grid, and those below it that it needs; the next that is free."""
        name = label(line.label, "strong" if line.is_needed else "")
        options = [(), *line.options]
        words = ["Aucune", *(" + ".join(columns) for columns in line.options)]
        entry = self._choice(
            line.field,
            f"Colonne pour {line.label}",
            words,
            options.index(line.columns),
            lambda at: self._recognition.choose_columns(self._place, line.field, options[at]),
        )
        entry.setFixedWidth(_WIDTH)
        name.setBuddy(entry)
        grid.addWidget(name, row, 0)
        grid.addWidget(entry, row, 1)
        pill = _pill(line)
        if pill:
            entry.setAccessibleDescription(pill.data.text)
            grid.addWidget(pill, row, 2)
        texts = label(line.texts, "quiet", wrap=True)
        grid.addWidget(texts, row, 3)
        if line.question and line.is_open and not line.meanings:
            row += 1
            grid.addWidget(label(f"À vérifier\u00a0: {line.question}", "aid", wrap=True), row, 1, 1, 3)
        if line.meanings:
            row += 1
            grid.addLayout(self._meanings(line), row, 1, 1, 3)
        return row + 1

    def _meanings(self, line: Line) -> QGridLayout:
        known = MEANINGS[FIELDS[line.field].kind]
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for place, (text, meaning) in enumerate(line.meanings):
            keys = ["", *(key for key, _ in known)]
            words = ["À choisir", *(word for _, word in known)]
            if meaning not in keys:
                keys.append(meaning)
                words.append(meaning)
            entry = self._choice(
                f"{line.field}/{text}",
                f"Sens de {text}",
                words,
                keys.index(meaning),
                partial(self._meant, line.field, text, keys),
            )
            told = label(f"«\u00a0{text}\u00a0» veut dire", "label")
            told.setBuddy(entry)
            grid.addWidget(told, place // 2, place % 2 * 2)
            grid.addWidget(entry, place // 2, place % 2 * 2 + 1)
        grid.setColumnStretch(4, 1)
        return grid

    def _meant(self, field: str, text: str, keys: Sequence[str], at: int) -> None:
        self._recognition.say_meaning(self._place, field, text, keys[at])

    def _choice(self, key: str, name: str, words: Sequence[str], current: int, decide: Callable[[int], None]) -> Choice:
        entry = Choice(name, words, current)
        # Also the entry that was chosen already: a person has looked at it.
        entry.activated.connect(lambda at: self._decide(lambda: decide(at), key))
        self.entries[key] = entry
        return entry

    def _decide(self, decide: Callable[[], None], key: str = "") -> None:
        decide()
        self.decided.emit(key)


def _pill(line: Line) -> Pill | None:
    if line.is_open:
        return Pill(Kind.ALERT, "À vérifier" if line.columns else "À choisir")
    if line.level is None:
        return None
    if line.level is Level.LIKELY:
        return Pill(Kind.INFO, f"Probable, {line.by}")
    return Pill(Kind.OK, line.by[:1].upper() + line.by[1:])


def _table_words(name: str | None) -> str:
    if name is NOT_PUBLISHED:
        return "Aucune\u00a0: ne rien publier"
    return "Celle des patients" if name == OF_PATIENTS else name
