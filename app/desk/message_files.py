"""E-mails and SMS as files, to be sent by another program: whole or not at all, and their codes valid only then."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app.desk.offline import Workbench
from app.desk.verifying import REFUSED, verify
from cabinet.errors import WebOrthoError
from merge.channels.channel import Outcome, Outgoing
from merge.channels.file import CsvFileChannel
from merge.issuing import give_up
from merge.letters.whole_file import OutputError, private_file, whole, whole_folder
from merge.outbox import Draft
from merge.preparing import Preparer, Texts
from merge.recipients import Recipient

WRITTEN = "Écrit dans un fichier"


@dataclass(frozen=True)
class FilesReport:
    """What became of a run. Without a single right message nothing was written."""

    path: Path
    written: int
    blocked: tuple[tuple[Recipient, str], ...]
    """Who gets nothing, and the sentence that says why."""
    verified: int
    told_error: WebOrthoError | None = None
    """Why the codes in the messages are not valid yet; the ledger tells the portal as soon as it can."""


@dataclass(frozen=True)
class MessageFiles:
    """Writes messages in these texts. `now` has a time zone: the e-mails' date."""

    bench: Workbench
    texts: Texts
    now: dt.datetime

    def emails(self, recipients: Iterable[Recipient], folder: Path) -> FilesReport:
        """One .eml file (RFC 5322) for each, in a new folder. Raise `OutputError`, and the portal's errors."""
        return self._write(recipients, folder, _eml_files)

    def sms(self, recipients: Iterable[Recipient], path: Path) -> FilesReport:
        """All in one CSV file: number, text, reference. Raises as `emails`."""
        return self._write(recipients, path, _csv_file)

    def _write(
        self, recipients: Iterable[Recipient], path: Path, write: Callable[[tuple[Draft, ...], Path], None]
    ) -> FilesReport:
        press = self.bench.press
        campaign = uuid4().hex
        recipients = tuple(recipients)
        preparer = Preparer(press.setting, self.texts, press.issuer, self.bench.composer)
        prepared = preparer.prepare(campaign, recipients, self.now)
        drafts, blocked, valid = prepared.drafts, list(prepared.blocked), 0
        try:
            if press.ledger:
                verified = verify(press.ledger.client, drafts)
                valid = verified.valid
                of = {(one.address, one.numbers): one for one in recipients}
                blocked += [(of[d.address, d.numbers], REFUSED) for d in drafts if d.id in verified.refused]
                drafts = tuple(draft for draft in drafts if draft.id not in verified.refused)
            if drafts:
                _write_down(self.bench, campaign, drafts, lambda: write(drafts, path))
        except BaseException:
            give_up(press.issuer, tuple(handle for draft in prepared.drafts for handle in draft.handles))
            raise
        told_error = press.ledger.tell_of(campaign) if press.ledger else None
        return FilesReport(path, len(drafts), tuple(blocked), valid, told_error)


def _write_down(bench: Workbench, campaign: str, drafts: tuple[Draft, ...], write: Callable[[], None]) -> None:
    """Between intent and outcome, as paper is."""
    if bench.press.ledger is None:
        write()
        return
    outbox = bench.press.ledger.outbox
    outbox.begin(campaign, drafts)
    try:
        write()
    except BaseException:
        outbox.drop(draft.id for draft in drafts)
        raise
    outbox.end((draft.id for draft in drafts), WRITTEN)


def _eml_files(drafts: tuple[Draft, ...], folder: Path) -> None:
    with whole_folder(folder) as inside:
        for place, draft in enumerate(drafts, 1):
            name = "".join(sign if sign.isalnum() else "_" for sign in draft.numbers[0])
            with private_file(inside / f"{place:04}-{name}.eml") as file:
                file.write(draft.body)


def _csv_file(drafts: tuple[Draft, ...], path: Path) -> None:
    with whole(path) as part, CsvFileChannel(part) as channel:
        for draft in drafts:
            result = channel.send(Outgoing(draft.id, draft.address, draft.body))
            if result.outcome is not Outcome.SENT:
                raise OutputError(result.detail, "Rien n’a été écrit.")
