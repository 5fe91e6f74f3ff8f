"""The receiving side of the sync, through the API: what becomes visible, and what is refused without a trace."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import time_machine
import zstandard
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from cabinet.dossier import Addressee, Dossier, Patient, digest_of, encode
from cabinet.identity import prints_of
from portal.api.manifest import manifest_of, root_of
from portal.api.shapes import (
    Batch,
    BatchEntry,
    Commit,
    Committed,
    Manifest,
    ManifestEntry,
    OpenRun,
    PhotosOffered,
    PhotosWanted,
    ProblemDocument,
    PublishSettings,
    Role,
    RunState,
    RunStatus,
    SettingsVersion,
    TableCounts,
)
from portal.pages.settings import FirstAccess, FirstAccessPolicy, demo_settings
from portal.pages.settings import encode as encode_settings
from portal.server.access import Reader, photo_of, shown_to
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device
from portal.server.publishing.commit import drop_unreferenced_photos
from portal.server.publishing.exclusion import exclude, readmit
from portal.server.publishing.identities import kept
from portal.server.publishing.models import Photo, PublishedDossier, Reason, StagedDossier, SyncRun
from tests.portal.counts import filled
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier, png_image

COUNTS = TableCounts(patients=3)


def read(cabinet: Cabinet, number: str) -> Dossier | None:
    shown = shown_to(Reader(cabinet, number, access_id=1, session_id=1))
    return shown.dossier if shown else None


def manifest(api: Api) -> Manifest:
    response = api.send("GET", "/sync/manifest")
    assert response.status_code == 200
    return msgspec.msgpack.decode(response.content, type=Manifest)


def refusal(response: HttpResponse) -> ProblemDocument:
    assert response.headers["Content-Type"] == "application/problem+json"
    document = msgspec.json.decode(response.content, type=ProblemDocument)
    assert document.status == response.status_code
    return document


def patients(count: int) -> list[Dossier]:
    return [Dossier(Patient(f"{n:04}", last_name="Durand")) for n in range(count)]


# What becomes visible


def test_a_published_dossier_is_shown_whole(publisher: Publisher, demo_dossiers: tuple[Dossier, ...]) -> None:
    answer = publisher.publish(*demo_dossiers)
    assert (answer.added, answer.changed, answer.withdrawn, answer.unchanged) == (3, 0, 0, 0)
    assert [read(publisher.cabinet, d.number) for d in demo_dossiers] == list(demo_dossiers)


def test_the_root_is_that_of_what_is_shown(publisher: Publisher, demo_dossiers: tuple[Dossier, ...]) -> None:
    answer = publisher.publish(*demo_dossiers)
    entries = [ManifestEntry(d.number, publisher.entry(d).digest, prints_of(d, publisher.key)) for d in demo_dossiers]
    assert answer.root == root_of(entries).hex()
    assert manifest(publisher.api) == manifest_of(entries)


def test_a_changed_dossier_replaces_the_former_whole(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    answer = publisher.publish(Dossier(Patient("1", last_name="Nouveau")))
    assert (answer.added, answer.changed, answer.unchanged) == (0, 1, 1)
    assert read(publisher.cabinet, "1") == Dossier(Patient("1", last_name="Nouveau"))


def test_a_dossier_sent_again_unchanged_is_not_written_again(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"))
    before = PublishedDossier.objects.of(publisher.cabinet).get()
    assert publisher.publish(make_dossier("1")).unchanged == 1
    after = PublishedDossier.objects.of(publisher.cabinet).get()
    assert (after.published_at, bytes(after.sealed)) == (before.published_at, bytes(before.sealed))


def test_a_withdrawn_dossier_is_emptied_and_its_row_kept(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    assert publisher.publish(withdrawn=["1", "unknown"]).withdrawn == 1
    assert read(publisher.cabinet, "1") is None
    row = PublishedDossier.objects.of(publisher.cabinet).get(number="1")
    assert (bytes(row.sealed), bytes(row.digest)) == (b"", b"")
    assert row.withdrawn_at is not None


def test_a_patient_who_returns_is_shown_again(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    publisher.publish(withdrawn=["1"])
    assert publisher.publish(make_dossier("1")).added == 1
    assert read(publisher.cabinet, "1") == make_dossier("1")


def test_the_same_number_in_two_cabinets_is_two_patients(publisher: Publisher, other_publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"))
    other_publisher.publish(Dossier(Patient("1", last_name="Autre")))
    assert read(publisher.cabinet, "1") == make_dossier("1")
    assert read(other_publisher.cabinet, "1") == Dossier(Patient("1", last_name="Autre"))
    publisher.publish(make_dossier("2"), withdrawn=["1"])
    assert read(other_publisher.cabinet, "1") is not None


def test_a_staged_batch_is_shown_to_nobody(publisher: Publisher) -> None:
    run = publisher.open().run
    publisher.stage(run, [make_dossier("1")])
    assert read(publisher.cabinet, "1") is None
    assert manifest(publisher.api).entries == ()


def test_a_number_that_is_hidden_leaves_at_once_and_stays_away(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    exclude(publisher.cabinet, "1", Reason.HIDDEN)
    assert read(publisher.cabinet, "1") is None
    assert (publisher.open().not_published, publisher.open().erased) == (("1",), ())
    assert publisher.publish(make_dossier("1")).added == 0
    assert read(publisher.cabinet, "1") is None
    assert readmit(publisher.cabinet, "1")
    publisher.publish(make_dossier("1"))
    assert read(publisher.cabinet, "1") is not None


def test_a_patient_who_was_erased_never_returns(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), make_dossier("2"))
    exclude(publisher.cabinet, "1", Reason.HIDDEN)
    exclude(publisher.cabinet, "1", Reason.ERASED)
    assert publisher.open().erased == ("1",)
    assert not readmit(publisher.cabinet, "1")
    publisher.publish(make_dossier("1"))
    assert read(publisher.cabinet, "1") is None
    assert manifest(publisher.api).entries[0].number == "2"


# A run


def test_an_unchanged_cabinet_is_current_after_one_request(publisher: Publisher) -> None:
    root = publisher.publish(make_dossier("1")).root
    with time_machine.travel(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), tick=False):
        state = publisher.open(root=root)
    assert state == RunState(RunStatus.CURRENT, portal_root=root, last_counts=TableCounts(patients=1))
    publisher.cabinet.refresh_from_db()
    assert publisher.cabinet.as_of == dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def test_a_broken_run_is_taken_up_with_what_it_had_staged(publisher: Publisher) -> None:
    first = publisher.open()
    publisher.stage(first.run, [make_dossier("1")], [make_dossier("2")])
    again = publisher.open()
    assert again.run == first.run
    request = Commit(base_root=again.portal_root, batches=2, counts=COUNTS)
    assert publisher.api.ask("POST", f"/sync/runs/{again.run}/commit", Committed, request).added == 2


def test_what_a_broken_run_staged_too_much_is_left_out(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")], [make_dossier("2"), make_dossier("3")])
    publisher.stage(state.run, [make_dossier("3")])
    request = Commit(base_root=state.portal_root, batches=1, counts=COUNTS)
    assert publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request).added == 1
    assert [e.number for e in manifest(publisher.api).entries] == ["3"]
    assert not StagedDossier.objects.of(publisher.cabinet).exists()


def test_a_batch_may_be_repeated(publisher: Publisher) -> None:
    state = publisher.open()
    for _ in range(3):
        publisher.stage(state.run, [make_dossier("1"), make_dossier("2")])
    assert StagedDossier.objects.of(publisher.cabinet).count() == 2


def test_a_repeated_commit_gets_the_first_answer(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")])
    request = Commit(base_root=state.portal_root, batches=1, counts=COUNTS)
    first = publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)
    publisher.publish(make_dossier("2"))
    assert publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request) == first
    assert len(manifest(publisher.api).entries) == 2


def test_a_batch_replayed_into_a_committed_run_is_refused(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")])
    request = Commit(base_root=state.portal_root, batches=1, counts=COUNTS)
    publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)
    replayed = publisher.api.send(
        "PUT", f"/sync/runs/{state.run}/batches/0", Batch((publisher.entry(make_dossier("9")),))
    )
    assert refusal(replayed).type == "urn:webortho:run-closed"


def test_a_discarded_run_leaves_nothing_and_frees_the_lease(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")])
    assert publisher.api.send("DELETE", f"/sync/runs/{state.run}").status_code == 204
    assert publisher.api.send("DELETE", f"/sync/runs/{state.run}").status_code == 204
    assert not StagedDossier.objects.of(publisher.cabinet).exists()
    assert enrolled(publisher.cabinet).ask("POST", "/sync/runs", RunState, OpenRun("f" * 32, COUNTS)).run != state.run


def test_one_device_publishes_at_a_time(publisher: Publisher) -> None:
    publisher.open()
    other = enrolled(publisher.cabinet, Role.RECEPTION)
    document = refusal(other.send("POST", "/sync/runs", OpenRun("f" * 32, COUNTS)))
    assert document == ProblemDocument(
        "urn:webortho:lease-held",
        "Un autre poste du cabinet publie en ce moment.",
        409,
        "Attendez qu’il ait fini, puis relancez la mise à jour.",
    )


def test_a_lease_that_ran_out_is_taken_over_and_the_former_run_is_closed(publisher: Publisher) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 0, 0, tzinfo=dt.UTC), tick=False):
        late = publisher.open()
        publisher.stage(late.run, [make_dossier("1")])
    other = enrolled(publisher.cabinet, Role.RECEPTION)
    with time_machine.travel(dt.datetime(2030, 1, 1, 0, 31, tzinfo=dt.UTC), tick=False):
        taken = other.ask("POST", "/sync/runs", RunState, OpenRun("f" * 32, COUNTS))
        request = Commit(base_root=late.portal_root, batches=1, counts=COUNTS)
        refused = publisher.api.send("POST", f"/sync/runs/{late.run}/commit", request)
    assert taken.run != late.run
    assert refusal(refused).type == "urn:webortho:run-closed"


def test_the_lease_of_a_revoked_device_holds_nobody_up(publisher: Publisher) -> None:
    publisher.open()
    registry.revoke(publisher.cabinet, Device.objects.of(publisher.cabinet).get().pk)
    other = enrolled(publisher.cabinet, Role.RECEPTION)
    assert other.ask("POST", "/sync/runs", RunState, OpenRun("f" * 32, COUNTS)).status is RunStatus.OPEN


def test_two_cabinets_publish_at_the_same_time(publisher: Publisher, other_publisher: Publisher) -> None:
    mine, theirs = publisher.open(), other_publisher.open()
    publisher.stage(mine.run, [make_dossier("1")])
    other_publisher.stage(theirs.run, [make_dossier("2")])
    for who, state in ((publisher, mine), (other_publisher, theirs)):
        request = Commit(base_root=state.portal_root, batches=1, counts=COUNTS)
        assert who.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request).added == 1
    assert SyncRun.objects.of(publisher.cabinet).count() == 1


# What is refused, without a trace


def test_a_commit_on_a_state_that_is_gone_is_refused(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")])
    request = Commit(base_root="e" * 32, batches=1, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:stale-root"
    assert document.title == "Le portail a changé pendant la mise à jour."
    assert read(publisher.cabinet, "1") is None


def test_a_commit_without_all_of_its_batches_is_refused(publisher: Publisher) -> None:
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("1")])
    request = Commit(base_root=state.portal_root, batches=2, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:batch-missing"
    assert read(publisher.cabinet, "1") is None


def as_sent(publisher: Publisher, encoded: bytes, number: str = "1") -> BatchEntry:
    return BatchEntry(number, digest_of(encoded, publisher.key), encoded)


GOOD = encode(make_dossier("1"))
BAD_BATCHES: dict[str, tuple[str, Callable[[Publisher], tuple[BatchEntry, ...]]]] = {
    "a wrong digest": ("digest-mismatch", lambda _: (BatchEntry("1", b"x" * 16, GOOD),)),
    "no dossier": ("bad-dossier", lambda p: (as_sent(p, b"{}"),)),
    "an unknown format": ("bad-dossier", lambda p: (as_sent(p, b'{"version":99,"patient":{"number":"1"}}'),)),
    "another number": ("bad-dossier", lambda p: (as_sent(p, GOOD, "2"),)),
    "an endless number": ("bad-dossier", lambda p: (as_sent(p, encode(Dossier(Patient("n" * 65))), "n" * 65),)),
    "a NUL in the number": ("bad-dossier", lambda p: (as_sent(p, encode(Dossier(Patient("1\0"))), "1\0"),)),
    "a NUL in the photo's name": (
        "bad-dossier",
        lambda p: (as_sent(p, encode(Dossier(Patient("1"), photo_digest="\0"))),),
    ),
    "an endless photo's name": (
        "bad-dossier",
        lambda p: (as_sent(p, encode(Dossier(Patient("1"), photo_digest="0" * 33))),),
    ),
    "no number": ("bad-dossier", lambda p: (as_sent(p, encode(Dossier(Patient(""))), ""),)),
    "no entry": ("bad-body", lambda _: ()),
    "the same patient twice": ("bad-body", lambda p: (as_sent(p, GOOD), as_sent(p, GOOD))),
}


@pytest.mark.parametrize("case", BAD_BATCHES)
def test_a_batch_that_cannot_be_right_is_refused_whole(publisher: Publisher, case: str) -> None:
    kind, entries = BAD_BATCHES[case]
    state = publisher.open()
    response = publisher.api.send("PUT", f"/sync/runs/{state.run}/batches/0", Batch(entries(publisher)))
    assert refusal(response).type == f"urn:webortho:{kind}"
    assert not StagedDossier.objects.of(publisher.cabinet).exists()


def test_a_digest_of_another_cabinets_key_is_refused(publisher: Publisher, other_publisher: Publisher) -> None:
    state = publisher.open()
    batch = Batch((other_publisher.entry(make_dossier("1")),))
    response = publisher.api.send("PUT", f"/sync/runs/{state.run}/batches/0", batch)
    assert refusal(response).type == "urn:webortho:digest-mismatch"


# The guards


def test_an_export_without_patients_publishes_nothing(publisher: Publisher) -> None:
    document = refusal(publisher.api.send("POST", "/sync/runs", OpenRun("f" * 32, TableCounts())))
    assert document == ProblemDocument(
        "urn:webortho:table-lost-rows",
        "L’export du cabinet a perdu une grande partie de ce qu’il contenait.",
        409,
        "Il ne contient aucune ligne de patients. "
        "Rien n’a été publié\u00a0: le portail montre toujours l’état précédent. "
        "Vérifiez l’export, puis relancez la mise à jour.",
    )


def test_an_empty_export_is_not_current_even_for_an_empty_portal(publisher: Publisher) -> None:
    empty = root_of(()).hex()
    assert publisher.api.send("POST", "/sync/runs", OpenRun(empty, TableCounts())).status_code == 409


def test_a_table_that_lost_much_publishes_nothing(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), counts=TableCounts(patients=3, appointments=1000))
    state = publisher.open()
    assert state.last_counts == TableCounts(patients=3, appointments=1000)
    publisher.stage(state.run, [make_dossier("2")])
    request = Commit(base_root=state.portal_root, batches=1, counts=TableCounts(patients=3, appointments=899))
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:table-lost-rows"
    assert document.detail.startswith(
        "L’export a perdu beaucoup\u00a0: 899\u00a0rendez-vous au lieu de 1\u00a0000. Rien n’a été publié"
    )
    assert read(publisher.cabinet, "2") is None


def test_a_field_that_came_out_empty_publishes_nothing(publisher: Publisher) -> None:
    before = TableCounts(patients=100, filled=filled(100, birth_date=80))
    publisher.publish(make_dossier("1"), counts=before)
    state = publisher.open()
    now = TableCounts(patients=100, filled=filled(100, birth_date=7))
    response = publisher.api.send("POST", f"/sync/runs/{state.run}/commit", Commit(state.portal_root, 0, counts=now))
    assert refusal(response).detail.startswith(
        "L’export a perdu beaucoup\u00a0: «\u00a0date de naissance\u00a0» pour 7 patients au lieu de 80. Rien"
    )


def test_a_practitioner_publishes_what_a_cabinet_really_lost(cabinet: Cabinet) -> None:
    publisher = Publisher(cabinet, enrolled(cabinet, Role.PRACTITIONER))
    publisher.publish(make_dossier("1"), counts=TableCounts(patients=3, fees=1000))
    state = publisher.open()
    now = TableCounts(patients=3, fees=10)
    request = Commit(state.portal_root, 0, counts=now, confirm_losses=True)
    assert publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request).status_code == 200
    assert publisher.open().last_counts == now


def named(first_name: str, count: int = 30) -> list[Dossier]:
    return [Dossier(Patient(f"{n:04}", last_name="Durand", first_name=first_name)) for n in range(count)]


def test_names_that_change_for_many_publish_nothing_before_a_practitioner_confirms(cabinet: Cabinet) -> None:
    publisher = Publisher(cabinet, enrolled(cabinet, Role.PRACTITIONER))
    publisher.publish(*named("Zoé"))
    state = publisher.open()
    publisher.stage(state.run, [*named("Jade", 21), make_dossier("new")])
    request = Commit(state.portal_root, 1, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document == ProblemDocument(
        "urn:webortho:patients-changed",
        "L’export du cabinet donne à beaucoup de patients un autre nom, d’autres dates ou un autre contact.",
        409,
        "Ce qui a changé\u00a0: «\u00a0prénom\u00a0» changé pour 21 patients sur 30. Rien n’a été publié\u00a0: le "
        "portail montre toujours l’état précédent. Vérifiez dans l’export et dans le mapping que chaque colonne est à "
        "sa place, puis relancez la mise à jour. Si c’est voulu, un praticien peut le confirmer.",
    )
    assert read(cabinet, "0000") == named("Zoé")[0]
    assert read(cabinet, "new") is None
    confirmed = msgspec.structs.replace(request, confirm_losses=True)
    assert publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, confirmed).changed == 21
    assert read(cabinet, "0000") == named("Jade")[0]


def test_contacts_that_change_for_many_publish_nothing(publisher: Publisher) -> None:
    def family(domain: str) -> list[Dossier]:
        numbers = [f"{n:04}" for n in range(30)]
        return [Dossier(Patient(n), (Addressee(email=f"f{n}@{domain}"),)) for n in numbers]

    publisher.publish(*family("exemple.fr"))
    state = publisher.open()
    publisher.stage(state.run, family("ailleurs.fr"))
    request = Commit(state.portal_root, 1, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:patients-changed"
    assert "«\u00a0e-mail du destinataire\u00a0» changé pour 30 patients sur 30." in document.detail


def test_names_that_change_for_some_are_published(publisher: Publisher) -> None:
    publisher.publish(*named("Zoé"))
    assert publisher.publish(*named("Jade", 20)).changed == 20


def test_other_patients_publish_nothing_before_a_practitioner_confirms(cabinet: Cabinet) -> None:
    publisher = Publisher(cabinet, enrolled(cabinet, Role.PRACTITIONER))
    publisher.publish(*patients(60))
    state = publisher.open()
    publisher.stage(state.run, [make_dossier(f"P{n:04}") for n in range(60)])
    gone = tuple(f"{n:04}" for n in range(60))
    request = Commit(state.portal_root, 1, held=gone, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document == ProblemDocument(
        "urn:webortho:patients-replaced",
        "L’export du cabinet ne contient plus les mêmes patients.",
        409,
        "60 des 60 patients du portail n’y sont plus, et 60 autres y sont nouveaux. Rien n’a été publié\u00a0: le "
        "portail montre toujours l’état précédent. Vérifiez que c’est bien l’export de ce cabinet, et que chaque "
        "patient y a toujours le même numéro, puis relancez la mise à jour. Si c’est voulu, un praticien peut le "
        "confirmer.",
    )
    assert read(cabinet, "P0000") is None
    confirmed = msgspec.structs.replace(request, confirm_losses=True)
    answer = publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, confirmed)
    assert (answer.added, answer.withdrawn, answer.held) == (60, 0, gone)


def test_numbers_that_all_go_to_others_publish_nothing(publisher: Publisher) -> None:
    publisher.publish(*patients(60))
    state = publisher.open()
    publisher.stage(state.run, [make_dossier("new")])
    reused = tuple(f"{n:04}" for n in range(21))
    request = Commit(state.portal_root, 1, reused=reused, counts=COUNTS)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:patients-replaced"
    assert read(publisher.cabinet, "new") is None


def test_a_table_that_is_there_twice_publishes_nothing(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"), counts=TableCounts(patients=3, fees=1000))
    state = publisher.open()
    request = Commit(state.portal_root, 0, counts=TableCounts(patients=3, fees=2000))
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:table-grew"
    assert document.detail.startswith(
        "L’export a des lignes en double, semble-t-il\u00a0: 2\u00a0000\u00a0honoraires au lieu de 1\u00a0000. Rien "
    )


def test_nobody_confirms_an_export_without_patients(cabinet: Cabinet) -> None:
    publisher = Publisher(cabinet, enrolled(cabinet, Role.PRACTITIONER))
    publisher.publish(make_dossier("1"))
    state = publisher.open()
    request = Commit(state.portal_root, 0, ("1",), counts=TableCounts(), confirm_losses=True, confirm_withdrawals=True)
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:table-lost-rows"
    assert read(cabinet, "1") is not None


def test_no_birth_date_at_all_is_refused_where_the_first_visit_asks_for_one(publisher: Publisher) -> None:
    nobodys = TableCounts(patients=3, filled=filled(3, birth_date=0))
    document = refusal(publisher.api.send("POST", "/sync/runs", OpenRun("f" * 32, nobodys)))
    assert document.type == "urn:webortho:no-birth-dates"
    publisher.open(TableCounts(patients=3, filled=filled(3, birth_date=1)))
    state = publisher.open()
    response = publisher.api.send(
        "POST", f"/sync/runs/{state.run}/commit", Commit(state.portal_root, 0, counts=nobodys)
    )
    assert refusal(response).type == "urn:webortho:no-birth-dates"


def test_no_birth_date_at_all_is_well_where_the_first_visit_asks_for_a_code(publisher: Publisher) -> None:
    practitioner = enrolled(publisher.cabinet, Role.PRACTITIONER)
    by_code = msgspec.structs.replace(demo_settings(), first_access=FirstAccess(FirstAccessPolicy.PERSONAL_CODE))
    practitioner.ask("PUT", "/settings", SettingsVersion, PublishSettings(0, msgspec.Raw(encode_settings(by_code))))
    assert publisher.open(TableCounts(patients=3, filled=filled(3, birth_date=0))).status is RunStatus.OPEN


def test_many_withdrawals_wait_alone_while_the_rest_is_published(publisher: Publisher) -> None:
    publisher.publish(*patients(100))
    leaving = [f"{n:04}" for n in range(21)]
    answer = publisher.publish(make_dossier("new"), withdrawn=leaving)
    assert (answer.added, answer.withdrawn, answer.held) == (1, 0, tuple(leaving))
    assert read(publisher.cabinet, "0000") is not None
    assert read(publisher.cabinet, "new") is not None


def test_a_practitioner_lets_the_held_withdrawals_through(publisher: Publisher) -> None:
    publisher.publish(*patients(100))
    leaving = [f"{n:04}" for n in range(21)]
    practitioner = Publisher(publisher.cabinet, enrolled(publisher.cabinet, Role.PRACTITIONER))
    answer = practitioner.publish(withdrawn=leaving, confirm=True)
    assert (answer.withdrawn, answer.held) == (21, ())
    assert read(publisher.cabinet, "0000") is None


@pytest.mark.parametrize("confirmation", ["confirm_withdrawals", "confirm_losses"])
@pytest.mark.parametrize("role", [Role.SYNC, Role.RECEPTION])
def test_only_a_practitioners_device_confirms(cabinet: Cabinet, role: Role, confirmation: str) -> None:
    publisher = Publisher(cabinet, enrolled(cabinet, role))
    state = publisher.open()
    asked = Commit(base_root=state.portal_root, batches=0, counts=COUNTS)
    request = msgspec.structs.replace(asked, **{confirmation: True})
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:role-not-allowed"
    assert document.detail == (
        "Seul un poste de praticien peut confirmer de nombreux retraits, un export qui a beaucoup perdu ou un "
        "numéro qui change de patient. Confirmez depuis ce poste."
    )


def test_numbers_that_a_person_hid_do_not_count_as_withdrawals(publisher: Publisher) -> None:
    publisher.publish(*patients(100))
    for number in range(30):
        exclude(publisher.cabinet, f"{number:04}", Reason.HIDDEN)
    answer = publisher.publish(withdrawn=[f"{n:04}" for n in range(31)])
    assert (answer.withdrawn, answer.held) == (1, ())


# The manifest


def test_a_known_manifest_costs_no_body(publisher: Publisher) -> None:
    publisher.publish(make_dossier("1"))
    first = publisher.api.send("GET", "/sync/manifest")
    again = publisher.api.send("GET", "/sync/manifest", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publisher.publish(make_dossier("2"))
    changed = publisher.api.send("GET", "/sync/manifest", headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_commit_while_the_manifest_is_read_gives_the_state_before_or_after(publisher: Publisher) -> None:
    """Another of the portal's processes may commit between any two statements."""
    publisher.publish(make_dossier("1"))
    coming = iter(["2", "3", "4", "5"])

    def commit_after(execute: Any, sql: str, *rest: Any) -> object:
        result = execute(sql, *rest)
        if sql.startswith("SELECT") and "publishing_publisheddossier" in sql and len(wrapped) == 1:
            wrapped.append("busy")
            publisher.publish(make_dossier(next(coming)))
            wrapped.pop()
        return result

    wrapped = ["reading"]
    with connection.execute_wrapper(commit_after):
        response = publisher.api.send("GET", "/sync/manifest")
    assert next(coming) != "2", "nothing was committed meanwhile"
    manifest = msgspec.msgpack.decode(response.content, type=Manifest)
    assert root_of(manifest.entries) == manifest.root
    assert all(entry.identity for entry in manifest.entries)


