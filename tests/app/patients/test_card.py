"""The card's words, with the agreements of French, and what it lets one do."""

import datetime as dt

import pytest

from app.patients.card import Visibility, birth_line, card_of, informed_by
from app.patients.presenter import Directory, Row
from cabinet.dossier import Addressee, Dossier, Patient
from portal.api.desk import Account, Informed, Medium, Showing

BORN = dt.date(1985, 4, 15)
NOON = dt.datetime(2025, 11, 3, 11, tzinfo=dt.UTC)
MOTHER = Addressee("Madame", "MODÈLE", "Anne", "4 rue de l’Exemple", "", "21000", "DIJON", "Anne@Exemple.fr")
FATHER = Addressee("Monsieur", "MODÈLE", "Luc", "9 rue du Modèle", "", "21000", "DIJON")
DOSSIER = Dossier(Patient("5312", "Monsieur", "AAESSAI", "Test", BORN, dt.date(1994, 9, 13)), (MOTHER, FATHER))


def row(account: Account | None, dossier: Dossier | None = DOSSIER) -> Row:
    accounts = {account.number: account} if account else {}
    found = Directory([dossier] if dossier else [], accounts).row_of("5312")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("civility", "line"),
    [
        ("Monsieur", "Monsieur, né le 15/04/1985"),
        ("Madame", "Madame, née le 15/04/1985"),
        ("Mademoiselle", "Mademoiselle, née le 15/04/1985"),
        ("Mme", "Mme, née le 15/04/1985"),
        ("M.", "M., né le 15/04/1985"),
        ("Docteur", "Docteur, né(e) le 15/04/1985"),
        ("", "Né(e) le 15/04/1985"),
    ],
)
def test_born_agrees_with_the_civility(civility: str, line: str) -> None:
    assert birth_line(civility, BORN) == line


def test_an_unknown_birth_date_is_left_out() -> None:
    assert birth_line("Madame", None) == "Madame"
    assert birth_line("", None) == ""


@pytest.mark.parametrize(
    ("medium", "line"),
    [
        (Medium.LETTER, "Lettre, 03/11/2025"),
        (Medium.CARD, "Fiche d’accès, 03/11/2025"),
        (Medium.EMAIL, "E-mail, 03/11/2025"),
        (Medium.SMS, "SMS, 03/11/2025"),
    ],
)
def test_how_the_patient_was_informed(medium: Medium, line: str) -> None:
    assert informed_by(Informed(medium, NOON)) == line


def test_nobody_was_informed() -> None:
    assert informed_by(None) == "—"


def test_separated_parents_are_both_shown_with_the_email_that_can_be_written_to() -> None:
    card = card_of(row(Account("5312", accesses=1)))
    assert [(one.name, one.email) for one in card.contacts] == [
        ("Madame MODÈLE Anne", "anne@exemple.fr"),
        ("Monsieur MODÈLE Luc", ""),
    ]


@pytest.mark.parametrize(
    ("account", "visibility", "prints", "resets"),
    [
        (Account("5312", accesses=1), Visibility.SHOWN, True, True),
        (Account("5312"), Visibility.SHOWN, True, True),
        (Account("5312", locked=True), Visibility.SHOWN, True, True),
        (Account("5312", Showing.HIDDEN), Visibility.HIDDEN, False, False),
        (Account("5312", Showing.WITHDRAWN), Visibility.SHOWN, False, False),
        (Account("5312", Showing.ERASED), Visibility.FIXED, False, False),
        (None, Visibility.SHOWN, False, False),
    ],
)
def test_only_what_the_portal_would_do_is_offered(
    account: Account | None, visibility: Visibility, prints: bool, resets: bool
) -> None:
    card = card_of(row(account))
    assert card.visibility is visibility
    assert (card.sheet_refusal == "") is prints
    assert card.can_reset is resets


def test_a_sheet_without_a_birth_date_would_open_nothing_and_says_so() -> None:
    nobody = Dossier(Patient("5312", "", "AAESSAI", "Test"), (MOTHER,))
    card = card_of(row(Account("5312"), nobody))
    assert card.sheet_refusal.startswith("La date de naissance manque")


def test_a_patient_gone_from_the_export_still_has_a_card() -> None:
    card = card_of(row(Account("5312", Showing.WITHDRAWN, accesses=1), None))
    assert (card.name, card.birth, card.contacts, card.can_preview, card.can_erase) == (
        "Nom inconnu",
        "",
        (),
        False,
        True,
    )


def test_what_was_erased_is_not_erased_again() -> None:
    assert not card_of(row(Account("5312", Showing.ERASED))).can_erase
