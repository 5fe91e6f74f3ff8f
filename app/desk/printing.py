"""Letters, access cards and the poster: codes staged, the whole file written, and only then made valid."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import uuid4

from app.desk.issuer import PortalIssuer
from app.desk.ledger import Ledger, paper_drafts
from cabinet.dossier import Addressee, Dossier
from cabinet.errors import WebOrthoError
from merge.issuing import give_up, staged
from merge.letters.cards import write_cards
from merge.letters.composer import Composer
from merge.letters.docx import write_letters_docx
from merge.letters.labels import LabelSheet, write_labels
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.envelopes import EnvelopeSize, write_envelopes
from merge.letters.output.writing import write_letters
from merge.letters.poster import PosterSize, write_poster
from merge.letters.problems import LetterProblem, Printed, addressee_name
from merge.preparing import Setting, record_for
from merge.recipients import ChannelKind, Recipient
from merge.record import AccessIssuer, IssuedSecret, Medium, MergeRecord, SecretFor
from merge.texts import Audience, audience_of
from merge.word.output import WordOutput, write_word
from merge.word.template import WordTemplate
from merge.word.writing import WordWriter
from sync.cancel import CancelToken

Progress = Callable[[int, int], None]
"""Told how many of how many papers are done."""
Deliver = Callable[[Path], None]
"""Brings the written file out of the house, to a printer; where it raises, the codes in the file open nothing."""
Write = Callable[[Iterable[MergeRecord], Callable[[int], None]], Printed]
DONE = "Fichier prêt à imprimer"


class PaperFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True)
class PrintReport:
    """What became of a run. Without a single right paper no file was written."""

    path: Path
    papers: int
    refused: tuple[LetterProblem, ...] = ()
    missing: int = 0
    """Papers that are not there: a household's letter once, though `refused` names each child."""
    verified: int = 0
    """Codes and links that the portal checked before the file was written."""
    told_error: WebOrthoError | None = None
    """Why the codes on the papers are not valid yet; the ledger tells the portal as soon as it can."""

    @classmethod
    def of(
        cls, path: Path, printed: Printed, verified: int = 0, told_error: WebOrthoError | None = None
    ) -> "PrintReport":
        return cls(path, printed.letters, tuple(printed.refused), printed.missing, verified, told_error)


@dataclass(frozen=True)
class _Run:
    path: Path
    campaign: str
    progress: Progress
    cancel: CancelToken | None


