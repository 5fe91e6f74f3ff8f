"""The order of the letters: the post's, a directory's, the patients' numbers."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from merge.letters.output.order import Order, in_order, name_key, number_key
from merge.recipients import ChannelKind, Recipient
from tests.merge.conftest import PARENT, make_dossier


def recipient(number: str, **addressee: str) -> Recipient:
    return Recipient(replace(PARENT, **addressee), (make_dossier(number),), ChannelKind.LETTER)


@pytest.mark.parametrize(
    "names",
    [
        ["cote", "côte", "coté", "côté"],
        ["ABADIE", "D’ALMEIDA", "DALMEIDAS", "de la Tour", "Delatre", "DUPONT"],
        ["Éric", "ERICSON", "Eude"],
        ["LE GOFF", "LEGOFFIC", "Le Gros"],
        ["MARTIN", "MARTIN-DUPONT", "MARTIN DURAND", "MARTINEZ"],
        ["Nguyễn", "NOËL", "ODEUR", "Œuf", "OZANNE"],
        ["", "A"],
    ],
)
def test_names_stand_as_in_a_french_directory(names: list[str]) -> None:
    for mixed in permutations(names):
        assert sorted(mixed, key=name_key) == names


def test_numbers_are_compared_as_numbers_wherever_digits_stand() -> None:
    numbers = ["A9", "A10", "B2", "7", "42", "0043", "5312", "10000"]
    assert sorted(sorted(numbers), key=number_key) == numbers


def test_equal_places_follow_the_name_and_equal_names_the_number() -> None:
    given = [
        recipient("12", last_name="ZOLA", postcode="21000", city="Dijon"),
        recipient("7", last_name="ZOLA", postcode="21000", city="Dijon"),
        recipient("5", last_name="ABADIE", postcode="21000", city="DIJON"),
        recipient("9", last_name="ABADIE", postcode="01000", city="Bourg"),
    ]

    def sorted_by(order: Order) -> list[str]:
        return [one.numbers[0] for one in in_order(order, given)]

    assert sorted_by(Order.POSTCODE) == ["9", "5", "7", "12"]
    assert sorted_by(Order.NAME) == ["5", "9", "7", "12"]
    assert sorted_by(Order.NUMBER) == ["5", "7", "9", "12"]
