"""What a column's name says: separators, capitals, accents, abbreviations and words written as one."""

import pytest

from cabinet.guessing.contents import Order, order_of
from cabinet.guessing.fields import NAMES, likeness


@pytest.mark.parametrize(
    ("name", "part", "field"),
    [
        ("N° interne", "patients", "number"),
        ("NUMPATIENT", "patients", "number"),
        ("OrdrePatient", "patients", "number"),
        ("NOM_PAT", "patients", "last_name"),
        ("LAST", "patients", "last_name"),
        ("lastName", "patients", "last_name"),
        ("PRENOM", "patients", "first_name"),
        ("FirstName", "patients", "first_name"),
        ("DDN", "patients", "birth_date"),
        ("DATENAISS", "patients", "birth_date"),
        ("Né(e) le", "patients", "birth_date"),
        ("birth_date", "patients", "birth_date"),
        ("DNOM", "addressees", "last_name"),
        ("Adr. 1", "addressees", "address_1"),
        ("CODPOST", "addressees", "postcode"),
        ("C.P.", "addressees", "postcode"),
        ("Commune", "addressees", "city"),
        ("E-mail", "addressees", "email"),
        ("Tel_Portable", "addressees", "mobile"),
        ("DateHeureRDV", "appointments", "start"),
        ("HEURE_FIN", "appointments", "end"),
        ("Durée (mn)", "appointments", "duration_minutes"),
        ("MT_DU", "instalments", "amount"),
        ("Réglé", "instalments", "settled"),
        ("ECHEANCE", "instalments", "date"),
        ("RESTE_DU", "fees", "remaining"),
        ("HONORE", "fees", "amount"),
        ("Solde", "balances", "amount"),
    ],
)
def test_a_name_says_its_field(name: str, part: str, field: str) -> None:
    assert likeness(name, NAMES[part][field]) >= 0.6


@pytest.mark.parametrize("name", ["DATE_CREATION_FICHE", "N° de sécurité sociale", "Remarques", "", "°", "???"])
def test_a_name_of_something_else_is_no_field(name: str) -> None:
    assert likeness(name, NAMES["patients"]["birth_date"]) == 0.0


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("13/01/2026", "01/02/2026"), Order.DAY),
        (("01/13/2026", "01/02/2026"), Order.MONTH),
        (("01/02/2026",), Order.UNKNOWN),
        (("13/01/2026", "01/13/2026"), Order.MIXED),
        (("2026-01-13",), Order.NONE),
        ((), Order.NONE),
    ],
)
def test_only_a_day_above_twelve_proves_the_order(texts: tuple[str, ...], order: Order) -> None:
    assert order_of(texts) is order
