"""One mailing under way, without its widgets: prepare, print, send, and at every moment what may be shown of it."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from filelock import FileLock, Timeout

from app.desk import mailing
from app.desk.desk import Desk
from app.desk.issuer import LocalIssuer
from app.desk.ledger import open_outbox
from app.desk.mailing import Mailing
from app.desk.office import Office, open_office
from app.desk.printing import Press
from app.desk.texts import TextFolder
from app.mailing.basis import Basis
from app.mailing.papers import NO_PAPERS, Paper, Papers, PaperWork
from app.mailing.refused import Refused, of_papers, of_recipient
from cabinet.errors import WebOrthoError
from merge.campaign import Control, Progress, RunReport
from merge.french import agree
from merge.outbox import Entry, Outbox, State
from merge.preparing import Texts
from merge.recipients import ChannelKind, Recipient
from sync.cancel import CancelToken

TELL_EVERY = 0.25
"""Seconds between two pictures of a run: more often than a person looks."""


class BusyError(WebOrthoError):
    """Another sending runs on this computer."""


class Stage(Enum):
    PREPARING = "preparing"
    PRINTING = "printing"
    SENDING = "sending"
    ENDED = "ended"


@dataclass(frozen=True)
class Plan:
    """What a person started. Without recipients, a campaign of the outbox goes on."""

    campaign: str
    recipients: tuple[Recipient, ...] = ()
    folder: Path = Path()
    """Of the model's own texts."""
    paper: Paper | None = None
    refused: tuple[Refused, ...] = ()
    """Who was left out by the check: told at the end with the others."""

    def only(self, *channels: ChannelKind) -> "Plan":
        return replace(self, recipients=tuple(one for one in self.recipients if one.channel in channels))


@dataclass(frozen=True)
class ChannelCount:
    """Of one channel: how many are done, and how they stand."""

    total: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    waiting: int = 0

    @property
    def settled(self) -> int:
        return self.sent + self.failed + self.unknown


@dataclass(frozen=True)
class Picture:
    """What is shown of a mailing at one moment."""

    campaign: str
    stage: Stage
    counts: Mapping[ChannelKind, ChannelCount] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    done: int = 0
    total: int = 0
    """Papers, while they are written."""
    verified: int = 0
    per_minute: float = 60

    @property
    def settled(self) -> int:
        return sum(count.settled for count in self.counts.values())

    @property
    def everything(self) -> int:
        return sum(count.total for count in self.counts.values())

    @property
    def waiting(self) -> int:
        return sum(count.waiting for kind, count in self.counts.items() if kind is not ChannelKind.LETTER)


@dataclass(frozen=True)
class Ended:
    """How a mailing ended, or stopped."""

    picture: Picture
    refused: tuple[Refused, ...] = ()
    """Who gets nothing, and why."""
    papers: Papers = NO_PAPERS
    stopped: bool = False
    troubles: tuple[WebOrthoError, ...] = ()
    """What could not be used, and what the portal must still hear; nothing is lost."""