def test_a_large_manifest_travels_compressed(publisher: Publisher) -> None:
    publisher.publish(*patients(100))
    response = publisher.api.send("GET", "/sync/manifest", headers={"accept-encoding": "zstd"})
    assert response.headers["Content-Encoding"] == "zstd"
    decoded = msgspec.msgpack.decode(zstandard.decompress(response.content), type=Manifest)
    assert len(decoded.entries) == 100


# Photos


def offer(publisher: Publisher, run: str, *digests: str) -> tuple[str, ...]:
    return publisher.api.ask("POST", f"/sync/runs/{run}/photos", PhotosWanted, PhotosOffered(digests)).digests


def test_a_photo_is_asked_for_once_sealed_and_shown_to_its_patient_alone(publisher: Publisher) -> None:
    photo = png_image((800, 600))
    digest = digest_of(photo, publisher.key).hex()
    run = publisher.open().run
    assert offer(publisher, run, digest, digest) == (digest,)
    for _ in range(2):
        assert publisher.api.send("PUT", f"/sync/photos/{digest}", photo, content_type="image/png").status_code == 204
    assert offer(publisher, run, digest) == ()
    publisher.publish(make_dossier("1", photo_digest=digest), make_dossier("2"))
    shown = photo_of(Reader(publisher.cabinet, "1", 1, 1), digest)
    assert shown is not None
    assert shown.content_type == "image/jpeg"
    assert bytes(Photo.objects.of(publisher.cabinet).get().sealed).find(shown.content[:64]) == -1
    assert photo_of(Reader(publisher.cabinet, "2", 1, 1), digest) is None


