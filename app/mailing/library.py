"""The models of the mail merge on this computer: what is shipped, the cabinet's own as readable files, and drafts.

    modeles/lettre-enfant.toml, e-mail-child.txt, …      the cabinet's version of the shipped announcement
    modeles/Relance/lettre-enfant.toml, …                its version of another shipped model
    modeles/<name>/lettre-enfant.toml, …                 a model of the cabinet's own
    …/lettre.docx                                        a Word document in place of a model's letters

The files are those of `app.desk.texts`; one that is not there is the shipped text. Drafts have the same names in a
folder of their own: what somebody was typing is found again after a crash, and replaces the model's file only when it
is saved.
"""

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from app.desk.texts import WORD_LETTER
from app.mailing.letter.file import letter_toml
from cabinet.errors import WebOrthoError
from cabinet.photos import MAX_BYTES as MAX_PICTURE_BYTES
from cabinet.system_words import why
from merge.letters.letter_file import LetterFormatError, read_letter
from merge.letters.pictures import print_picture
from merge.letters.shipped import SHIPPED_BY_TITLE, SHIPPED_LETTERS, shipped_letter
from merge.letters.whole_file import whole_file
from merge.recipients import ChannelKind
from merge.texts import Audience, EmailText, shipped_email, shipped_sms

SHIPPED = SHIPPED_LETTERS[0].title
"""The name of the model that a mailing begins with, and that the cabinet's own begin as."""
SHIPPED_MODELS = tuple(SHIPPED_BY_TITLE)
"""The names of the models that WebOrtho brings."""
MAX_NAME = 60
MAX_BYTES = 200_000
"""Of a text: a hundred letters' worth. Anything longer is no text of ours."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class LibraryError(WebOrthoError):
    """A model that cannot be read, named or written."""


class Part(StrEnum):
    """One text of a model; the value is its file's name."""

    LETTER_CHILD = "lettre-enfant.toml"
    LETTER_ADULT = "lettre-adulte.toml"
    LETTER_FAMILY = "lettre-famille.toml"
    EMAIL_CHILD = "e-mail-child.txt"
    EMAIL_ADULT = "e-mail-adult.txt"
    EMAIL_FAMILY = "e-mail-family.txt"
    SMS = "sms.txt"

    @property
    def channel(self) -> ChannelKind:
        if self is Part.SMS:
            return ChannelKind.SMS
        return ChannelKind.LETTER if self.endswith(".toml") else ChannelKind.EMAIL

    @property
    def audience(self) -> Audience:
        return _AUDIENCES.get(self, Audience.CHILD)


_AUDIENCES = {
    Part.LETTER_ADULT: Audience.ADULT,
    Part.LETTER_FAMILY: Audience.FAMILY,
    Part.EMAIL_ADULT: Audience.ADULT,
    Part.EMAIL_FAMILY: Audience.FAMILY,
}


def parts_of(channel: ChannelKind) -> tuple[Part, ...]:
    """The texts of a channel, the usual one first."""
    return tuple(part for part in Part if part.channel is channel)


@dataclass(frozen=True)
class Stored:
    """A text as it was found. `changed` is in seconds since 1970, 0.0 for a shipped text."""

    content: str
    own: bool = False
    draft: bool = False
    """Typed and not saved."""
    changed: float = 0.0


