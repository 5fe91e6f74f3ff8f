"""A campaign's run: what is in the outbox leaves by its channels, at a pace, until it is done, paused or stopped.

`run` belongs to one thread; `pause`, `resume` and `stop` may be called from any. Whatever ends a run (a stop, an error,
a crash), the next run goes on where this one was.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from cabinet.errors import WebOrthoError
from merge.channels.channel import Channel, ChannelUnavailableError, Outcome, Result
from merge.outbox import Claimed, Outbox, State
from merge.record import AccessIssuer

ACTIVATE_WITHIN = 1.0
"""Seconds: where messages leave faster than that, the portal is asked once for many."""


@dataclass(frozen=True)
class Pace:
    """How fast messages leave: mail servers and gateways punish bursts."""

    per_minute: float = 60
    wait_for_retries: bool = True
    """Whether a run waits for deliveries that were refused for now, or leaves them to the next run."""

    @property
    def seconds(self) -> float:
        return 60 / self.per_minute


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is. `last` says what became of the delivery just tried, None at the beginning and the end."""

    counts: Mapping[State, int]
    last: State | None = None
    detail: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        return self.total - self.counts[State.READY] - self.counts[State.SENDING]


@dataclass(frozen=True)
class RunReport:
    """How a run ended."""

    counts: Mapping[State, int]
    stopped: bool
    unavailable: Mapping[str, ChannelUnavailableError] = field(default_factory=dict)
    """Channels that could not be used, with the sentence to show; their deliveries are still ready."""
    activation_error: WebOrthoError | None = None
    """Why codes of messages that were sent are not yet valid; the next run tries again."""


class Control:
    """The buttons beside a run: pause, resume, stop. Safe to call from any thread."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()

    def pause(self) -> None:
        self._go.clear()

    def resume(self) -> None:
        self._go.set()

    def stop(self) -> None:
        """After the delivery under way; also ends a pause."""
        self._stop.set()
        self._go.set()

    @property
    def paused(self) -> bool:
        return not self._go.is_set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def wait_while_paused(self) -> None:
        self._go.wait()

    def sleep(self, seconds: float) -> None:
        """Until the time has passed or `stop` is called."""
        self._stop.wait(seconds)


class Campaign:
    """One campaign of an outbox, with what it needs to leave the house."""

    def __init__(
        self,
        name: str,
        outbox: Outbox,
        channels: Mapping[str, Channel],
        issuer: AccessIssuer,
        *,
        pace: Pace | None = None,
        control: Control | None = None,
        on_progress: Callable[[Progress], None] = lambda _: None,
        before_each: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`channels` by the name that drafts carry. `now` must be the outbox's clock.

        `before_each` is called before a delivery is taken: it may refuse what must not leave any more.
        """
        self._name = name
        self._outbox = outbox
        self._channels = dict(channels)
        self._issuer = issuer
        self._pace = pace or Pace()
        self._on_progress = on_progress
        self._before_each = before_each
        self._now = now
        self.control = control or Control()
        self._unavailable: dict[str, ChannelUnavailableError] = {}
        self._activation_error: WebOrthoError | None = None
        self._activated_at = 0.0

    def run(self) -> RunReport:
        """Send what is ready. Raise `OutboxError` where the outbox cannot be written: nothing more is sent then."""
        self._outbox.recover(self._name)
        self._activate()
        self._report(None)
        with ExitStack() as open_channels:
            for channel in self._channels.values():
                open_channels.enter_context(channel)
            while not self.control.stopped:
                if self.control.paused:
                    self._activate()
                    self.control.wait_while_paused()
                if self.control.stopped or not self._step():
                    break
        self._activate()
        self._report(None)
        return RunReport(
            self._outbox.counts(self._name), self.control.stopped, dict(self._unavailable), self._activation_error
        )

    def _step(self) -> bool:
        """Send one delivery, or wait for one; False when there is nothing left to do."""
        usable = [name for name in self._channels if name not in self._unavailable]
        self._before_each()
        claimed = self._outbox.claim(self._name, usable) if usable else None
        if claimed is not None:
            if self._send(claimed):
                self.control.sleep(self._pace.seconds)
            return True
        self._activate()
        due = self._outbox.next_due(self._name, usable) if usable else None
        if due is None or not self._pace.wait_for_retries:
            return False
        self.control.sleep(max(0.05, due - self._now()))
        return True

    def _send(self, claimed: Claimed) -> bool:
        """Whether the other side was troubled."""
        try:
            result = self._channels[claimed.channel].send(claimed.outgoing)
        except ChannelUnavailableError as error:
            self._outbox.release(claimed)
            self._unavailable[claimed.channel] = error
            return False
        except Exception:
            # A fault of ours in the middle of a send: nobody knows how far it came.
            self._outbox.settle(claimed, Result(Outcome.UNKNOWN, "WebOrtho s’est arrêté pendant l’envoi."))
            raise
        state = self._outbox.settle(claimed, result)
        if state is State.SENT and self._now() - self._activated_at >= ACTIVATE_WITHIN - self._pace.seconds:
            self._activate()
        self._report(state, result.detail)
        return True

    def _activate(self) -> None:
        """Codes become valid when the message that carries them was sent; what fails here is tried again."""
        self._activated_at = self._now()
        self._activation_error = None
        out = self._outbox.to_activate(self._name)
        if not out:
            return
        try:
            self._issuer.activate(tuple(handle for one in out for handle in one.handles))
        except WebOrthoError as error:
            self._activation_error = error
        else:
            self._outbox.activated(one.id for one in out)

    def _report(self, last: State | None, detail: str = "") -> None:
        self._on_progress(Progress(self._outbox.counts(self._name), last, detail))
