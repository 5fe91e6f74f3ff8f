"""Whether two readings of a number are about one person."""

import datetime as dt

import msgspec
import pytest

from cabinet.dossier import Addressee, Appointment, AppointmentStatus, Dossier, Fee, Instalment, Patient, canonical
from cabinet.identity import IDENTITY_BYTES, PARTS, PRINT_BYTES, identity_of, is_another, parts_changed, prints_of

KEY = b"k" * 32
BORN, OTHER_DAY = dt.date(2012, 4, 15), dt.date(2014, 8, 30)


def person(last: str, first: str, born: dt.date | None, key: bytes = KEY) -> bytes:
    return identity_of(Patient("5312", last_name=last, first_name=first, birth_date=born), key)


ZOE = person("MARTINEAU", "Zoé", BORN)
MOTHER = Addressee(
    "Madame", "MARTINEAU", "Anne", "3 rue de l’Église", "", "21000", "DIJON", "a@exemple.fr", "0612345678"
)
WHOLE = Dossier(
    Patient("5312", "", "MARTINEAU", "Zoé", BORN),
    (MOTHER,),
    tuple(Appointment(dt.datetime.fromisoformat(f"2024-{month}-06T10:00")) for month in ("05", "06")),
    (Instalment("1", date=dt.date(2024, 6, 1)), Instalment("2", date=dt.date(2024, 9, 1)), Instalment("3")),
    (Fee("Bilan", date=dt.date(2024, 5, 6)), Fee("Contention")),
)

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


NOTHING = (False,) * len(PARTS)
SOME = tuple[bool, ...]


def some(*parts: str) -> SOME:
    return tuple(part in parts for part in PARTS)


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (ZOE, NOTHING),
        (person("Zoé", "MARTINEAU", BORN), some("nom", "prénom")),
        (person("martineau", "ZOE", OTHER_DAY), some("date de naissance")),
        (person("", "Lucas", None), some("prénom")),  # what is gone is counted as such, not as another
        (b"", NOTHING),
        (prints_of(WHOLE, KEY), NOTHING),  # an older version made but the first three
    ],
)
def test_parts_that_changed_are_those_that_were_and_are_known(now: bytes, changed: SOME) -> None:
    assert parts_changed(ZOE, now) == changed
    assert parts_changed(now, ZOE) == changed


def with_(**parts: object) -> Dossier:
    return canonical(msgspec.structs.replace(WHOLE, **parts))


Lines = tuple[Appointment | Instalment | Fee, ...]


def another(lines: Lines, **fields: object) -> Lines:
    """The same lines, with other `fields` in each."""
    return tuple(msgspec.structs.replace(line, **fields) for line in lines)


def to(**fields: str) -> Dossier:
    return with_(addressees=(msgspec.structs.replace(MOTHER, **fields),))


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (WHOLE, NOTHING),
        (to(email="b@exemple.fr"), some("e-mail du destinataire")),
        (to(mobile="0698765432"), some("mobile du destinataire")),
        (to(address_1="9 place Darcy"), some("adresse du destinataire")),
        (to(address_1="3, RUE DE L'EGLISE", city="Dijon", first_name="Annie"), NOTHING),
        (to(email="", mobile=""), NOTHING),
        (with_(addressees=()), NOTHING),
        (with_(appointments=WHOLE.appointments[1:]), some("premier rendez-vous")),
        (with_(appointments=WHOLE.appointments[:1]), NOTHING),
        (with_(instalments=WHOLE.instalments[1:], fees=WHOLE.fees[:1]), NOTHING),
        (with_(instalments=WHOLE.instalments[:1]), some("dernière échéance")),
        (with_(fees=(Fee("Bilan", date=OTHER_DAY),)), some("premiers honoraires")),
        (with_(fees=another(WHOLE.fees, amount=99_00)), some("premiers honoraires")),
        (with_(fees=another(WHOLE.fees, total=99_00)), some("premiers honoraires")),
        (with_(fees=another(WHOLE.fees, remaining=99_00)), NOTHING),
        (with_(fees=another(WHOLE.fees, date=None)), NOTHING),
        (with_(instalments=another(WHOLE.instalments, amount=99_00)), some("dernière échéance")),
        (with_(instalments=another(WHOLE.instalments, settled=True)), NOTHING),
        (with_(appointments=another(WHOLE.appointments, kind="ZZ", practitioner="ZZ")), NOTHING),  # a mapping may
        (with_(appointments=another(WHOLE.appointments, status=AppointmentStatus.CANCELLED)), NOTHING),
    ],
)
def test_what_hardly_ever_changes_of_a_dossier_is_known_by_its_print(now: Dossier, changed: SOME) -> None:
    before = prints_of(WHOLE, KEY)
    assert before[:IDENTITY_BYTES] == identity_of(WHOLE.patient, KEY)
    assert len(before) == PRINT_BYTES * len(PARTS)
    assert parts_changed(before, prints_of(now, KEY)) == changed


def test_another_contact_makes_nobody_another() -> None:
    elsewhere = prints_of(to(email="b@exemple.fr", mobile="0698765432", address_1="9 place Darcy"), KEY)
    assert not is_another(prints_of(WHOLE, KEY), elsewhere)
    assert is_another(ZOE, person("PETIT", "Lucas", OTHER_DAY) + elsewhere[IDENTITY_BYTES:])


def test_prints_that_a_newer_version_adds_say_nothing() -> None:
    before = prints_of(WHOLE, KEY)
    assert parts_changed(before + b"more", before + b"else") == NOTHING
