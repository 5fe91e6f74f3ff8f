"""What the assistance needs to help, as a text that names no patient: versions, settings, runs, the log. No Qt."""

import datetime as dt
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.desk.desk import Desk
from app.errors import trouble_of
from app.log import FILE_NAME
from cabinet.errors import WebOrthoError
from cabinet.problem_groups import ProblemGroup
from cabinet.version import VERSION
from sync.journal import Journal, JournalEntry

RUNS = 20
LOG_BYTES = 60_000
_LIBRARIES = ("PySide6", "requests", "keyring", "msgspec", "reportlab", "python-docx")


def log_file(state_dir: Path) -> Path:
    return state_dir / FILE_NAME


def diagnostic(desk: Desk, now: dt.datetime) -> str:
    """The whole text. Problems are counted by their rule and file: their sentences quote the export."""
    return "\n".join((*_programs(now), "", *_settings(desk), "", *_runs(desk), "", *_log(desk.state_dir))) + "\n"


def write_diagnostic(desk: Desk, path: Path, now: dt.datetime) -> None:
    """Raise `OSError` where the file cannot be written."""
    path.write_text(diagnostic(desk, now), encoding="utf-8")


def _programs(now: dt.datetime) -> Iterator[str]:
    yield f"WebOrtho {VERSION}, {now:%d/%m/%Y %H:%M}"
    yield f"Système\u00a0: {platform.platform()}, Python {platform.python_version()}"
    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} absent"


def _settings(desk: Desk) -> Iterator[str]:
    config = desk.config
    yield f"Portail\u00a0: {config.portal}"
    yield f"Cabinet\u00a0: {config.cabinet}"
    yield f"Source\u00a0: {config.source or 'aucune'}"
    yield f"Mapping\u00a0: {config.mapping or 'par défaut'}"
    yield f"Secrets\u00a0: {config.secrets}"
    if config.newer_words:
        yield config.newer_words
    try:
        desk.credentials()
    except WebOrthoError as error:
        yield f"Accès au portail\u00a0: {trouble_of(error).what}"
    else:
        yield "Accès au portail\u00a0: présent"


def _runs(desk: Desk) -> Iterator[str]:
    yield f"Les {RUNS} dernières synchronisations\u00a0:"
    try:
        journal = Journal(desk.state_dir, desk.config.portal, desk.config.cabinet)
        entries = journal.entries(limit=RUNS)
        for entry in entries:
            yield _run(entry)
            yield from _problems(entry.report.problems if entry.report else journal.problems(entry.id))
    except WebOrthoError as error:
        yield error.what


def _run(entry: JournalEntry) -> str:
    told = [f"{entry.started_at:%d/%m/%Y %H:%M} UTC", entry.status.value, f"code {entry.exit_code}"]
    if report := entry.report:
        told.append(f"{report.added} ajoutés, {report.changed} modifiés, {report.withdrawn} retirés")
        told.append(f"{report.timings.total:.1f} s, {report.requests} requêtes")
    return "  " + ", ".join(told)


def _problems(problems: Sequence[ProblemGroup]) -> Iterator[str]:
    for problem in problems:
        yield f"    {problem.count} × {problem.code} ({problem.first.file})"


def _log(state_dir: Path) -> Iterator[str]:
    yield "Fin du journal de l’application\u00a0:"
    try:
        written = log_file(state_dir).read_bytes()[-LOG_BYTES:]
    except OSError:
        yield "  aucun"
        return
    yield from written.decode("utf-8", "replace").splitlines()
