"""`webortho sync` against a real portal: what is published, what is refused, and how it ends."""

from pathlib import Path

import msgspec
import pytest

from portal.api.errors import PortalRefused
from portal.api.nights import Phase
from portal.api.transport import Exchange
from sync.cancel import CancelToken
from sync.config import read_config, write_config
from sync.errors import AlreadyRunning, Cancelled
from sync.journal import Journal
from sync.report import Outcome
from sync.run import Progress
from tests.e2e.journey.clinic import HELD_BACK, Clinic, Device, hide, shown_as
from tests.e2e.journey.small_export import SmallExport


def last_status(device: Device, cabinet: str) -> Outcome:
    return Journal(device.state, device.portal.address, cabinet).entries()[0].status


# What is published


def test_a_first_sync_publishes_every_dossier(clinic: Clinic) -> None:
    ended = clinic.nightly.sync()
    assert ended.exit_code == 0
    assert {key: ended.document[key] for key in ("status", "added", "changed", "withdrawn", "unchanged", "held")} == {
        "status": "done",
        "added": 60,
        "changed": 0,
        "withdrawn": 0,
        "unchanged": 0,
        "held": [],
    }
    counts = ended.document["counts"]
    assert (counts["patients"], counts["appointments"], counts["instalments"], counts["fees"]) == (60, 60, 0, 0)
    assert ended.document["bytes_sent"] > 0
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()
    assert clinic.nightly.shown().root.hex() == ended.document["root"]


def test_what_is_printed_for_a_person_is_french_and_names_nobody(clinic: Clinic) -> None:
    ended = clinic.nightly.run("--config", str(clinic.nightly.config), "--state-dir", str(clinic.nightly.state))
    assert ended.exit_code == 0
    first, second = ended.stdout.splitlines()
    assert first == "60\u00a0dossiers ajoutés, 0 mis à jour, 0\u00a0retiré, 0\u00a0inchangé."
    assert second.startswith("4\u00a0requêtes, ")
    assert ended.stderr.splitlines() == [
        "Lecture de l’export…",
        "Comparaison avec le portail…",
        "Envoi des dossiers…",
        "Publication…",
    ]
    assert "NOM-" not in ended.stdout + ended.stderr


def test_an_unchanged_night_is_exactly_one_request(published: Clinic) -> None:
    seen: list[Exchange] = []
    report = published.nightly.run_here(observe=seen.append)
    assert [(e.method, e.path, e.status) for e in seen] == [("POST", "/api/v1/sync/runs", 200)]
    assert (report.status, report.unchanged, report.requests) == (Outcome.CURRENT, 60, 1)
    assert report.bytes_sent < 1000


def test_a_changed_night_asks_for_no_manifest_that_is_known(published: Clinic) -> None:
    published.export.names["0007"] = "CHANGE"
    published.export.write()
    seen: list[Exchange] = []
    report = published.nightly.run_here(observe=seen.append)
    assert [(e.method, e.status) for e in seen] == [("POST", 200), ("PUT", 204), ("POST", 200)]
    assert (report.status, report.changed, report.unchanged) == (Outcome.DONE, 1, 59)
    assert shown_as(published.nightly.shown()) == published.nightly.expected()


def test_a_patient_who_left_the_export_is_withdrawn(published: Clinic) -> None:
    del published.export.names["0007"]
    published.export.write()
    ended = published.nightly.sync()
    assert (ended.exit_code, ended.document["withdrawn"]) == (0, 1)
    assert "0007" not in shown_as(published.nightly.shown())


def test_a_patient_who_comes_back_is_published_again(published: Clinic) -> None:
    del published.export.names["0007"]
    published.export.write()
    published.nightly.run_here()
    published.export.names["0007"] = "NOM-0007"
    published.export.write()
    assert published.nightly.run_here().added == 1
    assert shown_as(published.nightly.shown()) == published.nightly.expected()


def test_batches_stay_below_their_limit(clinic: Clinic) -> None:
    clinic.export.visits = 800
    clinic.export.write()
    seen: list[Exchange] = []
    report = clinic.nightly.run_here(observe=seen.append)
    batches = [e.path.rsplit("/", 1)[1] for e in seen if "/batches/" in e.path]
    assert batches == [str(n) for n in range(len(batches))]
    assert len(batches) > 1
    assert report.added == 60
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()


# The guards


def test_many_withdrawals_wait_while_the_rest_is_published(published: Clinic) -> None:
    for n in range(1, 26):
        del published.export.names[f"{n:04}"]
    published.export.names |= {"0060": "CHANGE", "9001": "NOUVEAU"}
    published.export.write()
    ended = published.nightly.sync()
    assert ended.exit_code == 1
    assert (ended.document["status"], ended.document["exit_code"]) == ("held", 1)
    assert (ended.document["added"], ended.document["changed"], ended.document["withdrawn"]) == (1, 1, 0)
    assert ended.document["held"] == [f"{n:04}" for n in range(1, 26)]
    assert len(published.nightly.shown().entries) == 61
    assert last_status(published.nightly, published.code) is Outcome.HELD


