"""Servers of the tests' own on this machine: mail servers and gateways, real ones and ones that break on purpose."""

import contextlib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit
from urllib.request import urlopen

HOST = "127.0.0.1"
PATIENCE = 20
"""Seconds that a server of the tests may take for anything."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE} seconds: {what}")
        time.sleep(0.02)


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def parsed(content: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(content, policy=default))


class BreakingSmtp:
    """A mail server that does, at one moment of each transaction, what it was told.

    `at` is the command ("EHLO", "MAIL", "RCPT", "DATA", "END" for the final dot); `then` is an answer to give
    instead, "close" or "hang". Complete messages are counted in `received` when "END" is reached, whatever is answered.
    """

    def __init__(self, at: str = "", then: str = "", *, times: int = 10_000) -> None:
        self.at, self.then, self._times = at, then, times
        self.received: list[bytes] = []
        self.connections = 0
        self._over = threading.Event()
        self._socket = socket.create_server((HOST, 0))
        self.port = int(self._socket.getsockname()[1])
        self._threads = [threading.Thread(target=self._serve, daemon=True)]

    def __enter__(self) -> "BreakingSmtp":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, self.port), 0.2).close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.connections += not self._over.is_set()
            thread = threading.Thread(target=self._talk, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), client.makefile("rb") as lines:
            client.sendall(b"220 test\r\n")
            while line := lines.readline():
                command = line[:4].strip().upper().decode("ascii", "replace")
                if not self._answer(client, command, {"DATA": "354 go"}.get(command, "250 ok")):
                    return
                if command == "DATA" and not self._take(client, lines):
                    return

    def _take(self, client: socket.socket, lines: "object") -> bool:
        body = b""
        while (line := lines.readline()) not in (b".\r\n", b""):  # type: ignore[attr-defined] # a socket's file
            body += line
        if line:
            self.received.append(body)
        return self._answer(client, "END", "250 taken")

    def _answer(self, client: socket.socket, moment: str, usual: str) -> bool:
        if moment == self.at and self._times:
            self._times -= 1
            if self.then == "hang":
                self._over.wait(PATIENCE)
                return False
            if self.then == "close":
                return False
            usual = self.then
        client.sendall(usual.encode() + b"\r\n")
        return not usual.startswith("421")


class OpenSmtpd:
    """Debian's opensmtpd, which delivers all into one maildir.

    It has one place on a machine for its queue and its socket. Here it gets places of its own in a mount namespace, so
    that it meets neither a server in use nor what another test left in the queue.
    """

    _START = (
        "mount -t tmpfs none /var/spool/smtpd && chmod 711 /var/spool/smtpd && mount -t tmpfs none /run && "
        'exec smtpd -d -f "$0"'
    )

    def __init__(self) -> None:
        self.port = free_port()

    @staticmethod
    def installed() -> bool:
        """Also whether this machine lets a mount namespace be made: inside a chroot the kernel does not."""
        if os.geteuid() != 0 or shutil.which("smtpd") is None or shutil.which("unshare") is None:
            return False
        probe = ["unshare", "--mount", "--propagation", "private", "true"]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0

    def __enter__(self) -> "OpenSmtpd":
        # Not below pytest's folder, which other runs close to everybody but root: deliveries run as another user.
        self._folder = Path(tempfile.mkdtemp(prefix="webortho-smtpd-"))
        self._folder.chmod(0o711)
        user = "nobody"
        mail = self._folder / "mail"
        mail.mkdir()
        os.chown(mail, pwd.getpwnam(user).pw_uid, -1)
        Path("/var/spool/smtpd").mkdir(parents=True, exist_ok=True)
        config = self._folder / "smtpd.conf"
        config.write_text(
            f'listen on {HOST} port {self.port}\ntable catchall {{ "@" = "{user}" }}\n'
            f'action "deliver" maildir "{mail}/box" virtual <catchall>\n'
            'match from any for domain "exemple.fr" action "deliver"\n'
        )
        self._log = (self._folder / "log").open("wb")
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", self._START, str(config)]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        wait_until(lambda: listening(self.port), f"opensmtpd listens: {(self._folder / 'log').read_text()}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._log.close()
        shutil.rmtree(self._folder)

    def received(self) -> list[EmailMessage]:
        """What was delivered so far."""
        return [parsed(path.read_bytes()) for path in (self._folder / "mail" / "box" / "new").glob("*")]

    def settled(self, at_least: int) -> list[EmailMessage]:
        """What was delivered, once nothing more comes: the server takes a message first and delivers it after.

        It may take as long as it likes, as long as it delivers something every few seconds.
        """
        box = self._folder / "mail" / "box" / "new"
        count, since = -1, time.monotonic()
        while True:
            time.sleep(0.2)
            now = len(list(box.glob("*")))
            if now != count:
                count, since = now, time.monotonic()
            quiet = time.monotonic() - since
            if quiet > 1 and count >= at_least:
                return self.received()
            assert quiet < PATIENCE, f"{count} of {at_least} messages were delivered, and no more come"


@dataclass(frozen=True)
class Asked:
    """A request that a gateway of the tests got."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


