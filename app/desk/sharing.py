"""Keeps what the cabinet's computers share the same on all of them: what changed here goes to the portal, and back.

Each document is compared with what this computer and the portal last agreed on: changed on one side only, it goes to
the other; changed on both, a person chooses. Without the portal nothing is lost: it is compared again the next time.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import msgspec

from app.desk.desk import Desk
from app.desk.shared_files import SharedFile, shared_files
from merge.letters.whole_file import whole_file
from portal.api.documents import DocumentName, SavedDocument
from portal.api.documents_client import CONFLICT, DocumentsClient
from portal.api.errors import PortalRefused

_FILE = "partage.json"


class Agreed(msgspec.Struct, frozen=True):
    """What a document was when both sides last had the same."""

    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Conflict:
    """Changed here and, since, on another computer; or there alone, but so that a person here has to want it."""

    name: DocumentName
    words: str
    device_name: str
    reaches_further: bool = False
    """Whether it would have this computer use a query, a folder or a server that it did not use before."""


@dataclass(frozen=True)
class Shared:
    """What a comparison did. `taken` are words of what came from the portal, « le contenu de l’export »."""

    taken: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class Sharing:
    """One computer's part. Slow: call it off the interface's thread."""

    def __init__(self, desk: Desk, documents: DocumentsClient, *, may_save: bool) -> None:
        """`may_save`: whether this computer is a practitioner's. Others keep their changes to themselves."""
        self._documents = documents
        self._may_save = may_save
        self._file = desk.state_dir / _FILE
        self._files = shared_files(desk)
        self._agreed = self._recalled()

    def compare(self) -> Shared:
        """Take what is newer, save what was changed here. Raise `PortalError`, `SharingError`, `OutputError`."""
        there = self._documents.documents()
        taken: list[str] = []
        conflicts: list[Conflict] = []
        for name, file in self._files.items():
            newest = there.get(name, SavedDocument(name, 0))
            agreed, mine = self._agreed.get(name, Agreed()), file.read()
            moved = newest.version != agreed.version
            changed = mine is not None and _digest(mine) != agreed.digest
            if moved and changed:
                if not self._is_the_same(name, mine):
                    conflicts.append(Conflict(name, file.words, newest.device_name))
            elif moved and mine is not None and file.reaches_further(self._documents.document(name).content):
                conflicts.append(Conflict(name, file.words, newest.device_name, reaches_further=True))
            elif moved:
                self.take(name)
                taken.append(file.words)
            elif mine is not None and changed and self._may_save:
                conflicts += self._save(name, file, mine, agreed.version)
        return Shared(tuple(taken), tuple(conflicts))

    def take(self, name: DocumentName) -> None:
        """Put the portal's in the place of this computer's."""
        document = self._documents.document(name)
        file = self._files[name]
        file.write(document.content)
        # As it reads here: a file may be written in another way than it was sent.
        self._agree(name, document.saved.version, file.read() or b"")

    def keep(self, name: DocumentName) -> None:
        """This computer's stays, and goes to the others if it may."""
        newest = self._documents.document(name).saved.version
        mine = self._files[name].read()
        if self._may_save and mine is not None:
            self._agree(name, self._documents.save(name, mine, newest).version, mine)
        else:
            self._agreed = {**self._agreed, name: Agreed(newest, self._agreed.get(name, Agreed()).digest)}
            self._remember()

    def _save(self, name: DocumentName, file: SharedFile, mine: bytes, base: int) -> tuple[Conflict, ...]:
        """Another computer may have been quicker."""
        try:
            saved = self._documents.save(name, mine, base)
        except PortalRefused as refusal:
            if refusal.kind != CONFLICT:
                raise
            return (Conflict(name, file.words, self._documents.document(name).saved.device_name),)
        self._agree(name, saved.version, mine)
        return ()

    def _is_the_same(self, name: DocumentName, mine: bytes | None) -> bool:
        document = self._documents.document(name)
        if document.content == mine:
            self._agree(name, document.saved.version, document.content)
        return document.content == mine

    def _agree(self, name: DocumentName, version: int, content: bytes) -> None:
        self._agreed = {**self._agreed, name: Agreed(version, _digest(content))}
        self._remember()

    def _remember(self) -> None:
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(self._file) as file:
            file.write(msgspec.json.encode(self._agreed))

    def _recalled(self) -> Mapping[DocumentName, Agreed]:
        try:
            return msgspec.json.decode(Path(self._file).read_bytes(), type=dict[DocumentName, Agreed])
        except (OSError, msgspec.DecodeError):
            return {}


def taken_sentence(shared: Shared) -> str:
    """« Réglages repris du portail : le contenu de l’export, les expéditeurs et les noms. »"""
    return f"Réglages repris du portail\u00a0: {', '.join(shared.taken)}." if shared.taken else ""


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