def test_a_held_withdrawal_is_told_with_what_to_do(published: Clinic) -> None:
    published.export.fill(35)
    ended = published.nightly.run(
        "--config", str(published.nightly.config), "--state-dir", str(published.nightly.state)
    )
    assert ended.stdout.splitlines()[1] == (
        "25\u00a0retraits en attente\u00a0: ces patients ne sont plus dans l’export mais restent visibles sur le "
        "portail. Si c’est voulu, relancez avec --confirm-withdrawals."
    )


def test_a_practitioner_confirms_what_is_held(published: Clinic) -> None:
    published.export.fill(35)
    assert published.nightly.sync().exit_code == 1
    ended = published.practitioner.sync("--confirm-withdrawals")
    assert (ended.exit_code, ended.document["withdrawn"], ended.document["held"]) == (0, 25, [])
    assert shown_as(published.nightly.shown()) == published.nightly.expected()


def test_the_nightly_program_cannot_confirm(published: Clinic) -> None:
    published.export.fill(35)
    before = published.nightly.shown()
    ended = published.nightly.sync("--confirm-withdrawals")
    assert ended.exit_code == 3
    assert ended.document["what"] == "Ce poste n’a pas le droit de faire cela."
    assert published.nightly.shown() == before
    assert published.practitioner.run_here().status is Outcome.HELD  # the lease was given back


def test_a_confirmation_that_nothing_needs_needs_no_right(published: Clinic) -> None:
    del published.export.names["0007"]
    published.export.write()
    assert published.nightly.sync("--confirm-withdrawals").exit_code == 0


def test_a_table_that_lost_its_rows_publishes_nothing(clinic: Clinic) -> None:
    clinic.export.visits = 3
    clinic.export.write()
    clinic.nightly.run_here()
    before = clinic.nightly.shown()
    clinic.export.visits = 1
    clinic.export.names["0001"] = "CHANGE"
    clinic.export.write()
    ended = clinic.nightly.sync()
    assert ended.exit_code == 1
    assert ended.document["what"] == (
        "L’export semble incomplet\u00a0: 60\u00a0rendez-vous au lieu de 180 depuis la dernière synchronisation. "
        + HELD_BACK
    )
    assert clinic.nightly.shown() == before
    clinic.export.visits = 3
    clinic.export.write()
    assert clinic.practitioner.run_here().changed == 1  # the lease was given back


# What cannot be read


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "patients.csv").unlink(),
        lambda folder: (folder / "patients.csv").write_text(""),
        lambda folder: (folder / "patients.csv").write_text("N;Nom;Prenom;Naissance\n"),
        lambda folder: (folder / "patients.csv").write_text("Autre;Colonnes\n1;2\n"),
        lambda folder: folder.rename(folder.with_name("elsewhere")),
    ],
    ids=["missing", "empty", "header only", "other columns", "no folder"],
)
def test_a_source_that_cannot_be_read_publishes_nothing(published: Clinic, spoil: object) -> None:
    before = published.nightly.shown()
    assert callable(spoil)
    spoil(published.export.folder)
    ended = published.nightly.sync()
    assert ended.exit_code == 2
    assert (ended.document["status"], ended.document["exit_code"]) == ("error", 2)
    assert ended.document["what"]
    assert ended.document["todo"]
    assert published.nightly.shown() == before
    assert last_status(published.nightly, published.code) is Outcome.FAILED


def test_rows_with_problems_are_left_out_and_told_while_the_rest_goes(clinic: Clinic) -> None:
    with (clinic.export.folder / "patients.csv").open("a") as file:
        file.write("0061;SANS;DATE;31/02/2012\n;SANS;NUMERO;01/02/2012\n")
    ended = clinic.nightly.sync()
    assert (ended.exit_code, ended.document["added"]) == (0, 61)
    assert {(p["severity"], p["places"][0]["file"], p["places"][0]["line"]) for p in ended.document["problems"]} == {
        ("error", "patients.csv", 63),
        ("warning", "patients.csv", 62),
    }
    journal = Journal(clinic.nightly.state, clinic.portal.address, clinic.code)
    assert len(journal.problems(journal.entries()[0].id)) == 2


# Dry runs


def test_a_dry_run_changes_nothing_and_holds_no_lease(clinic: Clinic) -> None:
    seen: list[Exchange] = []
    report = clinic.nightly.run_here(dry_run=True, observe=seen.append)
    assert (report.status, report.added, report.dry_run) == (Outcome.PLANNED, 60, True)
    assert [e.method for e in seen] == ["GET"]
    assert clinic.nightly.shown().entries == ()
    assert clinic.practitioner.run_here().added == 60


def test_a_dry_run_tells_what_a_run_then_does(published: Clinic) -> None:
    published.export.names["0007"] = "CHANGE"
    del published.export.names["0008"]
    published.export.names["9001"] = "NOUVEAU"
    published.export.write()
    foreseen = published.nightly.sync("--dry-run").document
    done = published.nightly.sync().document
    assert {key: foreseen[key] for key in ("added", "changed", "withdrawn", "unchanged")} == {
        key: done[key] for key in ("added", "changed", "withdrawn", "unchanged")
    }


