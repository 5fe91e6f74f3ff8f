"""The dossier's stored format: what `tests/contract/dossier.json` says, and that nothing else is ever read as one.

A change of the encoding fails here first: it would republish every patient of every cabinet, and the portal could not
open what it keeps. It needs a new format version, not a new example.
"""

import datetime as dt
import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT
from msgspec.structs import fields

from cabinet.dossier import (
    MAX_DURATION_MINUTES,
    Addressee,
    Appointment,
    AppointmentStatus,
    Balance,
    Dossier,
    DossierFormatError,
    Fee,
    Instalment,
    Patient,
    canonical,
    decode,
    digest_of,
    encode,
)
from cabinet.values import MAX_MINUTES

CONTRACT = json.loads((Path(__file__).parents[1] / "contract" / "dossier.json").read_text(encoding="utf-8"))
KEY = bytes.fromhex(CONTRACT["digest_key"])

FULL = Dossier(
    patient=Patient("5312", "Monsieur", "AAESSAI", "TEST", dt.date(1985, 4, 15), dt.date(1994, 9, 13)),
    addressees=(
        Addressee("Madame", "N'DIAYE", "Éloïse", "4 rue de l’Exemple", "Bâtiment B", "01000", "BOURG-EN-BRESSE"),
        Addressee(last_name="AAESSAI", email="test@exemple.fr", mobile="06 39 98 53 12"),
    ),
    appointments=(
        Appointment(dt.datetime(2009, 9, 4, 16, 20), "RVC", 20, "CC", AppointmentStatus.ATTENDED),  # noqa: DTZ001 - local
        Appointment(dt.datetime(2020, 10, 8, 2, 10), "CONT", 0, "CC"),  # noqa: DTZ001 - local
    ),
    instalments=(Instalment("1er SEMESTRE", 22867, 22800, settled=True, date=dt.date(1995, 3, 13)),),
    fees=(Fee("1er sem. chir.", 39000, 39000, 0, dt.date(2020, 4, 2)),),
    balance=Balance(39000, dt.date(2009, 4, 2)),
    photo_digest="00112233445566778899aabbccddeeff",
)
PARTS = (Patient, Addressee, Appointment, Instalment, Fee, Balance, Dossier)
EXAMPLES = {"full": FULL, "number alone": Dossier(Patient("0042"))}

