"""A whole portal on this computer, for the demo and the tests: real processes, a folder of its own, surely stopped."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from cabinet.errors import WebOrthoError
from portal.api.shapes import API_ROOT, Role

START_WITHIN = 60
"""Seconds until the portal answers: a slow computer also loads Django."""
STOP_WITHIN = 20
_LOOK_EVERY = 0.1


class PortalDidNotStart(WebOrthoError):
    """One of the portal's own commands failed."""


@dataclass(frozen=True)
class EmbeddedPortal:
    """A running portal. Its folder holds the database, the keys, the log and the mails that it would send."""

    folder: Path
    address: str
    environment: Mapping[str, str]

    @property
    def mails(self) -> Path:
        return self.folder / "mails"

    @property
    def log(self) -> Path:
        return self.folder / "portal.log"

    def create_cabinet(self, code: str, name: str) -> None:
        self.command("create-cabinet", code, name)

    def enrolment_code(self, cabinet: str, role: Role) -> str:
        """A one-time code for a new device."""
        return self.command("enrol", cabinet, "--role", role).strip()

    def command(self, *arguments: str) -> str:
        """Run `webortho portal …` on this installation; what it printed. Raise `PortalDidNotStart` when it fails."""
        return _command(self.environment, self.log, *arguments)


@contextlib.contextmanager
def embedded_portal(folder: Path, port: int = 0) -> Iterator[EmbeddedPortal]:
    """A portal in `folder` on 127.0.0.1, stopped at the end whatever happens. `port` 0: a free one.

    Raise `PortalDidNotStart`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "mails").mkdir(mode=0o700, exist_ok=True)
    port = port or _free_port()
    address = f"http://127.0.0.1:{port}"
    portal = EmbeddedPortal(folder, address, _environment(folder, address))
    portal.log.touch(mode=0o600)
    portal.command("migrate")
    with portal.log.open("ab") as log:
        # In a group of its own: Ctrl+C reaches this program alone, which then stops the portal in order.
        keeper = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [sys.executable, "-m", "cli.keeper", *_arguments("serve", "--host", "127.0.0.1", "--port", str(port))],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=dict(portal.environment),
            start_new_session=True,
        )
    try:
        _wait_until_healthy(portal, keeper)
        yield portal
    finally:
        _stop(keeper)


def _environment(folder: Path, address: str) -> dict[str, str]:
    """This process's environment without what belongs to another installation."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("WEBORTHO_")}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        inherited.pop(name, None)
    return inherited | {
        "WEBORTHO_PORTAL_DIR": str(folder),
        "WEBORTHO_ORIGIN": address,
        "WEBORTHO_SMTP_URL": (folder / "mails").absolute().as_uri(),
        "PYTHONUTF8": "1",
    }


def _arguments(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", "portal", *arguments]


def _command(environment: Mapping[str, str], log: Path, *arguments: str) -> str:
    finished = subprocess.run(  # noqa: S603 - our own arguments, no shell
        _arguments(*arguments),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if finished.returncode:
        with log.open("a", encoding="utf-8") as file:
            file.write(finished.stderr)
        raise PortalDidNotStart(
            f"La commande «\u00a0webortho portal {arguments[0]}\u00a0» a échoué. {_last_line(finished.stderr)}".strip(),
            f"Le détail est dans {log}.",
        )
    return finished.stdout


def _wait_until_healthy(portal: EmbeddedPortal, keeper: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline and keeper.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if session.get(f"{portal.address}{API_ROOT}/health", timeout=5).status_code == 200:
                    return
            time.sleep(_LOOK_EVERY)
    raise PortalDidNotStart(
        f"Le portail embarqué n’a pas démarré. {_last_line(portal.log.read_text(encoding='utf-8'))}".strip(),
        f"Le détail est dans {portal.log}.",
    )


def _stop(keeper: subprocess.Popen[bytes]) -> None:
    assert keeper.stdin is not None  # noqa: S101 - it was started with a pipe
    with contextlib.suppress(OSError):
        keeper.stdin.close()
    try:
        keeper.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
