"""Gathers what belongs to each patient while the tables are read, and says whose a row is."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from cabinet.dossier import Appointment, Balance, Dossier, Fee, Instalment, Patient, canonical
from cabinet.records import KeyedPatient, RankedAddressee
from cabinet.values import MissingValue, Unreadable, parse_number


class UnknownPatient(Unreadable):
    """A row of a patient whom the patients' table does not have."""

    def __init__(self) -> None:
        super().__init__("unknown-patient", "n’est pas dans le fichier des patients")


class LeftOutPatient(Unreadable):
    """A row of a patient whom the mapping's filter leaves out: nothing is wrong with it."""

    def __init__(self) -> None:
        super().__init__("left-out-patient", "n’est pas retenu par le filtre")


class RefusedPatient(Unreadable):
    """A row of a patient who has a problem of their own and is not published."""

    def __init__(self) -> None:
        super().__init__("refused-patient", "n’est pas publié")


class PatientParts(msgspec.Struct):
    """What was read of one patient."""

    patient: Patient
    line: int
    addressees: list[list[RankedAddressee]]
    """One list for each `addressees` part of the mapping, in its order."""
    appointments: list[Appointment] = []
    instalments: list[Instalment] = []
    fees: list[Fee] = []
    balances: list[Balance] = []

    def dossier(self, photo_digest: str) -> Dossier:
        """In canonical order, whatever the order of rows was but for addressees of one rank."""
        addressees = [one.addressee for part in self.addressees for one in sorted(part, key=lambda one: one.rank)]
        return canonical(
            Dossier(
                patient=self.patient,
                addressees=tuple(addressees),
                appointments=tuple(self.appointments),
                instalments=tuple(self.instalments),
                fees=tuple(self.fees),
                balance=self.balances[0] if len(self.balances) == 1 else None,
                photo_digest=photo_digest,
            )
        )


class EachOf:
    """Lists that all take what is appended: brothers and sisters have the same addressees."""

    def __init__(self, lists: Iterable[list[Any]]) -> None:
        self._lists = tuple(lists)

    def append(self, record: object) -> None:
        for one in self._lists:
            one.append(record)


class PatientIndex:
    """Patients by the key that other tables use.

    Two patients with one number, or one key, are both left out with all that belongs to them: whichever were kept,
    a family could see another's appointments and accounts.
    """

    def __init__(self, addressee_parts: int) -> None:
        self._addressee_parts = addressee_parts
        self._by_key: dict[str, list[PatientParts]] = {}
        self._by_number: dict[str, list[PatientParts]] = {}
        self._by_family: dict[str, list[PatientParts]] = {}
        self._left_out: set[str] = set()

    def leave_out(self, key: str) -> None:
        """Rows of this patient are passed over, unless another row of the patients' table is kept for the key."""
        self._left_out.add(key)

    def add(self, keyed: KeyedPatient, line: int) -> PatientParts:
        parts = PatientParts(keyed.patient, line, [[] for _ in range(self._addressee_parts)])
        self._by_key.setdefault(keyed.key, []).append(parts)
        self._by_number.setdefault(keyed.patient.number, []).append(parts)
        if keyed.family:
            self._by_family.setdefault(keyed.family, []).append(parts)
        return parts

    def of(self, text: str) -> PatientParts:
        """The patient that a row names.

        Raises `UnknownPatient`, `LeftOutPatient`, `RefusedPatient`, `MissingValue` or `Unreadable`.
        """
        found = self._by_key.get(text)
        if found is None:
            key = parse_number(text)
            if not key:
                raise MissingValue("patient")
            found = self._by_key.get(key)
        if found is None:
            raise LeftOutPatient if parse_number(text) in self._left_out else UnknownPatient
        if len(found) > 1 or len(self._by_number[found[0].patient.number]) > 1:
            raise RefusedPatient
        return found[0]

    def by_key(self) -> Iterator[tuple[str, PatientParts]]:
        """(key, what `of` gives for it) of all patients but those who are refused."""
        for key, found in self._by_key.items():
            if len(found) == 1 and len(self._by_number[found[0].patient.number]) == 1:
                yield key, found[0]

    def of_family(self, text: str) -> list[PatientParts]:
        """The patients of the family that a row names.

        Raises `LeftOutPatient` for one without patients (those whom the cabinet had before), `MissingValue` or
        `Unreadable`.
        """
        family = parse_number(text)
        if not family:
            raise MissingValue("family")
        if family not in self._by_family:
            raise LeftOutPatient
        return self._by_family[family]

    def unique(self) -> Iterator[PatientParts]:
        """Patients whose number and key are theirs alone, in order of number."""
        shared_key = {id(parts) for same in self._by_key.values() if len(same) > 1 for parts in same}
        for _, same in sorted(self._by_number.items()):
            if len(same) == 1 and id(same[0]) not in shared_key:
                yield same[0]

    def duplicates(self) -> Iterator[tuple[str, list[PatientParts]]]:
        """(number or key, the patients who share it), each pair of patients once."""
        for number, same in self._by_number.items():
            if len(same) > 1:
                yield number, same
        for key, same in self._by_key.items():
            if len({parts.patient.number for parts in same}) > 1:
                yield key, same