@dataclass(frozen=True)
class Press:
    """Prints with codes of `issuer`. With a ledger they are the portal's, and every step of them is kept."""

    setting: Setting
    issuer: AccessIssuer
    ledger: Ledger | None = None

    def letters(
        self,
        recipients: Iterable[Recipient],
        letters: LetterSet,
        path: Path,
        *,
        form: PaperFormat = PaperFormat.PDF,
        binding: Binding = ONE_PDF,
        campaign: str = "",
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
    ) -> PrintReport:
        """Letters at `path`: whole or not at all, in the given binding.

        One for each child and addressee, or one for each recipient where `letters` has one for families.

        `campaign` names the run in the outbox, a new one where it is "". Raise `WebOrthoError`: the portal's, the
        disk's (`OutputError`), a template's; nothing is valid then, and no file was changed.
        """
        if form is PaperFormat.DOCX:
            binding.require_documents()
        write = partial(write_letters if form is PaperFormat.PDF else write_letters_docx, binding=binding)
        recipients = tuple(recipients)
        composer = Composer(letters)
        self._compile(composer, recipients)
        return self._print(
            recipients,
            Medium.LETTER,
            lambda records, done: write(records, letters, path, composer=composer, progress=done),
            _Run(path, campaign or uuid4().hex, progress, cancel),
            together=composer.is_for_households,
        )

    def cards(
        self,
        recipients: Iterable[Recipient],
        path: Path,
        *,
        campaign: str = "",
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
        deliver: Deliver = lambda _: None,
    ) -> PrintReport:
        """Access cards, ten a page; one patient's alone is the « fiche d’accès ». Raises as `letters`.

        The codes become valid once the file is delivered.
        """

        def write(records: Iterable[MergeRecord], done: Callable[[int], None]) -> Printed:
            printed = write_cards(records, path, progress=done)
            if printed.letters:
                deliver(path)
            return printed

        return self._print(recipients, Medium.CARD, write, _Run(path, campaign or uuid4().hex, progress, cancel))

    def paper(
        self,
        recipients: Iterable[Recipient],
        letters: LetterSet | WordTemplate,
        path: Path,
        *,
        form: PaperFormat,
        binding: Binding = ONE_PDF,
        campaign: str = "",
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
    ) -> PrintReport:
        """Letters, ours or a Word template's. Raises as `letters` and `word`, and `BindingError`."""
        if isinstance(letters, WordTemplate):
            output = WordOutput(binding, pdf=form is PaperFormat.PDF)
            return self.word(
                recipients, WordWriter(letters), path, output, campaign=campaign, progress=progress, cancel=cancel
            )
        return self.letters(
            recipients,
            letters,
            path,
            form=form,
            binding=binding,
            campaign=campaign,
            progress=progress,
            cancel=cancel,
        )

    def word(
        self,
        recipients: Iterable[Recipient],
        writer: WordWriter,
        path: Path,
        output: WordOutput,
        *,
        campaign: str = "",
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
    ) -> PrintReport:
        """Letters of a Word template, one for each recipient where it speaks of all children, else one for each child.

        Codes are made only for a template that carries them. Raises as `letters`, and `ConversionError`.
        """
        output.check()
        run = _Run(path, campaign or uuid4().hex, progress, cancel)
        together = writer.template.per_household

        def write(records: Iterable[MergeRecord], done: Callable[[int], None]) -> Printed:
            return write_word(writer, tuple(records), path, output, progress=done)

        if writer.template.has_secrets:
            return self._print(recipients, Medium.LETTER, write, run, together=together)
        records = self._records(recipients, {}, together=together)
        printed = write(records, _told(run, len(records)))
        return PrintReport.of(path, printed)

    def envelopes(
        self,
        recipients: Iterable[Recipient],
        path: Path,
        size: EnvelopeSize,
        *,
        sender: bool = False,
        together: bool = False,
        without: Iterable[LetterProblem] = (),
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
    ) -> PrintReport:
        """An envelope for each letter, in their order, but for the letters that were refused: `without`.

        `together`: where a household gets one letter. Nothing is asked of the portal. Raise `OutputError`.
        """
        records = self._posted(recipients, without, together=together)
        done = _told(_Run(path, "", progress, cancel), len(records))
        printed = write_envelopes(records, path, size, sender=sender, progress=done)
        return PrintReport.of(path, printed)

    def labels(
        self,
        recipients: Iterable[Recipient],
        path: Path,
        sheet: LabelSheet,
        *,
        start: int = 1,
        together: bool = False,
        without: Iterable[LetterProblem] = (),
        progress: Progress = lambda _, __: None,
        cancel: CancelToken | None = None,
    ) -> PrintReport:
        """An address label for each letter, as `envelopes`; see `write_labels`. Raise `OutputError`."""
        records = self._posted(recipients, without, together=together)
        done = _told(_Run(path, "", progress, cancel), len(records))
        printed = write_labels(records, path, sheet, start=start, progress=done)
        return PrintReport.of(path, printed)

    def _posted(
        self, recipients: Iterable[Recipient], without: Iterable[LetterProblem], *, together: bool
    ) -> list[MergeRecord]:
        """A record for each letter that is posted: those of refused letters are left out."""
        refused = {(problem.number, problem.name) for problem in without}
        return [
            record
            for record in self._records(recipients, {}, together=together)
            if (record.dossier.number, addressee_name(record)) not in refused
        ]

    def poster(self, path: Path, *, size: PosterSize = PosterSize.A4, borderless: bool = False) -> None:
        """The waiting room's poster: no personal code is on it."""
        write_poster(self.setting.cabinet, path, today=self.setting.today, size=size, borderless=borderless)

    def _compile(self, composer: Composer, recipients: tuple[Recipient, ...]) -> None:
        """Find what is wrong with the template itself before any code is made. Raise `TemplateError`."""
        kinds: set[Audience] = set()
        for record in self._records(recipients, {}, together=composer.is_for_households):
            audience = audience_of(record)
            if audience not in kinds:
                kinds.add(audience)
                composer.check(record)

    def _print(
        self, recipients: Iterable[Recipient], medium: Medium, write: Write, run: _Run, *, together: bool = False
    ) -> PrintReport:
        recipients = tuple(recipients)
        wanted = tuple(dict.fromkeys(one for recipient in recipients for one in recipient.wanted))

        with staged(self.issuer, wanted, medium) as secrets:
            checked, verified = self._verified(secrets)
            records = self._records(recipients, checked, together=together)
            done = _told(run, len(records))
            papers = [one for record in records for one in record.per_child()]
            printed = self._write_down(papers, medium, run.campaign, partial(write, records, done))
        told_error = self.ledger.tell_of(run.campaign) if self.ledger else None
        return PrintReport.of(run.path, printed, verified, told_error)

    def _records(
        self, recipients: Iterable[Recipient], secrets: Mapping[SecretFor, IssuedSecret], *, together: bool
    ) -> list[MergeRecord]:
        """A record for each paper: a recipient's children `together`, or each alone."""
        records = [record_for(recipient, self.setting, secrets) for recipient in recipients]
        return records if together else [one for record in records for one in record.per_child()]

    def _verified(self, secrets: Mapping[SecretFor, IssuedSecret]) -> tuple[Mapping[SecretFor, IssuedSecret], int]:
        """The secrets, those refused that would not open their dossier; and how many were checked."""
        if not isinstance(self.issuer, PortalIssuer):
            return secrets, 0
        wrong = self.issuer.wrong(secrets)
        checked = {
            one: IssuedSecret("", refused=NOT_VERIFIED) if secret.handle in wrong else secret
            for one, secret in secrets.items()
        }
        return checked, sum(bool(secret.handle) for secret in checked.values())

    def _write_down(
        self, records: list[MergeRecord], medium: Medium, campaign: str, write: Callable[[], Printed]
    ) -> Printed:
        """Write the file between intent and outcome; what was staged for refused papers is given up."""
        if self.ledger is None:
            return write()
        outbox = self.ledger.outbox
        drafts = paper_drafts(records, medium)
        outbox.begin(campaign, drafts.values())
        try:
            printed = write()
        except BaseException:
            outbox.drop(draft.id for draft in drafts.values())
            raise
        right = dict.fromkeys(printed.handles)
        outbox.end((drafts[handle].id for handle in right), DONE)
        unused = {handle: draft for handle, draft in drafts.items() if handle not in right}
        outbox.drop(draft.id for draft in unused.values())
        give_up(self.issuer, tuple(unused))
        return printed


def _told(run: _Run, total: int) -> Callable[[int], None]:
    """Told how many are done: tells it on, and ends the run where the person cancelled it."""

    def done(count: int) -> None:
        run.progress(count, total)
        if run.cancel is not None:
            run.cancel.check()

    return done


NOT_VERIFIED = "Son accès n’a pas été confirmé par le portail. Recommencez dans quelques minutes."


def paper_recipients(dossiers: Iterable[Dossier], *, both_parents: bool = False) -> tuple[Recipient, ...]:
    """Whom cards (or letters) are for, whether or not an address is known: a card is handed over at the desk."""
    return tuple(
        Recipient(addressee, (dossier,), ChannelKind.LETTER)
        for dossier in dossiers
        for addressee in (dossier.addressees if both_parents else dossier.addressees[:1]) or (Addressee(),)
    )


def preview(setting: Setting, issuer: AccessIssuer, recipient: Recipient) -> tuple[MergeRecord, ...]:
    """A recipient's records with dummy secrets, for the screen: exactly what would be printed otherwise."""
    secrets = issuer.stage(recipient.wanted, Medium.LETTER)
    return record_for(recipient, setting, secrets).per_child()
