"""This computer's settings: written whole, read strictly, and a sentence for what is wrong."""

import stat
from pathlib import Path

import pytest

from app.settings import (
    DeskSettings,
    DeskSettingsError,
    SmsKind,
    SmsSettings,
    SmtpSettings,
    read_settings,
    write_settings,
)
from merge.channels.http_gateway import Method
from merge.channels.smtp import Security

FULL = DeskSettings(
    computer="ACCUEIL-1",
    signatory="Docteur « Exemple »\x7f\n\\",
    city="Dijon",
    opted_out=("5312", "007"),
    smtp=SmtpSettings("smtp.exemple.fr", 465, Security.TLS, "cabinet", "Cabinet du Parc", "cabinet@exemple.fr", 30.5),
    sms=SmsSettings(
        kind=SmsKind.HTTP,
        url="https://sms.exemple.fr/send",
        method=Method.JSON,
        parameters=(("to", "{number}"), ("text", "{text}")),
        accepted="^OK",
        price=690,
    ),
)


@pytest.mark.parametrize("settings", [DeskSettings(), FULL])
def test_what_is_written_is_read(tmp_path: Path, settings: DeskSettings) -> None:
    path = tmp_path / "new" / "poste.toml"
    write_settings(settings, path)

    assert read_settings(path) == settings
    assert [file.name for file in path.parent.iterdir()] == ["poste.toml"]


def test_a_computer_without_settings_has_the_usual_ones(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "poste.toml") == DeskSettings()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('citty = "Dijon"', "un réglage inconnu, « citty ». Vouliez-vous dire « city » ?"),
        ('[smtp]\nhots = "x"', "un réglage inconnu, « hots ». Vouliez-vous dire « host » ?"),
        ("[smtp]\nport = 99999", "« smtp.port » doit être un nombre entier d’au plus 65535."),
        ("[smtp]\nper_minute = 0", "« smtp.per_minute » doit être un nombre de plus de 0."),
        ('[smtp]\nsecurity = "secure"', "« smtp.security » vaut « secure », qui n’est pas possible."),
        ('[sms]\nheaders = [["a"]]', "« sms.headers[1] » doit être une liste de 2 valeurs."),
        ("city = 1\ncity = 2", "ne sont pas un fichier TOML valable"),
        ("city = ", "ne sont pas un fichier TOML valable. Corrigez le fichier"),
        ("\x00", "ne sont pas un fichier TOML valable, ligne 1, colonne 1. Corrigez le fichier"),
        (f"city = {'1' * 5000}", "ne sont pas un fichier TOML valable. Corrigez le fichier"),
    ],
)
def test_what_is_wrong_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "poste.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DeskSettingsError) as refused:
        read_settings(path)
    assert sentence.replace("\u00a0", " ") in str(refused.value).replace("\u00a0", " ")


def test_a_folder_that_refuses_is_a_sentence_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(DeskSettingsError, match="ne peuvent pas être écrits"):
        write_settings(FULL, tmp_path / "file" / "poste.toml")
    (tmp_path / "poste.toml").mkdir()
    with pytest.raises(DeskSettingsError, match="sont illisibles"):
        read_settings(tmp_path / "poste.toml")


def test_only_the_person_s_account_reads_them(tmp_path: Path) -> None:
    write_settings(FULL, tmp_path / "poste.toml")

    assert stat.S_IMODE((tmp_path / "poste.toml").stat().st_mode) == 0o600
