"""A portal as its hoster has it: commands at a terminal of the server, a folder, and the server at its address."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from portal.server.sealing import create_ring, write_ring

ROOT = Path(__file__).parents[3]


class Hoster:
    """Somebody at a terminal of the server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "DATABASE_URL") if name in os.environ}
        self.environment = keep | {"WEBORTHO_PORTAL_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self.environment.pop("DATABASE_URL", None)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cli", "portal", *arguments]

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments), env=self.environment, cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def ask(self, *arguments: str, code: int = 0) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.run(*arguments, "--json", code=code).stdout)
        return answer


class Served:
    """The portal at its address, in its own process."""

    def __init__(self, hoster: Hoster, log: Path | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._hoster = hoster
        self._log = (log or hoster.folder / "serve.log").open("a+")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._hoster.command("serve", "--port", str(self.port)),
            env=self._hoster.environment,
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{self.address}/api/v1/health", timeout=5).json() == {"status": "ok"}:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError(self.said())

    def kill(self) -> None:
        """The whole family at once, as a power cut does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        self._log.close()


def migrate(database_url: str) -> None:
    """Make the portal's tables in an empty database, for whatever installation will use it."""
    with tempfile.TemporaryDirectory() as folder:
        write_ring(create_ring(), Path(folder, "keys.json"))
        environment = os.environ | {
            "WEBORTHO_PORTAL_DIR": folder,
            "WEBORTHO_ORIGIN": "http://testserver",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "portal.server.settings",
        }
        command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
