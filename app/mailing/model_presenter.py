"""The texts' page without its widgets: which text is open, what is wrong with it, what was saved when."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from app.desk.texts import WordEmailError, email_text
from app.mailing.channels import CHANNEL_LABELS
from app.mailing.highlights import Highlight, read
from app.mailing.letter.file import letter_toml
from app.mailing.letter.rows import Row, merged, rows_of, split, texts_of, with_rows
from app.mailing.library import SHIPPED, Library, Part, Stored, email_file, parts_of
from app.mailing.previews import Preview, Previewer
from app.mailing.word.letter import WordLetter, find
from app.mailing.word.preview import word_preview
from cabinet.errors import WebOrthoError
from merge.french import agree, time_of_day
from merge.letters.as_text import email_text_of
from merge.letters.letter_file import read_letter
from merge.letters.model import LetterTemplate, SignInPicture
from merge.recipients import ChannelKind, Recipient
from merge.texts import LETTER_ITSELF, EmailText

PART_LABELS = {
    Part.LETTER_CHILD: "À un parent",
    Part.LETTER_ADULT: "À un patient adulte",
    Part.LETTER_FAMILY: "Aux parents de plusieurs enfants",
    Part.EMAIL_CHILD: "À un parent",
    Part.EMAIL_ADULT: "À un patient adulte",
    Part.EMAIL_FAMILY: "Aux parents de plusieurs enfants",
    Part.SMS: "À tous",
}
ADDRESS_FIELDS = (("@DCIVIL", "@DNOM", "@DPREN"), ("@DADR1",), ("@DADR2",), ("@DCPOST", "@DVILLE"))


class BrokenTextError(WebOrthoError):
    """A text of the model would be refused by the merge."""

    def __init__(self, part: Part, what: str) -> None:
        super().__init__(what, "Corrigez ce qui est souligné en rouge, puis continuez.")
        self.part = part


@dataclass(frozen=True)
class Status:
    """The line below the editor."""

    sentence: str
    is_wrong: bool = False
    place: tuple[int, Highlight] | None = None
    """The first fault: its block, and where it is in it."""


class ModelPresenter:
    """One text at a time; `library` is slow, everything else is not."""

    def __init__(self, library: Library, *, confirmed: bool, now: Callable[[], dt.datetime]) -> None:
        """`now` answers the cabinet's local time."""
        self.library = library
        self.model = SHIPPED
        self.part = Part.LETTER_CHILD
        self.stored = Stored("")
        self.is_open = False
        """Whether `stored` is a text of the model yet."""
        self.confirmed = confirmed
        self._now = now
        self._letter: LetterTemplate | None = None
        self.model_word: WordLetter | None = None
        """The document that stands in for the model's letters, whatever is open."""
        self._hidden: tuple[tuple[int, Row], ...] = ()
        self._former_body = ""
        """Of the e-mail that became the letter itself."""

    def follow(self, other: "ModelPresenter") -> None:
        """The portal's protection level may have changed; what is open and typed stays."""
        self.library = other.library
        self.confirmed = other.confirmed

    @property
    def channel(self) -> ChannelKind:
        return self.part.channel

    @property
    def word(self) -> WordLetter | None:
        """The document that stands in for the letter that is open."""
        return self.model_word if self.channel is ChannelKind.LETTER else None

    @property
    def subject(self) -> str:
        return self.stored.content.partition("\n")[0]

    @property
    def body(self) -> str:
        """What the editor of an e-mail or an SMS holds."""
        if self.channel is ChannelKind.EMAIL:
            return self.stored.content.partition("\n")[2].strip("\n")
        return self.stored.content.rstrip("\n")

    def opened(self, model: str, part: Part, stored: Stored, word: WordLetter | None = None) -> None:
        """This text is shown from now on. Raise `LetterFormatError` for a letter's file that cannot be read."""
        letter = read_letter(stored.content.encode("utf-8")) if part.channel is ChannelKind.LETTER else None
        self.model, self.part, self.stored, self._letter = model, part, stored, letter
        self.is_open = True
        self.model_word, self._former_body = word, ""

    def letter_rows(self) -> tuple[tuple[int, Row], ...]:
        """The rows that the portal's protection level prints; the others come back when it is changed."""
        if self._letter is None:
            return ()
        shown, self._hidden = split(rows_of(self._letter), confirmed=self.confirmed)
        return shown

    def typed_letter(self, rows: Sequence[tuple[int, Row]]) -> None:
        """The letter's body is now this."""
        if self._letter is not None:
            letter = with_rows(self._letter, merged(rows, self._hidden))
            self._typed(letter_toml(letter).decode("utf-8"))

    @property
    def letter(self) -> LetterTemplate:
        """The letter as it stands now. Only while one is open."""
        if self._letter is None:
            raise ValueError("no letter is open")
        return read_letter(self.stored.content.encode("utf-8"))

    def set_frame(self, letter: LetterTemplate) -> None:
        """The letter's page, letterhead and lines around the body are now this one's; its body stays."""
        self._letter = msgspec.structs.replace(letter, blocks=self.letter.blocks)
        self._typed(letter_toml(self._letter).decode("utf-8"))

    @property
    def is_letter_itself(self) -> bool:
        """Whether the e-mail that is open is the letter to the same people."""
        return self.channel is ChannelKind.EMAIL and EmailText(self.subject, self.body).is_letter

    def send_letter_itself(self, *, yes: bool) -> None:
        """The e-mail becomes the letter, or a text again: the one that stood there before, else the shipped one."""
        if yes:
            self._former_body, body = self.body, LETTER_ITSELF
        else:
            body = self._former_body or email_text(self.library.shipped(self.model, self.part)).body
        self._typed(email_file(EmailText(self.subject, body)))

    def typed_email(self, subject: str, body: str) -> None:
        self._typed(email_file(EmailText(subject, LETTER_ITSELF if self.is_letter_itself else body)))

    def typed_sms(self, text: str) -> None:
        self._typed(text)

    def picture(self) -> SignInPicture:
        """The sign-in picture to put back: this letter's, or the shipped one."""
        for letter in (self._letter, read_letter(self.library.shipped(self.model, self.part).encode("utf-8"))):
            for block in letter.blocks if letter else ():
                if isinstance(block, SignInPicture):
                    return block
        return SignInPicture("", "", ())

    def preview(self, previewer: Previewer, recipient: Recipient) -> Callable[[], Preview]:
        """What makes the preview of the text as it stands now; call it off the interface's thread."""
        content, part, word = self.stored.content, self.part, self.word
        if word is not None:
            return lambda: word_preview(word.check(), previewer.record(recipient))
        if part.channel is ChannelKind.LETTER:
            letter = read_letter(content.encode("utf-8"))
            folder = self.library.folder_of(self.model)
            return lambda: previewer.letter(letter, recipient, folder)
        if part.channel is ChannelKind.EMAIL:
            email = EmailText(self.subject, self.body)
            if email.is_letter:
                return partial(self._letter_email, email.subject, self._letter_part, previewer, recipient)
            return lambda: previewer.email(email, recipient)
        return lambda: previewer.sms(content.rstrip("\n"), recipient)

    @property
    def _letter_part(self) -> Part:
        """The letter to those whom the text that is open speaks to."""
        return next(one for one in parts_of(ChannelKind.LETTER) if one.audience is self.part.audience)

    def _letter_email(self, subject: str, part: Part, previewer: Previewer, recipient: Recipient) -> Preview:
        if self.model_word is not None:
            raise WordEmailError()
        letter = read_letter(self.library.load(self.model, part).content.encode("utf-8"))
        return previewer.letter_email(subject, letter, recipient, self.library.folder_of(self.model))

    def keep_draft(self) -> Callable[[], None]:
        """What writes the text as it stands now to the drafts."""
        model, part, content = self.model, self.part, self.stored.content
        return lambda: self.library.keep_draft(model, part, content)

    def taken_from_letter(self) -> Stored:
        """A draft of the e-mail that is open, in the words of the model's letter to the same people. Slow."""
        model, part = self.model, self.part
        template = read_letter(self.library.load(model, self._letter_part).content.encode("utf-8"))
        self.library.keep_draft(model, part, email_file(email_text_of(template, confirmed=self.confirmed)))
        return self.library.load(model, part)

    def save_all(self, parts: Sequence[Part] = tuple(Part)) -> None:
        """Make every draft of the model its text. Raise `BrokenTextError` at the first that cannot be merged.

        A Word document cannot be saved here, but must be right too: raise `WordFileError` or `WordTemplateError`.
        """
        word = find(self.library.folder_of(self.model))
        if word is not None and any(part.channel is ChannelKind.LETTER for part in parts):
            word.check()
        if word is not None and any(self._is_letter(part) for part in parts):
            raise WordEmailError()
        drafts = [(part, stored) for part in parts if (stored := self.library.load(self.model, part)).draft]
        for part, stored in drafts:
            check_text(part, stored.content)
        for part, stored in drafts:
            self.library.save(self.model, part, stored.content)

    def _is_letter(self, part: Part) -> bool:
        """Whether this e-mail, as it was found last, is the letter itself."""
        return part.channel is ChannelKind.EMAIL and email_text(self.library.load(self.model, part).content).is_letter

    def saved(self) -> None:
        """What is shown is what the model says now."""
        self.stored = Stored(self.stored.content, own=True, changed=self._now().timestamp())

    @property
    def origin(self) -> str:
        """« Modèle enregistré à 9h12 »."""
        if self.word is not None:
            return "Document Word du cabinet"
        if not self.stored.own:
            return "Texte fourni par WebOrtho"
        moment = dt.datetime.fromtimestamp(self.stored.changed, self._now().tzinfo)
        when = f"à {time_of_day(moment)}" if moment.date() == self._now().date() else f"le {moment:%d/%m/%Y}"
        return f"Brouillon gardé {when}, à enregistrer" if self.stored.draft else f"Modèle enregistré {when}"

    def status(self, problems: Sequence[tuple[int, Highlight]], fields: int) -> Status:
        """« 7 champs, tous reconnus », or the first fault with its place."""
        if self.word is not None:
            return Status(self.word.sentence, is_wrong=self.word.is_wrong)
        if self.is_letter_itself and not problems:
            return Status("Les mots et les images de la lettre")
        if not problems:
            known = ", tous reconnus" if fields > 1 else ", reconnu" if fields else ""
            return Status(agree(fields, "champ", "champs") + known)
        block, first = problems[0]
        unit = "Paragraphe" if self.channel is ChannelKind.LETTER else "Ligne"
        more = f" ({len(problems)} erreurs)" if len(problems) > 1 else ""
        sentence = first.problem[0].lower() + first.problem[1:] if first.problem[0] == "L" else first.problem
        return Status(f"{unit} {block + 1}{more}\u00a0: {sentence}", is_wrong=True, place=problems[0])

    def _typed(self, content: str) -> None:
        self.stored = Stored(content, own=True, draft=True, changed=self._now().timestamp())


def check_text(part: Part, content: str) -> None:
    """Raise `BrokenTextError` for what the merge would refuse in a text, `LetterFormatError` for an unreadable one."""
    texts: list[str] = [content]
    if part.channel is ChannelKind.LETTER:
        texts = list(texts_of(read_letter(content.encode("utf-8"))))
    elif part.channel is ChannelKind.EMAIL:
        email = email_text(content)
        texts = [email.subject] if email.is_letter else [email.subject, email.body]
        if not email.subject:
            raise BrokenTextError(part, "L’e-mail n’a pas d’objet.")
    for text in texts:
        for problem in read(text).problems:
            label = f"{CHANNEL_LABELS[part.channel]}, {PART_LABELS[part].lower()}"
            raise BrokenTextError(part, f"{label}\u00a0: {problem.problem}")
