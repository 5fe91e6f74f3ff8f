"""The demo's steps: export, enrolment, sync, settings, first visit, pages, message, an unchanged night, the mail."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import requests

from cabinet.demo.export import write_export
from cabinet.demo.procedure_patient import NUMBER as PROCEDURE_NUMBER
from cabinet.dossier import Dossier, decode
from cabinet.errors import WebOrthoError
from cabinet.mapping import default_mapping
from cli.demo_computer import NAME as COMPUTER
from cli.demo_computer import lead_to, set_up, state_of
from cli.demo_mailing import MailResult, mail
from cli.embedded_portal import EmbeddedPortal
from cli.letter_box import MailBox, SmsBox
from cli.visitor import Visitor
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Enrolled, PublishSettings, Role
from portal.pages import addresses
from portal.pages.settings import FirstAccessPolicy, PortalSettings, demo_settings, encode
from sync.config import keep_credentials, read_credentials
from sync.gathered import Gathered
from sync.report import Launch, Outcome, RunReport
from sync.rereading import gather
from sync.run import SyncTask, run_sync
from sync.secret_store import MemoryStore

CABINET = "demo"
CABINET_NAME = "Cabinet d’orthodontie du Parc"
SERVER = "Serveur du cabinet"
CHOSEN_PASSWORD = "violon-marguerite-orage"  # noqa: S105 - of an invented patient, printed for whoever tries the demo
MESSAGE = "Bonjour, peut-on avancer le prochain rendez-vous d’une semaine\u00a0? Merci."
MAIL_WITHIN = 30
"""Seconds: the portal sends mail in the background."""

PAGES = {
    "rendez-vous.html": addresses.APPOINTMENTS,
    "comptabilite.html": addresses.ACCOUNTS,
    "contact.html": addresses.CONTACT,
}


class WorkspaceTaken(WebOrthoError):
    """The folder that was given is not empty."""


class DemoFailed(WebOrthoError):
    """A step did not do what the demo shows."""


class Step(msgspec.Struct, frozen=True):
    name: str
    seconds: float


class SignIn(msgspec.Struct, frozen=True):
    """An invented patient, and what opens the portal for them: the password chosen, or the initial secret."""

    number: str
    password: str


class DemoResult(msgspec.Struct, frozen=True):
    """What was done and where it is. Folders and files are absolute paths."""

    status: str
    workspace: str
    portal: str
    cabinet: str
    export: str
    first_sync: RunReport
    second_sync: RunReport
    settings_version: int
    visitor: SignIn
    newcomer: SignIn
    """A patient whose first visit is still to come."""
    pages: tuple[str, ...]
    mail: str
    mailing: MailResult
    config: str
    """Of the demo's computer: what the application opens."""
    steps: tuple[Step, ...]


@dataclass
class Journey:
    """Where the demo is played, and how long its steps took."""

    workspace: Path
    portal: EmbeddedPortal
    mail: MailBox
    sms: SmsBox
    today: dt.date
    steps: list[Step] = field(default_factory=list)
    store: MemoryStore = field(default_factory=MemoryStore)

    @property
    def export(self) -> Path:
        return self.workspace / "export"

    @contextmanager
    def step(self, name: str, show: Callable[[str], object]) -> Iterator[None]:
        """Time a step, and name it when it fails."""
        show(name)
        started = time.monotonic()
        try:
            yield
        except WebOrthoError as error:
            raise DemoFailed(f"L’étape «\u00a0{name}\u00a0» a échoué. {error.what}", error.todo) from error
        except requests.RequestException as error:
            raise DemoFailed(
                f"L’étape «\u00a0{name}\u00a0» a échoué\u00a0: le portail n’a pas répondu.",
                f"Le journal du portail est {self.portal.log}.",
            ) from error
        self.steps.append(Step(name, time.monotonic() - started))


def play(journey: Journey, show: Callable[[str], object]) -> DemoResult:
    """Play every step against a portal that runs already. Raise `DemoFailed` with the name of the step."""
    portal, step = journey.portal, journey.step
    with step("Export de démonstration", show):
        write_export(journey.export, reference=journey.today)
    with step("Enrôlement", show):
        portal.create_cabinet(CABINET, CABINET_NAME)
        publisher = _enrol(journey, Role.SYNC)
        practitioner = _enrol(journey, Role.PRACTITIONER)
        keep_credentials(journey.store, portal.address, publisher)
        desk = set_up(journey.workspace / "poste", portal.address, practitioner, journey.export)
        lead_to(desk, journey.mail, journey.sms)
    with step("Première synchronisation", show):
        first = _sync(journey)
    settings = demo_settings()
    with step("Réglages du portail", show):
        version = _publish(portal, practitioner.token, settings)
    dossiers = [decode(encoded) for encoded in _gather(journey).encoded.values()]
    visiting = _visiting(dossiers)
    visitor = SignIn(visiting.number, CHOSEN_PASSWORD)
    waiting = next(dossier for dossier in dossiers if dossier.number == PROCEDURE_NUMBER)
    with Visitor(portal.address) as browser:
        with step("Première visite d’un patient", show):
            _first_visit(browser, settings, visiting)
        with step("Pages du patient", show):
            pages = _save_pages(browser, journey.workspace / "pages", visiting)
        with step("Message au cabinet", show):
            browser.submit(addresses.CONTACT, then=addresses.CONTACT, subject="Rendez-vous", message=MESSAGE)
            message = _mail_to(portal, settings.contact_email)
    with step("Deuxième synchronisation", show):
        second = _sync(journey)
        if (second.status, second.requests) != (Outcome.CURRENT, 1):
            raise DemoFailed(
                f"Rien n’avait changé, mais {second.requests} requêtes ont été faites.",
                "Signalez cette erreur avec la version de WebOrtho.",
            )
    mailed = mail(
        desk,
        journey.workspace / "imprimes",
        (journey.mail, journey.sms),
        lambda name: step(name, show),
        password=CHOSEN_PASSWORD,
        spared=frozenset((visitor.number, waiting.number)),
    )
    return DemoResult(
        status="done",
        workspace=str(journey.workspace),
        portal=portal.address,
        cabinet=CABINET,
        export=str(journey.export),
        first_sync=first,
        second_sync=second,
        settings_version=version,
        visitor=visitor,
        newcomer=SignIn(waiting.number, initial_secret(settings, waiting)),
        pages=tuple(str(page) for page in pages),
        mail=str(message),
        mailing=mailed,
        config=str(desk.config_file),
        steps=tuple(journey.steps),
    )


