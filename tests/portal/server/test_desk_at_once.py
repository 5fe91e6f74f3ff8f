"""Computers of one cabinet that do the same thing at the same moment, on both databases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.server.sealing import create_ring, write_ring
from tests.benchmarks.postgres import programs

_RACE = """
import django, json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
django.setup()
from django.db import connections

from django.conf import settings
from portal.api.desk import Answer, Medium, SecretWanted
from portal.api.nights import Schedule
from portal.api.shapes import Role
from portal.server.accounts import initial_secrets
from portal.server.accounts.models import OneTimeLink
from portal.server.cabinets import registry
from portal.server.contact import inbox
from portal.server.contact.messages import Written
from portal.server.contact.models import Message
from portal.server.desk import announcements
from portal.server.mail.models import QueuedMail
from portal.server.nights import reports, requests
from tests.portal.server.support import Publisher, enrolled, make_dossier
import msgspec

COMPUTERS = 8
cabinet = registry.create_cabinet("sourire", "Cabinet du Sourire")
Publisher(cabinet, enrolled(cabinet, Role.SYNC)).publish(make_dossier("5312"))
devices = [
    registry.enrol(registry.issue_code(cabinet, Role.RECEPTION), f"Poste {n}").device for n in range(COMPUTERS)
]
written = msgspec.json.encode(Written("", "Bonjour", "a@exemple.fr"))
sealed = settings.SEALER.seal(cabinet.code, "message", "5312", written)
message = f"{Message.objects.create(cabinet=cabinet, number='5312', sealed=sealed, digest='d').pk:032x}"
wanted = (SecretWanted("5312", "Anne"),)
handles = [initial_secrets.stage(cabinet, Medium.LETTER, wanted)[0].handle for _ in devices]
reports.plan(devices[0], Schedule("20:07"))
asked = requests.ask(devices[1]).request
barrier = Barrier(COMPUTERS)

def work(n):
    try:
        barrier.wait()
        taken = announcements.claim(devices[n], f"{n:032x}", ["5312"])
        barrier.wait()
        at = inbox.answer(devices[n], message, Answer("Passez demain."))
        barrier.wait()
        initial_secrets.activate(cabinet, [handles[n]])
        barrier.wait()
        request = requests.claim(devices[n]).request
        return not taken, at.isoformat(), request
    finally:
        connections.close_all()

with ThreadPoolExecutor(COMPUTERS) as pool:
    got, answered, taken = zip(*pool.map(work, range(COMPUTERS)))
print(json.dumps({
    "computers that got the patient": sum(got),
    "requests taken": [request == asked for request in taken if request],
    "times of the answer": len(set(answered)),
    "e-mails": QueuedMail.objects.of(cabinet).count(),
    "valid links": OneTimeLink.objects.of(cabinet).exclude(active_at=None).count(),
}))
"""
EXPECTED = {
    "computers that got the patient": 1,
    "requests taken": [True],
    "times of the answer": 1,
    "e-mails": 1,
    "valid links": 1,
}


def eight_at_once(folder: Path, database_url: str) -> object:
    write_ring(create_ring(), folder / "keys.json")
    environment = os.environ | {
        "WEBORTHO_PORTAL_DIR": str(folder),
        "WEBORTHO_ORIGIN": "http://testserver",
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "portal.server.settings",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-c", _RACE]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_eight_computers_at_once_do_it_once_on_sqlite(tmp_path: Path, sqlite_url: str) -> None:
    assert eight_at_once(tmp_path, sqlite_url) == EXPECTED


@pytest.mark.postgres
@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
def test_eight_computers_at_once_do_it_once_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    assert eight_at_once(tmp_path, postgres_url) == EXPECTED
