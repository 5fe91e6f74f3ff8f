"""One thing that a check found: how grave it is, whom it concerns, and what helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from merge.recipients import Recipient


class Gravity(StrEnum):
    BLOCKING = "blocking"
    """Not sent until it is corrected; the others are."""
    VERIFY = "verify"
    INFORMATION = "information"


class Remedy(StrEnum):
    """What the button beside a finding does."""

    CORRECT = "correct"
    GROUP = "group"
    SHOW = "show"
    REMOVE = "remove"
    COMPLETE = "complete"
    """Write what the cabinet has not said of itself yet."""


@dataclass(frozen=True)
class Finding:
    """Records with one thing in common. `count` counts messages or patients, as the title says."""

    gravity: Gravity
    code: str
    title: str
    detail: str
    remedy: Remedy
    numbers: tuple[str, ...]
    count: int


def finding(
    gravity: Gravity, code: str, recipients: Iterable[Recipient], *, title: str, detail: str, remedy: Remedy
) -> Finding:
    """A finding about messages."""
    recipients = list(recipients)
    numbers = tuple(dict.fromkeys(number for recipient in recipients for number in recipient.numbers))
    return Finding(gravity, code, title, detail, remedy, numbers, len(recipients))
