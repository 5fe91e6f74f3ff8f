"""`webortho demo`: the whole job for real, and nothing left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from app.desk.desk import Desk
from cli.demo import _ways_in
from cli.demo_computer import state_of
from cli.demo_journey import DemoResult
from tests.merge.servers import free_port

pytestmark = pytest.mark.early
COMMAND = [sys.executable, "-m", "cli", "demo", "--no-desktop"]


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )


def started(*arguments: str) -> "subprocess.Popen[str]":
    """A demo that goes on until somebody ends it."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={key: value for key, value in os.environ.items() if key != "DISPLAY"},
        # Tests that run behind a shell's « & » were told to ignore Ctrl+C, and so would the demo be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - it starts no thread
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Played to its end, looked at while its portal stayed open, and stopped by Ctrl+C."""
    workspace = tmp_path_factory.mktemp("demo") / "new"
    with started("--json", "--workspace", str(workspace), "--date", "2026-03-02") as process:
        try:
            assert process.stderr is not None
            told = []
            while not told or not told[-1].startswith("Le portail reste ouvert"):
                told.append(process.stderr.readline())
                assert told[-1], "".join(told)
            assert is_open(re.findall(r"http://[^ /]+", told[-1])[0])
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    (line,) = out.splitlines()
    document = json.loads(line)
    assert isinstance(document, dict)
    return document


def test_the_demo_publishes_the_whole_cabinet(played: dict[str, Any]) -> None:
    assert played["status"] == "done"
    assert played["first_sync"]["added"] == 250
    assert played["first_sync"]["photos"] == 210
    assert played["first_sync"]["problems"] == []


def test_the_second_night_is_one_small_request(played: dict[str, Any]) -> None:
    second = played["second_sync"]
    assert (second["status"], second["requests"]) == ("current", 1)
    assert second["bytes_sent"] < 1000


def test_the_three_pages_are_the_visitor_s_own(played: dict[str, Any]) -> None:
    pages = {Path(page).name: Path(page).read_text(encoding="utf-8") for page in played["pages"]}
    assert set(pages) == {"rendez-vous.html", "comptabilite.html", "contact.html"}
    assert "<h1>Mes Rendez-Vous</h1>" in pages["rendez-vous.html"]
    assert "Échéancier" in pages["comptabilite.html"]
    assert "Tapez votre message ici" in pages["contact.html"]


def test_the_message_is_a_mail_to_the_cabinet(played: dict[str, Any]) -> None:
    mail = Path(played["mail"]).read_text(encoding="utf-8")
    assert "cabinet@exemple.fr" in mail
    assert mail.lower().count("reply-to:") == 1


def test_a_campaign_arrives_by_every_channel(played: dict[str, Any]) -> None:
    mailing = played["mailing"]
    emails = list(Path(mailing["email_folder"]).glob("*.eml"))
    texts = [path.read_text("utf-8") for path in Path(mailing["sms_folder"]).glob("*.txt")]
    assert len(emails) == mailing["emails"] > 150
    assert len(texts) == mailing["sms"] > 20
    assert all("Identifiant" in text for text in texts)
    assert Path(mailing["letters_file"]).read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(mailing["word_letters_file"])
    assert (mailing["letters"] > 200, mailing["word_letters"] > 0, mailing["cards"]) == (True, True, 248)
    assert mailing["verified"] >= mailing["emails"] + mailing["letters"] + mailing["cards"]
    assert any("la norme postale en admet 38" in sentence for sentence in mailing["refused"])


def test_a_link_that_arrived_was_followed_to_a_password(played: dict[str, Any]) -> None:
    assert played["mailing"]["followed"] not in ("", played["visitor"]["number"], played["newcomer"]["number"])


def test_the_application_finds_the_demo_s_computer(played: dict[str, Any]) -> None:
    config = Path(played["config"])
    desk = Desk(config, state_of(config))
    assert desk.config.cabinet == "demo"
    assert len(desk.credentials().digest_key) == 32
    assert len(desk.read_source().dossiers) == 250


def test_everything_is_in_the_workspace_and_the_portal_is_stopped(played: dict[str, Any]) -> None:
    workspace = Path(played["workspace"])
    assert {path.name for path in workspace.iterdir()} == {
        *("export", "portail", "pages", "poste", "courrier", "imprimes")
    }
    assert not is_open(played["portal"])


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    ended = demo("--once", "--json", "--workspace", str(tmp_path))
    assert ended.returncode == 4
    assert json.loads(ended.stdout) == {
        "status": "error",
        "what": f"Le dossier de travail {tmp_path} n’est pas vide.",
        "todo": "Donnez un dossier vide, ou un nom nouveau.",
        "exit_code": 4,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_person_is_told_how_to_try_the_portal(played: dict[str, Any]) -> None:
    ways_in = list(_ways_in(msgspec.convert(played, DemoResult)))
    assert "  Une première visite à faire\u00a0: identifiant 5312, code de première visite 15041985" in ways_in


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_is_ended_in_the_middle_leaves_no_portal(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with started("--workspace", str(tmp_path / "new"), "--port", str(port)) as process:
        try:
            comes_to(address, is_there=True)
            process.send_signal(how)
            process.communicate(timeout=60)
        finally:
            process.kill()
    comes_to(address, is_there=False)


def comes_to(address: str, *, is_there: bool) -> None:
    deadline = time.monotonic() + 60
    while is_open(address) is not is_there:
        assert time.monotonic() < deadline, f"the portal {'does not open' if is_there else 'is left'}"
        time.sleep(0.1)


def is_open(address: str) -> bool:
    try:
        return requests.get(f"{address}/api/v1/health", timeout=10).status_code == 200
    except requests.ConnectionError:
        return False
