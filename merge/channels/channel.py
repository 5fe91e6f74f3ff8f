"""What every way out of the house promises: one try, and the truth about what became of it.

    SENT        the other side has taken responsibility
    TRANSIENT   it was refused for now, certainly not sent: worth another try later
    PERMANENT   it was refused for good, certainly not sent: this recipient needs a person
    UNKNOWN     it may or may not have been sent: never tried again by itself

`ChannelUnavailableError` is for what concerns no recipient (a wrong password, a server that does not answer): nothing
was sent, and the next message would fare no better.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from cabinet.errors import WebOrthoError


class Outcome(StrEnum):
    SENT = "sent"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to leave. `address` is an e-mail address, or a number in E.164 (+33639981234)."""

    id: str
    """Letters, digits and hyphens; the same for every try of one delivery."""
    address: str
    body: bytes
    """An RFC 5322 message, or the UTF-8 text of an SMS."""


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    detail: str
    """A French sentence for the journal; it quotes the other side's words, never a password."""


class ChannelUnavailableError(WebOrthoError):
    """Nothing was sent, and nothing will be until a person or time helps."""


class Channel(Protocol):
    """A way out. Not shared between threads."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def check(self) -> None:
        """Talk to the other side without sending. Raise `ChannelUnavailableError`."""
        ...

    def send(self, message: Outgoing) -> Result:
        """One try. Raise `ChannelUnavailableError` only where nothing was sent."""
        ...


MAX_QUOTE = 200


def quoted(words: bytes | str) -> str:
    """The other side's words in one printable line, cut where they are long."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= MAX_QUOTE else line[: MAX_QUOTE - 1] + "…"
