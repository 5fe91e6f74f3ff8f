"""Seals what the outbox keeps of people: AES-256-GCM, bound to the delivery it belongs to."""

import os
from typing import TYPE_CHECKING

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cabinet.errors import SecretStoreError

if TYPE_CHECKING:
    from merge.outbox import Draft

KEY_BYTES = 32
_NONCE_BYTES = 12
"""Random: with NIST's limit of 2^32 messages a key, a cabinet would have to send for centuries (SP 800-38D §8.3)."""


class Label(msgspec.Struct, frozen=True, array_like=True):
    """Whom a delivery is for: kept as long as the journal."""

    numbers: tuple[str, ...]
    recipient: str
    handles: tuple[str, ...] = ()
    """Of the codes and links that it carries (`merge.record.IssuedSecret`); none in what an older version sealed."""


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What is sent and where to: kept until it was sent."""

    address: str
    body: bytes


class SealedLetters:
    """Seals and opens with one key. Raise `SecretStoreError` where the key is not the one that sealed."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the outbox's key has {len(key)} bytes, not {KEY_BYTES}")
        self._cipher = AESGCM(key)

    def seal(self, draft: "Draft") -> tuple[bytes, bytes]:
        """(label, content), each sealed for its place."""
        label = Label(draft.numbers, draft.recipient, draft.handles)
        content = Content(draft.address, draft.body)
        return self._sealed(draft.id, "label", label), self._sealed(draft.id, "content", content)

    def open_label(self, identity: str, sealed: bytes) -> Label:
        return msgspec.msgpack.decode(self._opened(identity, "label", sealed), type=Label)

    def open_content(self, identity: str, sealed: bytes) -> Content:
        return msgspec.msgpack.decode(self._opened(identity, "content", sealed), type=Content)

    def _sealed(self, identity: str, part: str, value: msgspec.Struct) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.msgpack.encode(value), f"{identity}/{part}".encode())

    def _opened(self, identity: str, part: str, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], f"{identity}/{part}".encode())
        except InvalidTag:
            raise SecretStoreError(
                "Le journal des envois a été chiffré avec une autre clé que celle de ce poste.",
                "Ouvrez-le depuis le poste qui a préparé l’envoi, ou restaurez son trousseau.",
            ) from None
