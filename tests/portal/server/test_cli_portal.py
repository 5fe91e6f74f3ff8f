"""`webortho portal`, as the hoster types it: a real installation in a real folder, served by the real server."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from cabinet.dossier import Dossier, Patient, digest_of, encode
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Batch, BatchEntry, Commit, OpenRun, TableCounts
from tests.portal.server.hosting import ROOT, Hoster, Served

COUNTS = TableCounts(patients=1)


@pytest.fixture
def hoster(tmp_path: Path) -> Hoster:
    return Hoster(tmp_path / "portal")


@pytest.fixture
def installed(hoster: Hoster, installation: Path) -> Hoster:
    shutil.copytree(installation, hoster.folder)
    return hoster


@pytest.fixture
def served(installed: Hoster) -> Iterator[Served]:
    portal = Served(installed)
    yield portal
    portal.close()


@pytest.fixture
def connections() -> Iterator[Connections]:
    with Connections() as connections:
        yield connections


def enrol(connections: Connections, hoster: Hoster, address: str) -> tuple[PortalClient, bytes]:
    code = str(hoster.ask("enrol", "sourire", "--role", "sync")["code"])
    enrolled = PortalClient(address, "", connections).enrol(code, "Serveur")
    return PortalClient(address, enrolled.token, connections), enrolled.digest_key


def entry(key: bytes, number: str, civility: str) -> BatchEntry:
    encoded = encode(Dossier(Patient(number, civility, "Exemple")))
    return BatchEntry(number, digest_of(encoded, key), encoded)


def stage(client: PortalClient, key: bytes, civility: str, count: int) -> tuple[str, Commit]:
    state = client.open_run(OpenRun("f" * 32, COUNTS))
    client.put_batch(state.run, 0, Batch(tuple(entry(key, str(n), civility) for n in range(count))))
    return state.run, Commit(base_root=state.portal_root, batches=1, counts=COUNTS)


# Setting up


def test_nothing_works_before_migrate_and_it_says_so(hoster: Hoster) -> None:
    for command in (["serve"], ["check"], ["enrol", "x", "--role", "sync"], ["backup", str(hoster.folder / "b")]):
        assert hoster.run(*command, code=4).stderr.endswith("Lancez d’abord «\u00a0webortho portal migrate\u00a0».\n")


def test_migrate_makes_the_folder_and_the_keys_and_may_be_repeated(hoster: Hoster) -> None:
    first = hoster.run("migrate").stdout
    assert first.startswith(f"Le portail est prêt dans {hoster.folder}.\n")
    assert "Gardez-en une copie ailleurs" in first
    keys = (hoster.folder / "keys.json").read_bytes()
    assert hoster.ask("migrate") == {"data_dir": str(hoster.folder), "keys_are_new": False}
    assert (hoster.folder / "keys.json").read_bytes() == keys
    if os.name == "posix":
        assert (hoster.folder / "keys.json").stat().st_mode & 0o777 == 0o600
        assert hoster.folder.stat().st_mode & 0o777 == 0o700


def test_new_keys_are_never_put_beside_an_old_database(installed: Hoster) -> None:
    (installed.folder / "keys.json").rename(installed.folder / "elsewhere")
    assert installed.run("migrate", code=4).stderr == (
        f"La base {installed.folder / 'portal.sqlite3'} existe, mais le fichier de clés "
        f"{installed.folder / 'keys.json'} manque. "
        "Reprenez le fichier de clés de votre sauvegarde\u00a0: sans lui, rien de cette base ne s’ouvre.\n"
    )


def test_keys_of_another_installation_are_noticed(installed: Hoster, tmp_path: Path) -> None:
    Hoster(tmp_path / "other").run("migrate")
    shutil.copy(tmp_path / "other" / "keys.json", installed.folder / "keys.json")
    assert installed.run("serve", code=4).stderr == (
        "Le fichier de clés n’est pas celui de cette base de données. Reprenez celui de votre sauvegarde.\n"
    )


def test_cabinets_and_devices_are_managed(installed: Hoster) -> None:
    assert "est déjà pris. Choisissez-en un autre." in installed.run("create-cabinet", "sourire", "X", code=4).stderr
    assert "n’est pas valable." in installed.run("create-cabinet", "Le Sourire", "X", code=4).stderr
    assert "est inconnu." in installed.run("create-cabinet", "x1", "X", "--time-zone", "Mars/Olympus", code=4).stderr
    assert installed.ask("create-cabinet", "ailes", "Ailes", "--time-zone", "Indian/Reunion") == {
        "code": "ailes",
        "name": "Ailes",
        "time_zone": "Indian/Reunion",
    }
    code = str(installed.ask("enrol", "sourire", "--role", "sync")["code"])
    assert installed.run("enrol", "sourire", "--role", "sync").stdout.count("-") == 2
    assert len(code) == 14
    missing = installed.ask("enrol", "nobody", "--role", "sync", code=4)
    assert missing["what"] == "Aucun cabinet n’a l’identifiant «\u00a0nobody\u00a0»."
    assert installed.run("devices", "sourire").stdout == "Ce cabinet n’a pas encore de poste.\n"
    assert "n’a pas de poste n°\u00a07." in installed.run("revoke", "sourire", "7", code=4).stderr.replace(
        "n° ", "n°\u00a0"
    )


def test_check_says_what_is_well_and_what_is_not(installed: Hoster) -> None:
    answer = installed.ask("check", code=1)
    assert [(f["name"], f["is_well"]) for f in answer["findings"]] == [  # type: ignore[index, attr-defined]  # parsed JSON
        ("database", True),
        ("schema", True),
        ("keys", True),
        ("origin", True),
        ("mail", False),
    ]
    installed.environment |= {"WEBORTHO_SMTP_URL": f"file://{installed.folder}", "WEBORTHO_ORIGIN": "http://a.example"}
    assert "À voir\u00a0: L’adresse http://a.example n’est pas sécurisée." in installed.run("check", code=1).stdout


def test_a_mail_server_is_tried_by_check_and_a_wrong_address_keeps_the_portal_from_starting(installed: Hoster) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        down = probe.getsockname()[1]
    installed.environment["WEBORTHO_SMTP_URL"] = f"smtp://127.0.0.1:{down}/?tls=none"
    assert (
        f"À voir\u00a0: Le serveur d’e-mail 127.0.0.1, port {down}, ne répond pas comme attendu"
        in installed.run("check", code=1).stdout
    )
    portal = Served(installed)  # a server that is down may come back
    try:
        assert requests.get(portal.address, timeout=15).status_code == 200
        assert portal.stop() == 0
        assert "background" not in portal.said()
    finally:
        portal.close()
    wrong = "WEBORTHO_SMTP_URL n’est pas une adresse de serveur de messagerie."
    installed.environment["WEBORTHO_SMTP_URL"] = "smtp:mail.exemple.fr"
    assert f"À voir\u00a0: {wrong}" in installed.run("check", code=1).stdout
    assert wrong in installed.run("serve", code=4).stderr


# Serving


def test_a_device_is_let_in_publishes_and_is_shut_out(
    installed: Hoster, served: Served, connections: Connections
) -> None:
    client, key = enrol(connections, installed, served.address)
    run, request = stage(client, key, "Mme", 3)
    assert client.commit(run, request).added == 3
    [device] = installed.ask("devices", "sourire")["devices"]  # type: ignore[misc]  # parsed JSON
    assert (device["role"], device["name"], device["is_revoked"]) == ("sync", "Serveur", False)
    installed.run("revoke", "sourire", str(device["id"]))
    assert requests.get(f"{served.address}/api/v1/self", timeout=5).status_code == 401
    assert served.stop() == 0
    assert f"Le portail écoute sur {served.address} (Ctrl+C l’arrête)." in served.said()
    assert "Traceback" not in served.said()


def test_a_port_that_is_taken_is_told(installed: Hoster, served: Served) -> None:
    refused = installed.run("serve", "--port", str(served.port), code=4).stderr
    assert f"L’adresse 127.0.0.1, port {served.port}, ne peut pas être ouverte" in refused
    assert "Arrêtez le programme qui s’en sert, ou choisissez un autre port avec --port." in refused


def test_a_portal_killed_in_the_middle_of_a_commit_shows_the_old_state_or_the_new(
    installed: Hoster, served: Served, connections: Connections
) -> None:
    client, key = enrol(connections, installed, served.address)
    run, request = stage(client, key, "Avant", 400)
    before = client.commit(run, request).root
    for delay in (0.0, 0.01, 0.03, 0.06, 0.1):
        run, request = stage(client, key, f"Après {delay}", 400)
        hasty = subprocess.Popen(
            [sys.executable, "-c", _COMMIT, served.address, client._transport._token, run, request.base_root],
            env=installed.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert hasty.stdout is not None
        hasty.stdout.readline()
        time.sleep(delay)
        served.kill()
        hasty.communicate()
        served.start()
        manifest = client.manifest()
        expected = {entry(key, str(n), f"Après {delay}").digest for n in range(400)}
        assert manifest.root.hex() == before or {e.digest for e in manifest.entries} == expected
        # The run converges: the same commit again gives the first answer, or applies it now.
        before = client.commit(run, request).root
        assert {e.digest for e in client.manifest().entries} == expected


_COMMIT = """
import sys
from portal.api.client import PortalClient
from portal.api.connections import Connections
from portal.api.shapes import Commit, TableCounts
from portal.api.transport import Patience
address, token, run, base = sys.argv[1:]
client = PortalClient(address, token, Connections(), patience=Patience(attempts=1))
print("now", flush=True)
client.commit(run, Commit(base_root=base, batches=1, counts=TableCounts(patients=1)))
"""


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_everything_that_the_portal_creates_is_for_its_account_alone(hoster: Hoster, tmp_path: Path) -> None:
    mails = hoster.folder / "mails"
    hoster.environment["WEBORTHO_SMTP_URL"] = mails.as_uri()
    hoster.run("migrate")
    hoster.run("create-cabinet", "sourire", "Cabinet du Sourire")
    django = [sys.executable, "-c", _MAIL]
    subprocess.run(django, env=hoster.environment, cwd=ROOT, check=True)
    portal = Served(hoster, log=tmp_path / "serve.log")
    try:
        deadline = time.monotonic() + 60
        while not list(mails.glob("*.eml")) and time.monotonic() < deadline:
            time.sleep(0.1)
        created = sorted(hoster.folder.rglob("*"))
        modes = {path.relative_to(hoster.folder).suffix: path.stat().st_mode & 0o777 for path in created}
    finally:
        portal.close()
    assert modes.pop("") == 0o700
    assert modes == dict.fromkeys((".eml", ".json", ".sqlite3", ".sqlite3-shm", ".sqlite3-wal"), 0o600)
    assert hoster.folder.stat().st_mode & 0o777 == 0o700


_MAIL = """
from portal.server.installation import set_up_django
set_up_django()
from portal.server.cabinets.registry import find_cabinet
from portal.server.mail.letters import Letter
from portal.server.mail.queue import enqueue
enqueue(find_cabinet("sourire"), Letter("email_changed", "parent@exemple.fr"))
"""


# Keeping it


def test_a_backup_of_a_running_portal_is_restored_elsewhere(
    installed: Hoster, served: Served, connections: Connections, tmp_path: Path
) -> None:
    client, key = enrol(connections, installed, served.address)
    run, request = stage(client, key, "Mme", 50)
    root = client.commit(run, request).root
    saved = tmp_path / "saved"
    assert installed.ask("backup", str(saved)) == {
        "database": str(saved / "portal.sqlite3"),
        "keys": str(saved / "keys.json"),
    }
    assert b"Exemple" not in (saved / "portal.sqlite3").read_bytes()
    assert "existe déjà. Donnez le nom d’un dossier à créer." in installed.run("backup", str(saved), code=4).stderr
    served.stop()

    elsewhere = Hoster(tmp_path / "elsewhere")
    assert "Ses clés ouvrent sa base de données." in elsewhere.run("restore", str(saved)).stdout
    with sqlite3.connect(elsewhere.folder / "portal.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again = Served(elsewhere)
    try:
        device, _ = enrol(connections, elsewhere, again.address)
        assert device.manifest().root.hex() == root
    finally:
        again.close()
    assert "Rien n’a été restauré." in elsewhere.run("restore", str(saved), code=4).stderr


def test_a_damaged_backup_is_not_restored(installed: Hoster, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    installed.run("backup", str(saved))
    whole = (saved / "portal.sqlite3").read_bytes()
    (saved / "portal.sqlite3").write_bytes(whole[: len(whole) // 2])
    elsewhere = Hoster(tmp_path / "elsewhere")
    refused = elsewhere.run("restore", str(saved), code=4).stderr
    assert "est endommagée." in refused or "n’a pas pu être copiée." in refused
    assert not (elsewhere.folder / "portal.sqlite3").exists()
    (saved / "portal.sqlite3").unlink()
    assert "La sauvegarde ne contient pas portal.sqlite3." in elsewhere.run("restore", str(saved), code=4).stderr


def test_keys_rotate_while_the_portal_serves(installed: Hoster, served: Served, connections: Connections) -> None:
    client, key = enrol(connections, installed, served.address)
    run, request = stage(client, key, "Mme", 20)
    client.commit(run, request)
    assert installed.ask("rotate-keys") == {"rows": 21, "broken": 0, "is_finished": False}
    run, request = stage(client, key, "M.", 20)
    client.commit(run, request)
    assert installed.ask("rotate-keys", "--finish") == {"rows": 0, "broken": 0, "is_finished": True}
    assert len(json.loads((installed.folder / "keys.json").read_text())["keys"]) == 1
    run, request = stage(client, key, "Mlle", 20)
    assert client.commit(run, request).changed == 20
