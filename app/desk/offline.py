"""The mail merge without the portal: what a small file says of the cabinet stands in for it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from app.desk.facts import Identity, facts_of, setting_of
from app.desk.issuer import LocalIssuer
from app.desk.office import TEXTS, Office
from app.desk.printing import Press
from app.desk.texts import TextFolder, read_bytes
from app.settings import DeskSettings
from cabinet.dossier import Dossier
from cabinet.errors import WebOrthoError
from cabinet.refused_values import in_french
from cabinet.suggestions import did_you_mean
from merge.emails.message import EmailComposer, Sender
from portal.pages.settings import PortalSettings, ProtectionLevel, SettingsFormatError, decode


class CabinetFileError(WebOrthoError):
    """The file that describes the cabinet cannot be used."""


class _Extra(msgspec.Struct, frozen=True):
    """What a cabinet file says beside the settings document of the portal."""

    code: str
    name: str
    site: str
    """The portal's address, with or without https://."""
    signatory: str = ""
    city: str = ""
    reply_email: str = ""


@dataclass(frozen=True)
class CabinetFile:
    """A cabinet as a file describes it."""

    identity: Identity
    portal: PortalSettings
    settings: DeskSettings
    texts: Path
    """The folder of its own texts, which need not be there."""


def read_cabinet_file(path: Path) -> CabinetFile:
    """JSON: the portal's settings document, and code, name, site, signatory, city, reply_email beside.

    Raise `CabinetFileError` with the key that is missing or unknown.
    """
    try:
        document = msgspec.json.decode(read_bytes(path))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CabinetFileError(f"Le fichier du cabinet {path} n’est pas du JSON ({error}).", "Corrigez-le.") from error
    if not isinstance(document, dict):
        raise CabinetFileError(f"Le fichier du cabinet {path} n’est pas un objet JSON.", "Écrivez-le entre accolades.")
    _require_known(path, document)
    extra = {key: value for key, value in document.items() if key in _Extra.__struct_fields__}
    rest = {"version": 1} | {key: value for key, value in document.items() if key not in extra}
    try:
        told = msgspec.convert(extra, _Extra)
        portal = decode(msgspec.json.encode(rest))
    except (msgspec.ValidationError, SettingsFormatError) as error:
        refusal = error if isinstance(error, msgspec.ValidationError) else error.__cause__
        why = f"\u00a0: {in_french(refusal)}" if isinstance(refusal, msgspec.ValidationError) else ""
        raise CabinetFileError(
            f"Le fichier du cabinet {path} n’est pas complet, ou une valeur n’y convient pas{why}.",
            "Il lui faut au moins code, name et site.",
        ) from error
    address = told.site if urlsplit(told.site).scheme else f"https://{told.site}"
    settings = DeskSettings(signatory=told.signatory, city=told.city, reply_email=told.reply_email)
    return CabinetFile(Identity(told.code, told.name, address), portal, settings, path.parent / TEXTS)


def _require_known(path: Path, document: dict[str, Any]) -> None:
    known = ("version", *_Extra.__struct_fields__, *PortalSettings.__struct_fields__)
    for key in document:
        if key not in known:
            raise CabinetFileError(
                f"Le fichier du cabinet {path} contient une clé inconnue, « {key} ».",
                did_you_mean(key, known) or f"Les clés connues sont : {', '.join(known)}.",
            )


@dataclass(frozen=True)
class Workbench:
    """What letters, cards and messages are made with, whether the portal is there or not."""

    press: Press
    texts: TextFolder
    settings: DeskSettings
    composer: EmailComposer | None

    @classmethod
    def connected(cls, office: Office) -> "Workbench":
        facts = office.setting.cabinet
        composer = office.senders.composer(facts) or _composer(facts.name, facts.reply_email)
        return cls(office.press, office.texts, office.settings, composer)

    @classmethod
    def offline(cls, cabinet: CabinetFile, dossiers: Iterable[Dossier], today: dt.date) -> "Workbench":
        """Letters and messages have no personal links; codes made by the portal are refused."""
        first_access = cabinet.portal.first_access
        facts = facts_of(cabinet.identity, cabinet.portal, cabinet.settings)
        no_birth_date = frozenset(one.number for one in dossiers if one.patient.birth_date is None)
        confirmed = first_access.level is ProtectionLevel.CONFIRMED
        return cls(
            Press(setting_of(facts, first_access, today), LocalIssuer(first_access, no_birth_date)),
            TextFolder(cabinet.texts, confirmed=confirmed, with_links=False),
            cabinet.settings,
            _composer(facts.name, facts.reply_email),
        )


def _composer(name: str, address: str) -> EmailComposer | None:
    return EmailComposer(Sender(name, address)) if address else None
