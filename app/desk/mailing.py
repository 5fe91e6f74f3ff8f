"""A campaign from the choice of recipients to the last announcement: claim, prepare, verify, send, tell the portal."""

import datetime as dt
import math
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from app.desk.facts import Identity
from app.desk.issuer import sample_words
from app.desk.office import Office
from app.desk.printing import PaperFormat, PrintReport
from app.desk.printing import Progress as PrintProgress
from app.desk.verifying import Verified, verify_waiting
from app.settings import DeskSettings
from cabinet.dossier import Dossier
from merge.campaign import Campaign, Control, Pace, Progress, RunReport
from merge.checks import Report, check
from merge.french import agree
from merge.letters.composer import Composer
from merge.letters.model import LetterSet
from merge.letters.output.order import Order, in_order
from merge.outbox import State
from merge.preparing import Preparer, Setting, Texts
from merge.recipients import ChannelKind, Choice, OptOuts, Recipient, Selection, select
from merge.record import IssuedSecret
from merge.word.template import WordTemplate
from merge.word.writing import WordWriter
from portal.api.desk import Account, Showing, TakenElsewhere
from portal.api.errors import PortalUnreachable
from portal.pages.addresses import ACTIVATE
from portal.pages.settings import FirstAccess
from sync.cancel import CancelToken

TELL_EVERY = 25
"""Messages sent between two announcements to the portal."""
RENEW_EVERY = 300
"""Seconds between two renewals of the claim, so that no other computer writes to the same patients."""
SAMPLE_TOKEN = "0." + "x" * 32
"""As long as the portal's."""


@dataclass(frozen=True)
class Mailing:
    """What a person decided: whose messages, in which words."""

    recipients: tuple[Recipient, ...]
    texts: Texts
    campaign: str
    """A random name (`new_campaign`): preparing it twice sends once."""

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(number for one in self.recipients for number in one.numbers))

    @property
    def letters(self) -> tuple[Recipient, ...]:
        """Those who are written to on paper, as the post wants them sorted."""
        return in_order(Order.POSTCODE, (one for one in self.recipients if one.channel is ChannelKind.LETTER))


@dataclass(frozen=True)
class Ready:
    """A campaign in the outbox."""

    added: int
    """Messages that were put in; none for one that was prepared before."""
    verified: Verified
    blocked: tuple[tuple[Recipient, str], ...]
    """Who gets nothing, and the sentence that says why."""
    taken: tuple[TakenElsewhere, ...]
    """Patients to whom another computer is writing: they are among the blocked."""

    @property
    def sentence(self) -> str:
        """« 1 248 accès vérifiés »."""
        return agree(self.verified.valid, "accès vérifié", "accès vérifiés")


def new_campaign() -> str:
    return uuid4().hex


def choose(
    dossiers: Iterable[Dossier], accounts: Iterable[Account], choice: Choice, today: dt.date, opted_out: Iterable[str]
) -> Selection:
    """Who is written to. Patients whom the portal does not show are left out: they would find nothing there."""
    accounts = tuple(accounts)
    absent = {one.number for one in accounts if one.showing is not Showing.SHOWN}
    informed = frozenset(one.number for one in accounts if one.informed is not None)
    shown = (dossier for dossier in dossiers if dossier.number not in absent)
    return select(shown, choice, today, OptOuts(numbers=frozenset(opted_out)), informed, signed_in=signed_in(accounts))


def signed_in(accounts: Iterable[Account]) -> frozenset[str]:
    """Patients whose dossier somebody opened, be the access still there or closed since."""
    return frozenset(one.number for one in accounts if one.accesses or one.last_visit is not None)


class Ground(Protocol):
    """What a check stands on: an open office, or what was last heard of the portal."""

    @property
    def identity(self) -> Identity: ...
    @property
    def setting(self) -> Setting: ...
    @property
    def settings(self) -> DeskSettings: ...
    @property
    def first_access(self) -> FirstAccess: ...


def look_over(
    ground: Ground,
    selection: Selection,
    texts: Texts,
    letters: LetterSet | WordTemplate,
    *,
    accounts: Iterable[Account] = (),
    unread_emails: Sequence[str] = (),
) -> Report:
    """Merge every message and letter with samples of the real codes' length, and tell what was found."""
    number = max((one.numbers[0] for one in selection.recipients), key=len, default="")
    link = ground.identity.portal + ACTIVATE.format(token=SAMPLE_TOKEN)
    return check(
        selection,
        ground.setting,
        texts,
        IssuedSecret(sample_words(ground.first_access, number), link),
        letters=WordWriter(letters) if isinstance(letters, WordTemplate) else Composer(letters),
        sms_price=ground.settings.sms.price,
        connected=frozenset(one.number for one in accounts if one.accesses),
        unread_emails=unread_emails,
    )


def without_blocked(selection: Selection, report: Report) -> tuple[Recipient, ...]:
    """« Continuer sans les 9 bloquants »."""
    return tuple(one for place, one in enumerate(selection.recipients) if place not in report.blocked)


