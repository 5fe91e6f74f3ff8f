"""One run: lock, read, compare, send, commit, journal. Nothing is published by half, and repeating is harmless."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from cabinet.errors import SourceError, WebOrthoError
from cabinet.missing_column import MissingColumn
from cabinet.problem_groups import ProblemGroup
from portal.api.client import PortalClient
from portal.api.errors import PortalError, PortalRefused
from portal.api.guards import losses
from portal.api.nights import Phase
from portal.api.shapes import Commit, Committed, OpenRun, RunNotice, RunState, RunStatus
from sync.cancel import CancelToken
from sync.errors import Cancelled, GuardRefused, OwnFault
from sync.expected import barred, expected_root, staying
from sync.fewer_files import gone_files
from sync.gathered import Gathered, Outlet
from sync.journal import Journal, PortalMemory
from sync.last_rows import cut_tables, last_with_rows
from sync.only_run import only_run
from sync.plan import Plan, make_plan, require_sound
from sync.report import Launch, Outcome, RunReport, Timings
from sync.sending import Sending
from sync.streaming import Staged, Stream

REPLANNED = frozenset({"stale-root", "run-closed"})
"""Kinds of refusals that say somebody else published since this run was planned: it is planned anew, once."""
GUARD_KINDS = frozenset({"table-lost-rows", "table-grew", "patients-changed", "patients-replaced", "no-birth-dates"})
"""Kinds of refusals that are the portal's own guards (portal.api.guards), held against an older client."""
Read = Callable[[Outlet | None], Gathered]
"""Reads the source; where there is an outlet, what is read may leave at once."""


class Progress(msgspec.Struct, frozen=True):
    """Where a run stands: `done` of `total` photos or dossiers of this phase; `total` 0 where there is no count."""

    phase: Phase
    done: int = 0
    total: int = 0


