"""The nightly program from command to commit: a first night, a night with 1 % of the patients changed, a quiet one.

Beside it, on the same files in the same run: reading them at all (the limit), rsync -z (it neither checks nor commits),
three reloads of PostgreSQL by COPY (`copy_reload.py`), and dlt merging into PostgreSQL.
"""

import contextlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.copy_reload import RELOADS, Reload
from tests.benchmarks.export import HEADERS
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.installation import Computer, Portal, enrol, running_portal
from tests.benchmarks.postgres import Cluster, cluster, programs, psql
from tests.benchmarks.processes import Usage, measure, tree_peak_mb

WIRE = "octets échangés"
DLT = Path(peers.__file__).with_name("dlt_merge.py")
NO_POSTGRESQL = "PostgreSQL n’est pas installé"
NO_RSYNC = "rsync n’est pas installé"
CHANGED = "Une nuit où 1 % des patients ont changé"
UNCHANGED = "Une nuit où rien n’a changé"
SIZES = (1_000, 10_000, 50_000)
"""Patients of the cabinets whose growth is measured."""


def run(rounds: int) -> list[Table]:
    """The three nights. The first is measured on a new portal, a new database and a new pipeline each time."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="webortho-bench-")))
        source = folder / "export"
        _export("write", source)
        postgres = stack.enter_context(cluster()) if programs() else None
        ours = _Ours(folder, source, stack)
        copies = [_Copy(form, source, postgres).contender() for form in RELOADS]
        dlt = _Dlt(folder, source, postgres)
        rsync, limit = _Rsync(folder, source), _limit(source)
        nights = iter(range(1, 1_000_000))
        return [
            compete("Première nuit", [ours.first(), *copies, dlt.first(), limit], rounds),
            compete(
                "Une nuit où 1 % des patients ont changé",
                [ours.again(), *copies, dlt.again(), rsync.contender(), limit],
                rounds,
                before_round=lambda: _export("change", source, str(next(nights))),
            ),
            compete(UNCHANGED, [ours.again(), rsync.contender(), limit], rounds),
        ]


def growth(rounds: int) -> list[Table]:
    """Ours alone, at several sizes of cabinet: what the first night and those after it cost as a cabinet grows."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="webortho-bench-")))
        sources = {size: folder / f"export-{size}" for size in SIZES}
        for size, source in sources.items():
            _export("write", source, str(size))
        ours = [
            _Ours(folder / f"{size}", source, stack, f"{size:,} patients".replace(",", "\u202f"))
            for size, source in sources.items()
        ]
        nights = iter(range(1, 1_000_000))

        def next_evening() -> None:
            night = str(next(nights))
            for source in sources.values():
                _export("change", source, night)

        return [
            compete("Première nuit", [one.first() for one in ours], rounds),
            compete(CHANGED, [one.again() for one in ours], rounds, before_round=next_evening),
            compete(UNCHANGED, [one.again() for one in ours], rounds),
        ]


def _export(*arguments: str | Path) -> None:
    measure([sys.executable, "-m", "tests.benchmarks.export", *arguments])


def _sample(usage: Usage, **figures: float) -> Sample:
    return Sample(usage.wall, usage.cpu, usage.peak_mb, figures)


class _Ours:
    """`webortho sync` to a portal on this machine; CPU is that of both. Later nights go on from the last first one."""

    NAME = "webortho sync → portail SQLite"

    def __init__(self, folder: Path, source: Path, life: contextlib.ExitStack, name: str = NAME) -> None:
        self._folder, self._source, self._life, self._name = folder, source, life, name
        self._pairs: list[tuple[Portal, Computer]] = []

    def first(self) -> Contender:
        return Contender(self._name, self._first)

    def again(self) -> Contender:
        return Contender(self._name, self._again)

    def _first(self, number: int) -> Sample:
        portal = self._life.enter_context(running_portal(self._folder / f"portal-{number}"))
        self._pairs.append((portal, enrol(portal, self._source)))
        return self._again(number)

    def _again(self, _: int) -> Sample:
        portal, computer = self._pairs[-1]
        usage = measure(computer.sync_command(), servers=[portal.pid])
        report = json.loads(usage.output)
        return _sample(
            usage,
            **{
                WIRE: report["bytes_sent"] + report["bytes_received"],
                "requêtes": report["requests"],
                "publiés": report["added"] + report["changed"],
                "portail Mo": tree_peak_mb(portal.pid),
            },
        )


class _Copy:
    """The database loaded anew each night: all rows travel."""

    def __init__(self, form: Reload, source: Path, postgres: Cluster | None) -> None:
        self._form, self._source, self._postgres = form, source, postgres
        if postgres:
            psql(postgres, form.create())

    def contender(self) -> Contender:
        return Contender(self._form.name, self._run, "" if self._postgres else NO_POSTGRESQL, self._form.note)

    def _run(self, _: int) -> Sample:
        assert self._postgres
        usage = psql(self._postgres, self._form.reload(self._source))
        return _sample(usage, **{WIRE: sum((self._source / file).stat().st_size for file in HEADERS)})


class _Dlt:
    """The load tool dlt: Arrow tables merged by key into PostgreSQL."""

    def __init__(self, folder: Path, source: Path, postgres: Cluster | None) -> None:
        self._folder, self._source, self._postgres = folder, source, postgres
        self._state = folder / "dlt"

    def first(self) -> Contender:
        return self._contender(self._first)

    def again(self) -> Contender:
        return self._contender(self._again)

    def _contender(self, job: Callable[[int], Sample]) -> Contender:
        return Contender("dlt, Arrow → PostgreSQL, merge", job, peers.missing() if self._postgres else NO_POSTGRESQL)

    def _first(self, number: int) -> Sample:
        assert self._postgres
        shutil.rmtree(self._state, ignore_errors=True)
        psql(self._postgres, "DROP SCHEMA IF EXISTS cabinet, cabinet_staging CASCADE;")
        return self._again(number)

    def _again(self, _: int) -> Sample:
        assert self._postgres
        command: list[str | Path] = [peers.PYTHON, DLT, self._source, self._state, self._postgres.url]
        quiet = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
        return _sample(measure(command, servers=[self._postgres.pid], env=quiet, cwd=self._folder))


class _Rsync:
    """The files brought up to date by difference, as if to another machine: nothing is read, checked or committed."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._source, self._copy = source, folder / "rsync"

        shutil.copytree(source, self._copy)

    def contender(self) -> Contender:
        missing = "" if shutil.which("rsync") else NO_RSYNC
        return Contender("rsync -z des fichiers", self._run, missing, "ni contrôle ni publication")

    def _run(self, _: int) -> Sample:
        usage = measure(["rsync", "-az", "--no-whole-file", "--stats", f"{self._source}/", f"{self._copy}/"])
        counts = re.findall(r"^Total bytes (?:sent|received): ([\d,.]+)", usage.output, re.MULTILINE)
        return _sample(usage, **{WIRE: sum(int(re.sub(r"\D", "", count)) for count in counts)})


def _limit(source: Path) -> Contender:
    """Every byte read once and digested: nothing that looks at all of the export is quicker."""

    def read(_: int) -> Sample:
        return _sample(measure(["sh", "-c", 'cat "$0"/*.csv | b2sum', source]))

    return Contender("limite : cat | b2sum", read)
