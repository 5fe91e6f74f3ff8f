"""Secrets in the system's keyring. Apart from the other stores: it takes longer to load than a quiet night takes."""

import contextlib
from collections.abc import Callable
from typing import TypeVar

import keyring
import keyring.backend
import keyring.errors
from keyring.backends.chainer import ChainerBackend

from cabinet.errors import SecretStoreError

SERVICE = "WebOrtho"

Answer = TypeVar("Answer")

_TRUSTED_BACKENDS = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
"""Modules of keyrings that encrypt. Whatever else is installed (keyrings.alt, fail, null) is not one."""


class KeyringStore:
    """The keyring of the person who is signed in to this computer."""

    def __init__(self, backend: keyring.backend.KeyringBackend | None = None) -> None:
        """Raise `SecretStoreError` when this computer has no keyring that encrypts. `backend`: one given by hand."""
        self._backend = backend or _system_keyring()

    def get(self, name: str) -> str | None:
        return _asked(lambda: self._backend.get_password(SERVICE, name))

    def put(self, name: str, value: str) -> None:
        _asked(lambda: self._backend.set_password(SERVICE, name, value))

    def delete(self, name: str) -> None:
        with contextlib.suppress(keyring.errors.PasswordDeleteError):
            _asked(lambda: self._backend.delete_password(SERVICE, name))


def _system_keyring() -> keyring.backend.KeyringBackend:
    found = keyring.get_keyring()
    candidates = found.backends if isinstance(found, ChainerBackend) else [found]
    for backend in candidates:
        if type(backend).__module__ in _TRUSTED_BACKENDS:
            return backend
    raise SecretStoreError(
        "Ce poste n’a pas de trousseau de clés où garder le jeton du portail. Rien n’a été enregistré.",
        "Ouvrez une session avec trousseau (Windows, macOS, GNOME, KDE)\u00a0; pour un service sans session, "
        "utilisez --secrets-file avec un fichier réservé à son compte.",
    )


def _asked(question: Callable[[], Answer]) -> Answer:
    """A keyring's own errors may carry what was to be kept, so ours is raised outside of their handler."""
    try:
        return question()
    except keyring.errors.PasswordDeleteError:
        raise
    except keyring.errors.KeyringError:
        error = SecretStoreError(
            "Le trousseau de clés de ce poste ne répond pas ou reste verrouillé.",
            "Déverrouillez-le (ouvrez la session de ce compte), puis réessayez.",
        )
    raise error