def test_a_dry_run_of_a_broken_export_is_refused_too(clinic: Clinic) -> None:
    clinic.export.visits = 3
    clinic.export.write()
    clinic.nightly.run_here()
    clinic.export.visits = 1
    clinic.export.write()
    assert clinic.nightly.sync("--dry-run").exit_code == 1


def test_the_command_line_goes_before_the_configuration(clinic: Clinic, tmp_path: Path) -> None:
    other = SmallExport(tmp_path / "other" / "export")
    other.fill(7)
    config = read_config(clinic.nightly.config)
    write_config(msgspec.structs.replace(config, source="absent", mapping="absent.toml"), clinic.nightly.config)
    ended = clinic.nightly.sync("--source", str(other.folder), "--mapping", str(other.mapping))
    assert ended.document["added"] == 7


# Patients who are not on the portal


def test_a_hidden_patient_stays_away_and_nights_stay_one_request(published: Clinic) -> None:
    hide(published.portal, published.code, "0007")
    first = published.nightly.run_here()
    assert (first.left_out, first.added, first.withdrawn) == (1, 0, 0)
    second = published.nightly.run_here()
    assert (second.status, second.requests, second.left_out, second.unchanged) == (Outcome.CURRENT, 1, 1, 59)
    assert "0007" not in shown_as(published.nightly.shown())


def test_a_portal_that_changed_meanwhile_is_planned_for_anew(published: Clinic) -> None:
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    hidden = []

    def hide_one(progress: Progress) -> None:
        if progress.phase is Phase.COMMIT and not hidden:
            hidden.append("0007")
            hide(published.portal, published.code, "0007")

    report = published.nightly.run_here(progress=hide_one)
    assert (report.status, report.changed, report.left_out) == (Outcome.DONE, 1, 1)
    expected = published.nightly.expected()
    del expected["0007"]
    assert shown_as(published.nightly.shown()) == expected


def test_a_portal_that_keeps_changing_is_left_for_another_day(published: Clinic) -> None:
    published.export.names["0001"] = "CHANGE"
    published.export.write()
    numbers = iter(("0007", "0008", "0009"))

    def hide_another(progress: Progress) -> None:
        if progress.phase is Phase.COMMIT:
            hide(published.portal, published.code, next(numbers))

    with pytest.raises(PortalRefused) as refused:
        published.nightly.run_here(progress=hide_another)
    assert refused.value.kind == "stale-root"
    assert published.nightly.run_here().changed == 1


# Two at once, and stopped in the middle


def test_a_second_run_at_once_is_told_so(clinic: Clinic) -> None:
    told: list[str] = []

    def run_another(progress: Progress) -> None:
        if progress.phase is Phase.SEND:
            with pytest.raises(AlreadyRunning) as refused:
                clinic.nightly.run_here()
            told.append(str(refused.value))

    assert clinic.nightly.run_here(progress=run_another).added == 60
    assert told == [
        "Une synchronisation de ce cabinet est déjà en cours sur ce poste. Attendez qu’elle se termine, puis réessayez."
    ]


def test_a_second_computer_waits_for_the_first(clinic: Clinic) -> None:
    refusals: list[PortalRefused] = []

    def run_on_another(progress: Progress) -> None:
        if progress.phase is Phase.SEND:
            with pytest.raises(PortalRefused) as refused:
                clinic.practitioner.run_here()
            refusals.append(refused.value)

    clinic.nightly.run_here(progress=run_on_another)
    assert [(r.kind, r.exit_code) for r in refusals] == [("lease-held", 3)]


def test_a_cancelled_run_publishes_nothing_and_frees_the_lease(clinic: Clinic) -> None:
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.phase is Phase.SEND:
            cancel.cancel()

    with pytest.raises(Cancelled) as stopped:
        clinic.nightly.run_here(progress=stop, cancel=cancel)
    assert str(stopped.value) == "La synchronisation a été arrêtée à votre demande. Rien n’a été publié."
    assert clinic.nightly.shown().entries == ()
    assert clinic.practitioner.run_here().added == 60


def test_a_run_that_broke_is_taken_up_by_the_next(clinic: Clinic) -> None:
    class Broken(Exception):
        pass

    def break_off(progress: Progress) -> None:
        if progress.phase is Phase.COMMIT:
            raise Broken

    broken: list[Exchange] = []
    with pytest.raises(Broken):
        clinic.nightly.run_here(progress=break_off, observe=broken.append)
    assert clinic.nightly.shown().entries == ()
    taken_up: list[Exchange] = []
    clinic.export.names["0001"] = "CHANGE"
    clinic.export.write()
    assert clinic.nightly.run_here(observe=taken_up.append).added == 60
    assert {_run_of(e) for e in broken if "/batches/" in e.path} == {
        _run_of(e) for e in taken_up if "/batches/" in e.path
    }
    assert shown_as(clinic.nightly.shown()) == clinic.nightly.expected()
    journal = Journal(clinic.nightly.state, clinic.portal.address, clinic.code)
    assert [e.status for e in journal.entries()] == [Outcome.DONE, Outcome.FAILED]


def _run_of(exchange: Exchange) -> str:
    return Path(exchange.path).parents[1].name
