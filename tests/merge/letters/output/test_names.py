"""Names of files: unique, in order, and harmless on every system whatever a patient is called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge.letters.output.names import MAX_LENGTH, batch_name, letter_name
from tests.merge.conftest import make_record

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*[A-Za-z0-9]\.pdf")


def named(number: str = "5312", last: str = "MARTIN", first: str = "Léa", place: int = 1, total: int = 9) -> str:
    record = make_record(patient={"number": number, "last_name": last, "first_name": first})
    return letter_name(record, place, total)


@pytest.mark.parametrize(
    ("last", "first", "name"),
    [
        ("Martin", "Léa", "0001 5312 MARTIN Lea.pdf"),
        ("D’Almeida-Çelik", "Zoë", "0001 5312 D ALMEIDA-CELIK Zoe.pdf"),
        ("Œuvrard", "Łucja", "0001 5312 OEUVRARD Lucja.pdf"),
        ("Nguyễn", "Thị Hồng", "0001 5312 NGUYEN Thi Hong.pdf"),
        ("Παπαδόπουλος", "Ирина", "0001 5312.pdf"),
        ("CON", "", "0001 5312 CON.pdf"),
        ("../../etc/passwd", "\0:*?", "0001 5312 ETC PASSWD.pdf"),
        ("a.pdf . ", "", "0001 5312 A PDF.pdf"),
    ],
)
def test_a_letter_is_called_by_its_place_its_number_and_the_patient(last: str, first: str, name: str) -> None:
    assert named(last=last, first=first) == name


@given(st.text(max_size=80), st.text(max_size=200), st.text(max_size=200))
def test_no_name_of_a_patient_makes_a_dangerous_file(number: str, last: str, first: str) -> None:
    name = named(number, last, first)
    assert SAFE.fullmatch(name)
    assert len(name) <= MAX_LENGTH


def test_names_sort_as_the_letters_do_however_many_there_are() -> None:
    names = [named(place=place, total=10_001) for place in (1, 9, 10, 999, 1000, 10_001)]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    assert [batch_name(place, 12) for place in (1, 12)] == ["lot 01 sur 12.pdf", "lot 12 sur 12.pdf"]
    assert batch_name(7, 120) == "lot 007 sur 120.pdf"
