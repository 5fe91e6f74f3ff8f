"""The sync's configuration file, and the credentials that it leads to."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.errors import SecretStoreError
from portal.api.shapes import Enrolled, Role
from sync.config import (
    Credentials,
    SecretKind,
    SyncConfig,
    keep_credentials,
    keep_source_password,
    open_store,
    read_config,
    read_credentials,
    require_writable,
    source_of,
    write_config,
)
from sync.errors import ConfigError
from sync.secret_store import FileStore, MemoryStore

PORTAL = "https://portail.exemple.fr"
ENROLLED = Enrolled("demo", "Cabinet Démo", "Europe/Paris", Role.SYNC, "demo.jeton-canari", b"c" * 32)


def test_a_configuration_is_read_as_it_was_written(tmp_path: Path) -> None:
    config = SyncConfig(PORTAL, "demo", "C:\\Export\\« été »", "m.toml", SecretKind.FILE, "secrets.json")
    write_config(config, tmp_path / "new" / "sync.toml")
    assert read_config(tmp_path / "new" / "sync.toml") == config


@settings(deadline=None)
@given(text=st.text(st.characters(codec="utf-8")))
def test_any_path_survives_the_file(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("config") / "sync.toml"
    write_config(SyncConfig(PORTAL, "demo", text), path)
    assert read_config(path).source == text


def test_defaults_are_not_written(tmp_path: Path) -> None:
    write_config(SyncConfig(PORTAL, "demo"), tmp_path / "sync.toml")
    assert tomllib.loads((tmp_path / "sync.toml").read_text()) == {"portal": PORTAL, "cabinet": "demo"}


def refusal_of(content: str | bytes, path: Path) -> ConfigError:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as refused:
        read_config(path)
    return refused.value


def test_a_missing_file_says_how_to_enrol(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(tmp_path / "sync.toml")
    assert str(refused.value) == (
        f"Le fichier de configuration {tmp_path / 'sync.toml'} n’existe pas. "
        "Enrôlez d’abord ce poste avec «\u00a0webortho sync enrol --portal ADRESSE\u00a0»."
    )
    assert refused.value.exit_code == 4


def test_an_unknown_key_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    refused = refusal_of('portal = "x"\ncabinet = "y"\nsorce = "z"\n', tmp_path / "sync.toml")
    assert refused.what.endswith("contient un réglage inconnu, «\u00a0sorce\u00a0».")
    assert refused.todo == "Vouliez-vous dire «\u00a0source\u00a0»\u00a0?"


@pytest.mark.parametrize("key", ["portail", "Cabinet", "read_source", "secret_file", "maping"])
def test_a_slip_of_the_hand_is_no_setting_of_a_newer_version(key: str, tmp_path: Path) -> None:
    assert refusal_of(f'{key} = "z"', tmp_path / "sync.toml").todo.startswith("Vouliez-vous dire «\u00a0")


def test_settings_of_a_newer_version_are_left_aside_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "sync.toml"
    path.write_text('portal = "x"\ncabinet = "y"\nmapping_file = "é\\u007F"\nevenings = 2\nquiet = true\n')
    config = read_config(path)
    assert config.newer == {"mapping_file": "é\x7f", "evenings": 2, "quiet": True}
    assert config.newer_words == (
        "Réglages d’une version plus récente de WebOrtho, laissés de côté\u00a0: «\u00a0mapping_file\u00a0», "
        "«\u00a0evenings\u00a0», «\u00a0quiet\u00a0»."
    )
    write_config(msgspec.structs.replace(config, source="export"), path)
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {
        "portal": "x",
        "cabinet": "y",
        "source": "export",
        "mapping_file": "é\x7f",
        "evenings": 2,
        "quiet": True,
    }
    assert SyncConfig("x", "y").newer_words == ""


_TEXTS = st.text(st.characters(codec="utf-8"))
_CLOCKS = st.times().map(lambda time: time.replace(fold=0))
_MINUTES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
_SETTINGS = st.recursive(
    _TEXTS
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.dates()
    | _CLOCKS
    | st.builds(dt.datetime.combine, st.dates(), _CLOCKS, st.none() | _MINUTES),
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(newer=st.dictionaries(_TEXTS.map("zzz {}".format), _SETTINGS, max_size=4))
def test_settings_of_a_newer_version_may_be_of_any_kind(
    newer: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("config") / "sync.toml"
    write_config(SyncConfig(PORTAL, "demo", newer=newer), path)
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"portal": PORTAL, "cabinet": "demo", **newer}
    assert read_config(path).newer == newer


def test_tables_of_a_newer_version_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "sync.toml"
    path.write_text(
        'portal = "x"\ncabinet = "y"\n"le soir" = 20:15:00\n'
        '[newer]\nsince = 2026-11-23\n[[zzz]]\na = 1\n[[zzz]]\n"b.c" = [inf, 1e-7]\n'
    )
    before = tomllib.loads(path.read_text())
    write_config(msgspec.structs.replace(read_config(path), source="export"), path)
    assert tomllib.loads(path.read_text()) == {**before, "source": "export"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('portal = "x"', "il manque la clé « cabinet »"),
        ('portal = 1\ncabinet = "y"', "« portal » doit être un texte entre guillemets"),
        ('portal = "x"\ncabinet = "y"\nsecrets = "clair"', "« secrets » vaut « clair », qui n’est pas possible"),
    ],
)
def test_a_missing_or_wrong_value_is_refused(content: str, why: str, tmp_path: Path) -> None:
    refused = refusal_of(content, tmp_path / "sync.toml")
    told = refused.what.replace("\u00a0", " ")
    assert told.endswith(f"n’est pas complet ou contient une valeur d’un autre type : {why}.")
    assert refused.todo == "Il lui faut au moins portal et cabinet, entre guillemets."


def test_bad_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    refused = refusal_of("portal = \n", tmp_path / "sync.toml")
    assert refused.what.endswith("n’est pas un fichier TOML valable, ligne 1, colonne 10.")


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 20_000], ids=["digits", "lists"])
def test_a_file_that_nobody_wrote_by_hand_is_told_like_any_other(value: str, tmp_path: Path) -> None:
    assert refusal_of(f"portal = {value}", tmp_path / "sync.toml").what.endswith("n’est pas un fichier TOML valable.")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    assert "il n’est pas en UTF-8" in refusal_of("portal = «é»".encode("cp1252"), tmp_path / "sync.toml").what


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="c’est un dossier"):
        read_config(tmp_path)


def test_a_folder_that_cannot_be_written_is_known_before_a_code_is_spent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="ne peut pas être écrit"):
        require_writable(tmp_path / "file" / "sync.toml")
    with pytest.raises(ConfigError, match="ou choisissez-en un autre avec --config"):
        write_config(SyncConfig(PORTAL, "demo"), tmp_path / "file" / "sync.toml")


def test_credentials_are_kept_under_portal_and_cabinet() -> None:
    store = MemoryStore()
    keep_credentials(store, PORTAL, ENROLLED)
    assert read_credentials(store, PORTAL, "demo") == Credentials("demo.jeton-canari", b"c" * 32)
    for portal, cabinet in ((PORTAL, "autre"), ("https://autre.exemple.fr", "demo")):
        with pytest.raises(SecretStoreError, match="Ce poste n’est pas enrôlé auprès du portail"):
            read_credentials(store, portal, cabinet)


def test_a_computer_that_was_never_enrolled_says_what_to_do() -> None:
    with pytest.raises(SecretStoreError) as refused:
        read_credentials(MemoryStore(), PORTAL, "demo")
    assert str(refused.value) == (
        "Ce poste n’est pas enrôlé auprès du portail pour le cabinet «\u00a0demo\u00a0». Demandez un code "
        "d’enrôlement à votre hébergeur, puis saisissez-le dans les Réglages de WebOrtho, ou lancez «\u00a0webortho "
        f"sync enrol --portal {PORTAL}\u00a0»."
    )


def test_a_file_of_secrets_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    with pytest.raises(SecretStoreError) as refused:
        read_credentials(FileStore(path), PORTAL, "demo")
    assert str(refused.value) == (
        f"Le fichier de secrets {path} n’existe pas. Vérifiez son chemin. Si ce poste n’a jamais été enrôlé, ou si ce "
        "fichier est perdu, demandez un code d’enrôlement à votre hébergeur, puis saisissez-le dans les Réglages de "
        f"WebOrtho, ou lancez «\u00a0webortho sync enrol --portal {PORTAL} --secrets-file {path}\u00a0»."
    )
    FileStore(path).put("autre", "1")
    with pytest.raises(SecretStoreError, match="n’est pas enrôlé"):
        read_credentials(FileStore(path), PORTAL, "demo")


def test_credentials_that_are_damaged_count_as_none() -> None:
    store = MemoryStore()
    store.put(f"demo@{PORTAL}", '{"token": 3}')
    with pytest.raises(SecretStoreError, match="n’est pas enrôlé"):
        read_credentials(store, PORTAL, "demo")


def test_credentials_show_nothing_of_themselves() -> None:
    assert "canari" not in repr(Credentials("jeton-canari", b"canari" * 5))


def test_the_file_of_secrets_stands_beside_the_configuration(tmp_path: Path) -> None:
    config = SyncConfig(PORTAL, "demo", secrets=SecretKind.FILE)
    store = open_store(config, tmp_path)
    assert isinstance(store, FileStore)
    store.put("a", "b")
    assert (tmp_path / "secrets.json").exists()
    open_store(msgspec.structs.replace(config, secrets_file="ailleurs.json"), tmp_path).put("a", "b")
    assert (tmp_path / "ailleurs.json").exists()


def test_a_folder_starts_from_the_configurations_own(tmp_path: Path) -> None:
    assert source_of(SyncConfig(PORTAL, "demo", "export"), tmp_path).text == str(tmp_path / "export")


def test_a_databases_password_comes_from_the_secret_store_and_stands_in_no_file(tmp_path: Path) -> None:
    address = "postgresql://lecture@serveur/cabinet"
    config = SyncConfig(PORTAL, "demo", address, secrets=SecretKind.FILE)
    assert source_of(config, tmp_path).password == ""

    keep_source_password(config, tmp_path, "chut")
    write_config(config, tmp_path / "sync.toml")

    assert (source_of(config, tmp_path).text, source_of(config, tmp_path).password) == (address, "chut")
    assert "chut" not in (tmp_path / "sync.toml").read_text()
    keep_source_password(config, tmp_path, "")
    assert source_of(config, tmp_path).password == ""
