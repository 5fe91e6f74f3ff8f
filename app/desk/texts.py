"""The cabinet's own texts: letters, e-mails and SMS in a folder of this computer, or the shipped ones."""

from pathlib import Path

from app.settings import DeskSettings
from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from merge.emails.message import compile_email
from merge.letters.html import letter_email
from merge.letters.letter_file import read_letter
from merge.letters.model import LetterSet, LetterTemplate, Signature
from merge.letters.pictures import read_pictures
from merge.letters.shipped import (
    ADULT_LETTER,
    CHILD_LETTER,
    FAMILY_LETTER,
    SHIPPED_BY_TITLE,
    SHIPPED_LETTERS,
    shipped_letter,
)
from merge.preparing import Texts
from merge.template import compile_template
from merge.texts import Audience, EmailText, shipped_email, shipped_sms
from merge.word.own_pictures import LOGO, SIGNATURE, OwnPictures
from merge.word.template import WordTemplate, load_template

WORD_LETTER = "lettre.docx"
"""A cabinet's own Word document, in place of the letters of its folder."""


class TextError(WebOrthoError):
    """A text that cannot be read."""


class WordEmailError(TextError):
    """An e-mail should be the letter itself, and the letter is a Word document."""

    def __init__(self) -> None:
        super().__init__(
            "L’e-mail de ce modèle est sa lettre, et sa lettre est un document Word, qui ne part que sur papier.",
            "Écrivez un texte pour l’e-mail, ou revenez à la lettre de WebOrtho.",
        )


class TextFolder:
    """`lettre-….toml`, `e-mail-….txt` (its first line is the subject), `sms.txt`; where one is missing, the shipped.

    A folder that bears the title of a shipped model stands on that model's texts, every other on the announcement's.
    """

    def __init__(self, folder: Path, *, confirmed: bool, with_links: bool = True) -> None:
        """`confirmed`: the portal's protection level. `with_links`: whether there are personal links to put in."""
        self._folder = folder
        self._shipped = SHIPPED_BY_TITLE.get(folder.name, SHIPPED_LETTERS[0])
        self._confirmed = confirmed
        self._with_links = with_links

    def letter(self, name: str) -> LetterTemplate:
        """Raise `LetterFormatError` or `TextError`."""
        path = self._folder / f"{name}.toml"
        if path.is_file():
            return read_letter(read_bytes(path), with_code=self._with_links)
        shipped = {
            CHILD_LETTER: self._shipped.child,
            ADULT_LETTER: self._shipped.adult,
            FAMILY_LETTER: self._shipped.family,
        }
        return shipped_letter(shipped.get(name, name), with_code=self._with_links)

    def letters(self, settings: DeskSettings) -> LetterSet:
        """The letters that this computer prints, with their pictures. Raise `PictureError` besides."""
        return letter_set(
            self.letter(settings.child_letter),
            self.letter(settings.adult_letter),
            self._folder,
            family=self.letter(FAMILY_LETTER),
        )

    def word(self) -> WordTemplate | None:
        """The Word document that stands in for all letters, where there is one.

        Raise `WordFileError`, and what `own_pictures` raises.
        """
        path = self._folder / WORD_LETTER
        return load_template(path, own_pictures(self._folder)) if path.is_file() else None

    def paper(self, settings: DeskSettings) -> LetterSet | WordTemplate:
        """What goes out on paper. Raises as `word` and `letters`."""
        return self.word() or self.letters(settings)

    def email(self, audience: Audience) -> EmailText:
        path = self._folder / f"e-mail-{audience}.txt"
        if path.is_file():
            return email_text(read_text(path))
        return shipped_email(audience, confirmed=self._confirmed, with_link=self._with_links, texts=self._shipped.texts)

    def sms(self) -> str:
        path = self._folder / "sms.txt"
        return read_text(path).strip("\n") if path.is_file() else shipped_sms(self._shipped.texts)

    def texts(self, settings: DeskSettings) -> Texts:
        """Compiled; an e-mail may be the letter of `letters`.

        Raise `TemplateError` with the place of an unknown field, `TextError` for an unreadable file, and as `letters`.
        """
        told = {audience: self.email(audience) for audience in Audience}
        letters = self._sendable_letters(settings) if any(text.is_letter for text in told.values()) else None
        emails = {
            audience: letter_email(letters.letter_for(audience), letters.pictures, text.subject)
            if letters and text.is_letter
            else compile_email(text)
            for audience, text in told.items()
        }
        return Texts(emails, compile_template(self.sms()))

    def _sendable_letters(self, settings: DeskSettings) -> LetterSet:
        if (self._folder / WORD_LETTER).is_file():
            raise WordEmailError()
        return self.letters(settings)


def own_pictures(folder: Path) -> OwnPictures:
    """The logo and the scanned signature that the cabinet chose for letters of this folder, for its Word documents.

    Of the first letter that has them. Raise `LetterFormatError`, `TextError` or `PictureError`.
    """
    paths = (folder / f"{name}.toml" for name in (CHILD_LETTER, ADULT_LETTER, FAMILY_LETTER))
    letters = [read_letter(read_bytes(path)) for path in paths if path.is_file()]
    logos = [one.letterhead.picture for one in letters if one.letterhead.logo]
    signatures = [block.picture for one in letters for block in one.blocks if isinstance(block, Signature)]
    names = {LOGO: next(filter(None, logos), None), SIGNATURE: next(filter(None, signatures), None)}
    pictures = read_pictures(folder, filter(None, names.values()))
    return {stands_for: pictures[name] for stands_for, name in names.items() if name}


def letter_set(
    child: LetterTemplate, adult: LetterTemplate, folder: Path, *, family: LetterTemplate | None = None
) -> LetterSet:
    """The letters with the pictures that lie beside them. Raise `PictureError`."""
    named = dict.fromkeys(name for letter in (child, adult, family) if letter for name in letter.pictures())
    return LetterSet(child, adult, read_pictures(folder, named), family)


def email_text(content: str) -> EmailText:
    """An e-mail as it stands in a file: the subject, an empty line, the body."""
    subject, _, body = content.partition("\n")
    return EmailText(subject.strip(), body.strip("\n"))


def read_text(path: Path) -> str:
    """Raise `TextError`."""
    try:
        return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TextError(
            f"Le texte {path} n’est pas écrit en UTF-8.", "Enregistrez-le en UTF-8 dans votre éditeur de texte."
        ) from error


def read_bytes(path: Path) -> bytes:
    """Raise `TextError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise TextError(
            f"Le modèle {path} ne peut pas être lu ({why(error)}).", "Vérifiez son nom et ses droits."
        ) from error
