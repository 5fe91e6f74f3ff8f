"""What `webortho sync` does, once it is known what is asked of it.

Exit codes: 0 done; 1 refused or held by a guard; 2 source unreadable; 3 portal unreachable or refusing; 4 anything
else; 130 stopped by Ctrl+C.
"""

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Severity
from cabinet.reading import without_collection
from cabinet.sources.location import Location
from cli.output import ProgressDisplay, errors_told, print_json, say
from portal.api.nights import Phase
from sync.asked import claimed, followed
from sync.cancel import CancelToken
from sync.config import SecretKind, SyncConfig, default_config_file, default_state_dir, read_config
from sync.configured import run_configured
from sync.errors import LossesRefused
from sync.journal import Journal
from sync.night_log import night_log
from sync.report import Launch, RunReport
from sync.run import Progress
from sync.telling import sentences
from sync.trying_again import must_try
from sync.wording import NO_BREAK_SPACE, counted, size

PHASES = {
    Phase.READ: "Lecture de l’export",
    Phase.COMPARE: "Comparaison avec le portail",
    Phase.PHOTOS: "Envoi des photos",
    Phase.SEND: "Envoi des dossiers",
    Phase.COMMIT: "Publication",
}
SEVERITIES = {
    Severity.ERROR: ("ligne refusée", "lignes refusées"),
    Severity.WARNING: ("valeur laissée de côté", "valeurs laissées de côté"),
    Severity.INFO: ("remarque", "remarques"),
}

DUE_AFTER = dt.timedelta(hours=20)
"""A night that was missed is caught up; one that was not is not repeated."""


class RunDocument(RunReport, frozen=True):
    """What `--json` prints of a run: its report, and how the program ends."""

    exit_code: int = 0


class ExplainDocument(msgspec.Struct, frozen=True):
    """What `--json` prints of one patient."""

    lines: tuple[str, ...]
    status: str = "done"
    exit_code: int = 0


class NothingDocument(msgspec.Struct, frozen=True):
    """What `--json` prints where no run was due (`--if-due`) or asked for (`--if-asked`)."""

    status: str = "nothing-to-do"
    exit_code: int = 0


class SyncOptions(msgspec.Struct, frozen=True):
    """The options of `webortho sync` (`cli.sync` says what each is for), as they stand on the command line."""

    config_file: Path | None = None
    source: Location | None = None
    mapping: Path | None = None
    portal: str | None = None
    cabinet: str | None = None
    secrets_file: Path | None = None
    state_dir: Path | None = None
    dry_run: bool = False
    explain: str | None = None
    confirm_withdrawals: bool = False
    confirm_losses: bool = False
    confirm_reused: tuple[str, ...] = ()
    if_due: bool = False
    if_asked: bool = False
    planned: bool = False
    as_json: bool = False

    @property
    def launch(self) -> Launch:
        if self.if_asked:
            return Launch.ASKED
        # Schedulers give a program no terminal to read from; a person may try out the schedule's command in one.
        if sys.stdin is not None and sys.stdin.isatty():
            return Launch.MANUAL
        return Launch.AUTOMATIC if self.planned or self._is_by_former_schedule else Launch.SCRIPTED

    @property
    def _is_by_former_schedule(self) -> bool:
        """Whether it is what schedules were installed with before there was --planned."""
        formers = (SyncOptions(self.config_file), SyncOptions(self.config_file, if_due=True))
        return self.config_file is not None and self in formers

    @property
    def new_owners(self) -> frozenset[str]:
        """The numbers that `confirm_reused` holds, several in one of its texts."""
        return frozenset(filter(None, (number.strip() for one in self.confirm_reused for number in one.split(","))))


