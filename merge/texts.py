"""The shipped texts, by whom they speak to and by the portal's protection level: where every cabinet starts from."""

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from merge.record import MergeRecord


class Audience(StrEnum):
    """Whom a text speaks to."""

    CHILD = "child"
    """A parent, of one child."""
    ADULT = "adult"
    """The patient."""
    FAMILY = "family"
    """A parent, of several children: the text repeats with @ENFANTS."""


LETTER_ITSELF = "@LETTRE"
"""In the place of an e-mail's text."""


class TextSet(StrEnum):
    """Which of the shipped e-mails and SMS; the values begin their files' names."""

    ANNOUNCEMENT = ""
    BRIEF = "courte-"
    """The announcement in fewer words."""
    REMINDER = "relance-"
    """To those who were told and never signed in."""


@dataclass(frozen=True)
class EmailText:
    """An e-mail as a cabinet edits it: both parts are text with @FIELDS."""

    subject: str
    body: str
    """Or `LETTER_ITSELF`, alone."""

    @property
    def is_letter(self) -> bool:
        """Whether the e-mail is the letter to the same people, with its pictures."""
        return self.body.strip() == LETTER_ITSELF


def audience_of(record: MergeRecord) -> Audience:
    """Which of the shipped texts speaks to a record's addressee."""
    if len(record.children) > 1:
        return Audience.FAMILY
    return Audience.ADULT if record.to_patient else Audience.CHILD


def shipped_email(
    audience: Audience, *, confirmed: bool, with_link: bool = True, texts: TextSet = TextSet.ANNOUNCEMENT
) -> EmailText:
    """The e-mail that announces the portal; `confirmed` explains the link that is mailed at the first visit.

    `with_link`: whether it has the personal link, or only what the addressee types.
    """
    level = "confirmed" if confirmed else "procedure"
    link = "" if with_link else "-sans-lien"
    subject, _, body = _read(f"emails/{texts}{audience}-{level}{link}.txt").partition("\n")
    return EmailText(subject, body.strip("\n"))


def shipped_sms(texts: TextSet = TextSet.ANNOUNCEMENT) -> str:
    """To parents and patients alike: one GSM-7 segment with usual names, and so there is none in fewer words."""
    return _read(f"sms/{'relance' if texts is TextSet.REMINDER else 'announcement'}.txt").strip("\n")


def _read(path: str) -> str:
    return files("templates").joinpath(path).read_text(encoding="utf-8")
