"""What a person chose for this computer: who signs, how e-mails and SMS leave. A small TOML file without any secret.

What the portal shows is not here (`portal.pages.settings`), nor what the program remembers by itself, nor passwords:
those are in the secret store, under the names that `app.desk.senders` gives them.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec

from cabinet.errors import WebOrthoError
from cabinet.refused_values import in_french
from cabinet.suggestions import did_you_mean
from cabinet.system_words import why
from cabinet.toml_text import NotToml, read_toml
from merge.channels.http_gateway import Method, NumberForm
from merge.channels.smtp import Security
from sync.replaced_file import replace_file

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Pace = Annotated[float, msgspec.Meta(gt=0, le=60_000)]
Pairs = tuple[tuple[str, str], ...]


class DeskSettingsError(WebOrthoError):
    """The file cannot be read or written, or holds something it should not."""


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class SmtpSettings(_Part, frozen=True):
    """The cabinet's mail server. Without a host there is no e-mail."""

    host: str = ""
    port: Port = 587
    security: Security = Security.STARTTLS
    user: str = ""
    sender_name: str = ""
    """Shown as the sender; the cabinet's name where it is empty."""
    sender_address: str = ""
    per_minute: Pace = 60
    """Messages a minute: mail servers punish bursts."""


class SmsKind(StrEnum):
    NONE = "none"
    HTTP = "http"
    FILE = "file"
    """A CSV file for any gateway that takes one."""


class SmsSettings(_Part, frozen=True):
    """The SMS gateway, described as `merge.channels.http_gateway` wants it."""

    kind: SmsKind = SmsKind.NONE
    url: str = ""
    method: Method = Method.POST
    parameters: Pairs = ()
    headers: Pairs = ()
    accepted: str = ""
    refused: str = ""
    number_form: NumberForm = NumberForm.PLUS
    sender: str = ""
    user: str = ""
    file: str = ""
    """Of `FILE`; relative to the folder of these settings."""
    price: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Of one segment, in ten-thousandths of a euro: 690 is 0,069 €."""
    per_minute: Pace = 60


class DeskSettings(_Part, frozen=True):
    computer: str = ""
    """This computer's name for people; the system's own where it is empty."""
    signatory: str = ""
    """The practitioner who signs letters and e-mails."""
    city: str = ""
    """Of « Dijon, le … »."""
    reply_email: str = ""
    """Where answers to e-mails go; the portal's contact address where it is empty."""
    child_letter: str = "lettre-enfant"
    adult_letter: str = "lettre-adulte"
    """Names of letter templates (`app.desk.texts`)."""
    opted_out: tuple[str, ...] = ()
    """Numbers of patients to whom nothing is announced."""
    smtp: SmtpSettings = SmtpSettings()
    sms: SmsSettings = SmsSettings()


def read_settings(path: Path) -> DeskSettings:
    """The settings, or the defaults where the file is not there yet. Raise `DeskSettingsError`."""
    try:
        document = read_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DeskSettings()
    except (OSError, UnicodeDecodeError) as error:
        raise DeskSettingsError(
            f"Les réglages de ce poste, {path}, sont illisibles.", "Vérifiez ses droits."
        ) from error
    except NotToml as error:
        raise DeskSettingsError(
            f"Les réglages de ce poste, {path}, ne sont pas un fichier TOML valable{error.where}.",
            "Corrigez le fichier, ou supprimez-le et refaites les réglages.",
        ) from error
    for key, known in _unknown_keys(document):
        raise DeskSettingsError(
            f"Les réglages de ce poste, {path}, contiennent un réglage inconnu, « {key} ».",
            did_you_mean(key, known) or f"Les réglages connus sont : {', '.join(known)}.",
        )
    try:
        return msgspec.convert(document, DeskSettings)
    except msgspec.ValidationError as error:
        raise DeskSettingsError(
            f"Les réglages de ce poste, {path}, contiennent une valeur qui ne convient pas\u00a0: {in_french(error)}.",
            "Corrigez-la, ou supprimez le fichier et refaites les réglages.",
        ) from error


def write_settings(settings: DeskSettings, path: Path) -> None:
    """Write or replace the file in one step. Raise `DeskSettingsError`."""
    text = "".join(_toml(msgspec.to_builtins(settings)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, (text.encode(),), is_durable=True)
    except OSError as error:
        raise DeskSettingsError(
            f"Les réglages de ce poste, {path}, ne peuvent pas être écrits ({why(error)}).",
            "Vérifiez l’espace libre et les droits sur ce dossier.",
        ) from error


def _unknown_keys(document: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys that nothing reads, each with those that its table knows."""
    for kind, table in (
        (DeskSettings, document),
        (SmtpSettings, document.get("smtp")),
        (SmsSettings, document.get("sms")),
    ):
        if isinstance(table, dict):
            known = kind.__struct_fields__
            yield from ((key, known) for key in table if key not in known)


def _toml(document: dict[str, Any]) -> Iterator[str]:
    """Plain values first, then one table for each part. JSON's values are TOML's, but for DEL in strings."""
    tables = {key: value for key, value in document.items() if isinstance(value, dict)}
    for key, value in document.items():
        if key not in tables:
            yield f"{key} = {_value(value)}\n"
    for name, table in tables.items():
        yield f"\n[{name}]\n"
        yield from (f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
