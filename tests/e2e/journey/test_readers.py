"""Pages that are read while syncs publish: each is of one state, whole, and none is older than the last."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

import msgspec
import pytest

from cabinet.dossier import Dossier, Patient
from cli.demo_journey import CHOSEN_PASSWORD, initial_secret
from cli.embedded_portal import EmbeddedPortal
from cli.visitor import Visitor
from portal.api.connections import Connections
from portal.api.shapes import PublishSettings
from portal.pages import addresses
from portal.pages.settings import demo_settings, encode
from sync.report import Outcome
from tests.e2e.journey.clinic import Clinic
from tests.rounds import Rounds

NUMBER = "0001"
VISITS = 30


def write(clinic: Clinic, state: int) -> None:
    """The state's number is in the patient's name and in each of their appointments."""
    clinic.export.names[NUMBER] = f"ETAT-{state}"
    clinic.export.write()
    visits = clinic.export.folder / "rdv.csv"
    rows = [f"{NUMBER};{1 + day:02}/03/2026 10:00;V{state}" for day in range(VISITS)]
    others = [line for line in visits.read_text().splitlines() if not line.startswith(NUMBER)]
    visits.write_text("\n".join([*others, *rows, ""]))


class Reader(threading.Thread):
    """Reads the same page again and again until it is told to end; `seen` are the states of its pages, in order."""

    def __init__(self, browser: Visitor, ending: threading.Event) -> None:
        super().__init__()
        self._browser = browser
        self._ending = ending
        self.seen: list[int] = []
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                page = self._browser.page(addresses.APPOINTMENTS)
                names, visits = re.findall(r"ETAT-(\d+)", page), re.findall(r"\bV(\d+)\b", page)
                assert names
                assert len(visits) >= VISITS
                assert len({*names, *visits}) == 1, "a page of two states"
                self.seen.append(int(names[0]))
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self.trouble = error


@pytest.fixture
def readers(clinic: Clinic, portal: EmbeddedPortal) -> Iterator[list[Reader]]:
    """A parent at two computers, signed in."""
    with Connections() as connections:
        practitioner = clinic.practitioner.client(connections)
        practitioner.publish_settings(PublishSettings(0, msgspec.Raw(encode(demo_settings()))))
    write(clinic, 0)
    clinic.nightly.run_here()
    dossier = Dossier(Patient(NUMBER, birth_date=dt.date(2012, 2, 1)))
    ending = threading.Event()
    with ExitStack() as stack:
        first = stack.enter_context(Visitor(portal.address))
        first.submit(
            addresses.FIRST_VISIT,
            then=addresses.WELCOME,
            cabinet_code=clinic.code,
            patient_number=NUMBER,
            secret=initial_secret(demo_settings(), dossier),
        )
        first.submit(
            addresses.WELCOME, then=addresses.APPOINTMENTS, new_password=CHOSEN_PASSWORD, email="parent@exemple.fr"
        )
        second = stack.enter_context(Visitor(portal.address))
        second.submit(
            addresses.SIGN_IN,
            then=addresses.APPOINTMENTS,
            cabinet_code=clinic.code,
            patient_number=NUMBER,
            password=CHOSEN_PASSWORD,
        )
        started = [Reader(first, ending), Reader(second, ending)]
        for reader in started:
            reader.start()
        try:
            yield started
        finally:
            ending.set()
            for reader in started:
                reader.join()


def read_during(
    clinic: Clinic, readers: list[Reader], syncs: Iterable[int], tell: Callable[[str], None] = print
) -> None:
    for sync in syncs:
        write(clinic, 1 + sync)
        assert clinic.nightly.run_here().status is Outcome.DONE
        assert [reader.trouble for reader in readers] == [None] * len(readers)
    for reader in readers:
        assert reader.seen == sorted(reader.seen)
        assert len(set(reader.seen)) > 1, "nobody read while it changed"
    tell(f"{sum(len(reader.seen) for reader in readers)} pages")


def test_pages_that_are_read_during_syncs_show_one_state(clinic: Clinic, readers: list[Reader]) -> None:
    read_during(clinic, readers, range(15))


@pytest.mark.long
def test_pages_that_are_read_during_a_thousand_syncs_show_one_state(
    clinic: Clinic, readers: list[Reader], rounds: Rounds, tell: Callable[[str], None]
) -> None:
    read_during(clinic, readers, rounds(1_000), tell)
