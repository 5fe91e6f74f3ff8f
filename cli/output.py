"""What the subcommands print: one JSON object or sentences on standard output, progress on standard error."""

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, Self, TextIO

import msgspec

from cabinet.errors import WebOrthoError

EXIT_UNREAD = 1
"""Whoever read standard output has ended: in silence, as other programs do."""

BAR_WIDTH = 30


class Stopped(WebOrthoError):
    """A person ended the program by Ctrl+C; the exit code is as shells count it."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("Interrompu.", "Relancez la commande quand vous le souhaitez.")


class ErrorDocument(msgspec.Struct, frozen=True):
    """What `--json` prints instead of a result."""

    what: str
    todo: str
    exit_code: int
    status: str = "error"


def make_ready() -> None:
    """Have a program's output fit for French sentences, wherever it goes."""
    for name in ("stdout", "stderr"):
        # A scheduler on Windows starts a program without a console, and so without either.
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO()))
    for stream in (sys.stdout, sys.stderr):
        # A redirected stream on Windows is cp1252: a French sentence must never be what crashes the program.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def say(text: str, *, is_aside: bool = False) -> None:
    """A line of the result; or, aside, one on standard error that is no part of it."""
    print(text, file=sys.stderr if is_aside else sys.stdout, flush=True)


def print_json(document: Any) -> None:
    """Exactly one JSON object, on one line."""
    try:
        text = msgspec.json.encode(document).decode()
    except UnicodeEncodeError:
        # Linux knows names of files that are no text, such as those of a former Windows share.
        from json import dumps  # noqa: PLC0415 - next to none are

        text = dumps(msgspec.to_builtins(document), ensure_ascii=False)
    say(text)


def exit_with(error: WebOrthoError, *, as_json: bool) -> NoReturn:
    """Say what happened and what to do, and end with the error's own code."""
    if as_json:
        print_json(ErrorDocument(error.what, error.todo, error.exit_code))
    else:
        say(str(error), is_aside=True)
    sys.exit(error.exit_code)


@contextlib.contextmanager
def errors_told(*, as_json: bool) -> Iterator[None]:
    """Around a subcommand's work: whatever goes wrong in it, what is printed stays one JSON object or sentences."""
    try:
        yield
    except WebOrthoError as error:
        exit_with(error, as_json=as_json)
    except KeyboardInterrupt:
        exit_with(Stopped(), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - told to whoever can repair it
        if isinstance(error, BrokenPipeError) and _is_read_no_more():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor is the end a fault
            sys.exit(EXIT_UNREAD)
        # A fault of the program. Type and place help whoever repairs it; its message may hold a patient's data.
        fault = WebOrthoError(
            f"WebOrtho s’est arrêté sur une erreur imprévue ({type(error).__name__}).",
            "Réessayez\u00a0; si elle se répète, signalez-la avec la version de WebOrtho.",
        )
        from traceback import print_tb  # noqa: PLC0415 - only a fault needs it

        print_tb(error.__traceback__)
        exit_with(fault, as_json=as_json)


def _is_read_no_more() -> bool:
    """Whether another program was reading standard output, and has ended (`| head`)."""
    try:
        print(flush=True)  # noqa: T201 - what could not be written is forgotten, and flushing alone no error
    except BrokenPipeError:
        return True
    return False


class ProgressDisplay:
    """One bar a phase on a terminal, one plain line a phase elsewhere: a log file is not filled with bars."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._label = ""

    def show(self, label: str, done: int = 0, total: int = 0) -> None:
        """`label` is a French phrase without an end sign; `total` 0: no count is known."""
        if not self._is_terminal:
            if label != self._label:
                print(f"{label}…", file=self._stream, flush=True)
        elif total:
            filled = BAR_WIDTH * done // total
            bar = "█" * filled + "░" * (BAR_WIDTH - filled)
            print(f"\r\x1b[2K{label}  {bar}  {done}/{total}", end="", file=self._stream, flush=True)
        else:
            print(f"\r\x1b[2K{label}…", end="", file=self._stream, flush=True)
        self._label = label

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line to what is printed next."""
        if self._is_terminal and self._label:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)
        self._label = ""