def carry_out(options: SyncOptions) -> int:
    """Run, print, and return the program's exit code; errors are told, and end the program (`errors_told`)."""
    with errors_told(as_json=options.as_json):
        path = options.config_file or default_config_file()
        config = overridden(
            _config_of(options, path),
            portal=options.portal,
            cabinet=options.cabinet,
            source=options.source,
            mapping=options.mapping,
            secrets_file=options.secrets_file,
        )
        if config.newer:
            say(f"Attention\u00a0: {config.newer_words}", is_aside=True)
        state_dir = options.state_dir or default_state_dir()
        if options.explain is not None:
            _explain(options.explain.strip(), config, path.parent, state_dir, as_json=options.as_json)
            return 0
        last = Journal(state_dir, config.portal, config.cabinet).last_good() if options.if_due else None
        # One that is still to come was written while this computer's clock was ahead: it counts for nothing.
        if last is not None and dt.timedelta() <= dt.datetime.now(dt.UTC) - last < DUE_AFTER:
            _tell_nothing(
                f"Rien à faire\u00a0: la dernière synchronisation a réussi le {last.astimezone():%d/%m à %Hh%M}.",
                as_json=options.as_json,
            )
            return 0
        request = claimed(config, path.parent) if options.if_asked else None
        launch = options.launch
        if options.if_asked and request is None:
            if not must_try(state_dir, config.portal, config.cabinet):
                _tell_nothing("", as_json=options.as_json)
                return 0
            launch = Launch.AUTOMATIC
        report = _run(options, config, path.parent, state_dir, request=request, launch=launch)
        if options.as_json:
            print_json(RunDocument(**msgspec.structs.asdict(report), exit_code=report.exit_code))
        else:
            _tell(report)
        return report.exit_code


def overridden(
    config: SyncConfig,
    *,
    portal: str | None,
    cabinet: str | None,
    source: Location | None,
    mapping: Path | None,
    secrets_file: Path | None,
) -> SyncConfig:
    """The configuration with what the command line says instead; its paths start from the working folder."""
    return msgspec.structs.replace(
        config,
        portal=portal or config.portal,
        cabinet=cabinet or config.cabinet,
        source=source.text if source else config.source,
        mapping=str(mapping.absolute()) if mapping else config.mapping,
        secrets=SecretKind.FILE if secrets_file else config.secrets,
        secrets_file=str(secrets_file.absolute()) if secrets_file else config.secrets_file,
    )


def _config_of(options: SyncOptions, path: Path) -> SyncConfig:
    is_complete = options.config_file is None and not path.exists() and options.portal and options.cabinet
    return SyncConfig(portal="", cabinet="") if is_complete else read_config(path)


def _explain(number: str, config: SyncConfig, base: Path, state_dir: Path, *, as_json: bool) -> None:
    from sync.explaining import explain  # noqa: PLC0415 - no night explains

    lines = explain(config, base, state_dir, number)
    if as_json:
        print_json(ExplainDocument(lines))
    else:
        say("\n".join(lines))


def _tell_nothing(sentence: str, *, as_json: bool) -> None:
    """Without a sentence nothing is said to a person: a schedule looks every few minutes, and may mail what is said."""
    if as_json:
        print_json(NothingDocument())
    elif sentence:
        say(sentence)


def _run(
    options: SyncOptions, config: SyncConfig, base: Path, state_dir: Path, *, request: str | None, launch: Launch
) -> RunReport:
    cancel = CancelToken()
    with (
        ProgressDisplay() as display,
        _losses_confirmable(),
        night_log(state_dir, launch) as log,
        followed(config, base, request, cancel) as follow,
        without_collection(),
    ):

        def show(step: Progress) -> None:
            display.show(PHASES[step.phase], step.done, step.total)
            follow(step)

        report = run_configured(
            config,
            base,
            state_dir,
            dry_run=options.dry_run,
            confirm_withdrawals=options.confirm_withdrawals,
            confirm_losses=options.confirm_losses,
            confirm_reused=options.new_owners,
            launch=launch,
            request=request,
            cancel=cancel,
            progress=show,
        )
        log.report(report)
    return report


@contextlib.contextmanager
def _losses_confirmable() -> Iterator[None]:
    """Name the option with which losses are confirmed here, and a patient to look at."""
    try:
        yield
    except LossesRefused as error:
        example = f" Exemple\u00a0: le patient {error.losses.changed[0].example}." if error.losses.changed else ""
        raise LossesRefused(error.what, f"{error.todo} (--confirm-losses){example}", error.losses) from error


def _tell(report: RunReport) -> None:
    for sentence in sentences(report):
        say(sentence)
    for problem in report.problems:
        say(_problem_line(problem))
    say(
        f"{counted(report.requests, 'requête')}, {size(report.bytes_sent)} envoyés, {size(report.bytes_received)} "
        f"reçus, {_seconds(report.timings.total)}."
    )


def _problem_line(problem: ProblemGroup) -> str:
    count = "Tout l’export" if problem.is_of_all else counted(problem.count, *SEVERITIES[problem.severity])
    return f"{count} ({problem.first}){NO_BREAK_SPACE}: {problem.sentence}"


def _seconds(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + NO_BREAK_SPACE + "s"