def prepare(office: Office, mailing: Mailing, now: dt.datetime) -> Ready:
    """Claim the patients, make codes, texts and messages, put them into the outbox, and verify every code there.

    `now` has a time zone: the e-mails' date. Raise `WebOrthoError`; what was not put in does not leave.
    """
    taken = office.ledger.client.claim(mailing.campaign, mailing.numbers)
    elsewhere = {one.number: one for one in taken}
    free, blocked = [], []
    for recipient in mailing.recipients:
        other = next((elsewhere[number] for number in recipient.numbers if number in elsewhere), None)
        if other is None:
            free.append(recipient)
        else:
            blocked.append((recipient, TAKEN.format(name=other.device_name)))
    preparer = Preparer(office.setting, mailing.texts, office.issuer, office.senders.composer(office.setting.cabinet))
    prepared = preparer.prepare(mailing.campaign, free, now)
    added = office.ledger.outbox.add(mailing.campaign, prepared.drafts)
    verified = verify_waiting(office.ledger, mailing.campaign)
    return Ready(added, verified, (*blocked, *prepared.blocked), taken)


TAKEN = "Le poste « {name} » lui écrit en ce moment. Attendez la fin de son envoi."
WRITTEN = (
    "Un autre poste lui a écrit depuis la préparation de ce message. S’il doit partir aussi, préparez-le de nouveau."
)


def send(
    office: Office,
    campaign: str,
    *,
    control: Control,
    on_progress: Callable[[Progress], None] = lambda _: None,
    wait_for_retries: bool = True,
    now: Callable[[], float] = time.time,
) -> RunReport:
    """Send what is ready of a campaign, this time's or one that was interrupted; every code is verified first.

    `control` pauses, resumes and stops it from another thread. Raise `WebOrthoError`: nothing was sent then but what
    the outbox says.
    """
    outbox = office.ledger.outbox
    _still_ours(office, campaign)
    verify_waiting(office.ledger, campaign)
    waiting = tuple(outbox.waiting(campaign))
    channels = office.senders.channels(frozenset(ChannelKind(one.channel) for one in waiting))
    upkeep = _Upkeep(office, campaign, now)

    def progressed(progress: Progress) -> None:
        if progress.last is State.SENT:
            upkeep.one_more()
        on_progress(progress)

    report = Campaign(
        campaign,
        outbox,
        channels,
        office.issuer,
        pace=Pace(office.senders.pace, wait_for_retries=wait_for_retries),
        control=control,
        on_progress=progressed,
        before_each=upkeep.renew,
        now=now,
    ).run()
    office.ledger.tell(campaign)
    if not report.counts[State.READY]:
        # Where the portal is away, the claim ends by itself.
        with suppress(PortalUnreachable):
            office.ledger.client.release([campaign])
    # What the ledger found forgotten has failed since.
    return replace(report, counts=outbox.counts(campaign))


def _still_ours(office: Office, campaign: str) -> None:
    """Claim once more: hours may have passed. Whom another computer is writing to by now, or has, is left to it."""
    waiting = tuple(office.ledger.outbox.waiting(campaign))
    if not waiting:
        return
    numbers = tuple(dict.fromkeys(number for one in waiting for number in one.numbers))
    elsewhere = {one.number: one.device_name for one in office.ledger.client.claim(campaign, numbers)}
    # After the claim: who is not being written to now will not be before the next one.
    written = _written_elsewhere(office, min(message.since for message in waiting))
    for message in waiting:
        if name := next((elsewhere[number] for number in message.numbers if number in elsewhere), ""):
            office.ledger.outbox.refuse([message.id], TAKEN.format(name=name))
        elif any(written.get(number, 0) > message.since for number in message.numbers):
            office.ledger.outbox.refuse([message.id], WRITTEN)


def _written_elsewhere(office: Office, since: float) -> dict[str, float]:
    """Patients whom another computer informed after `since`, and when; UTC seconds since 1970."""
    informed = {one.number: one.informed.at.timestamp() for one in office.ledger.client.accounts() if one.informed}
    written = {number: at for number, at in informed.items() if at > since}
    outbox = office.ledger.outbox
    for campaign in outbox.campaigns() if written else ():
        for entry in outbox.journal(campaign):
            for number in entry.numbers if entry.state is State.SENT else ():
                if written.get(number, math.inf) <= entry.changed:
                    # What left from here: to the other parent, or another child of the family.
                    del written[number]
    return written


class _Upkeep:
    """What the portal is told while messages leave. Where it is away, the outbox remembers, and the sending goes on."""

    def __init__(self, office: Office, campaign: str, now: Callable[[], float]) -> None:
        """`now` goes on while the computer sleeps: its claim does, too."""
        self._office = office
        self._campaign = campaign
        self._now = now
        self._sent = 0
        self._renewed = now()

    def one_more(self) -> None:
        self._sent += 1
        if self._sent % TELL_EVERY == 0:
            self._office.ledger.tell(self._campaign)

    def renew(self) -> None:
        """Before each message: after a pause, or a night with the lid closed, another computer may have taken over."""
        if self._now() - self._renewed > RENEW_EVERY:
            self._renewed = self._now()
            with suppress(PortalUnreachable):
                _still_ours(self._office, self._campaign)


def print_letters(
    office: Office,
    mailing: Mailing,
    letters: LetterSet | WordTemplate,
    path: Path,
    *,
    form: PaperFormat = PaperFormat.PDF,
    progress: PrintProgress = lambda _, __: None,
    cancel: CancelToken | None = None,
) -> PrintReport:
    """The campaign's part on paper, in one file, in the same journal."""
    return office.press.paper(
        mailing.letters, letters, path, form=form, campaign=mailing.campaign, progress=progress, cancel=cancel
    )
