"""Before anything leaves: codes and links are read back from the messages and held against the portal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from app.desk.ledger import Ledger
from merge.outbox import Draft, Waiting
from merge.recipients import ChannelKind
from portal.api.desk import MergedSecret
from portal.api.desk_client import DeskClient
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
    verified = verify(ledger.client, ledger.outbox.waiting(campaign))
    ledger.outbox.refuse(verified.refused, REFUSED)
    return verified


def verify(client: DeskClient, messages: Iterable[Waiting | Draft]) -> Verified:
    """What the portal says of the codes and links that stand in these. Raise `PortalError`."""
    merged: list[MergedSecret] = []
    of_message: dict[str, str] = {}
    refused: dict[str, None] = {}
    for message in messages:
        found = read_back(message)
        if found is None:
            refused[message.id] = None
            continue
        merged += found
        of_message.update((secret.handle, message.id) for secret in found)
    answer = client.verify_secrets(merged)
    refused.update((of_message[handle], None) for handle in answer.wrong)
    return Verified(answer.valid, tuple(refused))


def read_back(message: Waiting | Draft) -> tuple[MergedSecret, ...] | None:
    """The codes and links that stand in a message, each with its handle; None where they do not fit its patients.

    A message about several children names them in their order, each child's link and code once.
    """
    if not message.handles:
        return ()
    text = _text_of(message)
    links, codes = _each_once(_LINK, text), _each_once(_CODE, text)
    if any(found and len(found) != len(message.handles) for found in (links, codes)):
        return None
    if len(message.handles) != len(message.numbers):
        return None
    return tuple(
        MergedSecret(handle, number, code=codes[place] if codes else "", link=links[place] if links else "")
        for place, (handle, number) in enumerate(zip(message.handles, message.numbers, strict=True))
        if links or codes
    )


def _each_once(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_found(pattern, text)))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    yield from (match[0].rstrip(".") for match in pattern.finditer(text))


def _text_of(message: Waiting | Draft) -> str:
    if message.channel != ChannelKind.EMAIL:
        return message.body.decode("utf-8")
    parsed = message_from_bytes(message.body, policy=default)
    plain = parsed.get_body(("plain",))
    return str(plain.get_content()) if plain is not None else ""
