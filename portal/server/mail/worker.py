"""Works off what requests left behind: answers by e-mail, the queue itself, and rows that are past their time.

States of a mail: ready -> sending -> sent | failed | unknown. A row is taken by one statement, so several workers
never send the same one; a row that stays `sending` past its time was cut off by a crash and becomes `unknown`.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from threading import Event

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import unseal
from portal.server.mail.transport import Outcome, Result, Transport, transport_of
from portal.server.sealing import SealBroken

PAUSE_SECONDS = 1.0
BATCH = 50
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440)
"""Eight tries over two days; then the mail has failed."""
SENDING_AT_MOST = dt.timedelta(minutes=10)
KEPT = dt.timedelta(days=30)

_log = logging.getLogger("webortho.mail")


def run_forever(stop: Event, chores: Sequence[Callable[[], object]] = ()) -> None:
    """Work until `stop` is set: `chores` first (they may queue mails), then what is due.

    A failure is logged by its kind and tried again: mails wait, pages go on.
    """
    works: tuple[Callable[[], object], ...] = (*chores, _send)
    while not stop.is_set():
        for work in works:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the one loop that must outlive a database restart
                _log.error("background %s", type(error).__name__)
        close_old_connections()
        stop.wait(PAUSE_SECONDS)


def _send() -> None:
    """The transport anew each time: a password file that was put right counts at once, a wrong one stops nothing."""
    send_due(transport_of(settings.CONFIG))


def send_due(transport: Transport | None) -> int:
    """Send what is due, oldest first; how many were handed over. Without a transport mails stay ready."""
    _mark_cut_off()
    if transport is None:
        return 0
    due = QueuedMail.objects.across_cabinets().filter(state="ready", due_at__lte=timezone.now())
    sent = 0
    for mail in due.select_related("cabinet").order_by("due_at", "pk")[:BATCH]:
        if _taken(mail):
            outcome = _deliver(mail, transport)
            sent += outcome.result is Result.SENT
            if outcome.is_server_down:
                break
    return sent


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete mails of a month ago that are done with; how many."""
    old = QueuedMail.objects.across_cabinets().filter(created_at__lt=(now or timezone.now()) - KEPT)
    deleted, _ = old.filter(state__in=("sent", "failed", "unknown")).delete()
    return deleted


def _mark_cut_off() -> None:
    sending = QueuedMail.objects.across_cabinets().filter(state="sending", due_at__lte=timezone.now())
    sending.update(state="unknown", last_error="interrupted", sealed=b"")


def _taken(mail: QueuedMail) -> bool:
    """Whether this worker is the one to send it. Until `due_at`, nobody takes it for cut off."""
    own = QueuedMail.objects.of(mail.cabinet).filter(pk=mail.pk, state="ready")
    return own.update(state="sending", due_at=timezone.now() + SENDING_AT_MOST) == 1


def _deliver(mail: QueuedMail, transport: Transport) -> Outcome:
    try:
        outcome = transport.deliver(unseal(mail))
    except SealBroken:
        outcome = Outcome(Result.FAILED, "sealing")
    mail.attempts += 1
    mail.last_error = outcome.reason
    if outcome.result is Result.LATER and mail.attempts <= len(BACK_OFF_MINUTES):
        mail.state = "ready"
        mail.due_at = timezone.now() + dt.timedelta(minutes=BACK_OFF_MINUTES[mail.attempts - 1])
    else:
        mail.state = "failed" if outcome.result is Result.LATER else outcome.result
        mail.sealed = b""
    # No save: it would raise for a mail that was erased with its patient meanwhile.
    QueuedMail.objects.of(mail.cabinet).filter(pk=mail.pk).update(
        state=mail.state, attempts=mail.attempts, last_error=mail.last_error, due_at=mail.due_at, sealed=mail.sealed
    )
    return outcome
