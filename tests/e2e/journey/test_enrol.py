"""`webortho sync enrol`, the tokens it gives, and where they must never be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.embedded_portal import EmbeddedPortal
from sync.config import read_config
from tests.e2e.journey.clinic import Clinic, Device
from tests.e2e.journey.conftest import NewCabinet
from tests.e2e.journey.small_export import SmallExport


@pytest.fixture
def new(cabinets: Iterator[NewCabinet]) -> NewCabinet:
    return next(cabinets)


@pytest.fixture
def device(portal: EmbeddedPortal, tmp_path: Path) -> Device:
    export = SmallExport(tmp_path / "export")
    export.fill(3)
    folder = tmp_path / "device"
    folder.mkdir()
    return Device(folder, portal, export.folder, export.mapping)


def enrol(device: Device, code: str, *more: str) -> object:
    return device.run("enrol", "--portal", device.portal.address, "--config", str(device.config), *more, typed=code)


def test_a_code_is_exchanged_for_a_working_device(device: Device, new: NewCabinet) -> None:
    ended = device.enrol(f"  {new.nightly_code.lower()} ")
    assert ended.exit_code == 0
    assert ended.document == {
        "status": "done",
        "cabinet": new.code,
        "cabinet_name": new.code.replace("cabinet-", "Cabinet "),
        "role": "sync",
        "portal": device.portal.address,
        "config": str(device.config),
        "exit_code": 0,
    }
    assert read_config(device.config).source == str(device.source)
    assert device.sync().document["added"] == 3


def test_a_code_works_once(device: Device, new: NewCabinet) -> None:
    assert device.enrol(new.nightly_code).exit_code == 0
    again = device.enrol(new.nightly_code)
    assert again.exit_code == 3
    assert again.document["what"] == "Ce code d’enrôlement n’est pas valable."


def test_no_code_is_told(device: Device) -> None:
    ended = device.enrol("")
    assert ended.exit_code == 4
    assert ended.document["what"] == "Aucun code d’enrôlement n’a été donné."


def test_without_a_keyring_nothing_is_kept_and_the_code_is_not_spent(device: Device, new: NewCabinet) -> None:
    refused = device.run(
        *("enrol", "--portal", device.portal.address, "--config", str(device.config), "--json"), typed=new.nightly_code
    )
    assert refused.exit_code == 4
    assert refused.document["what"] == (
        "Ce poste n’a pas de trousseau de clés où garder le jeton du portail. Rien n’a été enregistré."
    )
    assert list(device.folder.iterdir()) == []
    assert device.enrol(new.nightly_code).exit_code == 0


def test_a_folder_that_cannot_be_written_does_not_cost_the_code(device: Device, new: NewCabinet) -> None:
    (device.folder / "file").touch()
    refused = device.run(
        *("enrol", "--portal", device.portal.address, "--config", str(device.folder / "file" / "sync.toml")),
        *("--secrets-file", str(device.secrets), "--json"),
        typed=new.nightly_code,
    )
    assert refused.exit_code == 4
    assert "ne peut pas être écrit" in refused.document["what"]
    assert device.enrol(new.nightly_code).exit_code == 0


def test_enrolling_again_keeps_what_was_configured(device: Device, new: NewCabinet) -> None:
    device.enrol(new.nightly_code)
    device.run(
        *("enrol", "--portal", device.portal.address, "--config", str(device.config)), typed=new.practitioner_code
    )
    config = read_config(device.config)
    assert (config.source, config.mapping) == (str(device.source), str(device.mapping))
    assert device.sync("--confirm-withdrawals").exit_code == 0


def test_a_person_reads_for_which_cabinet(device: Device, new: NewCabinet) -> None:
    ended = device.run(
        *("enrol", "--portal", device.portal.address, "--config", str(device.config)),
        *("--secrets-file", str(device.secrets)),
        typed=new.nightly_code,
    )
    assert ended.stdout.splitlines() == [
        f"Ce poste est enrôlé pour le cabinet {new.code.replace('cabinet-', 'Cabinet ')} ({new.code}).",
        f"Configuration\u00a0: {device.config}",
    ]


def test_secrets_are_in_their_file_and_nowhere_else(clinic: Clinic) -> None:
    printed = "".join(
        ended.stdout + ended.stderr
        for ended in (clinic.nightly.sync(), clinic.nightly.sync("--dry-run"), clinic.nightly.sync("--nope"))
    )
    credentials = clinic.nightly.credentials
    secret = credentials.token.partition(".")[2].encode()
    kept = {
        path
        for folder in (clinic.nightly.folder.parent, clinic.portal.folder)
        for path in folder.rglob("*")
        if path.is_file() and (secret in path.read_bytes() or credentials.digest_key in path.read_bytes())
    }
    assert kept == {clinic.nightly.secrets}
    assert secret.decode() not in printed


def test_secrets_that_others_could_read_stop_the_run(clinic: Clinic) -> None:
    clinic.nightly.secrets.chmod(0o644)
    ended = clinic.nightly.sync()
    assert ended.exit_code == 4
    assert ended.document["what"].endswith("est lisible par d’autres comptes.")
    assert clinic.practitioner.shown().entries == ()
