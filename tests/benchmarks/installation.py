"""Our side: an installation of the portal in a folder, and a cabinet's computer enrolled with it, by their commands."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import free_port, measure, serving

WEBORTHO = Path(sys.executable).with_name("webortho")
CABINET = "banc"
CABINET_NAME = "Cabinet d’orthodontie du Parc"
ONE_CORE = ("taskset", "--cpu-list", "0")
OTHER_CORE = ("taskset", "--cpu-list", str(max(os.sched_getaffinity(0))))


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, and the process at the root of its servers."""

    folder: Path
    address: str
    pid: int
    env: Mapping[str, str]

    def command(self, *arguments: str) -> str:
        """What `webortho portal …` prints on this installation."""
        return measure([WEBORTHO, "portal", *arguments], env=self.env).output


@dataclass(frozen=True)
class Computer:
    """A computer of the cabinet, enrolled for the nightly program: `webortho sync` with these options publishes."""

    options: tuple[str, ...]

    def sync_command(self) -> list[str | Path]:
        return [WEBORTHO, "sync", *self.options, "--json"]


@contextlib.contextmanager
def running_portal(folder: Path, *, prefix: Sequence[str] = (), database_url: str = "") -> Iterator[Portal]:
    """A new installation with one cabinet, served from 127.0.0.1 until the block ends."""
    folder.mkdir(parents=True)
    mails = folder / "mails"
    mails.mkdir()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {"WEBORTHO_PORTAL_DIR": str(folder), "WEBORTHO_ORIGIN": address, "WEBORTHO_SMTP_URL": mails.as_uri()}
    if database_url:
        env["DATABASE_URL"] = database_url
    for arguments in (["migrate"], ["create-cabinet", CABINET, CABINET_NAME]):
        measure([WEBORTHO, "portal", *arguments], env=env)
    command: list[str | Path] = [*prefix, WEBORTHO, "portal", "serve", "--port", str(port)]
    with serving(command, port, env=env) as pid:
        yield Portal(folder, address, pid, env)


def enrol(portal: Portal, source: Path, role: str = "sync") -> Computer:
    """Enrol a computer whose configuration, secrets and journal stand beside the portal's data."""
    home = Path(tempfile.mkdtemp(prefix=f"{role}-", dir=portal.folder))
    code = home / "code"
    code.write_text(portal.command("enrol", CABINET, "--role", role))
    config, secrets = str(home / "sync.toml"), str(home / "secrets.json")
    answers = ["--portal", portal.address, "--config", config, "--secrets-file", secrets, "--source", str(source)]
    measure([WEBORTHO, "sync", "enrol", *answers], stdin=code)
    code.unlink()
    return Computer(("--config", config, "--secrets-file", secrets, "--state-dir", str(home / "state")))
