"""Where secrets are kept: three stores with one behaviour, and the refusals of places that are not safe."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from keyring.backends.chainer import ChainerBackend

from cabinet.errors import SecretStoreError
from sync.keyring_store import SERVICE, KeyringStore
from sync.secret_store import FileStore, MemoryStore, SecretStore

NO_KEYRING = (
    "Ce poste n’a pas de trousseau de clés où garder le jeton du portail. Rien n’a été enregistré. Ouvrez une session "
    "avec trousseau (Windows, macOS, GNOME, KDE)\u00a0; pour un service sans session, utilisez --secrets-file avec un "
    "fichier réservé à son compte."
)


class Drawer(keyring.backend.KeyringBackend):
    """A keyring in memory, which can be locked."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._require_open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._require_open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._require_open()
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")

    def _require_open(self) -> None:
        if self.is_locked:
            raise keyring.errors.KeyringLocked("jeton-canari")


@pytest.fixture(params=["memory", "file", "keyring"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStore:
    makers: dict[str, Callable[[], SecretStore]] = {
        "memory": MemoryStore,
        "file": lambda: FileStore(tmp_path / "state" / "secrets.json"),
        "keyring": lambda: KeyringStore(Drawer()),
    }
    return makers[request.param]()


def test_a_secret_is_read_as_it_was_kept(store: SecretStore) -> None:
    store.put("a", "é «\u00a0canari\u00a0»\n")
    store.put("b", "other")
    store.put("b", "newer")
    assert (store.get("a"), store.get("b"), store.get("c")) == ("é «\u00a0canari\u00a0»\n", "newer", None)


def test_a_forgotten_secret_is_gone_and_forgetting_twice_is_harmless(store: SecretStore) -> None:
    store.put("a", "1")
    store.put("b", "2")
    store.delete("a")
    store.delete("a")
    assert (store.get("a"), store.get("b")) == (None, "2")


def test_the_file_is_readable_by_its_account_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    previous = os.umask(0)
    try:
        FileStore(path).put("a", "1")
        FileStore(path).put("b", "2")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_could_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secrets.json"
    FileStore(path).put("a", "1")
    path.chmod(mode)
    with pytest.raises(SecretStoreError) as refused:
        FileStore(path).get("a")
    assert str(refused.value) == (
        f"Le fichier de secrets {path} est lisible par d’autres comptes. Lancez «\u00a0chmod 600 {path}\u00a0», puis "
        "enrôlez de nouveau ce poste\u00a0: ses secrets ont pu être lus."
    )
    with pytest.raises(SecretStoreError):
        FileStore(path).put("b", "2")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_account_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    FileStore(path).put("a", "1")
    os.chown(path, 65534, -1)
    with pytest.raises(SecretStoreError, match="n’appartient pas au compte qui lance la synchronisation"):
        FileStore(path).get("a")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    FileStore(tmp_path / "real.json").put("a", "1")
    (tmp_path / "secrets.json").symlink_to(tmp_path / "real.json")
    with pytest.raises(SecretStoreError, match="ne peut pas être ouvert"):
        FileStore(tmp_path / "secrets.json").get("a")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b"\xff", b"{"])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SecretStoreError) as refused:
        FileStore(path).get("a")
    assert refused.value.what == f"Le fichier de secrets {path} est abîmé."


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SecretStoreError, match="ne peut pas être"):
        FileStore(tmp_path / "file" / "secrets.json").put("a", "1")


class PlainText(Drawer):
    """Stands for keyrings.alt: it would keep secrets in the clear."""


@pytest.mark.parametrize(
    "backend",
    [keyring.backends.fail.Keyring(), keyring.backends.null.Keyring(), PlainText()],
    ids=["fail", "null", "alt"],
)
def test_a_computer_without_a_keyring_that_encrypts_is_refused(
    backend: keyring.backend.KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    with pytest.raises(SecretStoreError) as refused:
        KeyringStore()
    assert str(refused.value) == NO_KEYRING


def test_of_a_chain_only_a_keyring_that_encrypts_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    class SecretService(Drawer):
        pass

    SecretService.__module__ = "keyring.backends.SecretService"
    good, bad = SecretService(), PlainText()

    class Chain(ChainerBackend):
        backends = [bad, good]  # noqa: RUF012 - as the library's own property is

    monkeypatch.setattr(keyring, "get_keyring", Chain)
    KeyringStore().put("a", "1")
    assert (bad.kept, good.kept) == ({}, {(SERVICE, "a"): "1"})


def test_a_locked_keyring_is_told_without_what_it_said() -> None:
    drawer = Drawer()
    drawer.is_locked = True
    with pytest.raises(SecretStoreError) as refused:
        KeyringStore(drawer).put("a", "jeton-canari")
    assert str(refused.value) == (
        "Le trousseau de clés de ce poste ne répond pas ou reste verrouillé. "
        "Déverrouillez-le (ouvrez la session de ce compte), puis réessayez."
    )
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
