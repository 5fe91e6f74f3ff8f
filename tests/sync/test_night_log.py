"""The log of unattended runs: French, small, readable by its account, and without anybody's name."""

import logging
from pathlib import Path

import pytest

from cabinet.errors import SourceError
from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Place, Severity
from portal.api.shapes import TableCounts
from sync import night_log as module
from sync.nameless import told_problems
from sync.night_log import FILE_NAME, OLDER_FILES, night_log
from sync.report import Launch, Outcome, RunReport

PROBLEM = ProblemGroup(
    "unreadable-date", Severity.WARNING, 2, (Place("patients.csv", 3, "Né(e) le"),), "«\u00a0MARTINEAU\u00a0»…"
)
REPORT = RunReport(
    Outcome.DONE, "dijon21", "https://portail.exemple.fr", dry_run=False, counts=TableCounts(), problems=(PROBLEM,)
)


def lines(folder: Path) -> list[str]:
    """Without their dates."""
    return [line.partition("  ")[2] for line in (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()]


def test_a_night_leaves_its_sentences_and_problems_without_what_they_quote(tmp_path: Path) -> None:
    with night_log(tmp_path / "etat", Launch.AUTOMATIC) as log:
        log.report(REPORT)
    assert lines(tmp_path / "etat") == [
        "Synchronisation planifiée.",
        "Le portail est à jour\u00a0: 0\u00a0dossier, rien à publier.",
        told_problems([PROBLEM])[0].sentence,
    ]
    assert "MARTINEAU" not in (tmp_path / "etat" / FILE_NAME).read_text(encoding="utf-8")


def test_a_failure_and_a_fault_are_written_and_go_on(tmp_path: Path) -> None:
    with pytest.raises(SourceError), night_log(tmp_path, Launch.ASKED):
        raise SourceError("La base refuse la requête (invalid date: MARTINEAU).", "Corrigez-la.")
    with pytest.raises(ZeroDivisionError), night_log(tmp_path, Launch.ASKED):
        raise ZeroDivisionError("MARTINEAU")
    assert lines(tmp_path) == [
        "Synchronisation demandée par un autre poste.",
        "La base refuse la requête. Le détail est dans WebOrtho, sur le poste qui lit l’export.",
        "Synchronisation demandée par un autre poste.",
        "Arrêt sur une erreur imprévue (ZeroDivisionError).",
    ]


def test_a_night_that_is_stopped_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), night_log(tmp_path, Launch.AUTOMATIC):
        raise KeyboardInterrupt
    assert lines(tmp_path) == [
        "Synchronisation planifiée.",
        "Arrêtée au milieu. Rien n’est publié à moitié\u00a0: la synchronisation suivante reprend tout.",
    ]


def test_a_run_that_a_person_watches_writes_nothing(tmp_path: Path) -> None:
    with night_log(tmp_path, Launch.MANUAL) as log:
        log.report(REPORT)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_keeps_nothing_from_running(tmp_path: Path) -> None:
    (tmp_path / "etat").touch()
    with night_log(tmp_path / "etat", Launch.AUTOMATIC) as log:
        log.report(REPORT)


def test_many_nights_stay_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 2_000)
    for _ in range(300):
        with night_log(tmp_path, Launch.AUTOMATIC) as log:
            log.report(REPORT)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1 + OLDER_FILES
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert lines(tmp_path)[-1].startswith("patients.csv")


def test_its_lines_go_nowhere_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), night_log(tmp_path, Launch.AUTOMATIC) as log:
        log.report(REPORT)
    assert caplog.records == []