class SyncTask(msgspec.Struct, frozen=True):
    """What is asked of one run."""

    cabinet: str
    confirm_withdrawals: bool = False
    confirm_losses: bool = False
    confirm_reused: frozenset[str] = frozenset()
    """Numbers of which a practitioner said that they belong to another patient now."""
    dry_run: bool = False
    is_journalled: bool = True
    """A dry run that only answers a question about one patient is none of the history's."""
    launch: Launch = Launch.UNKNOWN
    mapping_has_moved: Callable[[int], bool] = lambda _: False
    """Whether the portal's version of the mapping is not the one that was read with: then it is read anew."""
    notice: Callable[[tuple[ProblemGroup, ...]], RunNotice] | None = None
    """Tells the portal of this run with its first request and its commit; None: it is told otherwise, or not at all."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def run_sync(
    task: SyncTask,
    read: Read,
    client: PortalClient,
    state_dir: Path,
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    planned: Callable[[Plan], None] = lambda _: None,
    clock: Callable[[], dt.datetime] = _utc_now,
) -> RunReport:
    """Read the source, publish what changed, and record the run in the journal in `state_dir`.

    `planned` is told the plan as soon as it stands, before anything moves; nothing is planned where the portal shows
    all of it already.

    Raise `SyncError` (guards, a second run, cancelled), `SourceError`, `PortalError`; each is in the journal too
    (unless the task is not to be), and so is any other exception, as WebOrtho's own fault. A run that is killed leaves
    nothing published by half: the next one starts over or takes it up. One that is stopped by Ctrl+C is left as if it
    were killed, and journalled at once.
    """
    with only_run(state_dir, client.address, task.cabinet):
        journal = Journal(state_dir, client.address, task.cabinet)
        run = _Run(task, client, journal, cancel or CancelToken(), progress=progress, planned=planned)
        if not task.is_journalled:
            return run.carry_out(read)
        entry = journal.begin(clock(), task.launch)
        try:
            report = run.carry_out(read)
        except WebOrthoError as error:
            journal.fail(entry, clock(), error, run.problems)
            raise
        except Exception as error:
            journal.fail(entry, clock(), OwnFault(error, state_dir), run.problems)
            raise
        except (KeyboardInterrupt, SystemExit):
            journal.interrupt(entry, clock())
            raise
        journal.finish(entry, clock(), report)
        return report


def _read_after(memory: PortalMemory, read: Read, outlet: Outlet | None) -> Gathered:
    """Read, and tell a column that is missing by what the last reading saw."""
    try:
        return read(outlet)
    except MissingColumn as error:
        raise error.since(memory.columns.get(error.table, ())) from error


class _MappingMoved(Exception):
    """The cabinet saved another mapping since the one that the source was read with. The open run is taken up again."""


class _Run:
    """The steps of one run, with the clocks and counters that its report is made from."""

    def __init__(
        self,
        task: SyncTask,
        client: PortalClient,
        journal: Journal,
        cancel: CancelToken,
        *,
        progress: Callable[[Progress], None],
        planned: Callable[[Plan], None],
    ) -> None:
        self._task = task
        self._client = client
        self._journal = journal
        self._cancel = cancel
        self._progress = progress
        self._planned = planned
        self._traffic = client.traffic
        self._started = time.monotonic()
        self._seconds = dict.fromkeys(("read", "plan", "send", "commit"), 0.0)
        self._sending = Sending(client, self._step)
        self._held = ""
        """The portal's run that is open, with the lease that it has."""
        self._staged = Staged()
        self.problems: tuple[ProblemGroup, ...] = ()

    def carry_out(self, read: Read) -> RunReport:
        memory = self._journal.recall()
        now, memory = self._read(read, memory, is_first=memory.manifest is None and not self._task.dry_run)
        if self._task.dry_run:
            return self._foreseen(now, memory)
        try:
            return self._guarded(now, memory)
        except _MappingMoved:
            now, memory = self._read(read, self._journal.recall())
        except PortalRefused as refusal:
            if refusal.kind not in REPLANNED:
                raise
        return self._guarded(now, memory, is_last=True)

    def _read(self, read: Read, memory: PortalMemory, *, is_first: bool = False) -> tuple[Gathered, PortalMemory]:
        """The source, and what is remembered of the portal. Raise `GuardRefused` for a source without patients.

        `is_first`: as far as is known here the portal shows nothing, and what is read can be sent at once.
        """
        self._step(Phase.READ)
        self._staged = Staged()
        with self._timed("read"), self._lease_given_back():
            now = self._streamed(read, memory) if is_first else _read_after(memory, read, None)
            self.problems = now.problems
            require_sound(losses(None, now.counts), all_refused=bool(now.refused))  # it needs no portal to be refused
        if now.columns and now.columns != memory.columns:
            memory = msgspec.structs.replace(memory, columns=dict(now.columns))
            self._journal.remember(memory)
        return now, memory

    def _streamed(self, read: Read, memory: PortalMemory) -> Gathered:
        stream = Stream(self._client, self._cancel.check)
        try:
            with stream:
                now = _read_after(memory, read, stream)
                self._staged = stream.end()
        except PortalRefused as refusal:
            if refusal.kind not in REPLANNED:
                raise
            return _read_after(memory, read, None)
        finally:
            self._held = stream.run
        return now

    @contextlib.contextmanager
    def _lease_given_back(self) -> Iterator[None]:
        """What is refused leaves no run behind; one that a broken line left open is taken up by the next run."""
        try:
            yield
        except (Cancelled, GuardRefused, PortalRefused, SourceError):
            run, self._held, self._staged = self._held, "", Staged()
            if run:
                with contextlib.suppress(PortalError, Cancelled):
                    self._client.discard(run)
            raise

    def _guarded(self, now: Gathered, memory: PortalMemory, *, is_last: bool = False) -> RunReport:
        """Publish; the portal's own guards refuse as ours do. `is_last`: a newer mapping is the next run's."""
        try:
            with self._lease_given_back():
                return self._published(now, memory, is_last=is_last)
        except PortalRefused as refusal:
            if refusal.kind in GUARD_KINDS:
                raise GuardRefused(refusal.what, refusal.todo) from refusal
            raise

    def _foreseen(self, now: Gathered, memory: PortalMemory) -> RunReport:
        """The plan as far as it can be known without opening a run, which would hold the cabinet's lease."""
        with self._timed("plan"):
            plan = self._compared(now, memory)
        return self._report(now, Outcome.PLANNED, plan, plan.base.hex())

    def _published(self, now: Gathered, memory: PortalMemory, *, is_last: bool) -> RunReport:
        with self._timed("plan"):
            self._step(Phase.COMPARE)
            state = self._open(now, memory)
            told = memory.as_hidden(state)
            if state.status is RunStatus.CURRENT and told != memory:
                # Somebody who was hidden may be shown again: what the portal shows is not what it should show.
                memory = told
                self._journal.remember(memory)
                state = self._open(now, memory)
        if not is_last and self._task.mapping_has_moved(state.mapping_version):
            raise _MappingMoved
        if state.status is RunStatus.CURRENT:
            return self._current(now, memory, state)
        return self._carried_through(now, memory, state)

    def _open(self, now: Gathered, memory: PortalMemory) -> RunState:
        """Ask for a run, saying what the portal would show if nothing had changed."""
        root = expected_root(now, memory, self._task.confirm_reused)
        state = self._client.open_run(OpenRun(root.hex(), now.counts, self._notice()))
        self._held = state.run
        return state

    def _notice(self) -> RunNotice | None:
        return self._task.notice(self.problems) if self._task.notice else None

    def _carried_through(self, now: Gathered, memory: PortalMemory, state: RunState) -> RunReport:
        memory = memory.as_told(state)
        with self._timed("plan"):
            plan = self._compared(now, memory, state.manifest_tag)
        with self._timed("send"):
            self._sending.photos(state.run, now, plan, self._note)
            count = self._sending.batches(state.run, now, plan, self._staged)
        self._step(Phase.COMMIT)
        with self._timed("commit"):
            committed = self._client.commit(
                state.run,
                Commit(
                    base_root=plan.base.hex(),
                    batches=count,
                    withdrawn=plan.withdrawn,
                    confirm_withdrawals=plan.is_confirmed,
                    counts=now.counts,
                    confirm_losses=bool(plan.lost),
                    confirm_reused=plan.handed_over,
                    held=plan.held,
                    reused=plan.reused,
                    notice=self._notice(),
                ),
            )
        is_as_planned = committed.root == plan.after.root.hex()
        shown = plan.after if is_as_planned else None
        ended = tuple(sorted(memory.columns.keys() - now.open_ended))
        self._journal.remember(
            msgspec.structs.replace(
                memory,
                manifest=shown,
                last_counts=now.counts,
                ended=ended,
                last_with_rows=last_with_rows(now.fingerprints),
                files=dict(now.files),
            )
        )
        return self._finished(now, plan, committed)

    def _compared(self, now: Gathered, memory: PortalMemory, tag: str = "") -> Plan:
        """Ask what the portal shows, and plan. Raise `GuardRefused` when the source lost too much."""
        self._step(Phase.COMPARE)
        plan = make_plan(
            now.fingerprints,
            self._client.manifest(memory.manifest, tag),
            counts=now.counts,
            last_counts=memory.last_counts,
            not_published=memory.not_published,
            confirm_withdrawals=self._task.confirm_withdrawals,
            confirm_reused=self._task.confirm_reused,
            refused=now.refused,
            cut_off=now.open_ended.intersection(memory.ended),
            ended_early=cut_tables(memory.last_with_rows, now.fingerprints),
            gone_files=gone_files(memory.files, now.files),
        )
        require_sound(plan.lost, confirmed=self._task.confirm_losses)
        self._planned(plan)
        return plan

    def _note(self, problem: ProblemGroup) -> None:
        self.problems += (problem,)

    def _current(self, now: Gathered, memory: PortalMemory, state: RunState) -> RunReport:
        left_out = len(now.fingerprints.keys() & barred(now, memory))
        unchanged = len(now.fingerprints) - left_out
        return msgspec.structs.replace(
            self._base_report(now, Outcome.CURRENT, state.portal_root),
            unchanged=unchanged,
            stayed=len(staying(now, memory)),
            left_out=left_out,
        )

    def _finished(self, now: Gathered, plan: Plan, committed: Committed) -> RunReport:
        """The report of a commit. The portal may have held more than this side."""
        held, reused = committed.held, committed.reused
        status = Outcome.HELD if held or reused else Outcome.CURRENT if plan.changes_nothing else Outcome.DONE
        return msgspec.structs.replace(
            self._report(now, status, plan, committed.root),
            added=committed.added,
            changed=committed.changed,
            withdrawn=committed.withdrawn,
            held=held,
            reused=reused,
            as_of=committed.as_of,
        )

    def _report(self, now: Gathered, status: Outcome, plan: Plan, root: str) -> RunReport:
        return msgspec.structs.replace(
            self._base_report(now, status, root),
            added=len(plan.added),
            changed=len(plan.changed),
            withdrawn=len(plan.withdrawn),
            unchanged=plan.unchanged,
            held=plan.held,
            respelled=plan.respelled,
            is_cut=bool(plan.tail),
            reused=plan.reused,
            stayed=len(plan.stayed),
            left_out=plan.left_out,
        )

    def _base_report(self, now: Gathered, status: Outcome, root: str) -> RunReport:
        traffic = self._client.traffic.since(self._traffic)
        return RunReport(
            status=status,
            cabinet=self._task.cabinet,
            portal=self._client.address,
            dry_run=self._task.dry_run,
            counts=now.counts,
            rows=now.rows,
            photos=self._sending.photos_sent,
            problems=self.problems,
            timings=Timings(**self._seconds, total=time.monotonic() - self._started),
            requests=traffic.requests,
            bytes_sent=traffic.bytes_sent,
            bytes_received=traffic.bytes_received,
            root=root,
        )

    def _step(self, phase: Phase, done: int = 0, total: int = 0) -> None:
        self._cancel.check()
        self._progress(Progress(phase, done, total))

    @contextlib.contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self._seconds[name] += time.monotonic() - started
