"""What one letter, e-mail or SMS is merged from: dossier, addressee, cabinet, and the secrets made for it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from cabinet.dossier import Addressee, Dossier


@dataclass(frozen=True)
class CabinetFacts:
    """What the texts say of the cabinet. The zones are plain text (marks removed, lines kept)."""

    code: str
    name: str
    site: str
    """The portal's address as people type it: `www.webortho.fr`."""
    sign_in_url: str
    """The plain address behind a poster's QR: https://…/c/<code>."""
    city: str = ""
    signatory: str = ""
    """The practitioner who signs: « Docteur … »."""
    reply_email: str = ""
    title: str = ""
    address: str = ""
    greeting: str = ""
    phone: str = ""
    hours: str = ""
    fax: str = ""
    access: str = ""


@dataclass(frozen=True)
class IssuedSecret:
    """What was made for one addressee of one dossier: valid only once the output is safely out (`AccessIssuer`)."""

    password_words: str
    """@MDP: the pattern's result, the personal code, or the words "date de naissance du patient (JJMMAAAA)"."""
    link: str = ""
    """@LIEN and the QR: the personal one-time activation link."""
    handle: str = ""
    """What the issuer calls it; "" where there is nothing to activate (a preview, a birth date offline)."""
    refused: str = ""
    """Why nothing was made for this addressee, as a French sentence; the record is then blocked."""


class Medium(StrEnum):
    """What a secret travels on: paper is kept for weeks, an e-mail or an SMS for days."""

    LETTER = "letter"
    CARD = "card"
    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class SecretFor:
    """Whose secret: two parents of one dossier have two, and a parent of two children has two."""

    number: str
    """The patient's."""
    contact: str
    """Names the addressee, the same each time: the e-mail, the mobile in E.164, or name and postal address folded."""
    email: str = ""
    """Where it is sent by e-mail: the first visit then knows the address."""


@dataclass(frozen=True)
class MergeRecord:
    dossier: Dossier
    addressee: Addressee
    cabinet: CabinetFacts
    secret: IssuedSecret
    today: dt.date
    confirmed: bool = True
    """Whether the portal's protection level is `confirmed` (the texts then explain the e-mailed link)."""
    pattern: str = ""
    """The cabinet's first-access pattern, or "" under another policy: a literal @ORDREapo is an error then."""
    children: tuple[Dossier, ...] = field(default=())
    """The household's dossiers for `@ENFANTS … @FINENFANTS`; empty when it is this dossier alone."""
    child_secrets: tuple[IssuedSecret, ...] = field(default=())
    """What was made for each of `children`, in their order; empty where nothing was."""

    @property
    def to_patient(self) -> bool:
        """Whether the addressee is the patient (the adult letter)."""
        patient = self.dossier.patient
        return (self.addressee.last_name.casefold(), self.addressee.first_name.casefold()) == (
            patient.last_name.casefold(),
            patient.first_name.casefold(),
        )

    @property
    def numbers(self) -> str:
        """The patient's number, or those of the household's children: « 5312, 5313 »."""
        return ", ".join(child.number for child in self.children) or self.dossier.number

    def per_child(self) -> "tuple[MergeRecord, ...]":
        """This record for each child of the household, each with its own secret; itself when it is alone.

        A child for whom nothing was made has empty secrets, which block the fields that need them: never a sister's.
        """
        if not self.children:
            return (self,)
        nothing = IssuedSecret(password_words="")
        secrets = self.child_secrets or tuple(
            self.secret if child.number == self.dossier.number else nothing for child in self.children
        )
        return tuple(
            replace(self, dossier=child, secret=secret, children=(), child_secrets=())
            for child, secret in zip(self.children, secrets, strict=True)
        )


class AccessIssuer(Protocol):
    """The portal as the mail merge sees it: secrets are staged, then activated once the output is out."""

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> Mapping[SecretFor, IssuedSecret]:
        """A secret for each; one that was refused says why. Nothing is valid yet."""
        ...

    def activate(self, handles: tuple[str, ...]) -> None:
        """They are valid from now on, in the place of former ones of the same addressee. May be repeated."""
        ...

    def discard(self, handles: tuple[str, ...]) -> None:
        """What would have carried them did not leave."""
        ...


class DummyIssuer:
    """For previews: visibly not a real code, and nothing is asked of the portal."""

    def __init__(self, password_words: str, site: str) -> None:
        self._secret = IssuedSecret(password_words, f"https://{site}/activer/EXEMPLE")

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> Mapping[SecretFor, IssuedSecret]:  # noqa: ARG002 - Protocol
        return dict.fromkeys(wanted, self._secret)

    def activate(self, handles: tuple[str, ...]) -> None:
        """Nothing was staged."""

    def discard(self, handles: tuple[str, ...]) -> None:
        """Nothing was staged."""