@contextmanager
def alone(desk: Desk) -> Iterator[None]:
    """One mailing at a time on this computer. Raise `BusyError`."""
    desk.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(desk.state_dir / f"envoi-{desk.config.cabinet}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError("Un envoi est déjà en cours sur ce poste.", "Attendez sa fin, puis recommencez.") from None
    try:
        yield
    finally:
        lock.release()


def carry_out(desk: Desk, plan: Plan, control: Control, tell: Callable[[Picture], None], cancel: CancelToken) -> Ended:
    """Do all of a plan, in a worker's thread; `control` pauses and stops it, `cancel` ends the waits for the portal.

    Raise `WebOrthoError` before anything left; what was put into the outbox goes on from there another time.
    """
    with alone(desk), open_office(desk, cancel=cancel) as office:
        return _Run(office, plan, control, tell, cancel).run()


class _Run:
    def __init__(
        self, office: Office, plan: Plan, control: Control, tell: Callable[[Picture], None], cancel: CancelToken
    ) -> None:
        self._office = office
        self._plan = plan
        self._control = control
        self._tell = tell
        self._cancel = cancel
        self._told = 0.0
        self._verified = 0
        self._expected = expected(plan)

    def run(self) -> Ended:
        refused = list(self._plan.refused)
        papers = NO_PAPERS
        self._show(Stage.PREPARING)
        if self._plan.recipients:
            ready = mailing.prepare(self._office, self._mailing(self._plan.recipients), dt.datetime.now(dt.UTC))
            self._verified += ready.verified.valid
            refused += [of_recipient(recipient, why) for recipient, why in ready.blocked]
            blocked = {id(recipient) for recipient, _ in ready.blocked}
            papers = self._print(tuple(one for one in self._plan.recipients if id(one) not in blocked))
            self._verified += papers.verified
            refused += of_papers(papers.refused)
        self._show(Stage.SENDING)
        report = mailing.send(self._office, self._plan.campaign, control=self._control, on_progress=self._progressed)
        troubles = _troubles(report, papers)
        return Ended(self._picture(Stage.ENDED), tuple(refused), papers, report.stopped, troubles)

    def _print(self, recipients: tuple[Recipient, ...]) -> Papers:
        wanted = self._plan.paper
        if wanted is None:
            return NO_PAPERS

        def done(count: int, total: int) -> None:
            if self._control.stopped:
                self._cancel.cancel()
            self._show(Stage.PRINTING, count, total)

        work = PaperWork(self._office.press, wanted, self._plan.campaign, done, self._cancel)
        return work.write(recipients, self._texts.paper(self._office.settings))

    @property
    def _texts(self) -> TextFolder:
        return TextFolder(self._plan.folder, confirmed=self._office.setting.confirmed)

    def _mailing(self, recipients: tuple[Recipient, ...]) -> Mailing:
        texts = self._texts.texts(self._office.settings) if self._expected.keys() - {ChannelKind.LETTER} else Texts({})
        return Mailing(recipients, texts, self._plan.campaign)

    def _progressed(self, progress: Progress) -> None:
        ended = progress.last is None
        self._show(Stage.SENDING, at_once=ended)

    def _show(self, stage: Stage, done: int = 0, total: int = 0, *, at_once: bool = False) -> None:
        """Not at each message: reading the journal costs more than sending a message does."""
        now = time.monotonic()
        if at_once or now - self._told > TELL_EVERY or (total and done == total):
            self._told = now
            self._tell(self._picture(stage, done, total))

    def _picture(self, stage: Stage, done: int = 0, total: int = 0) -> Picture:
        picture = picture_of(self._office.ledger.outbox, self._plan.campaign, stage)
        counts = dict(picture.counts)
        for kind, count in self._expected.items():
            counts.setdefault(kind, count)
        return replace(
            picture,
            counts=counts,
            done=done,
            total=total,
            verified=self._verified,
            per_minute=self._office.senders.pace,
        )


def expected(plan: Plan) -> dict[ChannelKind, ChannelCount]:
    """What of each channel shall leave, before any of it is prepared."""
    many = Counter(one.channel for one in plan.recipients)
    return {kind: ChannelCount(count, waiting=count) for kind, count in many.items()}


def picture_of(outbox: Outbox, campaign: str, stage: Stage = Stage.ENDED) -> Picture:
    """What the outbox says of a campaign."""
    entries = tuple(outbox.journal(campaign))
    counts: dict[ChannelKind, ChannelCount] = {}
    states = Counter((entry.channel, entry.state) for entry in entries)
    for kind in ChannelKind:
        of_kind = {state: states[kind, state] for state in State}
        if total := sum(of_kind.values()):
            counts[kind] = ChannelCount(
                total,
                of_kind[State.SENT],
                of_kind[State.FAILED],
                of_kind[State.UNKNOWN],
                of_kind[State.READY] + of_kind[State.SENDING],
            )
    return Picture(campaign, stage, counts, entries)


def print_offline(
    basis: Basis, plan: Plan, without_birth_date: frozenset[str], tell: Callable[[Picture], None], cancel: CancelToken
) -> Ended:
    """The letters of a plan without the portal: no personal link, nothing to make valid, nobody else knows of it."""
    paper = plan.paper
    count = sum(one.channel is ChannelKind.LETTER for one in plan.recipients)
    if paper is None or not count:
        return Ended(Picture(plan.campaign, Stage.ENDED), plan.refused)
    texts = TextFolder(plan.folder, confirmed=basis.setting.confirmed, with_links=False)
    press = Press(basis.setting, LocalIssuer(basis.first_access, without_birth_date))
    counts = {ChannelKind.LETTER: ChannelCount(count, waiting=count)}

    def done(many: int, total: int) -> None:
        tell(Picture(plan.campaign, Stage.PRINTING, counts, done=many, total=total))

    papers = PaperWork(press, paper, plan.campaign, done, cancel).write(plan.recipients, texts.paper(basis.settings))
    refused = of_papers(papers.refused)
    written = papers.letters.papers if papers.letters else 0
    ended = {ChannelKind.LETTER: ChannelCount(count, written, len(refused))}
    return Ended(
        Picture(plan.campaign, Stage.ENDED, ended), (*plan.refused, *refused), papers, troubles=papers.troubles
    )


def _troubles(report: RunReport, papers: Papers) -> tuple[WebOrthoError, ...]:
    late = [report.activation_error] if report.activation_error else []
    return (*papers.troubles, *report.unavailable.values(), *late, *papers.told_errors)


@dataclass(frozen=True)
class Interrupted:
    """A campaign that was not brought to its end: the program was closed, or died."""

    campaign: str
    ready: int
    unknown: int

    @property
    def sentence(self) -> str:
        parts = []
        if self.ready:
            parts.append(f"{agree(self.ready, 'message attend', 'messages attendent')} de partir")
        if self.unknown:
            parts.append(f"{agree(self.unknown, 'envoi est à vérifier', 'envois sont à vérifier')}")
        return f"Un envoi a été interrompu : {', '.join(parts)}."


def find_interrupted(desk: Desk) -> Interrupted | None:
    """The latest campaign with something left to send, or to find out about; the portal is not asked."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        for campaign in _unfinished(outbox):
            counts = picture_of(outbox, campaign).counts
            ready = sum(count.waiting for kind, count in counts.items() if kind is not ChannelKind.LETTER)
            unknown = sum(count.unknown for count in counts.values())
            if ready or unknown:
                return Interrupted(campaign, ready, unknown)
    return None


def abandon(desk: Desk, campaign: str) -> Picture:
    """What waits of a campaign will not leave any more, and cannot be sent again as it is."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        outbox.refuse([waiting.id for waiting in outbox.waiting(campaign)], ABANDONED)
        return picture_of(outbox, campaign)


def give_up(desk: Desk, campaign: str, identities: tuple[str, ...]) -> Picture:
    """A person found out that the file of these papers is not there: their codes will never be valid."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        for identity in identities:
            outbox.confirm_lost(identity, NOT_WRITTEN)
        return picture_of(outbox, campaign)


NOT_WRITTEN = "Le fichier n’a pas été écrit\u00a0: préparez ces papiers de nouveau."
ABANDONED = "Abandonné par le cabinet avant son départ."


def pending(desk: Desk) -> dict[str, State]:
    """Patients to whom a message of an earlier mailing waits to leave, or may have left: a new one leaves them out."""
    found: dict[str, State] = {}
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        for campaign in _unfinished(outbox):
            for entry in outbox.journal(campaign):
                if entry.channel in _SENT and entry.state in _OPEN:
                    found.update(dict.fromkeys(entry.numbers, entry.state))
    return found


_SENT = (ChannelKind.EMAIL, ChannelKind.SMS)
_OPEN = (State.READY, State.SENDING, State.UNKNOWN)


def _unfinished(outbox: Outbox) -> Iterator[str]:
    """Campaigns of which something waits or is unknown, the latest first: the others' journals need not be read."""
    for campaign in outbox.campaigns():
        outbox.recover(campaign)
        counts = outbox.counts(campaign)
        if any(counts[state] for state in _OPEN):
            yield campaign


def look_at(desk: Desk, campaign: str) -> Picture:
    """A campaign of the outbox as it stands."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        return picture_of(outbox, campaign)


def send_again(desk: Desk, campaign: str, identities: tuple[str, ...]) -> Picture:
    """A person decided to send these once more: they wait for the next run."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        for identity in identities:
            outbox.send_again(identity)
        return picture_of(outbox, campaign)


def confirm_sent(desk: Desk, campaign: str, identities: tuple[str, ...]) -> Picture:
    """A person found out that these have arrived; the portal hears of it with the next run."""
    with open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox:
        for identity in identities:
            outbox.confirm_sent(identity)
        return picture_of(outbox, campaign)
