"""A patient's dossier on the portal beside the export's: what a person reads of it, and that nothing is missed."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.dossier import (
    Addressee,
    Appointment,
    AppointmentStatus,
    Balance,
    Dossier,
    Fee,
    Instalment,
    Patient,
    canonical,
)
from sync.differences import differences


def at(day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour)  # noqa: DTZ001 - local times of the cabinet


DOSSIER = Dossier(
    Patient("5312", "Mademoiselle", "MARTINEAU", "Zoé", dt.date(2012, 4, 15)),
    addressees=(
        Addressee(
            "Madame", "MARTINEAU", "Anne", "3 rue des Lilas", "", "21000", "DIJON", "anne@exemple.fr", "0601020304"
        ),
        Addressee("Monsieur", "PETIT", "Luc"),
    ),
    appointments=(
        Appointment(at(2), "RVC", 20, "CC", AppointmentStatus.ATTENDED),
        Appointment(at(12), "CONT", 20, "CC"),
        Appointment(at(20), "CONT"),
    ),
    instalments=(
        Instalment("1er SEMESTRE", 22867, 22800, True, dt.date(2024, 10, 1)),
        Instalment("2e SEMESTRE", 22867, 22800, False, dt.date(2025, 4, 1)),
    ),
    fees=(Fee("1er SEMESTRE", 39000, 39000, 0, dt.date(2024, 10, 1)),),
    balance=Balance(123450, dt.date(2026, 3, 1)),
    photo_digest="a" * 32,
)


def told(**changes: object) -> list[str]:
    now = msgspec.structs.replace(DOSSIER, **changes)
    return [change.words for change in differences(DOSSIER, now).changes]


def changed(line: msgspec.Struct, **changes: object) -> msgspec.Struct:
    return msgspec.structs.replace(line, **changes)


def test_a_changed_field_says_what_it_was_and_what_it_becomes() -> None:
    anne, luc = DOSSIER.addressees
    assert told(
        patient=changed(DOSSIER.patient, last_name="MARTINOT", birth_date=None, treatment_start=dt.date(2025, 1, 6)),
        addressees=(changed(anne, mobile="0601020305", email=""), luc),
    ) == [
        "Nom\u00a0: MARTINEAU → MARTINOT",
        "Date de naissance\u00a0: 15/04/2012 → vide",
        "Début de traitement\u00a0: vide → 06/01/2025",
        "Destinataire Anne MARTINEAU, e-mail\u00a0: anne@exemple.fr → vide",
        "Destinataire Anne MARTINEAU, mobile\u00a0: 0601020304 → 0601020305",
    ]


def test_an_appointment_comes_goes_or_is_another_at_its_hour() -> None:
    first, second, _ = DOSSIER.appointments
    attended = changed(second, status=AppointmentStatus.ATTENDED, duration_minutes=None)
    assert told(appointments=(first, attended, Appointment(at(4, 16), "COLLE", 45, "CC"))) == [
        "+ Rendez-vous du 04/03/2026 à 16h00\u00a0: COLLE, 45\u00a0min, CC, prévu",
        "Rendez-vous du 12/03/2026 à 10h00, durée\u00a0: 20\u00a0min → vide",
        "Rendez-vous du 12/03/2026 à 10h00, état du rendez-vous\u00a0: prévu → honoré",
        "− Rendez-vous du 20/03/2026 à 10h00\u00a0: CONT, prévu",
    ]


def test_the_accounts_are_told_by_date_and_label() -> None:
    two = DOSSIER.instalments[1]
    [fee] = DOSSIER.fees
    assert told(
        instalments=(changed(two, settled=True), Instalment("CONTENTION", amount=-5000)),
        fees=(fee, changed(fee, total=None, remaining=15050)),
        balance=Balance(0, dt.date(2026, 3, 1)),
    ) == [
        "− Échéance du 01/10/2024, 1er SEMESTRE\u00a0: total 228,67\u00a0€, montant 228,00\u00a0€, traité oui",
        "Échéance du 01/04/2025, 2e SEMESTRE, traité\u00a0: non → oui",
        "+ Échéance sans date, CONTENTION\u00a0: montant −50,00\u00a0€",
        "+ Honoraires du 01/10/2024, 1er SEMESTRE\u00a0: montant 390,00\u00a0€, reste 150,50\u00a0€",
        "Solde, montant\u00a0: 1\u00a0234,50\u00a0€ → 0,00\u00a0€",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"balance": None}, "− Solde\u00a0: montant 1\u00a0234,50\u00a0€, date du solde 01/03/2026"),
        ({"photo_digest": ""}, "− Photo"),
        ({"photo_digest": "b" * 32}, "Photo\u00a0: celle d’avant → une nouvelle"),
        ({"addressees": DOSSIER.addressees[:1]}, "− Destinataire Luc PETIT\u00a0: Monsieur"),
        (
            {"addressees": DOSSIER.addressees[::-1]},
            "Ordre des destinataires\u00a0: Anne MARTINEAU, Luc PETIT → Luc PETIT, Anne MARTINEAU",
        ),
    ],
)
def test_what_comes_or_goes_whole_is_one_line(changes: dict[str, object], words: str) -> None:
    assert told(**changes) == [words]


def test_what_is_the_same_is_only_counted() -> None:
    now = msgspec.structs.replace(DOSSIER, balance=None, appointments=DOSSIER.appointments[:1])
    assert differences(DOSSIER, now).unchanged == (
        "l’identité",
        "2\u00a0destinataires",
        "1\u00a0rendez-vous",
        "2\u00a0échéances",
        "1\u00a0ligne d’honoraires",
        "la photo",
    )


_some = {
    "names": st.sampled_from(["", "Anne", "ANNE", "Luc"]),
    "cents": st.sampled_from([None, 0, 100]),
    "days": st.sampled_from([None, dt.date(2026, 3, 1), dt.date(9999, 12, 31)]),
}
_dossiers = st.builds(
    Dossier,
    st.builds(Patient, st.just("1"), last_name=_some["names"], birth_date=_some["days"]),
    st.lists(st.builds(Addressee, last_name=_some["names"], mobile=st.sampled_from(["", "06"])), max_size=3).map(tuple),
    st.lists(
        st.builds(
            Appointment,
            st.sampled_from([at(1), at(1).replace(second=1), at(2)]),
            duration_minutes=st.sampled_from([None, 0]),
            status=st.sampled_from(AppointmentStatus),
        ),
        max_size=4,
    ).map(tuple),
    st.lists(
        st.builds(Instalment, total=_some["cents"], settled=st.sampled_from([None, False]), date=_some["days"]),
        max_size=4,
    ).map(tuple),
    st.lists(st.builds(Fee, remaining=_some["cents"], date=_some["days"]), max_size=3).map(tuple),
    st.none() | st.builds(Balance, st.sampled_from([0, 100]), _some["days"]),
    st.sampled_from(["", "a", "b"]),
)


@given(shown=_dossiers, now=_dossiers)
def test_no_change_is_told_of_equal_dossiers_alone_and_each_line_tells_two_sides_apart(
    shown: Dossier, now: Dossier
) -> None:
    found = differences(shown, now).changes
    assert bool(found) == (canonical(shown) != canonical(now))
    assert all(change.shown != change.now for change in found)
    assert all(change.words.startswith(("+ ", "− ")) == (None in (change.shown, change.now)) for change in found)
