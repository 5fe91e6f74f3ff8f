"""Before anything leaves: codes and links are read back from the messages and held against the portal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from app.desk.ledger import Ledger
from merge.outbox import Waiting
from merge.recipients import ChannelKind
from portal.api.desk import MergedSecret
from portal.pages.addresses import ACTIVATE

_LINK = re.compile(rf"https?://[^\s<>\"]+{re.escape(ACTIVATE.format(token=''))}[\w.-]+")
_CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}\b")
REFUSED = "Le code ou le lien de ce message n’ouvre pas le dossier. Préparez-le de nouveau."


@dataclass(frozen=True)
class Verified:
    valid: int
    """Codes and links that would open their dossiers."""
    refused: tuple[str, ...]
    """Deliveries that do not leave: the journal says why."""


def verify_waiting(ledger: Ledger, campaign: str) -> Verified:
    """Check every code and link of what is ready in a campaign; refuse the deliveries where one is wrong.

    Raise `PortalError` where the portal does not answer: nothing is refused then, and nothing should leave.
    """
    merged: list[MergedSecret] = []
    of_delivery: dict[str, str] = {}
    refused: dict[str, None] = {}
    for waiting in ledger.outbox.waiting(campaign):
        found = read_back(waiting)
        if found is None:
            refused[waiting.id] = None
            continue
        merged += found
        of_delivery.update((secret.handle, waiting.id) for secret in found)
    answer = ledger.client.verify_secrets(merged)
    refused.update((of_delivery[handle], None) for handle in answer.wrong if handle in of_delivery)
    ledger.outbox.refuse(refused, REFUSED)
    return Verified(answer.valid, tuple(refused))


def read_back(waiting: Waiting) -> tuple[MergedSecret, ...] | None:
    """The codes and links that stand in a message, each with its handle; None where they do not fit its patients.

    A message about several children names them in their order, each child's link and code once.
    """
    if not waiting.handles:
        return ()
    text = _text_of(waiting)
    links, codes = _each_once(_LINK, text), _each_once(_CODE, text)
    if any(found and len(found) != len(waiting.handles) for found in (links, codes)):
        return None
    if len(waiting.handles) != len(waiting.numbers):
        return None
    return tuple(
        MergedSecret(handle, number, code=codes[place] if codes else "", link=links[place] if links else "")
        for place, (handle, number) in enumerate(zip(waiting.handles, waiting.numbers, strict=True))
        if links or codes
    )


def _each_once(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(pattern, text)))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    yield from (match[0].rstrip(".") for match in pattern.finditer(text))


def _text_of(waiting: Waiting) -> str:
    if waiting.channel != ChannelKind.EMAIL:
        return waiting.body.decode("utf-8")
    message = message_from_bytes(waiting.body, policy=default)
    plain = message.get_body(("plain",))
    return str(plain.get_content()) if plain is not None else ""