def test_a_photo_that_no_dossier_names_any_more_is_dropped(publisher: Publisher) -> None:
    photo = png_image()
    digest = digest_of(photo, publisher.key).hex()
    publisher.open()
    publisher.api.send("PUT", f"/sync/photos/{digest}", photo, content_type="image/png")
    publisher.publish(make_dossier("1", photo_digest=digest))
    assert Photo.objects.of(publisher.cabinet).exists()
    publisher.publish(make_dossier("1"))
    assert not Photo.objects.of(publisher.cabinet).exists()


sqlite_plans = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by how much there is")


def last_steps(ask: Callable[[], object]) -> list[str]:
    """How SQLite finds what is asked last."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1]['sql']}")
        return [row[-1] for row in cursor.fetchall()]


@sqlite_plans
def test_whose_photo_is_whose_is_looked_up_not_searched_for_in_all_dossiers(publisher: Publisher) -> None:
    steps = last_steps(lambda: drop_unreferenced_photos(publisher.cabinet))
    assert any("COVERING INDEX dossier_photo (cabinet_id=? AND photo_digest=?)" in step for step in steps), steps


@sqlite_plans
def test_who_is_kept_is_told_without_reading_a_dossier(publisher: Publisher) -> None:
    steps = last_steps(lambda: kept(publisher.cabinet))
    assert any("COVERING INDEX dossier_states" in step for step in steps), steps


def test_a_photo_without_a_run_is_refused(publisher: Publisher) -> None:
    photo = png_image()
    digest = digest_of(photo, publisher.key).hex()
    response = publisher.api.send("PUT", f"/sync/photos/{digest}", photo, content_type="image/png")
    assert refusal(response).type == "urn:webortho:run-closed"


def test_a_photo_goes_by_the_digest_of_the_cabinets_own_file(publisher: Publisher) -> None:
    """What travels is a small copy of that file, so the portal has nothing to compare the digest with."""
    publisher.open()
    digest = digest_of(b"the large original", publisher.key).hex()
    assert publisher.api.send("PUT", f"/sync/photos/{digest}", png_image(), content_type="image/png").status_code == 204


def test_a_photo_that_is_no_picture_is_refused(publisher: Publisher) -> None:
    publisher.open()
    digest = digest_of(b"<svg/>", publisher.key).hex()
    response = publisher.api.send("PUT", f"/sync/photos/{digest}", b"<svg/>", content_type="image/png")
    document = refusal(response)
    assert document.type == "urn:webortho:bad-image"
    assert document.detail == "Choisissez une image JPEG ou PNG de moins de 5 Mo et de moins de 25 millions de pixels."
