"""The plan: what a run would do, as plain data."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.dossier import Digest, Patient
from cabinet.identity import identity_of
from portal.api.guards import Losses, LostTable, Replaced, must_hold
from portal.api.manifest import manifest_of
from portal.api.shapes import Manifest, ManifestEntry, TableCounts
from sync.doubts import kept_out
from sync.errors import GuardRefused, LossesRefused
from sync.plan import Fingerprint, Plan, make_plan, require_sound

numbers = st.text(st.sampled_from("0123456789ab"), min_size=1, max_size=3)
digests = st.binary(min_size=16, max_size=16).map(Digest)
readings = st.dictionaries(numbers, st.builds(Fingerprint, digests, st.sampled_from(["", "p1", "p2"])), max_size=40)
manifests = st.dictionaries(numbers, digests, max_size=40).map(
    lambda shown: manifest_of(ManifestEntry(n, d) for n, d in shown.items())
)


def apply(plan: Plan, now: dict[str, Fingerprint], shown: Manifest) -> dict[str, bytes]:
    """What the portal does with a plan, told independently of it."""
    after = {entry.number: entry.digest for entry in shown.entries}
    for number in plan.withdrawn:
        del after[number]
    for number in plan.published:
        after[number] = now[number].digest
    return after


def counts(patients: int) -> TableCounts:
    return TableCounts(patients=patients)


def cabinet_of(size: int, mark: int = 0) -> dict[str, Fingerprint]:
    return {f"{n:04}": Fingerprint(Digest(bytes([mark]) * 12 + n.to_bytes(4, "big"))) for n in range(size)}


def shown(reading: dict[str, Fingerprint]) -> Manifest:
    return manifest_of(ManifestEntry(number, print_.digest) for number, print_ in reading.items())


@settings(deadline=None)
@given(now=readings, before=manifests, barred=st.sets(numbers, max_size=5), confirm=st.booleans())
def test_applying_a_plan_shows_what_was_read_less_what_is_barred_plus_what_is_held(
    now: dict[str, Fingerprint], before: Manifest, barred: set[str], confirm: bool
) -> None:
    plan = make_plan(now, before, counts=counts(len(now)), not_published=barred, confirm_withdrawals=confirm)
    out = kept_out(barred, now.keys(), [entry.number for entry in before.entries])
    wanted = {number: print_.digest for number, print_ in now.items() if number not in out}
    held = {entry.number: entry.digest for entry in before.entries if entry.number in plan.held}
    for _, number in plan.respelled:
        del wanted[number]
    assert apply(plan, now, before) == wanted | held
    assert {entry.number: entry.digest for entry in plan.after.entries} == wanted | held
    assert out.isdisjoint(apply(plan, now, before))


@settings(deadline=None)
@given(now=readings, before=manifests, barred=st.sets(numbers, max_size=5))
def test_a_plan_that_was_carried_out_plans_nothing(
    now: dict[str, Fingerprint], before: Manifest, barred: set[str]
) -> None:
    first = make_plan(now, before, counts=counts(len(now)), not_published=barred, confirm_withdrawals=True)
    again = make_plan(now, first.after, counts=counts(len(now)), not_published=barred)
    assert again.changes_nothing
    assert not again.published + again.withdrawn + again.held


@settings(deadline=None)
@given(before=manifests)
def test_an_empty_source_never_withdraws(before: Manifest) -> None:
    plan = make_plan({}, before, counts=counts(0), confirm_withdrawals=True)
    with pytest.raises(GuardRefused):
        require_sound(plan.lost)


@settings(deadline=None)
@given(now=readings, before=manifests, barred=st.sets(numbers, max_size=5))
def test_every_patient_is_counted_once(now: dict[str, Fingerprint], before: Manifest, barred: set[str]) -> None:
    plan = make_plan(now, before, counts=counts(len(now)), not_published=barred)
    waiting = len(plan.respelled)
    assert len(plan.added) + len(plan.changed) + plan.unchanged + plan.left_out + waiting == len(now)
    assert len(plan.changed) + plan.unchanged + len(plan.withdrawn) + len(plan.held) == len(before.entries)


@settings(deadline=None)
@given(now=readings, before=manifests)
def test_withdrawals_are_held_exactly_when_the_guard_or_a_doubt_says_so(
    now: dict[str, Fingerprint], before: Manifest
) -> None:
    plan = make_plan(now, before, counts=counts(len(now)))
    gone = {entry.number for entry in before.entries} - now.keys()
    all_of_them = must_hold(len(gone), len(before.entries))
    assert set(plan.held) == (gone if all_of_them else {was for was, _ in plan.respelled}.union(plan.tail))


def test_a_plan_in_full() -> None:
    now = {
        "1": Fingerprint(Digest(b"a" * 16), "photo-1"),
        "2": Fingerprint(Digest(b"B" * 16), "photo-2"),
        "3": Fingerprint(Digest(b"c" * 16), "photo-3"),
        "5": Fingerprint(Digest(b"e" * 16)),
    }
    before = manifest_of([ManifestEntry("2", b"b" * 16), ManifestEntry("3", b"c" * 16), ManifestEntry("4", b"d" * 16)])
    plan = make_plan(now, before, counts=counts(4), not_published={"5"})
    assert (plan.added, plan.changed, plan.withdrawn, plan.held) == (("1",), ("2",), ("4",), ())
    assert (plan.unchanged, plan.left_out) == (1, 1)
    assert plan.photos == ("photo-1", "photo-2")


def test_many_withdrawals_wait_for_a_person_while_the_rest_is_published() -> None:
    before = cabinet_of(100)
    now = {n: p for n, p in cabinet_of(100).items() if n >= "0021"} | {"new": Fingerprint(Digest(b"n" * 16))}
    plan = make_plan(now, shown(before), counts=counts(80))
    assert plan.added == ("new",)
    assert len(plan.held) == 21
    assert plan.withdrawn == ()
    assert not plan.is_confirmed


def test_a_confirmation_lets_many_withdrawals_go() -> None:
    now = {n: p for n, p in cabinet_of(100).items() if n >= "0021"}
    plan = make_plan(now, shown(cabinet_of(100)), counts=counts(79), confirm_withdrawals=True)
    assert len(plan.withdrawn) == 21
    assert plan.held == ()
    assert plan.is_confirmed


def test_a_confirmation_that_nothing_needs_is_not_passed_on() -> None:
    now = {n: p for n, p in cabinet_of(100).items() if n >= "0003"}
    plan = make_plan(now, shown(cabinet_of(100)), counts=counts(97), confirm_withdrawals=True)
    assert len(plan.withdrawn) == 3
    assert not plan.is_confirmed


def test_patients_whom_the_cabinet_hid_do_not_count_as_lost() -> None:
    everyone = cabinet_of(100)
    hidden = [n for n in everyone if n < "0030"]
    plan = make_plan(everyone, shown(everyone), counts=counts(100), not_published=hidden)
    assert plan.withdrawn == tuple(hidden)
    assert plan.held == ()


def test_a_table_that_lost_rows_is_named_with_its_figures() -> None:
    plan = make_plan(
        cabinet_of(100),
        shown(cabinet_of(100)),
        counts=TableCounts(patients=100, appointments=1200, fees=10),
        last_counts=TableCounts(patients=100, appointments=8000, fees=300),
    )
    assert plan.lost == Losses((LostTable("appointments", 8000, 1200), LostTable("fees", 300, 10)))
    with pytest.raises(LossesRefused) as refused:
        require_sound(plan.lost)
    assert refused.value.what == (
        "L’export semble incomplet\u00a0: 1\u00a0200\u00a0rendez-vous au lieu de 8\u00a0000, 10\u00a0honoraires au "
        "lieu de 300 depuis la dernière synchronisation. Rien n’a été publié, le portail reste comme il était."
    )
    assert refused.value.todo == (
        "Refaites l’export du logiciel du cabinet, vérifiez qu’il est complet, puis relancez la synchronisation. "
        "Si c’est voulu, un praticien peut le confirmer pour cette fois."
    )
    assert refused.value.exit_code == 1


def test_an_export_without_patients_says_so() -> None:
    with pytest.raises(GuardRefused) as refused:
        require_sound(Losses(no_patient=True), confirmed=True)
    assert str(refused.value) == (
        "L’export ne contient aucun patient. Rien n’a été publié, le portail reste comme il était. "
        "Vérifiez que l’export du logiciel du cabinet s’est bien terminé, puis relancez la synchronisation."
    )


def test_an_export_whose_patients_are_all_refused_is_not_said_to_have_none() -> None:
    with pytest.raises(GuardRefused) as refused:
        require_sound(Losses(no_patient=True), all_refused=True)
    assert str(refused.value) == (
        "Toutes les lignes de patients de l’export sont refusées. Rien n’a été publié, le portail reste comme il "
        "était. Faites lire l’export par «\u00a0webortho check\u00a0», qui dit ce qui ne va pas, corrigez-le, puis "
        "relancez la synchronisation."
    )


def test_an_export_of_other_patients_is_refused_before_anybody_is_added() -> None:
    others = {f"P{number}": print_ for number, print_ in cabinet_of(60).items()}
    plan = make_plan(others, shown(cabinet_of(60)), counts=counts(60))
    assert plan.lost == Losses(replaced=Replaced(60, 60, 60))
    with pytest.raises(LossesRefused) as refused:
        require_sound(plan.lost)
    assert str(refused.value) == (
        "L’export semble être celui d’un autre cabinet, ou ses numéros de patients ont changé\u00a0: 60 des 60 "
        "patients du portail n’y sont plus, et 60 autres y sont nouveaux depuis la dernière synchronisation. Rien n’a "
        "été publié, le portail reste comme il était. Vérifiez que c’est bien l’export de ce cabinet, et que chaque "
        "patient y a toujours le même numéro, puis relancez la synchronisation. Si c’est voulu, un praticien peut le "
        "confirmer pour cette fois."
    )


def test_withdrawals_that_wait_do_not_make_a_few_new_patients_others() -> None:
    now = dict(list(cabinet_of(60).items())[30:]) | {"9001": Fingerprint(Digest(b"o" * 16))}
    plan = make_plan(now, shown(cabinet_of(60)), counts=counts(31))
    assert (plan.lost, len(plan.held), plan.added) == (Losses(), 30, ("9001",))


def test_rows_that_are_all_there_twice_are_told_as_that() -> None:
    lost = make_plan(
        cabinet_of(60),
        shown(cabinet_of(60)),
        counts=TableCounts(patients=60, fees=600),
        last_counts=TableCounts(patients=60, fees=300),
    ).lost
    with pytest.raises(LossesRefused) as refused:
        require_sound(lost)
    assert str(refused.value) == (
        "L’export semble contenir des lignes en double\u00a0: 600\u00a0honoraires au lieu de 300 depuis la dernière "
        "synchronisation. Rien n’a été publié, le portail reste comme il était. Vérifiez que l’export ne contient pas "
        "deux fois les mêmes lignes, ni un fichier et sa copie, puis relancez la synchronisation. Si c’est voulu, un "
        "praticien peut le confirmer pour cette fois."
    )


def test_what_lost_nothing_is_sound() -> None:
    require_sound(Losses())


def test_losses_that_a_person_confirmed_are_sound() -> None:
    require_sound(Losses((LostTable("fees", 300, 10),)), confirmed=True)


# Numbers that go to another patient


def person(name: str, day: int) -> bytes:
    patient = Patient("1", last_name=name, first_name=name.lower(), birth_date=dt.date(2012, 4, day))
    return identity_of(patient, b"k" * 32)


ZOE, LUCAS = person("ZOE", 1), person("LUCAS", 2)
NEW = Fingerprint(Digest(b"n" * 16), identity=LUCAS)


def known(number: str, identity: bytes = ZOE) -> ManifestEntry:
    return ManifestEntry(number, b"o" * 16, identity)


def test_a_number_that_went_to_another_patient_waits_alone() -> None:
    now = {"1": NEW, "2": Fingerprint(Digest(b"n" * 16), identity=ZOE)}
    plan = make_plan(now, manifest_of([known("1"), known("2")]), counts=counts(2))
    assert (plan.changed, plan.reused, plan.handed_over) == (("2",), ("1",), ())
    assert {entry.number: entry.identity for entry in plan.after.entries} == {"1": ZOE, "2": ZOE}
    assert {entry.digest for entry in plan.after.entries} == {b"o" * 16, b"n" * 16}


def test_the_number_of_a_withdrawn_patient_whose_account_is_kept_is_still_theirs() -> None:
    before = manifest_of([known("2")], [ManifestEntry("1", b"", ZOE)])
    plan = make_plan({"1": NEW, "2": Fingerprint(Digest(b"o" * 16), identity=ZOE)}, before, counts=counts(2))
    assert (plan.added, plan.reused) == ((), ("1",))
    assert plan.after == before


def test_a_confirmed_number_goes_to_the_new_patient() -> None:
    before = manifest_of([known("1")], [ManifestEntry("2", b"", ZOE)])
    plan = make_plan({"1": NEW, "2": NEW}, before, counts=counts(2), confirm_reused={"1", "2", "3"})
    assert (plan.changed, plan.added, plan.reused, plan.handed_over) == (("1",), ("2",), (), ("1", "2"))
    assert [entry.identity for entry in plan.after.entries] == [LUCAS, LUCAS]
    assert plan.after.kept == ()


def test_a_hidden_number_does_not_wait() -> None:
    plan = make_plan({"1": NEW}, manifest_of([known("1")]), counts=counts(1), not_published={"1"})
    assert (plan.withdrawn, plan.reused) == (("1",), ())


def test_whoever_is_withdrawn_keeps_the_number_for_the_next_plan() -> None:
    plan = make_plan({}, manifest_of([known("1")]), counts=counts(1))
    assert plan.after.kept == (ManifestEntry("1", b"", ZOE),)
    again = make_plan({"1": NEW}, plan.after, counts=counts(1))
    assert again.reused == ("1",)


# Patients whose row is refused


def test_a_patient_whose_row_is_refused_stays_as_they_were() -> None:
    before = cabinet_of(3)
    now = {number: print_ for number, print_ in before.items() if number != "0001"}
    plan = make_plan(now, shown(before), counts=counts(2), refused={"0001", "never shown"})
    assert (plan.withdrawn, plan.held, plan.stayed) == ((), (), ("0001",))
    assert plan.changes_nothing


def test_a_hidden_patient_whose_row_is_refused_leaves() -> None:
    before = cabinet_of(1)
    plan = make_plan({}, shown(before), counts=counts(1), refused={"0000"}, not_published={"0000"})
    assert (plan.withdrawn, plan.stayed) == (("0000",), ())


# Names that change for many


def family(count: int, *, swapped: bool = False) -> dict[str, bytes]:
    names = [(f"NOM{n}", f"Prénom{n}")[:: -1 if swapped else 1] for n in range(count)]
    people = (Patient("1", "", last, first, dt.date(2012, 4, 1)) for last, first in names)
    return {f"{n:04}": identity_of(patient, b"k" * 32) for n, patient in enumerate(people)}


def plan_of(before: dict[str, bytes], now: dict[str, bytes], **options: Any) -> Plan:
    prints = {n: Fingerprint(Digest(b"n" * 16), identity=who) for n, who in now.items()}
    return make_plan(
        prints, manifest_of(known(n, who) for n, who in before.items()), counts=counts(len(now)), **options
    )


def test_columns_of_names_that_changed_places_are_refused() -> None:
    plan = plan_of(family(60), family(60, swapped=True))
    assert plan.reused == ()
    with pytest.raises(LossesRefused) as refused:
        require_sound(plan.lost)
    assert refused.value.what == (
        "L’export semble avoir des colonnes échangées ou décalées\u00a0: «\u00a0nom\u00a0» changé pour 60 patients sur "
        "60, «\u00a0prénom\u00a0» changé pour 60 patients sur 60 depuis la dernière synchronisation. Rien n’a été "
        "publié, le portail reste comme il était."
    )
    assert refused.value.todo == (
        "Vérifiez dans l’export et dans le mapping que chaque colonne est à sa place, puis relancez la "
        "synchronisation. Si c’est voulu, un praticien peut le confirmer pour cette fois."
    )
    require_sound(plan.lost, confirmed=True)


def test_names_of_patients_who_stay_as_they_were_or_are_new_do_not_count() -> None:
    swapped = family(60, swapped=True)
    assert plan_of({}, swapped).lost.changed == ()
    hidden = plan_of(family(60), swapped, not_published=sorted(swapped)[:40])
    assert hidden.lost.changed == ()


def test_numbers_that_went_to_other_patients_wait_without_counting_as_changed_names() -> None:
    others = {n: person(f"AUTRE{n}", 9) for n in family(60)}
    plan = plan_of(family(60), others)
    assert (len(plan.reused), plan.lost) == (60, Losses(replaced=Replaced(60, 60, 60)))
    assert not plan_of(family(60), others, confirm_reused=list(others)).lost
    few = family(60) | {n: others[n] for n in list(others)[:20]}
    assert not plan_of(family(60), few).lost
