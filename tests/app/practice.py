"""The demo cabinet with a computer of the reception desk, on a real portal: what the application's tests work in."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.desk.desk import Desk
from cabinet.demo.export import write_export
from cabinet.dossier import Dossier
from cli.demo_journey import CHOSEN_PASSWORD, initial_secret
from cli.embedded_portal import EmbeddedPortal
from cli.visitor import Visitor
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import PublishSettings, Role
from portal.pages import addresses
from portal.pages.settings import demo_settings, encode
from sync.config import SecretKind, SyncConfig, keep_credentials, open_store, write_config
from sync.configured import run_configured
from tests.e2e.journey.clinic import on_the_portal

PATIENTS = 40
CABINETS_AT_ONCE = 10
MESSAGE = "Bonjour, peut-on avancer le prochain rendez-vous d’une semaine\u00a0? Merci."

_MAKE_CABINETS = """
from portal.api.shapes import Role
start = int(sys.argv[1])
for n in range(start, start + int(sys.argv[2])):
    cabinet = create_cabinet(f"cabinet-{n}", f"Cabinet {n}")
    print(cabinet.code, issue_code(cabinet, Role.PRACTITIONER), issue_code(cabinet, Role.RECEPTION))
"""


@dataclass(frozen=True)
class NewCabinet:
    code: str
    practitioner_code: str
    reception_code: str


def new_cabinets(portal: EmbeddedPortal) -> Iterator[NewCabinet]:
    """Cabinets without end, made ten at a time: each process of the portal's takes a second to start."""
    start = 1
    while True:
        printed = on_the_portal(portal, _MAKE_CABINETS, str(start), str(CABINETS_AT_ONCE))
        yield from (NewCabinet(*line.split()) for line in printed.splitlines())
        start += CABINETS_AT_ONCE


@dataclass(frozen=True)
class Practice:
    """A cabinet that publishes: `folder` holds the computer's configuration, secrets, state and export."""

    portal: EmbeddedPortal
    cabinet: NewCabinet
    folder: Path

    @property
    def config_file(self) -> Path:
        return self.folder / "sync.toml"

    @property
    def state_dir(self) -> Path:
        return self.folder / "state"

    def desk(self) -> Desk:
        return Desk(self.config_file, self.state_dir)

    def copy(self, folder: Path) -> "Practice":
        """The same device in another folder: what one test writes there no other test sees."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("export"))
        return Practice(self.portal, self.cabinet, folder)

    def enrol(self, role: Role) -> None:
        """Make this computer a device of the cabinet. Each role can be taken once."""
        code = self.cabinet.practitioner_code if role is Role.PRACTITIONER else self.cabinet.reception_code
        with Connections() as connections:
            enrolled = PortalClient(self.portal.address, "", connections).enrol(code, "ACCUEIL-1")
        export = self.folder / "export"
        config = SyncConfig(
            self.portal.address, self.cabinet.code, source=str(export), secrets=SecretKind.FILE, secrets_file="s.json"
        )
        write_config(config, self.config_file)
        keep_credentials(open_store(config, self.folder), self.portal.address, enrolled)

    def sync(self) -> None:
        run_configured(self.desk().config, self.folder, self.state_dir)

    def publish_demo_settings(self) -> None:
        with self.desk().portal() as portal:
            portal.publishing.publish_settings(PublishSettings(0, msgspec.Raw(encode(demo_settings()))))

    def first_visit(self, dossier: Dossier) -> None:
        """This patient comes for the first time, and writes to the cabinet."""
        email = next(addressee.email for addressee in dossier.addressees if addressee.email)
        with Visitor(self.portal.address) as browser:
            browser.submit(
                addresses.FIRST_VISIT,
                then=addresses.WELCOME,
                cabinet_code=self.cabinet.code,
                patient_number=dossier.number,
                secret=initial_secret(demo_settings(), dossier),
            )
            browser.submit(addresses.WELCOME, then=addresses.APPOINTMENTS, new_password=CHOSEN_PASSWORD, email=email)
            browser.submit(addresses.CONTACT, then=addresses.CONTACT, subject="Rendez-vous", message=MESSAGE)


def enrolled_practice(portal: EmbeddedPortal, cabinet: NewCabinet, folder: Path, *, today: dt.date) -> Practice:
    """A practitioner's computer, with an export that it has not published yet."""
    practice = Practice(portal, cabinet, folder)
    folder.mkdir(parents=True)
    write_export(folder / "export", reference=today, patients=PATIENTS, photos=True)
    practice.enrol(Role.PRACTITIONER)
    return practice


def published_practice(portal: EmbeddedPortal, cabinet: NewCabinet, folder: Path, *, today: dt.date) -> Practice:
    """A cabinet whose portal is open: synced, its texts published, one patient who came and left a message."""
    practice = enrolled_practice(portal, cabinet, folder, today=today)
    practice.sync()
    practice.publish_demo_settings()
    practice.first_visit(visitor_of(practice.desk()))
    return practice


def visitor_of(desk: Desk) -> Dossier:
    """The patient who has come: the first of the export with all that a first visit needs."""
    return next(
        dossier
        for dossier in desk.read_source().dossiers
        if dossier.patient.birth_date and any(addressee.email for addressee in dossier.addressees)
    )
