"""`webortho sync`: publish what changed, and enrol this computer with its portal.

Exit codes: 0 done; 1 refused or held by a guard; 2 source unreadable; 3 portal unreachable or refusing; 4 anything
else.
"""

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from cabinet.problem_groups import ProblemGroup
from cabinet.problems import Severity
from cabinet.reading import without_collection
from cabinet.sources.location import Location
from cli.lazy import LazyGroup
from cli.output import ProgressDisplay, errors_told, print_json
from cli.sync_options import FILE, overridden
from portal.api.nights import Phase
from sync.asked import claimed, followed
from sync.cancel import CancelToken
from sync.config import (
    SyncConfig,
    default_config_file,
    default_state_dir,
    read_config,
)
from sync.configured import run_configured
from sync.errors import LossesRefused
from sync.journal import Journal
from sync.night_log import night_log
from sync.report import Launch, RunReport
from sync.run import Progress
from sync.telling import sentences
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

LATER = {"enrol": "cli.sync_enrol", "schedule": "cli.sync_schedule", "source-password": "cli.sync_password"}
"""Subcommands that no night needs."""

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


@click.group(cls=LazyGroup, later=LATER, invoke_without_command=True)
@click.option("--config", "config_file", type=FILE, help="Fichier de configuration de ce poste.")
@click.option("--source", type=FILE, help="Dossier de l’export, à la place de celui de la configuration.")
@click.option("--mapping", type=FILE, help="Fichier de mapping, à la place de celui de la configuration.")
@click.option("--portal", help="Adresse du portail, à la place de celle de la configuration.")
@click.option("--cabinet", help="Identifiant de cabinet, à la place de celui de la configuration.")
@click.option("--secrets-file", type=FILE, help="Fichier de secrets d’un service sans trousseau de clés.")
@click.option("--state-dir", type=FILE, envvar="WEBORTHO_STATE_DIR", help="Dossier du journal de ce poste.")
@click.option("--dry-run", is_flag=True, help="Montre ce qui serait publié, sans rien changer.")
@click.option("--explain", metavar="NUMÉRO", help="Dit pourquoi un patient est ou n’est pas publié, sans rien changer.")
@click.option("--confirm-withdrawals", is_flag=True, help="Confirme le retrait de nombreux patients (praticien).")
@click.option(
    "--confirm-losses", is_flag=True, help="Publie cette fois un export qui a beaucoup perdu ou changé (praticien)."
)
@click.option(
    "--confirm-reused",
    multiple=True,
    metavar="NUMÉROS",
    help="Confirme que ces numéros, séparés par des virgules, sont ceux de nouveaux patients (praticien).",
)
@click.option("--if-due", is_flag=True, help="Ne fait rien si une synchronisation a réussi depuis moins de 20 heures.")
@click.option("--if-asked", is_flag=True, help="Ne fait rien si aucun autre poste du cabinet ne l’a demandé.")
@click.option("--planned", is_flag=True, help="Dit que le planificateur de ce poste lance cette synchronisation.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
@click.pass_context
def command(
    context: click.Context,
    *,
    config_file: Path | None,
    source: Location | None,
    mapping: Path | None,
    portal: str | None,
    cabinet: str | None,
    secrets_file: Path | None,
    state_dir: Path | None,
    dry_run: bool,
    explain: str | None,
    confirm_withdrawals: bool,
    confirm_losses: bool,
    confirm_reused: tuple[str, ...],
    if_due: bool,
    if_asked: bool,
    planned: bool,
    as_json: bool,
) -> None:
    """Lit l’export du cabinet et publie sur le portail ce qui a changé.

    Codes de sortie : 0 terminé ; 1 refusé ou retenu par une protection ; 2 export illisible ; 3 portail injoignable
    ou refus du portail ; 4 autre.
    """
    if context.invoked_subcommand is not None:
        return
    with errors_told(as_json=as_json):
        path = config_file or default_config_file()
        is_complete = config_file is None and not path.exists() and portal and cabinet
        config = overridden(
            SyncConfig(portal="", cabinet="") if is_complete else read_config(path),
            portal=portal,
            cabinet=cabinet,
            source=source,
            mapping=mapping,
            secrets_file=secrets_file,
        )
        if config.newer:
            click.echo(f"Attention\u00a0: {config.newer_words}", err=True)
        state_dir = state_dir or default_state_dir()
        if explain is not None:
            from sync.explaining import explain as explain_one  # noqa: PLC0415 - no night explains

            lines = explain_one(config, path.parent, state_dir, explain.strip())
            if as_json:
                print_json(ExplainDocument(lines))
            else:
                click.echo("\n".join(lines))
            return
        last = Journal(state_dir, config.portal, config.cabinet).last_good() if if_due else None
        if last is not None and dt.datetime.now(dt.UTC) - last < DUE_AFTER:
            click.echo(
                f"Rien à faire\u00a0: la dernière synchronisation a réussi le {last.astimezone():%d/%m à %Hh%M}."
            )
            return
        request = claimed(config, path.parent) if if_asked else None
        if if_asked and request is None:
            return
        by_schedule = planned or _options(context) in _BY_FORMER_SCHEDULES
        launch, cancel = _launch(if_asked=if_asked, by_schedule=by_schedule), CancelToken()
        with (
            ProgressDisplay() as display,
            _losses_confirmable(),
            night_log(state_dir, launch) as log,
            followed(config, path.parent, request, cancel) as follow,
            without_collection(),
        ):

            def show(step: Progress) -> None:
                display.show(PHASES[step.phase], step.done, step.total)
                follow(step)

            report = run_configured(
                config,
                path.parent,
                state_dir,
                dry_run=dry_run,
                confirm_withdrawals=confirm_withdrawals,
                confirm_losses=confirm_losses,
                confirm_reused=frozenset(filter(None, (n.strip() for one in confirm_reused for n in one.split(",")))),
                launch=launch,
                request=request,
                cancel=cancel,
                progress=show,
            )
            log.report(report)
        if as_json:
            print_json(RunDocument(**msgspec.structs.asdict(report), exit_code=report.exit_code))
        else:
            _tell(report)
    sys.exit(report.exit_code)


_BY_FORMER_SCHEDULES = ({"config_file"}, {"config_file", "if_due"})
"""The options that schedules were installed with before there was --planned."""


def _options(context: click.Context) -> set[str]:
    """Those that stand on the command line."""
    written = click.core.ParameterSource.COMMANDLINE
    return {name for name in context.params if context.get_parameter_source(name) is written}


def _launch(*, if_asked: bool, by_schedule: bool) -> Launch:
    if if_asked:
        return Launch.ASKED
    # Schedulers give a program no terminal to read from; a person may try out the schedule's command in one.
    if sys.stdin is not None and sys.stdin.isatty():
        return Launch.MANUAL
    return Launch.AUTOMATIC if by_schedule else Launch.SCRIPTED


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
        click.echo(sentence)
    for problem in report.problems:
        click.echo(_problem_line(problem))
    click.echo(
        f"{counted(report.requests, 'requête')}, {size(report.bytes_sent)} envoyés, {size(report.bytes_received)} "
        f"reçus, {_seconds(report.timings.total)}."
    )


def _problem_line(problem: ProblemGroup) -> str:
    return (
        f"{counted(problem.count, *SEVERITIES[problem.severity])} ({problem.first}){NO_BREAK_SPACE}: {problem.sentence}"
    )


def _seconds(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + NO_BREAK_SPACE + "s"
