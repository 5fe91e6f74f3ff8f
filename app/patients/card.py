"""The right-hand card: what is said of one patient, and what may be done for them. No Qt."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from app.patients.presenter import Row, Standing, date_or_dash
from cabinet.dossier import Addressee
from cabinet.values import fold
from merge.french import short_date
from merge.recipients import email_of
from portal.api.desk import Informed, Medium

_MEDIA = {Medium.LETTER: "Lettre", Medium.CARD: "Fiche d’accès", Medium.EMAIL: "E-mail", Medium.SMS: "SMS"}
_MEN = frozenset(("monsieur", "m", "mr"))
_WOMEN = frozenset(("madame", "mademoiselle", "mme", "mlle"))


class Visibility(Enum):
    """The check box « Visible sur le portail »."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    FIXED = "fixed"
    """Not for the reception to choose: erased, gone from the export, or the portal has not told."""


@dataclass(frozen=True)
class Contact:
    """An addressee as the card names them; `email` is "" where there is none that can be written to."""

    name: str
    email: str
    addressee: Addressee


@dataclass(frozen=True)
class Card:
    number: str
    name: str
    birth: str
    """« Monsieur, né le 15/04/1985 »."""
    treatment_start: str
    standing: Standing
    last_visit: str
    informed: str
    """« Lettre, 03/11/2025 »."""
    contacts: tuple[Contact, ...]
    address_problem: str
    visibility: Visibility
    sheet_refusal: str
    """Why no access sheet can be printed, as a French sentence; "" when one can."""
    can_reset: bool
    can_preview: bool
    can_erase: bool


def card_of(row: Row) -> Card:
    """What the card shows of a line of the list."""
    dossier, account = row.dossier, row.account
    patient = dossier.patient if dossier else None
    return Card(
        number=row.number,
        name=row.name,
        birth=birth_line(patient.civility, patient.birth_date) if patient else "",
        treatment_start=date_or_dash(patient.treatment_start if patient else None),
        standing=row.standing,
        last_visit=date_or_dash(row.last_visit),
        informed=informed_by(account.informed if account else None),
        contacts=tuple(_contact(one) for one in dossier.addressees) if dossier else (),
        address_problem=row.address_problem,
        visibility=_visibility(row),
        sheet_refusal=_sheet_refusal(row),
        can_reset=row.standing in _ON_THE_PORTAL,
        can_preview=dossier is not None,
        can_erase=row.standing not in (Standing.ERASED, Standing.UNKNOWN),
    )


def birth_line(civility: str, birth_date: dt.date | None) -> str:
    """« Monsieur, né le 15/04/1985 », « Madame, née le … »; what is not known is left out."""
    if birth_date is None:
        return civility
    word = fold(civility)
    born = "né" if word in _MEN else "née" if word in _WOMEN else "né(e)"
    date = short_date(birth_date)
    return f"{civility}, {born} le {date}" if civility else f"{born[0].upper()}{born[1:]} le {date}"


def informed_by(informed: Informed | None) -> str:
    if informed is None:
        return "—"
    return f"{_MEDIA[informed.medium]}, {short_date(informed.at.astimezone().date())}"


_ON_THE_PORTAL = frozenset((Standing.ACTIVATED, Standing.NEVER_CONNECTED, Standing.NEVER_INFORMED, Standing.LOCKED))


def _visibility(row: Row) -> Visibility:
    if row.standing is Standing.HIDDEN:
        return Visibility.HIDDEN
    can_choose = row.standing in _ON_THE_PORTAL or row.standing is Standing.UNPUBLISHED
    return Visibility.SHOWN if can_choose else Visibility.FIXED


def _sheet_refusal(row: Row) -> str:
    """The portal would refuse the same: said before it is asked."""
    if row.standing in _ON_THE_PORTAL:
        if row.dossier is None:
            return "Ce patient n’est plus dans l’export du cabinet."
        if row.birth_date is None:
            return "La date de naissance manque\u00a0: complétez la fiche du patient, puis synchronisez."
        return ""
    return {
        Standing.HIDDEN: "Ce patient est masqué\u00a0: rendez-le visible, puis synchronisez.",
        Standing.UNPUBLISHED: "Ce patient sera sur le portail après la prochaine synchronisation.",
        Standing.WITHDRAWN: "Ce patient n’est plus dans l’export du cabinet.",
        Standing.ERASED: "Les données de ce patient ont été effacées à sa demande.",
        Standing.UNKNOWN: "Le portail n’a pas encore répondu.",
    }[row.standing]


def _contact(addressee: Addressee) -> Contact:
    name = " ".join(filter(None, (addressee.civility, addressee.last_name, addressee.first_name)))
    return Contact(name or "Destinataire sans nom", email_of(addressee), addressee)
