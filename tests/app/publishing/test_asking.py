"""A computer that does not read the export asks the one that does, and shows how far it is: two real sides."""

import datetime as dt
import threading
from collections.abc import Iterator

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.publishing import asking
from app.widgets.pill import Kind
from cabinet.errors import SourceError
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Role
from portal.api.transport import checked_address
from sync.asked import claimed, followed
from sync.cancel import CancelToken
from sync.config import SecretKind, SyncConfig, keep_credentials, open_store, read_config, write_config
from sync.configured import run_configured
from sync.report import Launch
from sync.told import tell_plan
from tests.app.conftest import WITHIN
from tests.app.practice import PATIENTS, Practice
from tests.app.publishing.conftest import Opened
from tests.app.publishing.test_view import idle, press


class Server:
    """The cabinet's other computer: it reads the export, and looks whether it is asked when it is told to."""

    def __init__(self, practice: Practice) -> None:
        self.folder = practice.folder / "serveur"
        self.folder.mkdir()
        address = checked_address(practice.portal.address)
        code = practice.portal.enrolment_code(practice.cabinet.code, Role.SYNC)
        with Connections() as connections:
            enrolled = PortalClient(address, "", connections).enrol(code, "Serveur")
        export = str(practice.folder / "export")
        self.config = SyncConfig(address, practice.cabinet.code, export, secrets=SecretKind.FILE)
        keep_credentials(open_store(self.config, self.folder), address, enrolled)
        tell_plan(self.config, self.folder, dt.time(20, 7))

    def look(self) -> None:
        """What its light task does every five minutes."""
        request, cancel = claimed(self.config, self.folder), CancelToken()
        if request is not None:
            with followed(self.config, self.folder, request, cancel) as show:
                run_configured(
                    self.config,
                    self.folder,
                    self.folder / "state",
                    launch=Launch.ASKED,
                    request=request,
                    cancel=cancel,
                    progress=show,
                )


@pytest.fixture
def sourceless(new_practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """A computer that leaves the export to another one."""
    monkeypatch.setattr(asking, "LOOK_EVERY", 0.1)
    config = read_config(new_practice.config_file)
    write_config(msgspec.structs.replace(config, source="", reads_source=False), new_practice.config_file)
    return new_practice


@pytest.fixture
def server(sourceless: Practice) -> Server:
    return Server(sourceless)


@pytest.fixture
def looking(server: Server) -> Iterator[threading.Event]:
    """Set: the server looks; it does so once."""
    may = threading.Event()

    def look() -> None:
        may.wait()
        server.look()

    thread = threading.Thread(target=look)
    thread.start()
    yield may
    may.set()
    thread.join()


def test_the_other_computer_is_asked_and_its_result_shown(
    qtbot: QtBot, opened: Opened, sourceless: Practice, looking: threading.Event
) -> None:
    screen = opened(sourceless)
    press(qtbot, screen.run_button)
    qtbot.waitUntil(
        lambda: "Demandé au poste «\u00a0Serveur\u00a0»" in screen.run.progress._label.text(), timeout=WITHIN
    )
    assert "Une synchronisation est en cours." in screen.busy_with()
    looking.set()
    idle(qtbot, screen)
    assert screen.result.kind is Kind.OK
    assert screen.result.text.startswith(f"{PATIENTS}\u00a0dossiers ajoutés")
    assert screen.run.pipeline.pipeline.portal.spoken.startswith(f"{PATIENTS} patients publiés")
    newest = screen.history.model.rows[0]
    assert (newest.computer, newest.launch, newest.added) == ("Serveur", "À distance", str(PATIENTS))
    assert not screen.history.table.isColumnHidden(2)


def test_what_the_other_computer_could_not_do_is_shown(
    qtbot: QtBot, opened: Opened, sourceless: Practice, server: Server
) -> None:
    (sourceless.folder / "export" / "patients.csv").unlink()
    screen = opened(sourceless)
    press(qtbot, screen.run_button)
    qtbot.waitUntil(lambda: "Demandé au poste" in screen.run.progress._label.text(), timeout=WITHIN)
    with pytest.raises(SourceError):
        server.look()
    idle(qtbot, screen)
    assert screen.result.kind is Kind.ERROR
    assert screen.result.text.startswith("Le fichier patients.csv manque")
    assert screen.history.model.rows[0].verdict.words == "Source illisible"


def test_a_request_that_is_cancelled_is_given_up(
    qtbot: QtBot, opened: Opened, sourceless: Practice, server: Server
) -> None:
    screen = opened(sourceless)
    press(qtbot, screen.run_button)
    qtbot.waitUntil(lambda: "Demandé au poste" in screen.run.progress._label.text(), timeout=WITHIN)
    press(qtbot, screen.run.progress.button)
    idle(qtbot, screen)
    assert screen.result.text.startswith("La synchronisation a été arrêtée à votre demande.")
    assert claimed(server.config, server.folder) is None


def test_a_cabinet_where_nobody_answers_says_what_to_do(qtbot: QtBot, opened: Opened, sourceless: Practice) -> None:
    screen = opened(sourceless)
    press(qtbot, screen.run_button)
    idle(qtbot, screen)
    assert screen.result.kind is Kind.ERROR
    assert screen.result.text.startswith("Aucun poste du cabinet ne synchronise de lui-même.")


def test_an_export_out_of_reach_is_asked_of_the_other_computer_or_told_as_missing(
    qtbot: QtBot, opened: Opened, sourceless: Practice
) -> None:
    config = msgspec.structs.replace(read_config(sourceless.config_file), source="absent", reads_source=True)
    write_config(config, sourceless.config_file)
    screen = opened(sourceless)
    press(qtbot, screen.run_button)
    idle(qtbot, screen)
    assert "n’existe pas" in screen.result.text
    Server(sourceless)
    press(qtbot, screen.run_button)
    qtbot.waitUntil(lambda: "Demandé au poste" in screen.run.progress._label.text(), timeout=WITHIN)
    press(qtbot, screen.run.progress.button)
    idle(qtbot, screen)
