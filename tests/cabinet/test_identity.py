"""Whether two readings of a number are about one person."""

import datetime as dt

import pytest

from cabinet.dossier import Patient
from cabinet.identity import IDENTITY_BYTES, identity_of, is_another, parts_changed

KEY = b"k" * 32
BORN, OTHER_DAY = dt.date(2012, 4, 15), dt.date(2014, 8, 30)


def person(last: str, first: str, born: dt.date | None, key: bytes = KEY) -> bytes:
    return identity_of(Patient("5312", last_name=last, first_name=first, birth_date=born), key)


ZOE = person("MARTINEAU", "Zoé", BORN)

SAME = {
    "nothing changed": ("MARTINEAU", "Zoé", BORN),
    "another spelling": ("Martineau", "ZOE", BORN),
    "the columns changed places": ("Zoé", "MARTINEAU", OTHER_DAY),
    "a corrected birth date": ("MARTINEAU", "Zoé", OTHER_DAY),
    "a new family name": ("PETIT", "Zoé", BORN),
    "a wholly new name": ("PETIT", "Lucas", BORN),
    "a birth date that is gone": ("MARTINEAU", "Zoé", None),
    "a birth date that is gone, and a corrected name": ("MARTINEAU", "Zoée", None),
    "all is gone": ("", "", None),
}
ANOTHER = {
    "name and birth date": ("PETIT", "Lucas", OTHER_DAY),
    "a brother": ("MARTINEAU", "Lucas", OTHER_DAY),
    "a namesake": ("PETIT", "Zoé", OTHER_DAY),
    "both names, where no birth date tells": ("PETIT", "Lucas", None),
}


@pytest.mark.parametrize("case", SAME)
def test_one_person(case: str) -> None:
    now = person(*SAME[case])
    assert not is_another(ZOE, now)
    assert not is_another(now, ZOE)


@pytest.mark.parametrize("case", ANOTHER)
def test_two_people(case: str) -> None:
    now = person(*ANOTHER[case])
    assert is_another(ZOE, now)
    assert is_another(now, ZOE)


def test_hyphens_and_spaces_do_not_make_another() -> None:
    assert person("DUPONT-MARTIN", "Jean Luc", BORN) == person("Dupont Martin", "Jean-Luc", BORN)


def test_an_identity_that_is_not_known_says_nothing() -> None:
    assert not is_another(b"", ZOE)
    assert not is_another(ZOE, b"?")


def test_the_prints_need_the_cabinets_key() -> None:
    assert len(ZOE) == IDENTITY_BYTES
    assert person("MARTINEAU", "Zoé", BORN, b"x" * 32) != ZOE


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (ZOE, (False, False, False)),
        (person("Zoé", "MARTINEAU", BORN), (True, True, False)),
        (person("martineau", "ZOE", OTHER_DAY), (False, False, True)),
        (person("", "Lucas", None), (False, True, False)),  # what is gone is counted as such, not as another
        (b"", (False, False, False)),
        (ZOE + b"more", (False, False, False)),
    ],
)
def test_parts_that_changed_are_those_that_were_and_are_known(now: bytes, changed: tuple[bool, ...]) -> None:
    assert parts_changed(ZOE, now) == changed
    assert parts_changed(now, ZOE) == changed
