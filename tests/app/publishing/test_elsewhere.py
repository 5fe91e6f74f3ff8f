"""Runs of the cabinet's other computers: what a person reads of them, word for word."""

import datetime as dt

import msgspec
import pytest

from app.publishing import elsewhere
from app.publishing.history import Tone, Verdict
from portal.api.nights import Ending, KnownRun, Nights, RunTold
from portal.api.shapes import Launched, RunNotice, ToldProblem

NOW = dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
"""A Monday."""
PROBLEM = ToldProblem("a" * 32, True, 2, "patients.csv\u00a0: ligne vide (2\u00a0lignes non publiées).")


def known(ending: Ending, *, hours_ago: float = 1.5, is_this: bool = False, **more: object) -> KnownRun:
    started = (NOW - dt.timedelta(hours=hours_ago)).astimezone(dt.UTC)
    notice = RunNotice("e" * 32, Launched.AUTOMATIC, started)
    run = RunTold(notice, ending, started + dt.timedelta(seconds=42))
    return KnownRun("Serveur", is_this, msgspec.structs.replace(run, **more))


def test_a_line_says_all_of_a_run_and_which_computer_it_was() -> None:
    [line] = elsewhere.lines(Nights((), (known(Ending.PUBLISHED, added=12, changed=1086, withdrawn=3),)), NOW)
    assert line.cells == ("Lun. 12/01/2026", "7h30", "Automatique", "42\u00a0s", "12", "1\u00a0086", "3")
    assert (line.computer, line.verdict) == ("Serveur", Verdict(Tone.OK, "Réussie"))


def test_this_computers_runs_are_in_its_journal_and_old_ones_are_not_shown() -> None:
    runs = (known(Ending.CURRENT, is_this=True), known(Ending.CURRENT, hours_ago=24 * 31))
    assert elsewhere.lines(Nights((), runs), NOW) == ()


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (known(Ending.CURRENT), Verdict(Tone.OK, "Réussie")),
        (known(Ending.REFUSED), Verdict(Tone.ERROR, "Export refusé")),
        (known(Ending.UNREADABLE), Verdict(Tone.ERROR, "Source illisible")),
        (known(Ending.FAILED), Verdict(Tone.ERROR, "Échec")),
        (known(Ending.HELD, held=25), Verdict(Tone.ALERT, "25 à confirmer")),
        (known(Ending.CANCELLED), Verdict(Tone.NEUTRAL, "Arrêtée")),
    ],
)
def test_how_it_ended_is_said_in_a_few_words(run: KnownRun, expected: Verdict) -> None:
    assert elsewhere.verdict(run.run) == expected


def test_a_run_in_full_has_its_problems_without_any_patient() -> None:
    run = known(Ending.PUBLISHED, added=1, unchanged=2)
    notice = msgspec.structs.replace(run.run.notice, problems=(PROBLEM,))
    run = msgspec.structs.replace(run, run=msgspec.structs.replace(run.run, notice=notice))
    [line] = elsewhere.lines(Nights((), (run,)), NOW)
    assert line.verdict == Verdict(Tone.ALERT, "2\u00a0lignes ignorées")
    assert elsewhere.detail(line, run.run).as_text() == (
        "Synchronisation du 12/01/2026 à 7h30, poste «\u00a0Serveur\u00a0»\n"
        "2\u00a0lignes ignorées\n"
        "1\u00a0dossier ajouté, 0 mis à jour, 0\u00a0retiré, 2\u00a0inchangés.\n"
        f"2\u00a0lignes non publiées (Poste «\u00a0Serveur\u00a0»)\u00a0: {PROBLEM.sentence}"
    )


def test_a_failure_says_what_happened_and_what_to_do() -> None:
    run = known(Ending.UNREADABLE, what="Le fichier manque.", todo="Refaites l’export.").run
    assert elsewhere.outcome(run) == ("Le fichier manque.", "Refaites l’export.")


def test_an_export_that_may_be_wrong_as_a_whole_is_to_be_checked() -> None:
    stale = ToldProblem("c" * 32, False, 1, "rdv_*.csv\u00a0: L’export n’a pas été réécrit.", is_of_all=True)
    run = known(Ending.CURRENT)
    notice = msgspec.structs.replace(run.run.notice, problems=(stale,))
    run = msgspec.structs.replace(run, run=msgspec.structs.replace(run.run, notice=notice))
    [line] = elsewhere.lines(Nights((), (run,)), NOW)
    assert line.verdict == Verdict(Tone.ALERT, "Export à vérifier")
    assert elsewhere.detail(line, run.run).problems[0].count == "Tout l’export"
