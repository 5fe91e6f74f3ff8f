"""A way out that leads nowhere: for previews, demonstrations and tests. It keeps what was sent."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from merge.channels.channel import Outcome, Outgoing, Result


def accept(message: Outgoing) -> Result:  # noqa: ARG001 - the signature of an answer
    """What the fake answers unless told otherwise."""
    return Result(Outcome.SENT, "Remis")


class FakeChannel:
    """Answers each message as `answer` says; a message counts as sent when the answer is SENT or UNKNOWN."""

    def __init__(self, answer: Callable[[Outgoing], Result] = accept) -> None:
        self._answer = answer
        self.tries: list[Outgoing] = []
        self.sent: list[Outgoing] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def check(self) -> None:
        """Always there."""

    def send(self, message: Outgoing) -> Result:
        self.tries.append(message)
        result = self._answer(message)
        if result.outcome in (Outcome.SENT, Outcome.UNKNOWN):
            self.sent.append(message)
        return result
