"""A first visit that ends while the cabinet resets the dossier: two real transactions at once, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.server.sealing import create_ring, write_ring
from tests.benchmarks.postgres import programs

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"),
]

_SCRIPT = """
import django, sys, time
from threading import Event, Thread
django.setup()
from django.db import connection, connections
from django.utils import timezone
from portal.server.access import dossier_for_first_visit
from portal.server.accounts import changes, first_visit, sessions
from portal.server.accounts.models import Access, Session
from portal.server.accounts.sessions import FirstVisit, Opening
from portal.server.cabinets import registry
from tests.portal.server.support import Publisher, enrolled, make_dossier

cabinet = registry.create_cabinet("sourire", "Cabinet du Sourire")
Publisher(cabinet, enrolled(cabinet)).publish(make_dossier("5312"))
cabinet.refresh_from_db()
reached, go_on, said = Event(), Event(), []

def stop_at(owner, name):
    original = getattr(owner, name)
    def stopping(*arguments, **named):
        reached.set()
        assert go_on.wait(60)
        return original(*arguments, **named)
    setattr(owner, name, stopping)

def in_thread(work):
    def worked():
        try:
            work()
            said.append("done")
        except first_visit.AlreadyOpen:
            said.append("too late")
        finally:
            connections.close_all()
    thread = Thread(target=worked)
    thread.start()
    return thread

cookie = sessions.open_first_visit(cabinet, FirstVisit("5312", Opening.SECRET))
visit = sessions.find(cookie, timezone.now()).session
dossier = dossier_for_first_visit(cabinet, "5312")
stop_at(first_visit.HASHING if sys.argv[1] == "before" else first_visit, sys.argv[2])
finishing = in_thread(lambda: first_visit.finish(visit, dossier, "quatre canards traversent", ""))
assert reached.wait(60)
resetting = in_thread(lambda: changes.revoke_all(cabinet, "5312"))
if sys.argv[1] == "before":
    resetting.join(60)
else:  # the reset waits for a row that the other transaction holds
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and resetting.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                break
        time.sleep(0.02)
go_on.set()
finishing.join(60)
resetting.join(60)
print(said, Access.objects.of(cabinet).count(), Session.objects.of(cabinet).count())
"""


@pytest.mark.parametrize(
    ("moment", "place", "outcome"),
    [
        pytest.param("before", "hash", "['done', 'too late'] 0 0", id="while the password is hashed"),
        pytest.param("within", "_next_slot", "['done', 'done'] 0 0", id="while the access is made"),
        pytest.param("within", "_tell", "['done', 'done'] 0 0", id="before it is committed"),
    ],
)
def test_no_access_survives_a_reset_that_was_asked_while_it_was_made(
    tmp_path: Path, postgres_url: str, moment: str, place: str, outcome: str
) -> None:
    write_ring(create_ring(), tmp_path / "keys.json")
    environment = os.environ | {
        "WEBORTHO_PORTAL_DIR": str(tmp_path),
        "WEBORTHO_ORIGIN": "http://testserver",
        "DATABASE_URL": postgres_url,
        "DJANGO_SETTINGS_MODULE": "portal.server.settings",
    }
    command = [sys.executable, "-c", _SCRIPT, moment, place]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == outcome
