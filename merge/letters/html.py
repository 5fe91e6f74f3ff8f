"""The letter model as an e-mail: HTML that mail programs take, its pictures inside the message, and the same as text.

What an e-mail has in other places is left out: the address, place and date, and « Objet : … », which is its subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cabinet.values import clean
from merge.emails.message import EmailTemplate
from merge.fields import Field
from merge.letters.letterhead import letterhead_lines
from merge.letters.mail_blocks import Code, Grid, Image, Line, MailBlock, MailMerge, SignIn, Text
from merge.letters.mail_subject import subject_of, without_subject
from merge.letters.model import LetterSet, LetterTemplate
from merge.letters.orthotypography import french
from merge.letters.pictures import Pictures
from merge.merging import RecordBlockedError, RecordProblem
from merge.record import MergeRecord
from merge.template import compile_template
from merge.texts import Audience

_COLUMNS = " · "
"""Between the cells of a table's row, in text."""


@dataclass(frozen=True)
class MergedLetter:
    """One record's letter: `merge.emails.message.EmailComposer` makes the message."""

    head: tuple[str, ...]
    """The cabinet's title, then its facts."""
    references: tuple[Text, ...]
    blocks: tuple[MailBlock, ...]
    footer: str
    images: Mapping[str, bytes]
    """PNG, by the names that the blocks give them."""
    problems: tuple[RecordProblem, ...]

    @property
    def text(self) -> str:
        """The e-mail as text. Raise `RecordBlockedError` where a problem forbids that it leaves the house."""
        if self.problems:
            raise RecordBlockedError(self.problems[0].sentence)
        return self.preview

    @property
    def preview(self) -> str:
        """The text for the screen: missing values show as their field."""
        parts = ["\n".join(self.head), "\n".join(map(_told, self.references)), *map(_in_text, self.blocks), self.footer]
        return "\n\n".join(filter(None, parts))


class LetterBody:
    """A letter compiled as the body of e-mails."""

    def __init__(self, letter: LetterTemplate, pictures: Pictures) -> None:
        """Raise `TemplateError` for an unknown field."""
        self._letter = letter
        self._merge = MailMerge(letter, without_subject(letter), pictures)
        self.fields: frozenset[Field] = self._merge.fields

    def merge(self, record: MergeRecord) -> MergedLetter:
        """The record's letter; what is wrong with it stands in `problems`, and nothing is raised."""
        merging = self._merge.merge(record)
        references = tuple(filter(None, (merging.text(one, record) for one in self._letter.references)))
        return MergedLetter(
            letterhead_lines(self._letter.letterhead, record),
            references,
            merging.blocks,
            french(self._letter.footer),
            merging.images,
            tuple(merging.problems),
        )


def letter_email(letter: LetterTemplate, pictures: Pictures, subject: str = "") -> EmailTemplate:
    """An e-mail in a letter's words; without a `subject`, it is what follows « Objet : », else the letter's title.

    Raise `TemplateError`.
    """
    return EmailTemplate(compile_template(clean(subject or subject_of(letter))), LetterBody(letter, pictures))


def letter_emails(letters: LetterSet) -> dict[Audience, EmailTemplate]:
    """The e-mails of a campaign in the words of its letters; without a letter to families, they get none."""
    told = [audience for audience in Audience if letters.family or audience is not Audience.FAMILY]
    return {audience: letter_email(letters.letter_for(audience), letters.pictures) for audience in told}


def _in_text(block: MailBlock) -> str:
    match block:
        case Text():
            return _told(block)
        case Code():
            return "\n\n".join(filter(None, (*map(_told, block.beside), block.link)))
        case SignIn():
            entries = (f"{label}\u00a0: {_words(value)}" for label, value in block.entries)
            return "\n".join((*entries, block.address))
        case Grid():
            rows = ([" ".join(map(_words, lines)) for _, lines in row] for row in block.rows)
            return "\n".join(_COLUMNS.join(filter(None, cells)) for cells in rows)
        case Image():
            return f"[{block.description}]" if block.description else ""


def _told(text: Text) -> str:
    lines = "\n".join(map(_words, text.lines))
    return f"{text.marker} {lines}" if text.marker else lines


def _words(line: Line) -> str:
    return "".join(words.text for words in line)
