"""Where this computer keeps the device's token and the digest key: the system's keyring, or a file that it checks.

There is no fallback to plain text: without a safe place, a `SecretStoreError` says so and nothing is kept. The keyring
is asked in `sync.keyring_store`.
"""

import os
import stat
from pathlib import Path
from typing import Protocol

import msgspec

from cabinet.errors import SecretStoreError
from cabinet.system_words import why
from sync.replaced_file import replace_file


class SecretStore(Protocol):
    """A few named secrets. Every method raises `SecretStoreError` when the place is not safe or not there."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""


class MemoryStore:
    """For the demo and for tests: gone with the process."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self._secrets.get(name)

    def put(self, name: str, value: str) -> None:
        self._secrets[name] = value

    def delete(self, name: str) -> None:
        self._secrets.pop(name, None)


class FileStore:
    """One JSON file for an unattended service, refused unless only the service's account can read it.

    On Windows a file has no such mode bits: the file's folder must belong to the service's account, as the profile
    folders do. There the system's keyring is the better place.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str | None:
        return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        self._write(self._read() | {name: value})

    def delete(self, name: str) -> None:
        secrets = self._read()
        if secrets.pop(name, None) is not None:
            self._write(secrets)

    def _read(self) -> dict[str, str]:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SecretStoreError(
                f"Le fichier de secrets {self.path} ne peut pas être ouvert.",
                "Vérifiez que c’est un fichier ordinaire du compte qui lance la synchronisation.",
            ) from error
        with os.fdopen(descriptor, "rb") as file:
            self._require_private(os.fstat(file.fileno()))
            content = file.read()
        secrets = _string_pairs(content)
        if secrets is None:
            raise SecretStoreError(
                f"Le fichier de secrets {self.path} est abîmé.",
                "Supprimez-le, puis enrôlez de nouveau ce poste avec «\u00a0webortho sync enrol\u00a0».",
            )
        return secrets

    def _require_private(self, status: os.stat_result) -> None:
        if os.name != "posix":
            return
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise SecretStoreError(
                f"Le fichier de secrets {self.path} n’appartient pas au compte qui lance la synchronisation.",
                "Lancez la synchronisation avec le compte qui a enrôlé ce poste.",
            )
        if status.st_mode & 0o077:
            raise SecretStoreError(
                f"Le fichier de secrets {self.path} est lisible par d’autres comptes.",
                f"Lancez «\u00a0chmod 600 {self.path}\u00a0», puis enrôlez de nouveau ce poste\u00a0: ses "
                "secrets ont pu être lus.",
            )

    def _write(self, secrets: dict[str, str]) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self.path, (msgspec.json.encode(secrets),), is_durable=True)
        except OSError as error:
            raise SecretStoreError(
                f"Le fichier de secrets {self.path} ne peut pas être écrit ({why(error)}).",
                "Vérifiez l’espace libre et les droits sur ce dossier.",
            ) from error


def _string_pairs(content: bytes) -> dict[str, str] | None:
    try:
        return msgspec.json.decode(content, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
