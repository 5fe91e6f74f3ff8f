"""The catalogue of merge fields: what a text may say of a patient, declared once.

Screens list it, the template compiler knows no other names, and every renderer answers either a value or "" for
nothing known: never "None", never a word for an error, never 0,00 € for a balance that nobody gave.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cabinet.dossier import Appointment, AppointmentStatus
from cabinet.values import clean
from merge.french import day_and_date, long_date, money, short_date, time_of_day
from merge.record import CabinetFacts, MergeRecord


class FieldKind(StrEnum):
    """How a value is set: codes that people retype in the monospaced face, links as links."""

    TEXT = "text"
    CODE = "code"
    LINK = "link"
    DATE = "date"
    MONEY = "money"
    ZONE = "zone"
    """Plain text of several lines: the only values that may hold a line break."""


class Need(StrEnum):
    """What an empty value does to the text around it."""

    REQUIRED = "required"
    """The record is blocked."""
    OWN_LINE = "own-line"
    """Its line disappears; where other fields keep the line, the hole would show (« né le , ») and blocks."""
    OPTIONAL = "optional"
    """A word that may be missing from a line: its space goes with it, and the line too when nothing else is in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field. `render` answers a record's value, or "" where nothing is known."""

    name: str
    """As it follows the @: `ORDRE`."""
    description: str
    """French, for the list of fields."""
    sample: str
    """A fictitious value, for previews and for the guide."""
    render: Callable[[MergeRecord], str]
    kind: FieldKind = FieldKind.TEXT
    need: Need = Need.REQUIRED
    token: str = ""
    """As people type it: `@ORDRE`, `*codeCabinet*`."""

    def __post_init__(self) -> None:
        if not self.token:
            object.__setattr__(self, "token", f"@{self.name}")

    @property
    def required(self) -> bool:
        return self.need is Need.REQUIRED


def next_appointment(record: MergeRecord) -> Appointment | None:
    """The first planned appointment from the record's day on."""
    coming = (
        appointment
        for appointment in record.dossier.appointments
        if appointment.status is AppointmentStatus.PLANNED and appointment.start.date() >= record.today
    )
    return min(coming, key=lambda appointment: appointment.start, default=None)


def salutation(record: MergeRecord) -> str:
    """How the letter greets: the addressee's civility; « Madame, Monsieur » where it is unknown or names several."""
    civility = record.addressee.civility
    return civility if civility in _GREETED_ALONE else "Madame, Monsieur"


_GREETED_ALONE = frozenset({"Madame", "Monsieur", "Mademoiselle", "Docteur", "Professeur", "Maître"})


def _of_addressee(attribute: str) -> Callable[[MergeRecord], str]:
    return lambda record: clean(getattr(record.addressee, attribute))


def _of_patient(attribute: str) -> Callable[[MergeRecord], str]:
    return lambda record: clean(getattr(record.dossier.patient, attribute))


def _zone(attribute: str) -> Callable[[MergeRecord], str]:
    """A text zone keeps its lines; outer empty lines would only tear the text apart."""

    def render(record: MergeRecord) -> str:
        lines = getattr(record.cabinet, attribute).splitlines()
        return "\n".join(clean(line) for line in lines).strip("\n")

    return render


def _of_cabinet(read: Callable[[CabinetFacts], str]) -> Callable[[MergeRecord], str]:
    return lambda record: clean(read(record.cabinet))


def _birth_date(record: MergeRecord) -> str:
    date = record.dossier.patient.birth_date
    return short_date(date) if date else ""


def _appointment(write: Callable[[dt.datetime], str]) -> Callable[[MergeRecord], str]:
    def render(record: MergeRecord) -> str:
        appointment = next_appointment(record)
        return write(appointment.start) if appointment else ""

    return render


def _balance(record: MergeRecord) -> str:
    balance = record.dossier.balance
    return money(balance.amount) if balance else ""