class Library:
    """Slow as a disk is; everything but `shipped` may raise `LibraryError`."""

    def __init__(self, folder: Path, drafts: Path, *, confirmed: bool) -> None:
        """`folder` is where the cabinet's models are, `drafts` where unsaved texts are; `confirmed` as in the texts."""
        self.folder = folder
        self._drafts = drafts
        self._confirmed = confirmed

    def names(self) -> tuple[str, ...]:
        """The shipped models, then the cabinet's own by name."""
        try:
            own = sorted(
                {
                    path.name
                    for folder in (self.folder, self._drafts)
                    if folder.is_dir()
                    for path in folder.iterdir()
                    if path.is_dir() and path.name not in SHIPPED_MODELS
                },
                key=str.casefold,
            )
        except OSError as error:
            raise _unreadable(self.folder, error) from error
        return (*SHIPPED_MODELS, *own)

    def folder_of(self, model: str) -> Path:
        """Where a model's own files are."""
        return self.folder if model == SHIPPED else self.folder / model

    def shipped(self, model: str, part: Part) -> str:
        """The text that WebOrtho brings for a model; one of the cabinet's own began as the announcement."""
        shipped = SHIPPED_BY_TITLE.get(model, SHIPPED_LETTERS[0])
        if part.channel is ChannelKind.LETTER:
            files = {Part.LETTER_ADULT: shipped.adult, Part.LETTER_FAMILY: shipped.family}
            return letter_toml(shipped_letter(files.get(part, shipped.child))).decode("utf-8")
        if part is Part.SMS:
            return shipped_sms(shipped.texts)
        return email_file(shipped_email(part.audience, confirmed=self._confirmed, texts=shipped.texts))

    def load(self, model: str, part: Part) -> Stored:
        """What the editor shows: the draft, else the cabinet's own text, else the shipped one."""
        for path, is_draft in ((self._draft(model, part), True), (self.folder_of(model) / part, False)):
            if path.is_file():
                return Stored(_read(path), own=True, draft=is_draft, changed=path.stat().st_mtime)
        return Stored(self.shipped(model, part))

    def keep_draft(self, model: str, part: Part, content: str) -> None:
        """Called while somebody types: the text is on the disk, the model is not changed."""
        _write(self._draft(model, part), content)

    def save(self, model: str, part: Part, content: str) -> None:
        """Make it the model's text; a text that is the shipped one needs no file."""
        path = self.folder_of(model) / part
        if content == self.shipped(model, part):
            _remove(path)
        else:
            _write(path, content)
        _remove(self._draft(model, part))

    def restore(self, model: str, part: Part) -> str:
        """Back to the shipped text, which is answered."""
        _remove(self._draft(model, part))
        _remove(self.folder_of(model) / part)
        return self.shipped(model, part)

    def discard_draft(self, model: str, part: Part) -> Stored:
        """Back to what was saved last."""
        _remove(self._draft(model, part))
        return self.load(model, part)

    def add_picture(self, model: str, path: Path) -> str:
        """Bring a picture of this computer to the model's letters, drawn anew; answer its name there.

        Raise `merge.letters.pictures.PictureError` for one that cannot be printed.
        """
        picture = print_picture(path.name, _picture_bytes(path))
        folder = self.folder_of(model)
        stem = checked_picture_stem(path.stem)
        for number in count(1):
            place = folder / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
            if not place.exists():
                _write_bytes(place, picture.png)
                return place.name
            if place.is_file() and place.read_bytes() == picture.png:
                return place.name
        raise AssertionError("unreachable: numbers do not end")

    def create(self, name: str, like: str) -> str:
        """A new model that begins as a copy of `like`; answer the name it got."""
        name = checked_name(name, self.names())
        texts = {part: self.load(like, part) for part in Part}
        pictures = self._pictures(like)
        path = self.folder_of(name)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        for part, text in texts.items():
            if text.content != self.shipped(name, part):
                _write(path / part, text.content)
        for picture in pictures:
            _write_bytes(path / picture.name, _picture_bytes(picture))
        if (word := self.folder_of(like) / WORD_LETTER).is_file():
            copy_file(word, path / WORD_LETTER)
        return name

    def delete(self, name: str) -> None:
        """Remove one of the cabinet's own models, with drafts and pictures; others' files stay, and so their folder."""
        for picture in self._pictures(name):
            _remove(picture)
        for folder in (self.folder / name, self._drafts / name):
            for part in (*Part, WORD_LETTER):
                _remove(folder / part)
            try:
                if folder.is_dir():
                    folder.rmdir()
            except OSError as error:
                raise _unwritable(folder, error) from error

    def _pictures(self, model: str) -> tuple[Path, ...]:
        """The picture files that the model's letters show and that are there."""
        named: dict[str, None] = {}
        for part in parts_of(ChannelKind.LETTER):
            try:
                named |= dict.fromkeys(read_letter(self.load(model, part).content.encode("utf-8")).pictures())
            except LetterFormatError:
                continue
        folder = self.folder_of(model)
        return tuple(folder / name for name in named if (folder / name).is_file())

    def _draft(self, model: str, part: Part) -> Path:
        return self._drafts / model / part


def checked_name(name: str, taken: tuple[str, ...]) -> str:
    """The name as a folder may bear it. Raise `LibraryError` with what is wrong with it."""
    name = " ".join(name.split())
    if not name:
        raise LibraryError("Écrivez le nom du modèle.")
    if len(name) > MAX_NAME:
        raise LibraryError(f"Ce nom est trop long : {MAX_NAME} caractères au plus.")
    if _FORBIDDEN.search(name) or name.endswith(".") or name.startswith(".") or _DEVICES.fullmatch(name):
        raise LibraryError("Un nom de modèle n’a ni point au bord, ni barre, ni deux-points, ni guillemet droit.")
    if name.casefold() in {other.casefold() for other in taken}:
        raise LibraryError(f"Un modèle s’appelle déjà « {name} ».", "Choisissez un autre nom.")
    return name


def checked_picture_stem(name: str) -> str:
    """A picture's name without its ending, as any system may have it."""
    stem = re.sub(r"\s+", "-", _FORBIDDEN.sub("", name)).strip(".-")[:MAX_NAME]
    return "image" if not stem or _DEVICES.fullmatch(stem) else stem


def email_file(email: EmailText) -> str:
    """An e-mail as its file: the subject, an empty line, the text."""
    return f"{email.subject}\n\n{email.body}\n"


def copy_file(path: Path, place: Path) -> None:
    """Raise `LibraryError` for a file that cannot be read, `OutputError` where the copy cannot be written."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    _write_bytes(place, content)


def _read(path: Path) -> str:
    """A text that people may have edited by hand: any line end, with or without a mark, UTF-8 or Windows."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LibraryError(f"Le fichier « {path} » est trop long pour un texte.", _RESTORE)
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _picture_bytes(path: Path) -> bytes:
    """No more of it than tells that it is too big."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_PICTURE_BYTES + 1)
    except OSError as error:
        raise LibraryError(f"L’image «\u00a0{path}\u00a0» ne peut pas être lue ({why(error)}).") from error


def _write(path: Path, content: str) -> None:
    _write_bytes(path, content.replace("\n", os.linesep).encode("utf-8"))


def _write_bytes(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    with whole_file(path) as file:
        file.write(content)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


_RESTORE = "Corrigez-le, ou revenez au modèle fourni."


def _unreadable(path: Path, error: OSError) -> LibraryError:
    return LibraryError(f"Le modèle « {path} » ne peut pas être lu ({why(error)}).", _RESTORE)


def _unwritable(path: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"Le modèle « {path} » ne peut pas être écrit ({why(error)}).",
        "Vérifiez la place sur le disque et les droits sur ce dossier, puis réessayez.",
    )
