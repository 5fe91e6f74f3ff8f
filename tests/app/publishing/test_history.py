"""Runs as lines, pills, notices and details: what a person reads, word for word."""

import datetime as dt

import msgspec
import pytest

from app.publishing import history
from app.publishing.history import Remedy, Tone, Verdict
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from portal.api.shapes import TableCounts
from sync.journal import JournalEntry
from sync.report import Launch, Outcome, RunReport

NOW = dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
"""A Monday."""
PROBLEMS = (
    ProblemGroup(
        "missing-number",
        Severity.ERROR,
        5,
        (Place("patients.csv", 7, "N°"), Place("patients.csv", 9, "N°"), Place("patients.csv", 12, "N°")),
        "La ligne n’a pas de numéro de patient.",
    ),
    ProblemGroup("unreadable-date", Severity.WARNING, 1, (Place("rdv.csv", 3),), "Ce n’est pas une date."),
)

STALE = ProblemGroup("stale-export", Severity.WARNING, 1, (Place("rdv_*.csv"),), "L’export n’a pas été réécrit.")


def report(status: Outcome = Outcome.DONE, **more: object) -> RunReport:
    return RunReport(status, "demo", "https://portail.exemple.fr", False, TableCounts(patients=1248), **more)  # type: ignore[arg-type]


def entry(
    hours_ago: float,
    status: Outcome = Outcome.DONE,
    *,
    told: RunReport | None = None,
    what: str = "",
    todo: str = "",
    exit_code: int = 0,
    launch: Launch = Launch.AUTOMATIC,
) -> JournalEntry:
    started = (NOW - dt.timedelta(hours=hours_ago)).astimezone(dt.UTC)
    ended = None if status is Outcome.RUNNING else started + dt.timedelta(seconds=42)
    return JournalEntry(1, started, ended, status, what, todo, exit_code, told, launch)


FAILED = entry(73.5, Outcome.FAILED, what="Le portail est injoignable.", todo="Vérifiez la connexion.", exit_code=3)


def test_a_line_says_all_of_a_run() -> None:
    (line,) = history.lines([entry(1.5, told=report(added=12, changed=1086, withdrawn=3))], NOW)
    assert line.cells == ("Lun. 12/01/2026", "7h30", "Automatique", "42\u00a0s", "12", "1\u00a0086", "3")
    assert line.verdict == Verdict(Tone.OK, "Réussie")


def test_a_run_that_failed_has_no_numbers() -> None:
    (line,) = history.lines([FAILED], NOW)
    assert line.cells == ("Ven. 09/01/2026", "7h30", "Automatique", "—", "—", "—", "—")


def test_runs_of_before_thirty_days_are_not_shown() -> None:
    assert len(history.lines([entry(24 * 29), entry(24 * 31)], NOW)) == 1


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (entry(1, told=report()), Verdict(Tone.OK, "Réussie")),
        (entry(1, Outcome.CURRENT, told=report(Outcome.CURRENT)), Verdict(Tone.OK, "Réussie")),
        (entry(1, told=report(problems=PROBLEMS)), Verdict(Tone.ALERT, "5\u00a0lignes ignorées")),
        (
            entry(1, Outcome.CURRENT, told=report(Outcome.CURRENT, problems=(STALE,))),
            Verdict(Tone.ALERT, "Export à vérifier"),
        ),
        (entry(1, Outcome.HELD, told=report(held=("1", "2"))), Verdict(Tone.ALERT, "2\u00a0retraits en attente")),
        (entry(1, Outcome.PLANNED, told=report(Outcome.PLANNED)), Verdict(Tone.NEUTRAL, "Simulation")),
        (entry(1, Outcome.RUNNING), Verdict(Tone.NEUTRAL, "En cours")),
        (entry(1, Outcome.CANCELLED, exit_code=4), Verdict(Tone.NEUTRAL, "Arrêtée")),
        (entry(1, Outcome.INTERRUPTED), Verdict(Tone.ALERT, "Interrompue")),
        (entry(1, Outcome.FAILED, exit_code=1), Verdict(Tone.ERROR, "Export refusé")),
        (entry(1, Outcome.FAILED, exit_code=2), Verdict(Tone.ERROR, "Source illisible")),
        (entry(1, Outcome.FAILED, exit_code=3), Verdict(Tone.ERROR, "Portail indisponible")),
        (entry(1, Outcome.FAILED, exit_code=4), Verdict(Tone.ERROR, "Échec")),
    ],
)
def test_a_run_ends_in_two_or_three_words(run: JournalEntry, expected: Verdict) -> None:
    assert history.verdict(run) == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], Verdict(Tone.NEUTRAL, "Jamais lancée sur ce poste")),
        ([entry(1.5)], Verdict(Tone.OK, "Réussie aujourd’hui à 7h30")),
        ([entry(13)], Verdict(Tone.OK, "Réussie hier à 20h00")),
        ([entry(24 * 9)], Verdict(Tone.OK, "Réussie le 03/01/2026 à 9h00")),
        (
            [entry(1.5, Outcome.CURRENT, told=report(Outcome.CURRENT, problems=(STALE,)))],
            Verdict(Tone.ALERT, "Publiée aujourd’hui à 7h30, export à vérifier"),
        ),
        ([FAILED], Verdict(Tone.ERROR, "Non publiée vendredi à 7h30")),
        ([entry(1, Outcome.PLANNED), entry(1.5)], Verdict(Tone.OK, "Réussie aujourd’hui à 7h30")),
        (
            [entry(1.5, Outcome.HELD)],
            Verdict(Tone.ALERT, "Publiée aujourd’hui à 7h30, des retraits attendent"),
        ),
    ],
)
def test_the_pill_tells_of_the_last_publication(runs: list[JournalEntry], expected: Verdict) -> None:
    assert history.status(runs, NOW) == expected