FIELDS: tuple[Field, ...] = (
    # Of the procedure
    Field(
        "ORDRE", "N° interne du patient : son identifiant sur le portail", "5312", _of_patient("number"), FieldKind.CODE
    ),
    Field("DCIVIL", "Civilité du destinataire", "Madame", _of_addressee("civility"), need=Need.OPTIONAL),
    Field("DNOM", "Nom du destinataire", "SPÉCIMEN", _of_addressee("last_name")),
    Field("DPREN", "Prénom du destinataire", "Jeanne", _of_addressee("first_name"), need=Need.OPTIONAL),
    Field("DADR1", "Adresse du destinataire : numéro et voie", "3 rue de l’Exemple", _of_addressee("address_1")),
    Field(
        "DADR2",
        "Adresse du destinataire : complément",
        "Bâtiment B",
        _of_addressee("address_2"),
        need=Need.OPTIONAL,
    ),
    Field("DCPOST", "Code postal du destinataire", "21000", _of_addressee("postcode")),
    Field("DVILLE", "Ville du destinataire", "Dijon", _of_addressee("city")),
    Field("PPREN", "Prénom du patient", "Lina", _of_patient("first_name")),
    Field("PNOM", "Nom du patient", "SPÉCIMEN", _of_patient("last_name")),
    Field(
        "codeCabinet",
        "Identifiant de cabinet, comme l’écrit la procédure",
        "dijon21",
        _of_cabinet(lambda cabinet: cabinet.code),
        FieldKind.CODE,
        token="*codeCabinet*",  # noqa: S106 - how people type the field, no password
    ),
    # Ours
    Field("CABINET", "Identifiant de cabinet", "dijon21", _of_cabinet(lambda cabinet: cabinet.code), FieldKind.CODE),
    Field(
        "MDP",
        "Mot de passe de la première visite, selon le choix du cabinet",
        "date de naissance du patient (JJMMAAAA)",
        lambda record: clean(record.secret.password_words),
        FieldKind.CODE,
    ),
    Field(
        "LIEN",
        "Lien personnel de première visite, valable une seule fois",
        "https://www.webortho.fr/activer/EXEMPLE",
        lambda record: clean(record.secret.link),
        FieldKind.LINK,
    ),
    Field("SITE", "Adresse du portail", "www.webortho.fr", _of_cabinet(lambda cabinet: cabinet.site), FieldKind.LINK),
    Field("PCIVIL", "Civilité du patient", "Mademoiselle", _of_patient("civility"), need=Need.OPTIONAL),
    Field("PNAIS", "Date de naissance du patient", "15/04/2012", _birth_date, FieldKind.DATE, Need.OWN_LINE),
    Field("DPOLI", "Formule d’appel : Madame, Monsieur", "Madame", salutation),
    Field(
        "RDVDATE",
        "Date du prochain rendez-vous",
        "mardi 6\u00a0octobre 2026",
        _appointment(day_and_date),
        FieldKind.DATE,
        Need.OWN_LINE,
    ),
    Field(
        "RDVHEURE",
        "Heure du prochain rendez-vous",
        "14h30",
        _appointment(time_of_day),
        FieldKind.DATE,
        Need.OWN_LINE,
    ),
    Field("SOLDE", "Solde restant dû", "390,00\u00a0€", _balance, FieldKind.MONEY, Need.OWN_LINE),
    Field("DATE", "Date du jour", "12\u00a0janvier 2026", lambda record: long_date(record.today), FieldKind.DATE),
    Field(
        "SIGNATURE",
        "Le praticien qui signe",
        "Docteur Exemple",
        _of_cabinet(lambda cabinet: cabinet.signatory),
    ),
    # The seven text zones of the portal
    Field("TITRE", "Zone de texte : titre", "Cabinet du Parc", _zone("title"), FieldKind.ZONE, Need.OWN_LINE),
    Field(
        "ADRESSE",
        "Zone de texte : adresse du cabinet",
        "12 rue de l’Exemple, 21000 Dijon",
        _zone("address"),
        FieldKind.ZONE,
        Need.OWN_LINE,
    ),
    Field(
        "ACCUEIL",
        "Zone de texte : mot d’accueil",
        "Toute l’équipe vous souhaite la bienvenue.",
        _zone("greeting"),
        FieldKind.ZONE,
        Need.OWN_LINE,
    ),
    Field("TELEPHONE", "Zone de texte : téléphone", "03 53 01 21 21", _zone("phone"), FieldKind.ZONE, Need.OWN_LINE),
    Field(
        "HORAIRES",
        "Zone de texte : horaires",
        "Du lundi au vendredi, de 9h à 18h",
        _zone("hours"),
        FieldKind.ZONE,
        Need.OWN_LINE,
    ),
    Field("FAX", "Zone de texte : fax", "03 53 01 21 22", _zone("fax"), FieldKind.ZONE, Need.OWN_LINE),
    Field(
        "ACCES",
        "Zone de texte : accès au cabinet",
        "Tramway T1, arrêt Exemple",
        _zone("access"),
        FieldKind.ZONE,
        Need.OWN_LINE,
    ),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
CABINET_CODE = BY_NAME["codeCabinet"]
NUMBER = BY_NAME["ORDRE"]
OF_ONE_CHILD: frozenset[Field] = frozenset(
    BY_NAME[name]
    for name in ("ORDRE", "PCIVIL", "PPREN", "PNOM", "PNAIS", "MDP", "LIEN", "RDVDATE", "RDVHEURE", "SOLDE")
)
"""Fields that a household has one value of for each child."""
GREETING: frozenset[Field] = frozenset(BY_NAME[name] for name in ("DPOLI", "DCIVIL", "DPREN", "DNOM"))
"""Fields that a greeting is made of."""
SECRETS: frozenset[Field] = frozenset({BY_NAME["MDP"], BY_NAME["LIEN"]})
"""Fields made for one person: a text with one of them needs a staged code or link for every record."""


def link_target(shown: str) -> str:
    """Where a link leads whose address is shown so: over an encrypted line, unless to this computer."""
    return shown if shown.startswith(("https://", "http://127.0.0.1", "http://localhost")) else f"https://{shown}"
