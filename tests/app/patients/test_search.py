"""A patient is found by whatever is known of them, however it is typed."""

import datetime as dt

import pytest

from app.patients.search import Index, Person

PEOPLE = (
    Person("5312", "AAESSAI", "Test", dt.date(1985, 4, 15)),
    Person("5313", "MODÈLE", "Camille", dt.date(2012, 9, 2)),
    Person("0042", "D’ALMEIDA", "Jean-Pierre", dt.date(2010, 10, 5)),
    Person("A-17", "LE GOFF", "Maëlys", dt.date(2011, 1, 30)),
    Person("1531", "LECŒUR", "Zoé", dt.date(1985, 12, 1)),
    Person("7", "MARTIN-DUPUIS", "Léo"),
)
INDEX = Index(PEOPLE)


def numbers(query: str) -> list[str]:
    return [PEOPLE[place].number for place in INDEX.find(query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("modèle", ["5313"]),
        ("MODELE", ["5313"]),
        ("odel", ["5313"]),
        ("camille modele", ["5313"]),
        ("mod cam", ["5313"]),
        ("jean pierre", ["0042"]),
        ("jeanpierre", ["0042"]),
        ("Jean-Pierre", ["0042"]),
        ("jean\u2011pierre d'almeida", ["0042"]),
        ("dalmeida", ["0042"]),
        ("almeida", ["0042"]),
        ("legoff", ["A-17"]),
        ("le goff maelys", ["A-17"]),
        ("lecoeur", ["1531"]),
        ("LECŒUR", ["1531"]),
        ("dupuis", ["7"]),
        ("Mode\u0300le", ["5313"]),
        ("  camille   ", ["5313"]),
        ("modèle pierre", []),
        ("personne", []),
    ],
)
def test_any_part_of_a_name_finds_it_whatever_its_accents_case_hyphens_and_order(query: str, found: list[str]) -> None:
    assert numbers(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("5312", ["5312"]),
        ("53", ["5312", "5313", "1531"]),
        ("42", ["0042"]),
        ("0042", ["0042"]),
        ("a-17", ["A-17"]),
        ("a17", ["A-17"]),
        ("53 camille", ["5313"]),
    ],
)
def test_any_part_of_a_number_finds_it(query: str, found: list[str]) -> None:
    assert numbers(query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("15/04/1985", ["5312"]),
        ("15041985", ["5312"]),
        ("150485", ["5312"]),
        ("15/04/85", ["5312"]),
        ("15.04.1985", ["5312"]),
        ("15-4-1985", ["5312"]),
        ("15 04 1985", ["5312"]),
        ("1985-04-15", ["5312"]),
        ("1985", ["5312", "1531"]),
        ("04/1985", ["5312"]),
        ("4/1985", ["5312"]),
        ("041985", ["5312"]),
        ("1504", ["5312"]),
        ("15/", ["5312"]),
        ("15/0", ["5312"]),
        ("15/4", ["5312"]),
        ("15/04", ["5312"]),
        ("15/04/", ["5312"]),
        ("15/04/19", ["5312"]),
        ("15/04/198", ["5312"]),
        ("5/10", ["0042"]),
        ("5/1", ["0042"]),
        ("30/1", ["A-17"]),
        ("1985 zoe", ["1531"]),
        ("16/04/1985", []),
        ("1986", []),
    ],
)
def test_a_birth_date_finds_it_in_every_form_and_while_it_is_typed(query: str, found: list[str]) -> None:
    assert numbers(query) == found


def test_two_digits_are_no_date() -> None:
    assert numbers("85") == []


def test_the_exact_number_comes_before_longer_ones_and_those_before_numbers_that_contain_it() -> None:
    people = tuple(Person(number) for number in ("1531", "5312", "31", "3100", "531"))
    index = Index(people)
    assert [people[place].number for place in index.find("31")] == ["31", "3100", "1531", "5312", "531"]


def test_a_name_that_begins_so_comes_before_one_that_contains_it() -> None:
    people = (Person("1", "GARNIER"), Person("2", "ARNAUD"), Person("3", "BLANC", "Arnaud"))
    index = Index(people)
    assert [people[place].number for place in index.find("arn")] == ["2", "1", "3"]


def test_nothing_typed_finds_everybody_in_order() -> None:
    assert numbers("") == [person.number for person in PEOPLE]
    assert numbers(" - ") == [person.number for person in PEOPLE]


@pytest.mark.parametrize("query", ["[", "(", "\\", "*", "'", "/", "//", "1/2/3/4", "٣", "½", "\x00", "é" * 500])
def test_no_typing_stops_the_search(query: str) -> None:
    assert isinstance(INDEX.find(query), list)