@dataclass
class Gateway:
    """An HTTP gateway that answers as told; "close" and "hang" break the connection after the request was read."""

    status: int = 200
    body: str = "OK id=17"
    breaks: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> "Gateway":
        gateway = self
        self._over = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                text = self.rfile.read(length).decode()
                query = urlsplit(self.path).query if self.command == "GET" else text
                gateway.asked.append(
                    Asked(self.command, self.path, dict(parse_qsl(query)) or {"": text}, dict(self.headers))
                )
                if gateway.breaks == "hang":
                    gateway._over.wait(PATIENCE)
                if gateway.breaks:
                    self.close_connection = True
                    self.connection.close()
                    return
                content = gateway.body.encode()
                self.send_response(gateway.status)
                for name, value in {**gateway.headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = handle_one  # noqa: N815 - named by the base class

            def do_HEAD(self) -> None:
                self.send_response(200)
                self.end_headers()

            def finish(self) -> None:
                with contextlib.suppress(OSError, ValueError):
                    super().finish()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{HOST}:{self.port}/send"


class Kannel:
    """Debian's Kannel with its fake telephone network, of which `received` has the messages: (to, text)."""

    USER = "cabinet"
    PASSWORD = "secret/é"  # noqa: S105 - of a server that lives for one test

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.received: list[tuple[str, str]] = []

    @staticmethod
    def installed() -> bool:
        return shutil.which("bearerbox") is not None and shutil.which("smsbox") is not None

    @contextlib.contextmanager
    def running(self) -> Iterator["Kannel"]:
        over = threading.Event()
        with contextlib.ExitStack() as stack:
            network = stack.enter_context(self._started())
            client = stack.enter_context(socket.create_connection((HOST, network)))
            reader = threading.Thread(target=self._read, args=(client, over), daemon=True)
            reader.start()
            # What is sent before Kannel has noticed its network waits in a queue, for long on a busy machine.
            wait_until(self._is_online, "Kannel's network is online")
            yield self
            over.set()
            client.shutdown(socket.SHUT_RDWR)
            reader.join(PATIENCE)

    def _is_online(self) -> bool:
        address = f"http://{HOST}:{self._admin}/status.txt?password=x"
        with urlopen(address, timeout=PATIENCE) as status:
            return b"(online" in status.read()

    @contextlib.contextmanager
    def _started(self) -> Iterator[int]:
        """Both programs, and the port of their network. Kannel takes fixed ports only: another test may have been
        given one of them meanwhile, and the programs then end at once, so that new ports are tried."""
        for _ in range(5):
            self._admin, box, network, self.port = (free_port() for _ in range(4))
            config = self._folder / "kannel.conf"
            config.write_text(self._configuration(self._admin, box, network), encoding="utf-8")
            with contextlib.ExitStack() as stack:
                log = stack.enter_context((self._folder / "log").open("ab"))
                if all(
                    self._start(stack, [program, str(config)], log, port)
                    for program, port in (("bearerbox", box), ("smsbox", self.port))
                ):
                    yield network
                    return
        raise AssertionError((self._folder / "log").read_text(errors="replace")[-2000:])

    @staticmethod
    def _start(stack: contextlib.ExitStack, command: list[str], log: BinaryIO, port: int) -> bool:
        """Whether the program listens; False when it ended instead."""
        process = subprocess.Popen(command, stdout=log, stderr=log)
        stack.callback(process.wait, PATIENCE)
        stack.callback(process.terminate)
        wait_until(lambda: process.poll() is not None or listening(port), f"{command[0]} listens or ends")
        return process.poll() is None

    def _configuration(self, admin: int, box: int, network: int) -> str:
        return f"""group = core
admin-port = {admin}
admin-password = x
smsbox-port = {box}
dlr-storage = internal

group = smsc
smsc = fake
port = {network}
connect-allow-ip = {HOST}

group = smsbox
bearerbox-host = {HOST}
sendsms-port = {self.port}

group = sendsms-user
username = {self.USER}
password = {self.PASSWORD}
max-messages = 3
concatenation = true
"""

    def _read(self, client: socket.socket, over: threading.Event) -> None:
        with contextlib.suppress(OSError), client.makefile("rb") as lines:
            while not over.is_set() and (line := lines.readline()):
                _, to, kind, text = line.rstrip(b"\n").split(b" ", 3)
                if kind == b"ucs-2":
                    content = unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-16-be")
                else:
                    content = text.decode()
                self.received.append((to.decode(), content))
