"""The catalogue has every field of the procedure and of ours, and none of them ever answers a word for nothing."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Balance, Dossier, Patient
from merge.fields import BY_NAME, FIELDS, Field, FieldKind, next_appointment
from merge.record import CabinetFacts, IssuedSecret, MergeRecord
from tests.merge.conftest import TODAY, RecordMaker, make_record

PROMISED = """@ORDRE @DCIVIL @DNOM @DPREN @DADR1 @DADR2 @DCPOST @DVILLE @PPREN @PNOM *codeCabinet* @CABINET @MDP @LIEN
@SITE @PCIVIL @PNAIS @DPOLI @RDVDATE @RDVHEURE @SOLDE @DATE @SIGNATURE @TITRE @ADRESSE @ACCUEIL @TELEPHONE @HORAIRES
@FAX @ACCES"""

NOTHING = MergeRecord(
    Dossier(Patient("")), Addressee(), CabinetFacts("", "", "", ""), IssuedSecret(""), dt.date(2026, 1, 1)
)


def test_the_catalogue_is_what_was_promised() -> None:
    assert [field.token for field in FIELDS] == PROMISED.split()


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_explains_itself(field: Field) -> None:
    assert len(field.description) > 5
    assert field.sample
    assert re.fullmatch(r"[A-Z][A-Z0-9]*", field.name) or field is BY_NAME["codeCabinet"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_nothing_known_is_nothing_said(field: Field) -> None:
    expected = {"DPOLI": "Madame, Monsieur", "DATE": "1er\u00a0janvier 2026"}

    assert field.render(NOTHING) == expected.get(field.name, "")


def test_a_complete_record_fills_every_required_field(record: RecordMaker) -> None:
    assert [field.name for field in FIELDS if field.required and not field.render(record())] == []


@given(st.text())
def test_only_zones_hold_line_breaks(text: str) -> None:
    cabinet = CabinetFacts(*[text] * 14)
    record = MergeRecord(
        Dossier(Patient(text, text, text, text)), Addressee(*[text] * 9), cabinet, IssuedSecret(text, text), TODAY
    )

    for field in FIELDS:
        value = field.render(record)
        assert field.kind is FieldKind.ZONE or len(value.splitlines()) <= 1
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", value)


@pytest.mark.parametrize(
    ("civility", "greeting"),
    [
        ("", "Madame, Monsieur"),
        ("Monsieur et Madame", "Madame, Monsieur"),
        ("Famille", "Madame, Monsieur"),
        ("Docteur", "Docteur"),
        ("Madame", "Madame"),
    ],
)
def test_the_greeting_follows_the_civility(civility: str, greeting: str, record: RecordMaker) -> None:
    assert BY_NAME["DPOLI"].render(record(addressee={"civility": civility})) == greeting


def test_the_next_appointment_is_planned_and_to_come(record: RecordMaker) -> None:
    def at(day: int, status: AppointmentStatus = AppointmentStatus.PLANNED) -> Appointment:
        return Appointment(dt.datetime.combine(TODAY.replace(day=day), dt.time(14, 30)), status=status)

    visits = (at(5), at(20), at(8, AppointmentStatus.CANCELLED), at(9))
    mine = record(appointments=visits)

    assert next_appointment(mine) == visits[3]
    assert BY_NAME["RDVDATE"].render(mine) == "vendredi 9\u00a0octobre 2026"
    assert BY_NAME["RDVHEURE"].render(mine) == "14h30"
    assert next_appointment(record(appointments=(at(6),))) == at(6)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (39000, "390,00\u00a0€"),
        (123456789, "1\u00a0234\u00a0567,89\u00a0€"),
        (-550, "−5,50\u00a0€"),
        (5, "0,05\u00a0€"),
    ],
)
def test_a_balance_is_written_in_euros(cents: int, text: str) -> None:
    assert BY_NAME["SOLDE"].render(make_record(balance=Balance(cents))) == text


def test_a_zone_keeps_its_lines(record: RecordMaker) -> None:
    assert BY_NAME["HORAIRES"].render(record()) == "Lundi : 9h–18h\nMardi : 9h–12h"
