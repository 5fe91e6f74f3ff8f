"""What was recognised in an export, as a person sees and changes it before it becomes the mapping. No Qt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.setup.mapping_files import new_mapping_file
from cabinet.errors import WebOrthoError
from cabinet.fields import FIELDS, Kind
from cabinet.guess import Guess, findings_of
from cabinet.guessing import addressees, choices, joins, parts, siblings
from cabinet.guessing.choices import Columns
from cabinet.guessing.contents import Order
from cabinet.guessing.model import Findings, Level, Match, PartGuess, Topic
from cabinet.guessing.samples import MAX_ROWS, TableSample
from cabinet.guessing.writing import mapping_text
from cabinet.sources.location import Location
from cabinet.system_words import why
from sync.wording import counted

TITLES = {
    "patients": "Patients",
    "addressees": "Destinataires",
    "appointments": "Rendez-vous",
    "instalments": "Échéancier",
    "fees": "Honoraires",
    "balances": "Soldes",
}
NOT_PUBLISHED = None
"""The table of a part that the portal will not show."""
OF_PATIENTS = ""
"""The table of a part that is columns of the patients' own."""
MEANINGS = {
    Kind.STATUS: (("planned", "Prévu"), ("attended", "Honoré"), ("missed", "Manqué"), ("cancelled", "Annulé")),
    Kind.BOOLEAN: (("oui", "Oui"), ("non", "Non")),
    Kind.CIVILITY: (("M.", "Monsieur"), ("Mme", "Madame"), ("Mlle", "Mademoiselle")),
}
_WORDS = {
    Topic.DATES: "L’ordre du jour et du mois n’est pas certain. Choisissez-le dans «\u00a0Dates\u00a0»\u00a0: d’ici "
    "là, ces dates ne sont pas publiées.",
    Topic.YEARS: "Les années sont sur deux chiffres. Choisissez la dernière année possible\u00a0: d’ici là, ces dates "
    "ne sont pas publiées.",
    Topic.OWNER: "La colonne de «\u00a0Patient\u00a0» compte peut-être les lignes de la table. Comparez ses valeurs à "
    "celles des patients\u00a0: d’ici là, rien de la table n’est publié.",
    Topic.TIME: "Aucune colonne ne donne l’heure des rendez-vous\u00a0: sans elle, ils ne peuvent pas être publiés. "
    "Exportez-la aussi, ou choisissez-la dans «\u00a0Date et heure\u00a0».",
    Topic.PATIENTS: "Vérifiez que cette table est bien celle des patients\u00a0: ni son nom ni une date de naissance "
    "ne le disent.",
    Topic.KEY: "Cette table désigne le patient par une autre colonne que les autres. Choisissez la même partout.",
    Topic.TOGETHER: "Cette table tient en plusieurs fichiers de mêmes colonnes, qui sont lus ensemble. Vérifiez "
    "qu’aucun n’est une copie d’un autre.",
    Topic.FILES: "D’autres tables ont les mêmes colonnes. Lisez-les ensemble si elles se complètent.",
}
"""Without `ROWS`: its list says all."""
_BORROWED_ORDER = "L’ordre du jour et du mois est repris des autres tables. Vérifiez-le dans «\u00a0Dates\u00a0»."
_SEVERAL_NUMBERS = "deux colonnes numérotent les patients\u00a0: gardez celle que la famille connaît."
_SHOWN_TEXTS = 3
_LONGEST = 28
_WAITING = frozenset({Topic.DATES, Topic.YEARS, Topic.OWNER, Topic.TIME, Topic.KEY})
"""Questions that keep something from being published, or from being right."""


@dataclass(frozen=True)
class Line:
    """One field of a part, and where it is taken from."""

    field: str
    label: str
    columns: Columns
    options: tuple[Columns, ...]
    texts: str
    """The first texts of the column, in one line."""
    level: Level | None
    """None where no column is chosen."""
    by: str
    """What it was recognised by, as a person reads it."""
    is_needed: bool
    is_open: bool
    """A person should look at it."""
    question: str
    meanings: tuple[tuple[str, str], ...]
    """(text of a cell, what it means or empty), where a person says what texts mean."""


@dataclass(frozen=True)
class Tab:
    """One part of the mapping."""

    title: str
    part: str
    table: str | None
    tables: tuple[str | None, ...]
    form: str = ""
    """How its file is written."""
    lines: tuple[Line, ...] = ()
    questions: tuple[tuple[Topic, str], ...] = ()
    month_first: bool | None = None
    has_dates: bool = False
    """In figures, so that their order counts."""
    last_short_year: int | None = None
    has_short_years: bool = False
    filters: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    where: str = ""
    """The text that rows are kept by; empty for all."""
    pattern: str = ""
    """What fits its file and those of the same columns."""

    @property
    def open_points(self) -> int:
        waiting = sum(topic in _WAITING for topic, _ in self.questions)
        return waiting + sum(line.is_open for line in self.lines)