def initial_secret(settings: PortalSettings, dossier: Dossier) -> str:
    """What the cabinet's letter tells this patient (DESIGN.md §6)."""
    access = settings.first_access
    if access.policy is FirstAccessPolicy.PATTERN:
        return access.pattern.replace("@ORDRE", dossier.number)
    birth_date = dossier.patient.birth_date
    if access.policy is not FirstAccessPolicy.BIRTH_DATE or birth_date is None:
        raise DemoFailed(
            "Les réglages de démonstration ne donnent pas de code de première visite à ce patient.",
            "Signalez cette erreur avec la version de WebOrtho.",
        )
    return f"{birth_date:%d%m%Y}"


def _enrol(journey: Journey, role: Role) -> Enrolled:
    code = journey.portal.enrolment_code(CABINET, role)
    name = SERVER if role is Role.SYNC else COMPUTER
    with Connections() as connections:
        return PortalClient(journey.portal.address, "", connections).enrol(code, name)


def _gather(journey: Journey) -> Gathered:
    key = read_credentials(journey.store, journey.portal.address, CABINET).digest_key
    return gather(journey.export, default_mapping(), key)


def _sync(journey: Journey) -> RunReport:
    credentials = read_credentials(journey.store, journey.portal.address, CABINET)
    with Connections() as connections:
        client = PortalClient(journey.portal.address, credentials.token, connections)
        task = SyncTask(CABINET, launch=Launch.MANUAL)
        # In the journal of the computer that the application opens, so that its screens have something to show.
        return run_sync(task, lambda _: _gather(journey), client, state_of(journey.workspace / "poste" / "sync.toml"))


def _publish(portal: EmbeddedPortal, token: str, settings: PortalSettings) -> int:
    with Connections() as connections:
        client = PortalClient(portal.address, token, connections)
        return client.publish_settings(PublishSettings(0, msgspec.Raw(encode(settings)))).version


def _visiting(dossiers: list[Dossier]) -> Dossier:
    """The patient who comes: one whose pages all have something to show, and who has an e-mail on file."""
    return next(
        d
        for d in dossiers
        if d.number != PROCEDURE_NUMBER
        and d.patient.birth_date
        and d.appointments
        and d.instalments
        and d.photo_digest
        and any(addressee.email for addressee in d.addressees)
    )


def _first_visit(browser: Visitor, settings: PortalSettings, dossier: Dossier) -> None:
    browser.submit(
        addresses.FIRST_VISIT,
        then=addresses.WELCOME,
        cabinet_code=CABINET,
        patient_number=dossier.number,
        secret=initial_secret(settings, dossier),
    )
    email = next(addressee.email for addressee in dossier.addressees if addressee.email)
    browser.submit(addresses.WELCOME, then=addresses.APPOINTMENTS, new_password=CHOSEN_PASSWORD, email=email)


def _save_pages(browser: Visitor, folder: Path, dossier: Dossier) -> list[Path]:
    """Fetch the three pages and keep their HTML. Raise `DemoFailed` for one that is not this patient's."""
    folder.mkdir()
    saved = []
    for name, address in PAGES.items():
        html = browser.page(address)
        if dossier.patient.first_name not in html:
            raise DemoFailed(
                f"La page {address} ne montre pas le dossier du patient.", "Regardez le journal du portail."
            )
        saved.append(folder / name)
        saved[-1].write_text(html, encoding="utf-8")
    return saved


def _mail_to(portal: EmbeddedPortal, address: str) -> Path:
    """The message as it would have been sent to the cabinet. Raise `DemoFailed` when it does not come."""
    deadline = time.monotonic() + MAIL_WITHIN
    while time.monotonic() < deadline:
        for path in sorted(portal.mails.glob("*.eml")):
            if address.encode() in path.read_bytes():
                return path
        time.sleep(0.1)
    raise DemoFailed("Le message du patient n’est pas parti.", f"Le journal du portail est {portal.log}.")
