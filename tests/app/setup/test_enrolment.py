"""Codes and addresses as people type, paste and scan them."""

import pytest

from app.setup.enrolment import Pasted, completed_address, understand, wrong_code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABCD-2345-EFGH", Pasted("ABCD-2345-EFGH")),
        ("  abcd 2345\tefgh\n", Pasted("ABCD-2345-EFGH")),
        ("abcd2345efgh", Pasted("ABCD-2345-EFGH")),
        ("Votre code d’enrôlement : ABCD–2345–EFGH.", Pasted("ABCD-2345-EFGH")),
        ("https://portail.exemple.fr/, code ABCD-2345-EFGH", Pasted("ABCD-2345-EFGH", "https://portail.exemple.fr")),
        ("https://portail.exemple.fr", Pasted("", "https://portail.exemple.fr")),
        ("ABCD-2345", Pasted()),
        ("ABCD-2345-EFG0", Pasted()),
        ("l’enrôlement de ce poste", Pasted()),
    ],
)
def test_a_code_and_an_address_are_found_in_whatever_was_pasted(text: str, expected: Pasted) -> None:
    assert understand(text) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" portail.exemple.fr ", "https://portail.exemple.fr"),
        ("portail.exemple.fr:8443/", "https://portail.exemple.fr:8443/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://portail.exemple.fr", "http://portail.exemple.fr"),
        ("", ""),
    ],
)
def test_an_address_without_its_beginning_gets_it(typed: str, expected: str) -> None:
    assert completed_address(typed) == expected


def test_what_cannot_be_a_code_is_said() -> None:
    assert wrong_code("ABCD-2345-EFGH") == ""
    assert wrong_code(" ").startswith("Tapez le code")
    assert wrong_code("ABCD").startswith("Ce code est incomplet.")
