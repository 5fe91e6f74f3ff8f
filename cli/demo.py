"""`webortho demo`: the whole job on an invented cabinet, on this computer: nothing is faked but the people."""

import contextlib
import datetime as dt
import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click

from cli.demo_computer import state_of
from cli.demo_journey import DemoResult, Journey, WorkspaceTaken, play
from cli.demo_mailing import MailResult
from cli.embedded_portal import EmbeddedPortal, embedded_portal
from cli.letter_box import MailBox, SmsBox
from cli.output import ProgressDisplay, errors_told, print_json
from cli.paths import FILE
from portal.pages.addresses import CABINET_SIGN_IN
from sync.report import RunReport
from sync.telling import sentences
from sync.wording import NO_BREAK_SPACE, counted, number, size


@click.command()
@click.option("--once", is_flag=True, help="Joue le parcours, puis s’arrête.")
@click.option("--workspace", type=FILE, help="Dossier de travail, vide ou à créer.")
@click.option("--no-desktop", is_flag=True, help="N’ouvre rien à l’écran.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port du portail, au lieu d’un port libre.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Jour de l’export, au lieu d’aujourd’hui.")
@click.option("--json", "as_json", is_flag=True, help="Écrit un seul objet JSON sur la sortie standard.")
def command(
    *, once: bool, workspace: Path | None, no_desktop: bool, port: int | None, day: dt.datetime | None, as_json: bool
) -> None:
    """Joue tout le parcours sur un cabinet de démonstration, de l’export au lien reçu par e-mail."""
    with errors_told(as_json=as_json):
        folder = _fresh(workspace)
        # The demo's day is the one on this computer's calendar.
        today = day.date() if day else dt.datetime.now().astimezone().date()
        with contextlib.ExitStack() as open_until_the_end:
            with ProgressDisplay() as display:
                display.show("Démarrage du portail")
                portal = open_until_the_end.enter_context(embedded_portal(folder / "portail", port or 0))
                mail = open_until_the_end.enter_context(MailBox(folder / "courrier" / "e-mails"))
                sms = open_until_the_end.enter_context(SmsBox(folder / "courrier" / "sms"))
                result = play(Journey(folder, portal, mail, sms, today), display.show)
            if as_json:
                print_json(result)
            else:
                click.echo("\n".join((*_lines(result), *(() if once else _ways_in(result)))))
            if not once:
                _stay(portal, result, has_screen=not no_desktop and _has_screen())


def _fresh(workspace: Path | None) -> Path:
    """An empty folder. Raise `WorkspaceTaken` rather than write between somebody's files."""
    if workspace is None:
        return Path(tempfile.mkdtemp(prefix="webortho-demo-"))
    folder = workspace.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceTaken(
            f"Le dossier de travail {folder} n’est pas vide.", "Donnez un dossier vide, ou un nom nouveau."
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _stay(portal: EmbeddedPortal, result: DemoResult, *, has_screen: bool) -> None:
    """Keep the portal open: until the application is closed, or else until Ctrl+C."""
    address = portal.address + CABINET_SIGN_IN.format(code=result.cabinet)
    try:
        click.echo(f"Le portail reste ouvert{NO_BREAK_SPACE}: {address} (Ctrl+C l’arrête).", err=True)
        if has_screen and find_spec("PySide6"):
            _open_application(Path(result.config))
        else:
            if has_screen:
                webbrowser.open(address)
            forever = threading.Event()
            # On Windows a wait without an end is deaf to Ctrl+C.
            while not forever.wait(1):
                pass
    except KeyboardInterrupt:
        click.echo("Arrêt du portail…", err=True)


def _open_application(config_file: Path) -> None:
    from cli.desktop import load  # noqa: PLC0415 - only where there is a screen

    load().open_on(config_file, state_of(config_file))


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _lines(result: DemoResult) -> Iterator[str]:
    first, second = result.first_sync, result.second_sync
    rows = first.counts
    yield (
        f"Export{NO_BREAK_SPACE}: {counted(rows.patients, 'patient')}, "
        f"{counted(rows.appointments, 'rendez-vous', 'rendez-vous')}, {counted(rows.instalments, 'échéance')}, "
        f"{counted(rows.fees, 'ligne')} d’honoraires, dans {result.export}"
    )
    yield f"Première synchronisation{NO_BREAK_SPACE}: {_run(first)}"
    yield f"Réglages du portail publiés{NO_BREAK_SPACE}: version {result.settings_version}."
    yield (
        f"Première visite du patient {result.visitor.number}{NO_BREAK_SPACE}: mot de passe choisi, "
        f"{counted(len(result.pages), 'page enregistrée', 'pages enregistrées')} dans {Path(result.pages[0]).parent}"
    )
    yield f"Message du patient au cabinet{NO_BREAK_SPACE}: {result.mail}"
    yield f"Deuxième synchronisation{NO_BREAK_SPACE}: {_run(second)}"
    yield from _mail_lines(result.mailing, result.visitor.password)
    yield f"Durées{NO_BREAK_SPACE}: {', '.join(f'{step.name} {_seconds(step.seconds)}' for step in result.steps)}."
    yield f"Tout est dans {result.workspace}"


def _mail_lines(mailing: MailResult, password: str) -> Iterator[str]:
    yield f"Accès vérifiés auprès du portail avant l’envoi{NO_BREAK_SPACE}: {number(mailing.verified)}."
    for what, place in (
        (counted(mailing.emails, "e-mail reçu", "e-mails reçus"), mailing.email_folder),
        (counted(mailing.sms, "SMS reçu", "SMS reçus"), mailing.sms_folder),
        (counted(mailing.letters, "lettre"), mailing.letters_file),
        (f"{counted(mailing.word_letters, 'lettre')} pour Word", mailing.word_letters_file),
        (counted(mailing.cards, "carte d’accès", "cartes d’accès"), mailing.cards_file),
    ):
        yield f"  {what}{NO_BREAK_SPACE}: {place}"
    if mailing.refused:
        yield f"  {counted(len(mailing.refused), 'remarque')} sur des envois refusés, par exemple{NO_BREAK_SPACE}:"
        yield f"    {mailing.refused[0]}"
    yield (
        f"Lien reçu par e-mail suivi par le patient {mailing.followed}{NO_BREAK_SPACE}: mot de passe choisi, {password}"
    )


def _ways_in(result: DemoResult) -> Iterator[str]:
    yield ""
    yield f"Pour essayer{NO_BREAK_SPACE}: {result.portal}{CABINET_SIGN_IN.format(code=result.cabinet)}"
    yield f"  Identifiant de cabinet{NO_BREAK_SPACE}: {result.cabinet}"
    yield (
        f"  Un patient déjà venu{NO_BREAK_SPACE}: identifiant {result.visitor.number}, mot de passe "
        f"{result.visitor.password}"
    )
    yield (
        f"  Une première visite à faire{NO_BREAK_SPACE}: identifiant {result.newcomer.number}, code de première visite "
        f"{result.newcomer.password}"
    )


def _run(report: RunReport) -> str:
    return f"{' '.join(sentences(report))} {counted(report.requests, 'requête')}, {size(report.bytes_sent)} envoyés."


def _seconds(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + NO_BREAK_SPACE + "s"
