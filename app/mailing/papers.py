"""What a mailing puts on paper: its letters, their envelopes or labels, and access cards, as files side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.desk.printing import PaperFormat, Press, PrintReport
from cabinet.errors import WebOrthoError
from merge.letters.labels import LabelSheet
from merge.letters.model import LetterSet
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.envelopes import EnvelopeSize
from merge.letters.output.order import Order, in_order
from merge.letters.problems import LetterProblem
from merge.recipients import ChannelKind, Recipient
from merge.word.template import WordTemplate
from sync.cancel import CancelToken
from sync.errors import Cancelled

SUFFIXES = (".pdf", ".docx", ".zip")


@dataclass(frozen=True)
class Envelopes:
    """For letters that no window shows the address of."""

    size: EnvelopeSize
    sender: bool = False
    """Whether the cabinet's name and address stand on them too."""


@dataclass(frozen=True)
class Labels:
    """The same, where the addresses are stuck on."""

    sheet: LabelSheet
    first: int = 1
    """The first that is still on the first sheet, row by row."""


@dataclass(frozen=True)
class Paper:
    """What a person chose. `path` is a file, or the folder that the binding makes."""

    path: Path
    form: PaperFormat = PaperFormat.PDF
    binding: Binding = ONE_PDF
    order: Order = Order.POSTCODE
    envelopes: Envelopes | Labels | None = None
    """What the addresses are printed on besides the letters."""
    with_cards: bool = False

    @property
    def is_printable(self) -> bool:
        """Whether it is one PDF, which the application can print by itself."""
        return self.form is PaperFormat.PDF and not self.binding.is_folder

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.path if self.binding.is_folder and self.suffix != ".zip" else self.path.parent

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    def beside(self, what: str) -> Path:
        """« Lettres - enveloppes.pdf »."""
        stem = self.path.stem if self.suffix in SUFFIXES else self.path.name
        return self.path.with_name(f"{stem} - {what}.pdf")


@dataclass(frozen=True)
class Papers:
    """What became of it."""

    letters: PrintReport | None = None
    cards: PrintReport | None = None
    troubles: tuple[WebOrthoError, ...] = ()
    """Why the envelopes or the cards are not there; the letters are."""

    @property
    def refused(self) -> tuple[LetterProblem, ...]:
        return tuple(problem for report in (self.letters, self.cards) if report for problem in report.refused)

    @property
    def verified(self) -> int:
        return sum(report.verified for report in (self.letters, self.cards) if report)

    @property
    def told_errors(self) -> tuple[WebOrthoError, ...]:
        """Why codes on the papers are not valid."""
        return tuple(report.told_error for report in (self.letters, self.cards) if report and report.told_error)


NO_PAPERS = Papers()


def letters_of(recipients: tuple[Recipient, ...], order: Order) -> tuple[Recipient, ...]:
    """Those who are written to on paper, in the order of the letters."""
    return in_order(order, (one for one in recipients if one.channel is ChannelKind.LETTER))


@dataclass(frozen=True)
class PaperWork:
    """Writes the papers of one campaign; `tell` is told how many of how many are done."""

    press: Press
    paper: Paper
    campaign: str
    tell: Callable[[int, int], None]
    cancel: CancelToken

    def write(self, recipients: tuple[Recipient, ...], letters: LetterSet | WordTemplate) -> Papers:
        """Raise `WebOrthoError` where the letters could not be written: nothing is there then."""
        wanted, paper = letters_of(recipients, self.paper.order), self.paper
        if not wanted:
            return NO_PAPERS
        printed = self.press.paper(
            wanted,
            letters,
            paper.path,
            form=paper.form,
            binding=paper.binding,
            campaign=self.campaign,
            progress=self.tell,
            cancel=self.cancel,
        )
        troubles: list[WebOrthoError] = []
        cards: PrintReport | None = None
        try:
            if paper.envelopes is not None and printed.papers:
                self._write_envelopes(paper.envelopes, wanted, printed.refused, together=_is_together(letters))
            if paper.with_cards:
                cards = self._write_cards(wanted)
        except Cancelled:
            raise
        except WebOrthoError as error:
            troubles.append(error)
        return Papers(printed, cards, tuple(troubles))

    def _write_envelopes(
        self,
        envelopes: Envelopes | Labels,
        wanted: tuple[Recipient, ...],
        refused: tuple[LetterProblem, ...],
        *,
        together: bool,
    ) -> None:
        if isinstance(envelopes, Labels):
            self.press.labels(
                wanted,
                self.paper.beside("étiquettes"),
                envelopes.sheet,
                start=envelopes.first,
                together=together,
                without=refused,
                progress=self.tell,
                cancel=self.cancel,
            )
            return
        self.press.envelopes(
            wanted,
            self.paper.beside("enveloppes"),
            envelopes.size,
            sender=envelopes.sender,
            together=together,
            without=refused,
            progress=self.tell,
            cancel=self.cancel,
        )

    def _write_cards(self, wanted: tuple[Recipient, ...]) -> PrintReport:
        path = self.paper.beside("fiches d’accès")
        return self.press.cards(wanted, path, campaign=self.campaign, progress=self.tell, cancel=self.cancel)


def _is_together(letters: LetterSet | WordTemplate) -> bool:
    """Whether a household gets one letter, and so one envelope."""
    return letters.per_household if isinstance(letters, WordTemplate) else letters.family is not None
