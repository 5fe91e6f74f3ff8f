"""What happened to a dossier's accesses: a row for its patient and its cabinet, a log line for the hoster."""

import logging
from collections.abc import Iterable
from enum import StrEnum

from portal.server.accounts.models import AuditEvent
from portal.server.cabinets.models import Cabinet

_log = logging.getLogger("webortho.accounts")


class Event(StrEnum):
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    THROTTLED = "throttled"
    FIRST_VISIT_ASKED = "first_visit_asked"
    FIRST_VISIT_MAILED = "first_visit_mailed"
    FIRST_VISIT_OPENED = "first_visit_opened"
    FIRST_VISIT_FAILED = "first_visit_failed"
    ACCESS_CREATED = "access_created"
    RESET_ASKED = "reset_asked"
    RESET_MAILED = "reset_mailed"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    EMAIL_CHANGED = "email_changed"
    UNUSABLE_ADDRESS = "unusable_address"
    UNREADABLE = "unreadable"
    ACCESSES_REVOKED = "accesses_revoked"
    SEEN_AT_DESK = "seen_at_desk"
    """A computer of the cabinet read what the portal shows."""
    SECRET_SENT = "secret_sent"  # noqa: S105 - the name of an event
    HIDDEN = "hidden"
    SHOWN = "shown"
    ERASED = "erased"
    HANDED_OVER = "handed_over"
    MESSAGE_ANSWERED = "message_answered"
    DEVICE_INVITED = "device_invited"
    DEVICE_REVOKED = "device_revoked"


def record(cabinet: Cabinet, number: str, event: Event, actor: str = "") -> None:
    """Keep an event of this dossier, or of the cabinet itself (""), and log it.

    `actor`: a device's name, empty for the patient.
    """
    AuditEvent.objects.create(cabinet=cabinet, number=number, kind=event, actor=actor)
    log(cabinet.code, event)


def record_all(cabinet: Cabinet, numbers: Iterable[str], event: Event, actor: str = "") -> None:
    """Keep the same event of many dossiers, and log it once."""
    AuditEvent.objects.bulk_create(
        AuditEvent(cabinet=cabinet, number=number, kind=event, actor=actor) for number in sorted(numbers)
    )
    log(cabinet.code, event)


def log(cabinet_code: str, event: Event) -> None:
    """One line, which the log's format dates in UTC: the cabinet and the kind of event, never who (SECURITY.md, 14)."""
    _log.info("%s %s", cabinet_code or "-", event)
