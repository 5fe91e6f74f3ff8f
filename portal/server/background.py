"""The process beside the web server: e-mails, answers to first visits, the watch over nights, and tidying up."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from time import monotonic

import django

TIDY_EVERY = 60 * 60
"""Seconds."""
STOP_WITHIN = 10
_log = logging.getLogger("portal.background")


class Background:
    """Started beside a server and stopped with it; it also ends by itself when the server is killed."""

    def __init__(self) -> None:
        # A new interpreter: threads and database connections of this one are not inherited.
        self._process: BaseProcess = multiprocessing.get_context("spawn").Process(target=_work, daemon=True)

    def start(self) -> None:
        self._process.start()

    def stop(self) -> None:
        """Let the mail that is being sent go out, then end."""
        self._process.terminate()
        self._process.join(STOP_WITHIN)
        if self._process.is_alive():
            self._process.kill()


def every(seconds: float, work: Callable[[], object], clock: Callable[[], float] = monotonic) -> Callable[[], None]:
    """`work` at the first call, and then at most once in so many seconds."""
    due = [clock()]

    def chore() -> None:
        if clock() >= due[0]:
            due[0] = clock() + seconds
            work()

    return chore


def _work() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.server.settings")
    django.setup()
    from portal.server.accounts.answers import answer_all  # noqa: PLC0415 - needs Django set up
    from portal.server.housekeeping import tidy  # noqa: PLC0415 - as above
    from portal.server.mail.worker import run_forever  # noqa: PLC0415 - as above
    from portal.server.nights.watch import LOOK_EVERY, watch  # noqa: PLC0415 - as above

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the whole group: the server stops this process
    Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    run_forever(stop, (answer_all, every(TIDY_EVERY, tidy), every(LOOK_EVERY, watch)))


def _watch_parent(stop: Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        stop.set()
