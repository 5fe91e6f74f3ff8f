"""Encryption at rest: AES-256-GCM with a key per cabinet, derived from a ring of master keys.

A sealed value is bound to its place (cabinet, kind, number) as associated data: moved to another patient's row, it
does not open. Layout: format (1 byte) | master key id (1) | nonce (12) | ciphertext and tag. NIST SP 800-38D.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cabinet.errors import WebOrthoError

_FORMAT = 1
_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealingError(WebOrthoError):
    """The key file is missing, readable by others, or not one."""


class SealBroken(Exception):
    """A sealed value that was altered, moved to another place, or sealed with a key that is gone."""


@dataclass(frozen=True)
class MasterKey:
    id: int
    secret: bytes


@dataclass(frozen=True)
class KeyRing:
    """Newest key first: it seals; the others still open, until `rotate-keys` has sealed everything anew.

    `hash_secret` does not rotate: hashes of tokens and codes cannot be made anew without the tokens.
    """

    keys: tuple[MasterKey, ...]
    hash_secret: bytes

    @property
    def newest(self) -> MasterKey:
        return self.keys[0]

    def with_new_key(self) -> "KeyRing":
        highest = max(key.id for key in self.keys)
        return replace(self, keys=(MasterKey(highest + 1, secrets.token_bytes(_KEY_BYTES)), *self.keys))

    def without_old_keys(self) -> "KeyRing":
        return replace(self, keys=(self.newest,))


def create_ring() -> KeyRing:
    return KeyRing((MasterKey(1, secrets.token_bytes(_KEY_BYTES)),), secrets.token_bytes(_KEY_BYTES))


def write_ring(ring: KeyRing, path: Path) -> None:
    """Replace the key file in one step; only this account may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "keys": [{"id": k.id, "secret": base64.b64encode(k.secret).decode()} for k in ring.keys],
        "hash_secret": base64.b64encode(ring.hash_secret).decode(),
    }
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_ring(path: Path) -> KeyRing:
    """Raise `SealingError` when the file is missing, damaged, or readable by other accounts."""
    try:
        mode = path.stat().st_mode
        document = json.loads(path.read_text(encoding="ascii"))
        keys = tuple(MasterKey(int(k["id"]), base64.b64decode(k["secret"])) for k in document["keys"])
        hash_secret = base64.b64decode(document["hash_secret"])
    except FileNotFoundError as error:
        raise SealingError(
            f"Le fichier de clés {path} n’existe pas.", "Lancez d’abord «\u00a0webortho portal migrate\u00a0»."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SealingError(
            f"Le fichier de clés {path} est illisible.",
            "Reprenez-le de votre sauvegarde\u00a0: sans lui, rien ne s’ouvre.",
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise SealingError(
            f"Le fichier de clés {path} est lisible par d’autres comptes.", f"Lancez «\u00a0chmod 600 {path}\u00a0»."
        )
    if not keys or any(len(s) != _KEY_BYTES for s in (hash_secret, *(k.secret for k in keys))):
        raise SealingError(f"Le fichier de clés {path} ne contient pas de clé valable.", "Reprenez votre sauvegarde.")
    return KeyRing(keys, hash_secret)


class KeyFile:
    """The ring of a key file, read again when the file is replaced: a running server follows a rotation."""

    def __init__(self, path: Path) -> None:
        """Raise `SealingError` (see `read_ring`)."""
        self._path = path
        self._stamp = self._stamp_now()
        self._ring = read_ring(path)

    def ring(self) -> KeyRing:
        stamp = self._stamp_now()
        if stamp is not None and stamp != self._stamp:
            self._ring = read_ring(self._path)
            self._stamp = stamp
        return self._ring

    def _stamp_now(self) -> tuple[int, int, int] | None:
        """None when the file is gone: what was read of it stays good."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino


class Sealer:
    """Seals and opens for all cabinets of an installation, and hashes tokens so that only it can recognise them."""

    def __init__(self, keys: KeyRing | KeyFile) -> None:
        self._ring_now: Callable[[], KeyRing] = keys.ring if isinstance(keys, KeyFile) else lambda: keys
        # Per key and cabinet; 4,096 of them take a few megabytes.
        self._cipher = lru_cache(maxsize=4096)(_make_cipher)
        # Per purpose: nearly all of a hash's time, and a letter to every patient takes thousands of them.
        self._derive = lru_cache(maxsize=64)(_derive)

    def seal(self, cabinet_code: str, kind: str, number: str, plain: bytes) -> bytes:
        return self.sealing(cabinet_code, kind)(number, plain)

    def sealing(self, cabinet_code: str, kind: str) -> Callable[[str, bytes], bytes]:
        """What `seal` does to (number, plain), with the key that is the newest now: for many values at once."""
        key = self._ring_now().newest
        encrypt = self._cipher(key, cabinet_code).encrypt
        head = bytes((_FORMAT, key.id))

        def seal(number: str, plain: bytes) -> bytes:
            nonce = os.urandom(_NONCE_BYTES)
            return head + nonce + encrypt(nonce, plain, _place(cabinet_code, kind, number))

        return seal

    def open(self, cabinet_code: str, kind: str, number: str, sealed: bytes) -> bytes:
        """Raise `SealBroken` when `sealed` is not what `seal` made for exactly this place."""
        if len(sealed) < 2 + _NONCE_BYTES or sealed[0] != _FORMAT:
            raise SealBroken(kind)
        key = next((key for key in self._ring_now().keys if key.id == sealed[1]), None)
        if key is None:
            raise SealBroken(kind)
        nonce, body = sealed[2 : 2 + _NONCE_BYTES], sealed[2 + _NONCE_BYTES :]
        try:
            return self._cipher(key, cabinet_code).decrypt(nonce, body, _place(cabinet_code, kind, number))
        except InvalidTag as error:
            raise SealBroken(kind) from error

    def is_sealed_with_newest(self, sealed: bytes) -> bool:
        return len(sealed) > 1 and sealed[1] == self._ring_now().newest.id

    def keyed_hash(self, purpose: str, value: str) -> str:
        """Hexadecimal HMAC-SHA-256 for tokens, codes and contacts."""
        return hmac.new(self._derived("hash/" + purpose), value.encode(), sha256).hexdigest()

    def django_secret(self) -> str:
        return self._derived("django").hex()

    def _derived(self, info: str) -> bytes:
        return self._derive(self._ring_now().hash_secret, info)


def _make_cipher(key: MasterKey, cabinet_code: str) -> AESGCM:
    return AESGCM(_derive(key.secret, "cabinet/" + cabinet_code))


def _derive(secret: bytes, info: str) -> bytes:
    return HKDF(SHA256(), length=_KEY_BYTES, salt=None, info=b"webortho/" + info.encode()).derive(secret)


def _place(cabinet_code: str, kind: str, number: str) -> bytes:
    """Fields are length-framed, so no two places share associated data."""
    return b"".join(len(f).to_bytes(4, "big") + f for f in (v.encode() for v in (cabinet_code, kind, number)))
