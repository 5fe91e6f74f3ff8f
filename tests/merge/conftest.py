"""A fictitious cabinet and family for every test of the mail merge."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import settings
from msgspec.structs import replace

from cabinet.dossier import Addressee, Appointment, Balance, Dossier, Patient
from merge.record import CabinetFacts, IssuedSecret, MergeRecord

# A busy machine is no fault of the code.
settings.register_profile("webortho", deadline=None)
settings.load_profile("webortho")

TODAY = dt.date(2026, 10, 6)
PATIENT = Patient("5312", "Mademoiselle", "SPÉCIMEN", "Lina", dt.date(2012, 4, 15))
PARENT = Addressee(
    civility="Madame",
    last_name="SPÉCIMEN",
    first_name="Jeanne",
    address_1="3 rue de l’Exemple",
    postcode="21000",
    city="Dijon",
    email="jeanne@exemple.fr",
    mobile="06 39 98 12 34",
)
CABINET = CabinetFacts(
    code="dijon21",
    name="Cabinet du Parc",
    site="www.webortho.fr",
    sign_in_url="https://www.webortho.fr/c/dijon21",
    city="Dijon",
    signatory="Docteur Exemple",
    reply_email="cabinet@exemple.fr",
    phone="03 53 01 21 21",
    hours="Lundi : 9h–18h\nMardi : 9h–12h",
)
SECRET = IssuedSecret("date de naissance du patient (JJMMAAAA)", "https://www.webortho.fr/activer/abc123")

RecordMaker = Callable[..., MergeRecord]


def make_dossier(number: str = "5312", first_name: str = "Lina", **parts: object) -> Dossier:
    patient = replace(PATIENT, number=number, first_name=first_name)
    return Dossier(patient, (PARENT,), **parts)  # type: ignore[arg-type] # parts of a dossier, checked by msgspec's use


def make_record(
    *,
    patient: dict[str, object] | None = None,
    addressee: dict[str, object] | None = None,
    cabinet: CabinetFacts = CABINET,
    secret: IssuedSecret = SECRET,
    appointments: tuple[Appointment, ...] = (),
    balance: Balance | None = None,
    **rest: object,
) -> MergeRecord:
    """A record that lacks nothing a letter needs, but for what the arguments change."""
    to = replace(PARENT, **(addressee or {}))
    dossier = Dossier(replace(PATIENT, **(patient or {})), (to,), appointments, balance=balance)
    return MergeRecord(dossier, to, cabinet, secret, TODAY, **rest)  # type: ignore[arg-type] # as given by each test


@pytest.fixture(scope="session")
def record() -> RecordMaker:
    return make_record