class Recognition:
    """`tabs` says what is shown; each other method is one decision of a person's."""

    def __init__(self, found: Guess, location: Location) -> None:
        self._samples = found.samples
        self._location = location
        self._tables = {table.name: table for table in found.samples.tables}
        self.file: Path | None = None
        """Where it was written, while nobody reads with it yet."""
        self._take(found.findings)

    def _take(self, findings: Findings) -> None:
        self._findings = findings
        self._slots: list[tuple[str, PartGuess | None]] = []
        for name in TITLES:
            found = [part for part in findings.parts if part.part == name]
            self._slots += [(name, part) for part in found] or [(name, None)]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Sentences, one for each table that could not be opened."""
        return self._findings.unreadable

    @property
    def encoding(self) -> str:
        """Of all files, where it was fixed or is likely; empty where each says its own."""
        return self._findings.encoding

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return tuple(self.tab(place) for place in range(len(self._slots)))

    @property
    def open_points(self) -> int:
        return sum(tab.open_points for tab in self.tabs)

    @property
    def is_usable(self) -> bool:
        """Whether the patients' number is known: without it there is no mapping."""
        patients = self._slots[0][1]
        return patients is not None and not choices.missing_fields(patients)

    @property
    def summary(self) -> str:
        if not self.is_usable:
            return "Choisissez la table des patients, puis leur numéro."
        known = sum(len(part.matches) for _, part in self._slots if part)
        found = f"{counted(known, 'champ')} relié{'s' if known > 1 else ''} à une colonne"
        return f"{found}, {counted(self.open_points, 'point')} à vérifier." if self.open_points else f"{found}."

    @property
    def text(self) -> str:
        """The mapping, in TOML."""
        kept = tuple(part for _, part in self._slots if part)
        unused = tuple(
            (table.name, tuple(column.name for column in table.columns if column.name not in _used(table, kept)))
            for table in self._samples.tables
        )
        return mapping_text(replace(self._findings, parts=kept, unused=unused, missing=""))

    def tab(self, place: int) -> Tab:
        name, part = self._slots[place]
        same = [slot for slot, (other, _) in enumerate(self._slots) if other == name]
        title = TITLES[name] if len(same) == 1 else f"Destinataire {same.index(place) + 1}"
        tables = self._choosable(name)
        if part is None:
            return Tab(title, name, NOT_PUBLISHED, tables)
        table = self._table(part)
        days = [
            column for match in part.matches for column in map(table.column, match.columns) if column.content.is_day
        ]
        return Tab(
            title=title,
            part=name,
            table=part.file or OF_PATIENTS,
            tables=tables if part.file in tables else (*tables, part.file),
            form=_form(table),
            lines=tuple(_line(part, table, field) for field in choices.fields_of(part)),
            questions=tuple(_questions(part)),
            month_first=part.month_first,
            has_dates=any(column.content.order is not Order.NONE for column in days),
            last_short_year=part.last_short_year,
            has_short_years=any(column.content.short_years for column in days),
            filters=part.filters,
            where=part.where[1][0] if part.where else "",
            pattern=self._pattern(part),
        )

    def choose_table(self, place: int, table: str | None) -> None:
        """Another table for a part; all parts are recognised anew where it is the patients'."""
        name, _ = self._slots[place]
        if name == "patients":
            if table:
                found = findings_of(self._samples, self._location.photo_folder, table)
                former = self._findings
                found = replace(found, encoding=former.encoding, is_encoding_likely=former.is_encoding_likely)
                self._take(found)
            return
        self._slots[place] = (name, None if table is None else self._guessed(name, table))

    def choose_columns(self, place: int, field: str, columns: Columns) -> None:
        part = self._part(place)
        self._keep(place, choices.with_columns(part, self._table(part), field, columns))

    def say_meaning(self, place: int, field: str, text: str, meaning: str) -> None:
        self._keep(place, choices.with_meaning(self._part(place), field, text, meaning))

    def say_order(self, place: int, *, month_first: bool) -> None:
        part = self._part(place)
        self._keep(place, choices.with_order_said(part, self._table(part), month_first=month_first))

    def say_years(self, place: int, last_short_year: int | None) -> None:
        part = self._part(place)
        self._keep(place, choices.with_years_said(part, self._table(part), last_short_year))

    def choose_rows(self, place: int, column: str, text: str) -> None:
        """Only the rows that say this; all of them for an empty text."""
        self._keep(place, choices.with_rows(self._part(place), column, (text,) if text else ()))

    def choose_files(self, place: int, file: str) -> None:
        self._keep(place, choices.with_files(self._part(place), file))

    def confirm_owner(self, place: int) -> None:
        part = self._part(place)
        self._keep(place, choices.with_owner_confirmed(part, self._table(part)))

    def write(self, folder: Path) -> Path:
        """Write the mapping into `folder`, over the one that was written from here before and over no other.

        Raise `WebOrthoError` where it cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self.file is None:
                self.file = new_mapping_file(folder)
            self.file.write_text(self.text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise WebOrthoError(
                f"Le mapping ne peut pas être écrit dans {folder} ({why(error)}).",
                "Vérifiez l’espace libre et vos droits sur ce dossier.",
            ) from error
        return self.file

    def kept(self) -> None:
        """What was written is in use from now on: what is decided next goes into another file, until it is kept too."""
        self.file = None

    def _part(self, place: int) -> PartGuess:
        part = self._slots[place][1]
        if part is None:
            raise LookupError(f"nothing to decide of {self._slots[place][0]}")
        return part

    def _keep(self, place: int, part: PartGuess) -> None:
        self._slots[place] = (part.part, part)

    def _table(self, part: PartGuess) -> TableSample:
        return self._tables[part.table]

    def _pattern(self, part: PartGuess) -> str:
        columns = {name: tuple(column.name for column in table.columns) for name, table in self._tables.items()}
        same = siblings.siblings_of(part.table, columns) if part.file else []
        if not same or self._location.is_database:
            return ""
        return siblings.pattern_of((part.table, *same), columns.keys() - {part.table, *same})

    def _choosable(self, name: str) -> tuple[str | None, ...]:
        tables = tuple(self._tables)
        if name == "patients":
            return tables
        own = (OF_PATIENTS,) if name in ("addressees", "balances") and self._slots[0][1] else ()
        return (NOT_PUBLISHED, *own, *tables)

    def _guessed(self, name: str, table: str) -> PartGuess | None:
        first = self._slots[0][1]
        patients = joins.patients_table(self._samples.tables, first.table) if first else None
        if first is None or patients is None:
            return None
        if table:
            return choices.settled(parts.part_of_table(name, self._tables[table], patients), self._tables[table])
        if name == "addressees":
            return addressees.in_patients_table(patients.table, first)[0]
        return parts.balance_in(patients.table, first.used) or PartGuess(
            name, "", (), patients.table.name, is_held=True
        )


def _line(part: PartGuess, table: TableSample, field: str) -> Line:
    match = part.match(field)
    needed = field in choices.needed_fields(part)
    options = tuple(choices.columns_for(field, table))
    columns = match.columns if match else ()
    return Line(
        field=field,
        label=FIELDS[field].label[:1].upper() + FIELDS[field].label[1:],
        columns=columns,
        options=options if not columns or columns in options else (*options, columns),
        texts=_texts(table, columns),
        level=match.level if match else None,
        by=_by(match) if match else "",
        is_needed=needed,
        is_open=_is_open(match) if match else needed,
        question=_SEVERAL_NUMBERS
        if match and match.question and field == "number"
        else match.question
        if match
        else "",
        meanings=_meanings(match) if match else (),
    )


def _questions(part: PartGuess) -> Iterator[tuple[Topic, str]]:
    """In the words of the window: the guess's own tell what to write in the mapping."""
    for topic in dict.fromkeys(question.topic for question in part.questions):
        if topic is Topic.DATES and part.month_first is not None:
            yield topic, _BORROWED_ORDER
        elif topic in _WORDS:
            yield topic, _WORDS[topic]


