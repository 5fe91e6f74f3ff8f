"""What this computer syncs, from where and to where: a small TOML file without any secret."""

import datetime as dt
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from cabinet.errors import SecretStoreError
from cabinet.sources.location import Location
from cabinet.suggestions import did_you_mean
from cabinet.system_words import why
from cabinet.toml_text import NotToml, read_toml
from portal.api.shapes import Enrolled
from sync.errors import ConfigError
from sync.secret_store import FileStore, SecretStore

APPLICATION = "webortho"
STATE_VARIABLE = "WEBORTHO_STATE_DIR"


class SecretKind(StrEnum):
    KEYRING = "keyring"
    FILE = "file"


class SyncConfig(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cabinet's sync on this computer. Paths may be relative to the configuration file's folder."""

    portal: str
    cabinet: str
    """The cabinet's code on the portal."""
    source: str = ""
    """A folder, a workbook, or a database's address without its password."""
    mapping: str = ""
    secrets: SecretKind = SecretKind.KEYRING
    secrets_file: str = ""
    reads_source: bool = True
    """False where another computer of the cabinet reads it for all: nothing is missing here then."""
    newer: dict[str, Any] = {}
    """Settings that this version does not know, of any kind: a newer one wrote them, and finds them again."""

    @property
    def newer_words(self) -> str:
        """What is said of them; "" where there are none."""
        names = ", ".join(f"«\u00a0{name}\u00a0»" for name in self.newer)
        return f"Réglages d’une version plus récente de WebOrtho, laissés de côté\u00a0: {names}." if names else ""


class Credentials(msgspec.Struct, frozen=True):
    """What enrolment gave to this computer. Never printed: `repr` shows nothing of it."""

    token: str
    digest_key: bytes

    def __repr__(self) -> str:
        return "Credentials(…)"


def default_config_file() -> Path:
    from platformdirs import user_config_path  # noqa: PLC0415 - a scheduled run names its files

    return user_config_path(APPLICATION, appauthor=False) / "sync.toml"


def default_state_dir() -> Path:
    """Journal, lock and caches. The environment may name another folder, as services do."""
    if named := os.environ.get(STATE_VARIABLE):
        return Path(named)
    from platformdirs import user_state_path  # noqa: PLC0415 - a scheduled run names its files

    return user_state_path(APPLICATION, appauthor=False)


def read_config(path: Path) -> SyncConfig:
    """Raise `ConfigError` for a missing file, bad TOML, a wrong value, or a key that is a known one but for a slip."""
    try:
        document = read_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"Le fichier de configuration {path} n’existe pas.",
            "Enrôlez d’abord ce poste avec «\u00a0webortho sync enrol --portal ADRESSE\u00a0».",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else "il n’est pas en UTF-8"
        raise ConfigError(
            f"Le fichier de configuration {path} ne peut pas être lu ({reason}).", "Vérifiez son chemin et ses droits."
        ) from error
    except NotToml as error:
        raise ConfigError(
            f"Le fichier de configuration {path} n’est pas un fichier TOML valable{error.where}.",
            "Corrigez-le, ou enrôlez de nouveau ce poste.",
        ) from error
    newer = {key: document.pop(key) for key in list(document) if key not in _KNOWN}
    for key in newer:
        if meant := did_you_mean(key, _KNOWN, likeness=_SLIP):
            raise ConfigError(
                f"Le fichier de configuration {path} contient un réglage inconnu, «\u00a0{key}\u00a0».", meant
            )
    try:
        return msgspec.convert({**document, "newer": newer}, SyncConfig)
    except msgspec.ValidationError as error:
        from cabinet.refused_values import in_french  # noqa: PLC0415 - only an error needs it

        raise ConfigError(
            f"Le fichier de configuration {path} n’est pas complet ou contient une valeur d’un autre type\u00a0: "
            f"{in_french(error)}.",
            "Il lui faut au moins portal et cabinet, entre guillemets.",
        ) from error


_KNOWN = tuple(name for name in SyncConfig.__struct_fields__ if name != "newer")
_SLIP = 0.8
"""How alike a mistyped key is to what was meant: a newer version's « mapping_file » is less like « mapping »."""


def write_config(config: SyncConfig, path: Path) -> None:
    """Write or replace the file. Raise `ConfigError` when the folder cannot be written."""
    settings = msgspec.to_builtins(msgspec.structs.replace(config, newer={}))
    lines = [f"{_key(key)} = {_toml(value)}\n" for key, value in {**settings, **config.newer}.items()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text("".join(lines), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def require_writable(path: Path) -> None:
    """Raise `ConfigError` when no file can be written beside `path`: known before a one-time code is spent."""
    import tempfile  # noqa: PLC0415 - only enrolment needs it

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"Le fichier de configuration {path} ne peut pas être écrit ({why(error)}).",
        "Vérifiez l’espace libre et les droits sur ce dossier, ou choisissez-en un autre avec --config.",
    )


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: object) -> str:
    """A value on one line. JSON's texts, booleans and integers are TOML's, but for DEL, which TOML wants escaped."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_key(name)} = {_toml(one)}' for name, one in value.items())}}}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dt.date() | dt.time():
            return value.isoformat()
        case float():
            return repr(value)
        case _:
            return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def source_of(config: SyncConfig, base: Path) -> Location:
    """Where the cabinet's data are; a database's password comes from the secret store, if one was kept."""
    named = Location(config.source)
    text = config.source if named.is_address else str(base / config.source)
    return Location(text, (open_store(config, base).get(_source_secret(config)) or "") if named.is_database else "")


def keep_source_password(config: SyncConfig, base: Path, password: str) -> None:
    """For `source_of`; an empty one is forgotten."""
    store = open_store(config, base)
    if password:
        store.put(_source_secret(config), password)
    else:
        store.delete(_source_secret(config))


def _source_secret(config: SyncConfig) -> str:
    return f"source of {_secret_name(config.portal, config.cabinet)}"


def open_store(config: SyncConfig, base: Path) -> SecretStore:
    """The store that the configuration names; `base` is the folder of the configuration file."""
    if config.secrets is SecretKind.FILE:
        return FileStore(base / (config.secrets_file or "secrets.json"))
    from sync.keyring_store import KeyringStore  # noqa: PLC0415 - see the module

    return KeyringStore()


def keep_credentials(store: SecretStore, portal: str, enrolled: Enrolled) -> None:
    credentials = Credentials(enrolled.token, enrolled.digest_key)
    store.put(_secret_name(portal, enrolled.cabinet_code), msgspec.json.encode(credentials).decode())


def read_credentials(store: SecretStore, portal: str, cabinet_code: str) -> Credentials:
    """Raise `SecretStoreError` when this computer was not enrolled for this cabinet, or its file of secrets is gone."""
    kept = store.get(_secret_name(portal, cabinet_code))
    credentials = _decoded(kept) if kept is not None else None
    if credentials is None:
        if isinstance(store, FileStore) and not store.path.exists():
            raise SecretStoreError(
                f"Le fichier de secrets {store.path} n’existe pas.",
                "Vérifiez son chemin. Si ce poste n’a jamais été enrôlé, ou si ce fichier est perdu, demandez un code "
                "d’enrôlement à votre hébergeur, puis saisissez-le dans les Réglages de WebOrtho, ou lancez "
                f"«\u00a0webortho sync enrol --portal {portal} --secrets-file {store.path}\u00a0».",
            )
        raise SecretStoreError(
            f"Ce poste n’est pas enrôlé auprès du portail pour le cabinet «\u00a0{cabinet_code}\u00a0».",
            "Demandez un code d’enrôlement à votre hébergeur, puis saisissez-le dans les Réglages de WebOrtho, ou "
            f"lancez «\u00a0webortho sync enrol --portal {portal}\u00a0».",
        )
    return credentials


def _decoded(kept: str) -> Credentials | None:
    try:
        return msgspec.json.decode(kept, type=Credentials)
    except msgspec.DecodeError:
        return None


def _secret_name(portal: str, cabinet_code: str) -> str:
    return f"{cabinet_code}@{portal}"
