"""What the application knows now: the last snapshot of each thing, a signal when one changes, and how to renew it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from portal.api.shapes import Launched, Role

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from app.desk.desk import Desk
    from app.desk.sharing import Shared
    from app.errors import Trouble
    from app.tasks import Reporter, Tasks
    from cabinet.dossier import Dossier
    from cabinet.reading import Reading
    from portal.api.desk import Account, Message, Overview
    from portal.api.nights import Nights
    from portal.api.shapes import Self
    from portal.pages.settings import PortalSettings
    from sync.journal import JournalEntry

HISTORY_RUNS = 200


class Connection(StrEnum):
    UNKNOWN = "unknown"
    ONLINE = "online"
    OFFLINE = "offline"
    REFUSED = "refused"
    """The portal does not accept this computer's token."""


class Published(msgspec.Struct, frozen=True):
    """The settings document that the portal shows. Version 0: none was ever published."""

    version: int
    settings: PortalSettings


class Board(QObject):
    """Snapshots start empty (None) and stay when the portal cannot be reached; only the interface's thread reads them.

    Each `refresh_…` starts a task and emits one signal when it ended well; a failure emits `troubled` with the name of
    the signal's subject, and keeps the last snapshot.
    """

    reading_changed = Signal()
    accounts_changed = Signal()
    overview_changed = Signal()
    settings_changed = Signal()
    messages_changed = Signal()
    history_changed = Signal()
    nights_changed = Signal()
    identity_changed = Signal()
    connection_changed = Signal()
    unpublished_changed = Signal()
    schedule_changed = Signal()
    shared_changed = Signal()
    troubled = Signal(str, object)
    """What could not be renewed ("reading", "accounts", …) and its `Trouble`."""

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._pending: set[str] = set()
        self._outdated: set[str] = set()
        """Asked for again while it was pending: what comes may be of before, so it is renewed once more."""
        self.reading: Reading | None = None
        self.dossiers: Mapping[str, Dossier] = {}
        """Of the last reading, by patient's number."""
        self.accounts: Mapping[str, Account] | None = None
        self.overview: Overview | None = None
        self.published: Published | None = None
        self.messages: tuple[Message, ...] | None = None
        self.history: tuple[JournalEntry, ...] | None = None
        """Runs of the sync on this computer, newest first."""
        self.nights: Nights | None = None
        """Runs of all of the cabinet's computers, as the portal was told of them."""
        self.identity: Self | None = None
        self.connection = Connection.UNKNOWN
        self.evening: dt.time | None = None
        """When this computer's scheduler runs the sync; None where it does not, or until that is known."""
        self.shared: Shared | None = None
        """What the last comparison with the cabinet's other computers did, and what waits for a choice."""
        self.unpublished = 0
        """Changes of the portal's draft that patients do not see yet."""

    @property
    def is_practitioner(self) -> bool:
        return self.identity is not None and self.identity.role is Role.PRACTITIONER

    @property
    def reads_source(self) -> bool:
        """Whether this computer is to read the cabinet's export."""
        return self._desk.config.reads_source

    def is_pending(self, subject: str) -> bool:
        """Whether a renewal of this subject ("reading", …) runs."""
        return subject in self._pending

    def refresh(self) -> None:
        """Everything, as when the application opens."""
        self.refresh_history()
        self.refresh_schedule()
        self.refresh_identity()
        self.refresh_overview()
        self.refresh_nights()
        self.refresh_accounts()
        self.refresh_settings()
        self.refresh_messages()
        self.refresh_reading()

    def refresh_reading(self) -> None:
        """Nothing is read, and nothing is wrong, on a computer that leaves the export to another one."""
        if not self.reads_source:
            self.reading, self.dossiers = None, {}
            self.reading_changed.emit()
            return

        def kept(reading: Reading) -> None:
            self.reading = reading
            self.dossiers = {dossier.number: dossier for dossier in reading.dossiers}
            self.reading_changed.emit()

        self._renew("reading", lambda _: self._desk.read_source(), kept, asks_portal=False)

    def refresh_accounts(self) -> None:
        def asked(reporter: Reporter) -> Mapping[str, Account]:
            with self._desk.portal(reporter.cancel) as portal:
                return {account.number: account for account in portal.desk.accounts()}

        def kept(accounts: Mapping[str, Account]) -> None:
            self.accounts = accounts
            self.accounts_changed.emit()

        self._renew("accounts", asked, kept)

    def refresh_overview(self) -> None:
        def asked(reporter: Reporter) -> Overview:
            with self._desk.portal(reporter.cancel) as portal:
                return portal.desk.overview()

        def kept(overview: Overview) -> None:
            self.overview = overview
            self.overview_changed.emit()

        self._renew("overview", asked, kept)

    def refresh_settings(self) -> None:
        def asked(reporter: Reporter) -> Published:
            from portal.pages.settings import decode  # noqa: PLC0415 - in the worker, as the desk does

            with self._desk.portal(reporter.cancel) as portal:
                answer = portal.publishing.settings()
            return Published(answer.version, decode(bytes(answer.document)))

        def kept(published: Published) -> None:
            self.published = published
            self.settings_changed.emit()

        self._renew("settings", asked, kept)

    def refresh_messages(self) -> None:
        def asked(reporter: Reporter) -> tuple[Message, ...]:
            with self._desk.portal(reporter.cancel) as portal:
                return portal.desk.messages()

        def kept(messages: tuple[Message, ...]) -> None:
            self.messages = messages
            self.messages_changed.emit()

        self._renew("messages", asked, kept)

    def refresh_identity(self) -> None:
        def asked(reporter: Reporter) -> Self:
            with self._desk.portal(reporter.cancel) as portal:
                return portal.publishing.myself()

        def kept(identity: Self) -> None:
            self.identity = identity
            self.identity_changed.emit()
            self.refresh_shared()

        self._renew("identity", asked, kept)

    def refresh_history(self) -> None:
        def read(_: Reporter) -> tuple[JournalEntry, ...]:
            from sync.journal import Journal  # noqa: PLC0415 - in the worker, as the desk does

            config = self._desk.config
            return Journal(self._desk.state_dir, config.portal, config.cabinet).entries(limit=HISTORY_RUNS)

        def kept(history: tuple[JournalEntry, ...]) -> None:
            self.history = history
            self.history_changed.emit()

        self._renew("history", read, kept, asks_portal=False)

    def refresh_nights(self) -> None:
        def asked(reporter: Reporter) -> Nights:
            with self._desk.portal(reporter.cancel) as portal:
                return portal.nights.nights()

        def kept(nights: Nights) -> None:
            self.nights = nights
            self.nights_changed.emit()

        self._renew("nights", asked, kept)

    @property
    def is_scheduled(self) -> bool:
        """Whether a computer of the cabinet runs the sync in the evening, by WebOrtho's schedule or by one of its own.

        As long as it is not known, nothing is said to be missing.
        """
        if self.evening is not None or self.nights is None or self.nights.planned:
            return True
        return any(known.run.notice.launched is Launched.AUTOMATIC for known in self.nights.runs)

    def refresh_schedule(self) -> None:
        def asked(_: Reporter) -> dt.time | None:
            from sync.errors import ScheduleError  # noqa: PLC0415 - in a worker
            from sync.schedule.installing import scheduler  # noqa: PLC0415 - in a worker

            try:
                return scheduler().installed(self._desk.config.cabinet).at
            except ScheduleError:
                return None

        def kept(evening: dt.time | None) -> None:
            if evening != self.evening:
                self.evening = evening
                self.schedule_changed.emit()

        self._renew("schedule", asked, kept, asks_portal=False)

    def refresh_shared(self) -> None:
        """What the cabinet's computers share, taken from the portal or saved there; once this one's role is known."""
        identity = self.identity
        if identity is None:
            return

        def compared(reporter: Reporter) -> Shared:
            from app.desk.sharing import Sharing  # noqa: PLC0415 - in the worker, as the desk does

            with self._desk.portal(reporter.cancel) as portal:
                may_save = identity.role is Role.PRACTITIONER
                return Sharing(self._desk, portal.documents, may_save=may_save).compare()

        def kept(shared: Shared) -> None:
            self.shared = shared
            self.shared_changed.emit()
            if shared.taken:
                self.refresh_reading()

        self._renew("shared", compared, kept)

    def set_unpublished(self, changes: int) -> None:
        """The portal's draft changed."""
        if changes != self.unpublished:
            self.unpublished = changes
            self.unpublished_changed.emit()

    def _renew(
        self,
        subject: str,
        work: Callable[[Reporter], object],
        kept: Callable[..., None],
        *,
        asks_portal: bool = True,
    ) -> None:
        if subject in self._pending:
            self._outdated.add(subject)
            return
        self._pending.add(subject)

        def ended() -> None:
            self._pending.discard(subject)
            if subject in self._outdated:
                self._outdated.discard(subject)
                self._renew(subject, work, kept, asks_portal=asks_portal)

        def done(result: object) -> None:
            ended()
            if asks_portal:
                self._connected(Connection.ONLINE)
            kept(result)

        def failed(trouble: Trouble) -> None:
            ended()
            if trouble.offline:
                self._connected(Connection.OFFLINE)
            elif trouble.refused:
                self._connected(Connection.REFUSED)
            self.troubled.emit(subject, trouble)

        self._tasks.run(work, done=done, failed=failed, owner=self)

    def _connected(self, connection: Connection) -> None:
        if connection is not self.connection:
            self.connection = connection
            self.connection_changed.emit()