def test_the_pill_tells_when_another_computer_published_since() -> None:
    as_of = NOW - dt.timedelta(hours=1)
    elsewhere = Verdict(Tone.OK, "Portail à jour aujourd’hui à 8h00, par un autre poste")
    assert history.status([], NOW, as_of) == elsewhere
    assert history.status([FAILED], NOW, as_of) == elsewhere
    assert history.status([entry(0.9)], NOW, as_of) == Verdict(Tone.OK, "Réussie aujourd’hui à 8h06")


def test_a_failure_is_told_with_what_to_do() -> None:
    told = history.last_failure([FAILED], NOW)
    assert told == history.Failure("Vendredi à 7h30\u00a0: Le portail est injoignable.", "Vérifiez la connexion.")


def test_a_failure_that_is_over_says_so_for_a_week() -> None:
    told = history.last_failure([entry(1.5), FAILED], NOW)
    assert told is not None
    assert told.todo == "La synchronisation suivante a réussi\u00a0: il n’y a rien à faire."
    assert history.last_failure([entry(1.5), FAILED], NOW + dt.timedelta(days=7)) is None


def test_an_export_that_cannot_be_read_leads_to_what_mends_it_until_a_run_reads_it() -> None:
    unread = entry(2, Outcome.FAILED, what="La colonne a disparu.", todo="Corrigez.", exit_code=2)
    in_use = msgspec.structs.replace(unread, what="Le fichier est occupé.", is_not_ready=True)
    runs = {"last": [unread], "in use": [in_use], "over": [entry(1), in_use], "another": [FAILED, unread]}
    told = {name: history.last_failure(entries, NOW) for name, entries in runs.items()}
    assert {name: failure and failure.remedy for name, failure in told.items()} == {
        "last": Remedy.SETTINGS,
        "in use": Remedy.RETRY,
        "over": Remedy.NONE,
        "another": Remedy.NONE,
    }


def test_a_failure_that_lasts_is_told_however_old() -> None:
    assert history.last_failure([FAILED], NOW + dt.timedelta(days=20)) is not None


def test_what_a_person_stopped_or_simulated_is_no_failure() -> None:
    assert history.last_failure([entry(1, Outcome.CANCELLED), entry(2, Outcome.PLANNED)], NOW) is None


def test_a_detail_groups_the_problems_with_their_places() -> None:
    (line,) = history.lines([entry(1.5, told=report(added=1, unchanged=2, problems=PROBLEMS))], NOW)
    assert history.detail(line, line.entry, ()).as_text().splitlines() == [
        "Synchronisation du 12/01/2026 à 7h30",
        "5\u00a0lignes ignorées",
        "1\u00a0dossier ajouté, 0 mis à jour, 0\u00a0retiré, 2\u00a0inchangés.",
        (
            "5\u00a0lignes non publiées (patients.csv, lignes 7, 9, 12 et 2\u00a0autres, colonne "
            "«\u00a0N°\u00a0»)\u00a0: La ligne n’a pas de numéro de patient."
        ),
        "1\u00a0valeur laissée de côté (rdv.csv, ligne 3)\u00a0: Ce n’est pas une date.",
    ]


def test_what_is_wrong_with_the_whole_export_counts_no_lines() -> None:
    (told,) = history.problem_lines((STALE,))
    assert (told.count, told.where, told.tone) == ("Tout l’export", "rdv_*.csv", Tone.ALERT)


def test_the_detail_of_a_run_that_was_stopped_says_what_comes_of_it() -> None:
    (line,) = history.lines([entry(1, Outcome.INTERRUPTED)], NOW)
    assert line.entry is not None
    assert history.detail(line, line.entry, ()).sentences == (
        "Le programme s’est arrêté au milieu. Rien n’est publié à moitié\u00a0: la suivante reprend tout.",
    )


def test_the_detail_of_a_failure_has_its_sentences_and_the_journals_problems() -> None:
    (line,) = history.lines([FAILED], NOW)
    detail = history.detail(line, line.entry, PROBLEMS)
    assert detail.sentences == ("Le portail est injoignable.", "Vérifiez la connexion.")
    assert len(detail.problems) == 2
