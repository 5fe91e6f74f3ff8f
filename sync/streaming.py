"""A cabinet's first publication on its way while the source is still being read: staged, and shown to nobody.

What is sent before all is read is only a head start: the run is opened and planned as any other once the reading is
over (`sync.run`), guarded then, and committed or discarded. So it is sent only where there is nothing to compare with.
"""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Full, Queue
from types import TracebackType

import msgspec

from portal.api.client import PortalClient
from portal.api.shapes import MAX_BATCH_BYTES, Batch, BatchEntry, OpenRun, RunStatus, TableCounts

NOT_READ_YET = "f" * 32
"""The root that is asked for with a run of which nothing is known: that of no published state."""
_WAITING = 4
"""Batches that are read before the portal has taken the one before them."""
_TURN = 0.0005
"""Seconds that the thread that reads may keep the one that sends waiting, which needs a moment between two waits for
the portal. Python's own 0.005 let the portal stand idle: a first publication took a seventh longer.
"""
_LAST_WAIT = 2.0
"""Seconds that Ctrl+C waits for the batch that is on its way."""


class Staged(msgspec.Struct, frozen=True):
    """What the portal has set aside of a run."""

    run: str = ""
    """Empty: nothing was sent."""
    numbers: frozenset[str] = frozenset()
    batches: int = 0
    """They are the first ones of the run."""


class Stream:
    """Implements `sync.gathered.Outlet`. A context: its thread, the only one that talks to the portal, ends with it."""

    def __init__(self, client: PortalClient, check: Callable[[], None]) -> None:
        """`check` raises `Cancelled` once somebody stopped the run."""
        self._client = client
        self._check = check
        self._thread: threading.Thread | None = None
        self._turn = sys.getswitchinterval()
        self._queue: Queue[tuple[int, Batch] | None] = Queue(_WAITING)
        self._failure: BaseException | None = None
        self._is_declined = False
        self._barred: frozenset[str] = frozenset()
        self._entries: list[BatchEntry] = []
        self._size = 0
        self._numbers: set[str] = set()
        self._batches = 0
        self.run = ""
        """The run that was opened, if one was."""

    def __enter__(self) -> "Stream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._thread is None:
            return
        if self._thread.is_alive():
            self._failure = self._failure or error
            # A program that is told to end waits for no portal that is long in answering: the thread ends with it.
            longest = None if error is None or isinstance(error, Exception) else _LAST_WAIT
            with suppress(Full):
                self._queue.put(None, timeout=longest)
            self._thread.join(longest)
        sys.setswitchinterval(self._turn)

    def begin(self) -> None:
        """A batch replaces the one that had its place, and the commit leaves those behind the last one out."""
        self._queue.join()
        self._entries, self._size, self._batches = [], 0, 0
        self._numbers.clear()

    def take(self, entry: BatchEntry) -> bool:
        if self._is_declined or entry.number in self._barred:
            return False
        self._check()
        if self._entries and self._size + len(entry.encoded) > MAX_BATCH_BYTES:
            if not self._is_open():
                return False
            self._put()
        self._entries.append(entry)
        self._size += len(entry.encoded)
        return self._thread is not None

    def end(self) -> Staged:
        """All was read: send the rest, and wait until the portal has it. Raise what went wrong on the way."""
        if self._thread is None:
            return Staged()
        self._put()
        self._queue.join()
        self._raise_failure()
        return Staged(self.run, frozenset(self._numbers), self._batches)

    def _is_open(self) -> bool:
        """Whether there is a run to send to: asked once, and declined where the portal shows anything already."""
        if self._thread is None:
            state = self._client.open_run(OpenRun(NOT_READ_YET, TableCounts(patients=len(self._entries))))
            self._is_declined = state.status is not RunStatus.OPEN or state.last_counts is not None
            self.run = state.run
            if self._is_declined:
                return False
            self._barred = frozenset(state.not_published)
            self._thread = threading.Thread(target=self._send, name="sync-stream", daemon=True)
            sys.setswitchinterval(_TURN)
            self._thread.start()
        return True

    def _put(self) -> None:
        self._raise_failure()
        entries = tuple(entry for entry in self._entries if entry.number not in self._barred)
        self._entries, self._size = [], 0
        if entries:
            self._numbers.update(entry.number for entry in entries)
            self._queue.put((self._batches, Batch(entries)))
            self._batches += 1

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _send(self) -> None:
        """On the thread. After a failure nothing more is sent, but what waits is taken: nobody waits for ever."""
        while (waiting := self._queue.get()) is not None:
            try:
                if self._failure is None:
                    self._client.put_batch(self.run, *waiting)
            except BaseException as error:  # noqa: BLE001 - raised where the source is read
                self._failure = error
            finally:
                self._queue.task_done()