texts = st.text(st.characters(codec="utf-8"), max_size=12)
days = st.dates()
cents = st.none() | st.integers(-(10**7), 10**7)
moments = st.datetimes()
dossiers = st.builds(
    Dossier,
    patient=st.builds(Patient, number=texts, last_name=texts, birth_date=st.none() | days),
    addressees=st.lists(st.builds(Addressee, last_name=texts, email=texts), max_size=2).map(tuple),
    appointments=st.lists(
        st.builds(
            Appointment,
            start=moments,
            kind=texts,
            duration_minutes=st.none() | st.integers(0, 1440),
            status=st.sampled_from(AppointmentStatus),
        ),
        max_size=5,
    ).map(tuple),
    instalments=st.lists(
        st.builds(Instalment, label=texts, amount=cents, settled=st.none() | st.booleans(), date=st.none() | days),
        max_size=4,
    ).map(tuple),
    fees=st.lists(st.builds(Fee, label=texts, amount=cents, remaining=cents, date=st.none() | days), max_size=4).map(
        tuple
    ),
    balance=st.none() | st.builds(Balance, amount=st.integers(-(10**7), 10**7), as_of=st.none() | days),
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_stored_format_is_the_contracts(name: str) -> None:
    stored = CONTRACT["examples"][name]
    assert encode(EXAMPLES[name]).decode() == stored["encoded"]
    assert digest_of(encode(EXAMPLES[name]), KEY).hex() == stored["digest"]
    assert decode(stored["encoded"].encode()) == EXAMPLES[name]


def test_the_contract_has_every_field_of_every_part() -> None:
    encoded = CONTRACT["examples"]["full"]["encoded"]
    for part in PARTS:
        missing = [field for field in part.__struct_fields__ if f'"{field}"' not in encoded]
        assert missing == [], part.__name__


def test_what_an_omitted_field_means_is_part_of_the_stored_format() -> None:
    defaults = {
        part.__name__: {field.name: field.default for field in fields(part) if field.default is not NODEFAULT}
        for part in PARTS
    }
    assert json.loads(json.dumps(defaults)) == CONTRACT["omitted_means"]


@given(dossiers)
def test_what_is_encoded_is_decoded_the_same(dossier: Dossier) -> None:
    assert decode(encode(dossier)) == dossier


@given(dossiers, st.randoms(use_true_random=False))
def test_the_encoding_does_not_depend_on_the_order_of_rows(dossier: Dossier, random: Random) -> None:
    def shuffled(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(rows, len(rows)))

    other = Dossier(
        patient=dossier.patient,
        addressees=dossier.addressees,
        appointments=shuffled(dossier.appointments),  # type: ignore[arg-type] # the same rows
        instalments=shuffled(dossier.instalments),  # type: ignore[arg-type] # the same rows
        fees=shuffled(dossier.fees),  # type: ignore[arg-type] # the same rows
        balance=dossier.balance,
    )
    assert encode(canonical(other)) == encode(canonical(dossier))


@given(dossiers)
def test_a_canonical_dossier_stays_as_it_is(dossier: Dossier) -> None:
    assert canonical(canonical(dossier)) == canonical(dossier)


def test_the_order_of_addressees_is_a_fact() -> None:
    swapped = Dossier(FULL.patient, FULL.addressees[::-1])
    assert canonical(swapped).addressees == FULL.addressees[::-1]


def test_another_key_gives_another_digest() -> None:
    assert digest_of(encode(FULL), KEY) != digest_of(encode(FULL), bytes(32))


@given(st.binary(max_size=300) | texts.map(str.encode))
def test_any_bytes_are_a_dossier_or_a_format_error(content: bytes) -> None:
    try:
        decode(content)
    except DossierFormatError:
        return


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner)
)
parts = st.sampled_from(Dossier.__struct_fields__)


@given(st.dictionaries(parts, json_values))
def test_any_json_of_this_version_is_a_dossier_or_a_format_error(document: dict[str, object]) -> None:
    content = json.dumps({**document, "version": 1}, separators=(",", ":")).encode()
    try:
        decode(content)
    except DossierFormatError:
        return


@given(st.integers(0, len(encode(FULL)) - 1), st.binary(max_size=3))
def test_a_damaged_encoding_is_a_dossier_or_a_format_error(place: int, damage: bytes) -> None:
    encoded = encode(FULL)
    try:
        decode(encoded[:place] + damage + encoded[place + 1 :])
    except DossierFormatError:
        return


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b'{"patient":{"number":"1"}}',
        b'{"patient":{"number":"1"},"version":2}',
        b'{"patient":{"number":"1"},"version":1,"unknown":1}',
        b'{"patient":{"number":1},"version":1}',
        b'{"patient":{},"version":1}',
        b'{"patient":{"number":"\xff"},"version":1}',
        b"[" * 100_000,
        b'{"patient":{"number":"1"},"version":1,"appointments":[{"start":"2020-13-01T00:00:00"}]}',
    ],
)
def test_what_is_no_dossier_of_this_version_is_refused(content: bytes) -> None:
    with pytest.raises(DossierFormatError):
        decode(content)


def test_a_new_optional_field_would_republish_nothing() -> None:
    assert b'"civility"' not in encode(Dossier(Patient("1"))), "a default is not written"


@pytest.mark.parametrize("minutes", [-1, 7 * 1440 + 1, 10**15])
def test_a_duration_that_no_appointment_has_is_no_dossier(minutes: int) -> None:
    visit = Appointment(dt.datetime(2020, 10, 8, 2, 10), "CONT", minutes)  # noqa: DTZ001 - local
    with pytest.raises(DossierFormatError):
        decode(encode(Dossier(Patient("1"), appointments=(visit,))))


def test_what_an_export_may_say_of_a_duration_can_be_decoded() -> None:
    assert MAX_MINUTES <= MAX_DURATION_MINUTES
