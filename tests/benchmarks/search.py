"""Finding a patient among 10,000 while somebody types: one keystroke, from the text to the patients found.

Beside ours: SQLite with LIKE on names that are folded beforehand, and folding every name at every keystroke. All find
the same patients at every keystroke, which is checked. The last line is ours with the list on a screen that shows it.
"""

import datetime as dt
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from random import Random

from app.patients.presenter import Directory
from app.patients.search import Index, Person
from cabinet.demo.families import family
from cabinet.demo.words import words
from cabinet.dossier import Dossier
from cabinet.values import fold
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.processes import BenchmarkFailed

PATIENTS = 10_000
TODAY = dt.date(2026, 1, 12)
TYPED = ("martin camille", "1342", "le goff", "emma ro", "zoé")
"""What SQLite finds as well: no birth dates, and nothing whose order counts."""
DATES = ("15/04/2012", "15042012", "2012")

Find = Callable[[str], Sequence[str]]


def run(rounds: int) -> list[Table]:
    """CPU of one keystroke, the mean over all that is typed; the slowest one is beside it."""
    dossiers = _dossiers()
    people = [_person(dossier) for dossier in dossiers]
    ours, sqlite, naive = _ours(people), _sqlite(people), _folding_each_time(people)
    for query in _keystrokes(TYPED):
        found = set(ours(query))
        for other in (sqlite, naive):
            if set(other(query)) != found:
                raise BenchmarkFailed(f"not the same patients for {query!r}")
    screen, missing = _on_a_screen(dossiers) if find_spec("PySide6") else (ours, "PySide6 n’est pas installé")
    contenders = [
        Contender("WebOrtho", lambda _: _typed(ours, TYPED + DATES)),
        Contender("SQLite, LIKE", lambda _: _typed(sqlite, TYPED)),
        Contender("tout replier à chaque frappe", lambda _: _typed(naive, TYPED)),
        Contender("WebOrtho, liste affichée", lambda _: _typed(screen, TYPED + DATES), missing),
    ]
    title = f"Recherche parmi {PATIENTS} patients, par frappe"
    return [compete(title, contenders, rounds, unit="µs/frappe")]


def _typed(find: Find, texts: Sequence[str]) -> Sample:
    slowest = wall = cpu = 0.0
    keystrokes = _keystrokes(texts)
    for query in keystrokes:
        started, worked = time.perf_counter(), time.process_time()
        find(query)
        took = time.perf_counter() - started
        cpu += time.process_time() - worked
        wall += took
        slowest = max(slowest, took)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = len(keystrokes)
    return Sample(wall / count, cpu / count, peak, {"la plus lente en µs": slowest * 1e6})


def _keystrokes(texts: Sequence[str]) -> list[str]:
    """Every text as it grows letter by letter; what only adds a space finds the same."""
    return [text[:end] for text in texts for end in range(1, len(text) + 1) if text[end - 1] != " "]


def _dossiers() -> list[Dossier]:
    random = Random(20260112)
    known = words()
    return [
        Dossier(one.patient, one.addressees)
        for number in range(PATIENTS)
        for one in family(random, known, [str(1000 + number)], TODAY)
    ]


def _person(dossier: Dossier) -> Person:
    patient = dossier.patient
    return Person(patient.number, patient.last_name, patient.first_name, patient.birth_date)


def _ours(people: Sequence[Person]) -> Find:
    index = Index(people)
    return lambda query: [people[place].number for place in index.find(query)]


def _plain(person: Person) -> str:
    """As far as a search without an index of its own goes: spellings with and without hyphens are both there."""
    text = fold(f"{person.last_name} {person.first_name} {person.number}").replace("'", " ").replace("’", " ")
    text = text.replace("œ", "oe").replace("æ", "ae")
    return " ".join(part for part in (text.replace("-", " "), _joined(person)) if part)


def _joined(person: Person) -> str:
    parts = (person.last_name, person.first_name)
    folded = (fold(part).replace("œ", "oe").replace("æ", "ae") for part in parts)
    return " ".join("".join(c for c in part if c.isalnum()) for part in folded)


def _sqlite(people: Sequence[Person]) -> Find:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE person (number TEXT, text TEXT)")
    connection.executemany("INSERT INTO person VALUES (?, ?)", [(one.number, _plain(one)) for one in people])

    def find(query: str) -> Sequence[str]:
        asked = fold(query).split()
        where = " AND ".join("text LIKE ?" for _ in asked)
        rows = connection.execute(f"SELECT number FROM person WHERE {where}", [f"%{word}%" for word in asked])  # noqa: S608 - no text of anybody's
        return [number for (number,) in rows]

    return find


def _folding_each_time(people: Sequence[Person]) -> Find:
    def find(query: str) -> Sequence[str]:
        asked = fold(query).split()
        return [one.number for one in people if all(word in _plain(one) for word in asked)]

    return find


def _on_a_screen(dossiers: Sequence[Dossier]) -> tuple[Find, str]:
    """The same search, with the list that shows what is found painted at every keystroke."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - only where it is installed

    from app import style  # noqa: PLC0415 - as above
    from app.patients.rows import PatientRows  # noqa: PLC0415 - as above
    from app.widgets.table import Table as Shown  # noqa: PLC0415 - as above

    app = QApplication.instance() or QApplication([])
    if isinstance(app, QApplication):
        style.apply(app)
    rows = PatientRows()
    table = Shown("Patients", rows)
    table.resize(770, 560)
    table.show()
    directory = Directory(dossiers, {})

    def find(query: str) -> Sequence[str]:
        rows.set_rows(directory.find(query))
        table.viewport().repaint()
        return ()

    find("")
    return find, ""