def _is_open(match: Match) -> bool:
    return bool(
        match.undecided or match.is_held or match.level is Level.UNSURE or (match.question and not match.values)
    )


def _meanings(match: Match) -> tuple[tuple[str, str], ...]:
    if FIELDS[match.field].kind not in MEANINGS:
        return ()
    return tuple(sorted({**dict.fromkeys(match.undecided, ""), **match.values}.items()))


def _by(match: Match) -> str:
    if match.level is Level.CHOSEN:
        return "choisi par vous"
    if match.reason.startswith("le nom, et "):
        return "par le nom et le contenu"
    return "par le nom" if match.reason.startswith("le nom") else "par le contenu"


def _texts(table: TableSample, columns: Columns) -> str:
    """« Élise, Côme, Inès »; of several columns, their first texts together."""
    samples = [list(table.column(column).counts)[:_SHOWN_TEXTS] for column in columns]
    if not any(samples):
        return "vide" if columns else ""
    rows = [" ".join(filter(None, row)) for row in zip(*_evened(samples), strict=True)]
    return ", ".join(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…" for text in rows)


def _evened(samples: list[list[str]]) -> Iterable[list[str]]:
    longest = max(map(len, samples))
    return ([*sample, *[""] * (longest - len(sample))] for sample in samples)


def _form(table: TableSample) -> str:
    rows = f"plus de {counted(MAX_ROWS, 'ligne')}" if table.rows >= MAX_ROWS else counted(table.rows, "ligne")
    return ", ".join(filter(None, (rows, table.encoding, table.delimiter)))


def _used(table: TableSample, kept: Iterable[PartGuess]) -> set[str]:
    return {column for part in kept if part.table == table.name for column in part.used}
