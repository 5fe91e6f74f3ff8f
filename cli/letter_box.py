"""The demo's letter-boxes: a mail server (RFC 5321) and an SMS gateway on this computer, which keep what arrives."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Self
from urllib.parse import parse_qs

HOST = "127.0.0.1"
MAX_LINE = 4096
"""Four times what SMTP allows (RFC 5321 §4.5.3.1)."""
MAX_BODY = 1024 * 1024
_ADDRESS = re.compile(rb"<([^<>]*)>")


class _Folder:
    """Numbered files, each whole before it counts."""

    def __init__(self, folder: Path, ending: str) -> None:
        self._folder = folder
        self._ending = ending
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, content: bytes) -> None:
        safe = re.sub(r"[^\w@.+-]", "_", name)[:80]
        with self._lock:
            path = self._folder / f"{len(self.files()) + 1:04}-{safe}{self._ending}"
            path.write_bytes(content)

    def files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{self._ending}"))


class _Box:
    """A server that runs from `__enter__` to `__exit__`, and the folder of what it took."""

    def __init__(self, folder: Path, ending: str, server: "_SmtpServer | _GatewayServer") -> None:
        self.folder = folder
        self._folder = _Folder(folder, ending)
        self._server = server
        server.keep = self._folder.keep
        self.port = int(server.server_address[1])

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class MailBox(_Box):
    """A mail server that takes every message for everybody, one file each (`0001-address.eml`)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ".eml", _SmtpServer((HOST, 0), _SmtpConversation))

    def letters(self) -> list[Path]:
        """What arrived, in order."""
        return self._folder.files()


class _SmtpServer(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    """A client may keep its connection open."""
    keep: Callable[[str, bytes], None]

    def handle_error(self, *_: object) -> None:
        """A client that goes away in the middle keeps its message."""


class _SmtpConversation(StreamRequestHandler):
    """One connection: what a client needs to hand over messages, and no more."""

    server: _SmtpServer
    timeout = 60

    def handle(self) -> None:
        self._to: list[bytes] = []
        self._say(b"220 WebOrtho demo")
        while line := self.rfile.readline(MAX_LINE):
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self._say(b"221 2.0.0 au revoir")
                return
            self._say(self._answer(verb, line))

    def _answer(self, verb: bytes, line: bytes) -> bytes:
        match verb:
            case b"EHLO":
                return b"250-demo\r\n250 8BITMIME"
            case b"MAIL" | b"RSET":
                self._to = []
            case b"RCPT":
                found = _ADDRESS.search(line)
                if found is None:
                    return b"501 5.5.4 address?"
                self._to.append(found[1])
            case b"DATA":
                return self._take()
            case b"HELO" | b"NOOP":
                pass
            case _:
                return b"502 5.5.1 not here"
        return b"250 2.0.0 ok"

    def _take(self) -> bytes:
        if not self._to:
            return b"503 5.5.1 who is it for?"
        self._say(b"354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if not line:
            return b"451 4.4.2 cut off"
        for address in self._to:
            self.server.keep(address.decode("ascii", "replace"), b"".join(lines))
        self._to = []
        return b"250 2.0.0 kept"

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class SmsBox(_Box):
    """A gateway that takes `to` and `text` as a form by POST and answers « OK »; one file each (`0001-number.txt`)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ".txt", _GatewayServer((HOST, 0), _GatewayRequest))
        self.url = f"http://{HOST}:{self.port}/sms"

    def messages(self) -> list[Path]:
        """What arrived, in order."""
        return self._folder.files()


class _GatewayServer(ThreadingHTTPServer):
    keep: Callable[[str, bytes], None]


class _GatewayRequest(BaseHTTPRequestHandler):
    server: _GatewayServer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        fields = parse_qs(self.rfile.read(min(length, MAX_BODY)).decode("utf-8", "replace"))
        to, text = fields.get("to", [""])[0], fields.get("text", [""])[0]
        if to and text:
            self.server.keep(to, text.encode("utf-8"))
        self._answer(b"OK" if to and text else b"ERROR")

    def do_HEAD(self) -> None:
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet: addresses and texts belong to the files alone."""
