"""A letter's words as the text of an e-mail, its @FIELDS kept: what a person goes on writing from."""

from collections.abc import Iterable, Iterator

from merge.letters.mail_subject import subject_of, without_subject
from merge.letters.model import (
    Block,
    EachChild,
    LetterTemplate,
    Paragraph,
    QrCode,
    Run,
    Signature,
    SignInPicture,
    Table,
    WithCode,
)
from merge.letters.orthotypography import french
from merge.template import CLOSE, OPEN
from merge.texts import EmailText


def email_text_of(letter: LetterTemplate, *, confirmed: bool) -> EmailText:
    """`confirmed` is the portal's protection level: an e-mail's text has no conditions. Pictures are left out."""
    return EmailText(french(subject_of(letter)), "\n\n".join(_texts(without_subject(letter), confirmed=confirmed)))


def _texts(blocks: Iterable[Block], *, confirmed: bool) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _paragraphs((block,), confirmed=confirmed)
            case WithCode():
                yield from _paragraphs(block.paragraphs, confirmed=confirmed)
                yield "@LIEN"
            case QrCode():
                yield "@LIEN" if block.leads_to == "personal" else "@SITE"
            case SignInPicture():
                yield "\n".join(french(f"{note.label} : {note.value}") for note in block.notes)
            case Table():
                yield "\n".join(" · ".join(_words(cell.runs) for cell in row.cells) for row in block.rows)
            case Signature():
                yield "@SIGNATURE"
            case EachChild():
                yield "\n".join((f"@{OPEN}", "\n".join(_texts(block.blocks, confirmed=confirmed)), "", f"@{CLOSE}"))


def _paragraphs(paragraphs: Iterable[Paragraph], *, confirmed: bool) -> Iterator[str]:
    for paragraph in paragraphs:
        words = _words(paragraph.runs)
        if paragraph.when.holds(confirmed=confirmed) and words.strip():
            yield f"• {words}" if paragraph.item else words


def _words(runs: Iterable[Run]) -> str:
    return french("".join(run.text for run in runs))
