"""The line between cabinet and portal: a token that is not accepted, a portal that is down or comes back."""

from pathlib import Path

from cli.embedded_portal import embedded_portal
from portal.api.shapes import Role
from sync.secret_store import FileStore
from tests.e2e.journey.clinic import Clinic, enrolled_device, on_the_portal, shown_as
from tests.e2e.journey.small_export import SmallExport

UNKNOWN_DEVICE = "Le portail ne reconnaît pas ce poste."


def test_a_wrong_token_is_refused_with_a_sentence(published: Clinic) -> None:
    before = published.practitioner.shown()
    published.export.fill(59)
    store = FileStore(published.nightly.secrets)
    name = f"{published.code}@{published.portal.address}"
    kept = store.get(name)
    assert kept is not None
    token = published.nightly.credentials.token
    store.put(name, kept.replace(token, token[:-4] + "0000"))
    ended = published.nightly.sync()
    assert ended.exit_code == 3
    assert ended.document["what"] == UNKNOWN_DEVICE
    assert published.practitioner.shown() == before


def test_a_revoked_device_is_refused_from_its_next_run_on(published: Clinic) -> None:
    before = published.practitioner.shown()
    on_the_portal(
        published.portal,
        "cabinet = find_cabinet(sys.argv[1])\n"
        "revoke(cabinet, next(d.pk for d in devices_of(cabinet) if d.role == 'sync'))",
        published.code,
    )
    published.export.fill(59)
    ended = published.nightly.sync()
    assert (ended.exit_code, ended.document["what"]) == (3, UNKNOWN_DEVICE)
    assert published.practitioner.shown() == before


def test_a_portal_that_is_down_is_told_and_nothing_changes(clinic: Clinic, tmp_path: Path) -> None:
    address = "http://127.0.0.1:9"
    store = FileStore(clinic.nightly.secrets)
    kept = store.get(f"{clinic.code}@{clinic.portal.address}")
    assert kept is not None
    store.put(f"{clinic.code}@{address}", kept)
    ended = clinic.nightly.sync("--portal", address)
    assert ended.exit_code == 3
    assert ended.document == {
        "status": "error",
        "what": "Le portail 127.0.0.1 est injoignable. Rien n’est publié à moitié.",
        "todo": "Vérifiez l’adresse du portail et la connexion à Internet de ce poste, puis réessayez.",
        "exit_code": 3,
    }
    assert clinic.nightly.shown().entries == ()


def test_a_portal_that_is_killed_and_started_again_converges(tmp_path: Path) -> None:
    export = SmallExport(tmp_path / "export")
    export.fill(30)
    with embedded_portal(tmp_path / "portal") as portal:
        portal.create_cabinet("demo", "Démo")
        device = enrolled_device(tmp_path / "device", portal, export, portal.enrolment_code("demo", Role.SYNC))
        device.run_here()
        port = int(portal.address.rpartition(":")[2])
    export.names["0001"] = "CHANGE"
    export.write()
    assert device.sync().exit_code == 3
    with embedded_portal(tmp_path / "portal", port):
        assert device.run_here().changed == 1
        assert shown_as(device.shown()) == device.expected()
