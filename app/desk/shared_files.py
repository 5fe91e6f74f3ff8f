"""What this computer shares with the cabinet's others, as documents: the mapping, the desk's settings, the texts."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from app.desk.desk import Desk
from app.desk.office import TEXTS
from app.desk.senders import Senders
from app.settings import DeskSettings, read_settings, write_settings
from cabinet.errors import WebOrthoError
from cabinet.mapping import parse_mapping
from merge.letters.whole_file import whole_file
from merge.recipients import ChannelKind
from portal.api.documents import MAX_DOCUMENT_BYTES, DocumentName
from sync.config import read_config, write_config

MAPPING_FILE = "mapping.toml"
"""Where a mapping that came from the portal is kept, beside the configuration."""
_OF_ONE_COMPUTER = {"computer": "", "opted_out": ()}
"""Of the desk's settings, what is not shared, and what stands for it: the computer's name; and whom a reception left
out, which it writes down every day and a practitioner's settings must not undo. Nor is the file of SMS, a path."""
_TEXT_DEPTH = 2
_FORBIDDEN = frozenset('<>:"|?*\\')


class SharingError(WebOrthoError):
    """What this computer has cannot be shared, or what came from the portal cannot be used."""


class SharedFile(Protocol):
    """One document's place on this computer."""

    words: str
    """« le contenu de l’export », as it stands within a sentence."""

    def read(self) -> bytes | None:
        """What this computer would share; None where it has nothing."""

    def write(self, content: bytes) -> None:
        """Put what came from the portal in its place. Raise `SharingError` for what cannot be used."""

    def reaches_further(self, content: bytes) -> bool:
        """Whether what came would have this computer reach what it did not before: a person here is asked."""


class MappingFile:
    words = "le contenu de l’export"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self) -> bytes | None:
        path = self._desk.config.mapping
        try:
            return (self._desk.base / path).read_bytes() if path else None
        except OSError:
            return None  # the sync says so, better than this could

    def write(self, content: bytes) -> None:
        text = _text(content)
        parse_mapping(text, "du portail")
        with whole_file(self._desk.base / MAPPING_FILE) as file:
            file.write(content)
        config = msgspec.structs.replace(read_config(self._desk.config_file), mapping=MAPPING_FILE)
        write_config(config, self._desk.config_file)
        self._desk.config = config

    def reaches_further(self, content: bytes) -> bool:
        own = self.read()
        if own is None:
            return False
        try:
            before = parse_mapping(_text(own), "de ce poste").reaches
        except WebOrthoError:
            before = frozenset()
        return bool(parse_mapping(_text(content), "du portail").reaches - before)


class SettingsFile:
    words = "les expéditeurs et les noms"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self) -> bytes | None:
        if not self._desk.settings_file.exists():
            return None
        own = read_settings(self._desk.settings_file)
        sms = msgspec.structs.replace(own.sms, file="")
        return msgspec.json.encode(msgspec.structs.replace(own, sms=sms, **_OF_ONE_COMPUTER))

    def write(self, content: bytes) -> None:
        try:
            came = msgspec.json.decode(content, type=DeskSettings)
        except msgspec.DecodeError:
            raise _newer() from None
        own = read_settings(self._desk.settings_file)
        kept = {name: getattr(own, name) for name in _OF_ONE_COMPUTER}
        sms = msgspec.structs.replace(came.sms, file=own.sms.file)
        self._forget_passwords(own, came)
        write_settings(msgspec.structs.replace(came, sms=sms, **kept), self._desk.settings_file)

    def reaches_further(self, content: bytes) -> bool:
        """Whether messages, with the links in them, would leave by another server than this computer's."""
        own = read_settings(self._desk.settings_file)
        try:
            came = msgspec.json.decode(content, type=DeskSettings)
        except msgspec.DecodeError:
            return False  # taking it says so
        named = {ChannelKind.EMAIL: (own.smtp.host, came.smtp.host), ChannelKind.SMS: (own.sms.url, came.sms.url)}
        return any(all(named[channel]) for channel in _moved(own, came))

    def _forget_passwords(self, own: DeskSettings, came: DeskSettings) -> None:
        """A password was typed for one server: whoever changes the server elsewhere is not sent it.

        Before the settings are written: what fails in between leaves a password to type again, and tells nobody.
        """
        moved = _moved(own, came)
        if moved:
            senders = Senders(own, self._desk.store(), self._desk.config.cabinet, self._desk.base)
            for channel in filter(senders.password, moved):
                senders.keep_password(channel, "")


class TextFiles:
    """Every file of the cabinet's own models, by its place in their folder."""

    words = "les modèles de lettres, d’e-mails et de SMS"

    def __init__(self, desk: Desk) -> None:
        self._folder = desk.base / TEXTS

    def read(self) -> bytes | None:
        if not self._folder.is_dir():
            return None
        content = msgspec.json.encode({place: path.read_bytes() for place, path in sorted(self._files())})
        if len(content) > MAX_DOCUMENT_BYTES:
            raise SharingError(
                "Les modèles de ce poste sont trop volumineux pour être partagés avec les autres postes.",
                "Réduisez les images de leurs lettres\u00a0: 700\u00a0ko en tout.",
            )
        return content

    def write(self, content: bytes) -> None:
        try:
            files = msgspec.json.decode(content, type=dict[str, bytes])
        except msgspec.DecodeError:
            raise _newer() from None
        places = {place: self._folder.joinpath(*_parts(place)) for place in files}
        for place, path in self._files():
            if place not in files:
                path.unlink()
        for place, path in places.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != files[place]:
                with whole_file(path) as file:
                    file.write(files[place])

    def reaches_further(self, content: bytes) -> bool:  # noqa: ARG002 - Protocol
        return False

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in self._folder.rglob("*"):
            place = path.relative_to(self._folder)
            if len(place.parts) <= _TEXT_DEPTH and path.is_file() and not path.name.startswith("."):
                yield place.as_posix(), path


def shared_files(desk: Desk) -> dict[DocumentName, SharedFile]:
    return {
        DocumentName.MAPPING: MappingFile(desk),
        DocumentName.DESK: SettingsFile(desk),
        DocumentName.TEXTS: TextFiles(desk),
    }


def _parts(place: str) -> tuple[str, ...]:
    """The way to a file below the models' folder. Raise `SharingError` for one that would lead elsewhere."""
    parts = PurePosixPath(place).parts
    is_sound = 1 <= len(parts) <= _TEXT_DEPTH and not any(
        part.startswith((".", "/")) or _FORBIDDEN & set(part) or not part.isprintable() for part in parts
    )
    if not is_sound:
        raise SharingError(
            "Le portail a envoyé un modèle dont le nom ne convient pas. Rien n’a été repris.",
            "Renommez-le sur le poste où il a été écrit.",
        )
    return parts


def _moved(own: DeskSettings, came: DeskSettings) -> list[ChannelKind]:
    """The channels whose server is another one."""
    moved = []
    if (own.smtp.host, own.smtp.port) != (came.smtp.host, came.smtp.port):
        moved.append(ChannelKind.EMAIL)
    if _destination(own.sms.url) != _destination(came.sms.url):
        moved.append(ChannelKind.SMS)
    return moved


def _destination(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:  # an address that nobody can be reached at
        return "", url
    return parts.scheme, parts.netloc


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _newer() from None


def _newer() -> SharingError:
    return SharingError(
        "Les réglages partagés par un autre poste ne se lisent pas sur celui-ci. Rien n’a été repris.",
        "Mettez WebOrtho à jour sur ce poste.",
    )
