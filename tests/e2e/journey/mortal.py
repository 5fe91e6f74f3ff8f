"""Runs and portals that die by kill -9: each is a process of its own, on a cabinet's real files."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlsplit

import requests

from cabinet.errors import WebOrthoError
from cli.embedded_portal import EmbeddedPortal
from portal.api.shapes import API_ROOT
from sync.config import read_config
from sync.configured import run_configured
from sync.run import Progress
from tests.e2e.journey.clinic import Device
from tests.forked import PROCESSES

WITHIN = 60
"""Seconds until a portal answers, or a run's next step comes."""


class MortalRun:
    """A sync in a process of its own, that tells each step before it takes it."""

    def __init__(self, device: Device) -> None:
        self._steps, told = PROCESSES.Pipe(duplex=False)
        self._process: ForkServerProcess = PROCESSES.Process(
            target=_run, args=(device.config, device.folder, device.state, told)
        )
        self._process.start()
        told.close()

    def await_step(self, number: int) -> None:
        """Return when this step begins (1: it reads), or when the run has ended before."""
        with suppress(EOFError):
            for _ in range(number):
                assert self._steps.poll(WITHIN), "the run does not go on"
                self._steps.recv_bytes()

    def kill(self) -> None:
        self._process.kill()
        self.end()

    def end(self) -> None:
        """Wait for it."""
        self._process.join(WITHIN * 2)
        assert self._process.exitcode is not None, "the run does not end"
        self._process.close()
        self._steps.close()


def _run(config: Path, folder: Path, state: Path, told: Connection) -> None:
    def tell(_: Progress) -> None:
        with suppress(OSError):  # nobody listens any more
            told.send_bytes(b"step")

    with suppress(WebOrthoError):  # in the journal
        run_configured(read_config(config), folder, state, progress=tell)


class MortalPortal:
    """A portal that is killed with all of its processes, and started again on what they left."""

    def __init__(self, made: EmbeddedPortal) -> None:
        self._made = made
        self._serving: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        address = urlsplit(self._made.address)
        command = [sys.executable, "-m", "cli", "portal", "serve", "--host", "127.0.0.1", "--port", str(address.port)]
        with self._made.log.open("ab") as log:
            self._serving = subprocess.Popen(
                command, env=dict(self._made.environment), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            with suppress(requests.RequestException):
                if requests.get(f"{self._made.address}{API_ROOT}/health", timeout=5).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self._made.log.read_text())

    def kill(self) -> None:
        if self._serving is not None:
            os.killpg(self._serving.pid, signal.SIGKILL)
            self._serving.wait()
            self._serving = None
