"""What a column's name says: separators, capitals, accents, abbreviations and words written as one."""

import pytest

from cabinet.guessing.contents import Order, order_of
from cabinet.guessing.fields import NAMES, likeness


@pytest.mark.parametrize(
    ("name", "part", "field"),
    [
        ("N° interne", "patients", "number"),
        ("NUMPATIENT", "patients", "number"),
        *((name, "patients", "number") for name in ("NUPAT", "NOPAT", "N_PAT", "NUM_PAT", "CODEPAT", "NPAT", "NIP")),
        *((name, "patients", "number") for name in ("NUDOS", "NDOSS")),
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
        ("N° fiche", "patients", "number"),
        ("IPP", "patients", "number"),
        ("Patronyme", "patients", "last_name"),
        ("Suivi depuis", "patients", "treatment_start"),
        ("Début du suivi", "patients", "treatment_start"),
        ("En traitement depuis", "patients", "treatment_start"),
        ("Traité depuis le", "patients", "treatment_start"),
        ("Appareillé le", "patients", "treatment_start"),
        ("Date de pose", "patients", "treatment_start"),
        ("PAT_PRE", "patients", "first_name"),
        ("PAT_DTN", "patients", "birth_date"),
        ("Débiteur", "addressees", "last_name"),
        ("FAM_AD1", "addressees", "address_1"),
        ("FAM_CPO", "addressees", "postcode"),
        ("NPA", "addressees", "postcode"),
        ("FAM_MEL", "addressees", "email"),
        ("FAM_POR", "addressees", "mobile"),
        ("Nom RL", "addressees", "last_name"),
        ("Prénom rep. légal", "addressees", "first_name"),
        ("Adresse complémentaire", "addressees", "address_2"),
        ("Bâtiment", "addressees", "address_2"),
        ("Lieu-dit", "addressees", "address_2"),
        ("Code post.", "addressees", "postcode"),
        ("CPost", "addressees", "postcode"),
        ("Adresse électronique", "addressees", "email"),
        ("Courrier électronique", "addressees", "email"),
        ("Messagerie", "addressees", "email"),
        ("Prévu le", "appointments", "start"),
        ("Prestation", "appointments", "kind"),
        ("Temps prévu", "appointments", "duration_minutes"),
        ("Tps", "appointments", "duration_minutes"),
        ("RDV_ETA", "appointments", "status"),
        ("Intervenant", "appointments", "practitioner"),
        ("Collaborateur", "appointments", "practitioner"),
        ("À régler le", "instalments", "date"),
        ("A payer le", "instalments", "date"),
        ("Exigible le", "instalments", "date"),
        ("À régler", "instalments", "amount"),
        ("Somme à payer", "instalments", "amount"),
        ("Soldée", "instalments", "settled"),
        ("Encaissée", "instalments", "settled"),
        ("Acquittée", "instalments", "settled"),
        ("ECH_REG", "instalments", "settled"),
        ("Descriptif", "instalments", "label"),
        ("Réalisé le", "fees", "date"),
        ("Prestation", "fees", "label"),
        ("Tarif", "fees", "amount"),
        ("Coût", "fees", "amount"),
        ("Montant TTC", "fees", "amount"),
        ("Reste à payer", "fees", "remaining"),
        ("Reste à régler", "fees", "remaining"),
        ("Total TTC", "fees", "total"),
        ("Dette", "balances", "amount"),
        ("Solde débiteur", "balances", "amount"),
    ],
)
def test_a_name_says_its_field(name: str, part: str, field: str) -> None:
    of_each = {other: likeness(name, wanted) for other, wanted in NAMES[part].items()}
    # Where two are as like, their cells decide.
    assert of_each[field] >= max(0.6, *of_each.values())


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
