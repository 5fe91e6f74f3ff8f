"""The patient whom the procedure shows on its screens, with exactly the appointments and accounts seen there."""

import datetime as dt

from cabinet.demo.care import Care
from cabinet.demo.families import Person
from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Balance, Fee, Instalment, Patient

NUMBER = "5312"


def procedure_patient() -> Person:
    addressee = Addressee(
        civility="Monsieur",
        last_name="AAESSAI",
        first_name="Test",
        address_1="4 rue de l'Exemple",
        postcode="21000",
        city="DIJON",
        email="test@exemple.fr",
        mobile="06 39 98 53 12",
    )
    patient = Patient(
        number=NUMBER,
        civility="Monsieur",
        last_name="AAESSAI",
        first_name="TEST",
        birth_date=dt.date(1985, 4, 15),
        treatment_start=dt.date(1994, 9, 13),
    )
    return Person(patient, (addressee,))


def procedure_care() -> Care:
    return Care(
        appointments=(
            _visit("2020-10-08T02:10", "CONT", 0, AppointmentStatus.PLANNED),
            _visit("2009-09-04T16:20", "RVC", 20),
            _visit("2009-06-29T20:20", "RV2C", 40),
            _visit("2009-06-29T19:00", "RV2C", 40),
            _visit("2009-06-01T13:20", "RV1A", 40),
            _visit("2009-04-30T17:00", "CTCT", 20),
        ),
        instalments=(
            _paid("1er SEMESTRE", 22867, 22800, "1995-03-13"),
            _paid("2em SEMESTRE", 45735, 45700, "1995-09-10"),
            _paid("SURVEILLANCE", 2150, 2100, "1996-03-12"),
            _paid("3em SEMESTRE", 53357, 53300, "1998-05-20"),
            _paid("4em SEMESTRE", 53357, 53300, "1998-11-20"),
        ),
        fees=(Fee("1er sem. chir.", 39000, 39000, 0, dt.date(2020, 4, 2)),),
        balance=Balance(39000, dt.date(2009, 4, 2)),
    )


def _visit(start: str, kind: str, minutes: int, status: AppointmentStatus = AppointmentStatus.ATTENDED) -> Appointment:
    return Appointment(dt.datetime.fromisoformat(start), kind, minutes, "CC", status)


def _paid(label: str, total: int, amount: int, date: str) -> Instalment:
    return Instalment(label, total, amount, settled=True, date=dt.date.fromisoformat(date))
