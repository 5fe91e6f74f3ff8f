"""A first publication that is sent while the export is still being read: it ends as any other, however it ends."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from queue import Queue

import pytest

from cabinet.errors import WebOrthoError
from portal.api.errors import PortalUnreachable
from portal.api.nights import Phase
from portal.api.transport import Exchange
from sync.cancel import CancelToken
from sync.config import read_config
from sync.configured import run_configured
from sync.errors import Cancelled, GuardRefused
from sync.journal import Journal
from sync.report import Outcome
from sync.run import Progress
from tests.e2e.journey.clinic import Clinic, hide, on_the_portal, shown_as

VISITS = 1600
"""Of each of 60 patients: three batches."""


@pytest.fixture
def large(clinic: Clinic) -> Clinic:
    """A cabinet that has published nothing yet, and has more to publish than one batch holds."""
    clinic.export.visits = VISITS
    clinic.export.write()
    return clinic


def is_batch(exchange: Exchange) -> bool:
    return "/batches/" in exchange.path


def staged(clinic: Clinic) -> list[str]:
    """Numbers that the portal has set aside, shown to nobody."""
    script = (
        "from portal.server.publishing.models import StagedDossier\n"
        "print(*StagedDossier.objects.of(find_cabinet(sys.argv[1])).values_list('number', flat=True))"
    )
    return on_the_portal(clinic.portal, script, clinic.code).split()


def test_a_first_publication_travels_while_it_is_read(large: Clinic) -> None:
    phases: list[tuple[Phase, int]] = []
    sent: list[Exchange] = []
    report = large.nightly.run_here(
        observe=sent.append, progress=lambda step: phases.append((step.phase, sum(map(is_batch, sent))))
    )
    batches = [exchange.path.rpartition("/")[2] for exchange in sent if is_batch(exchange)]
    assert len(batches) == 3
    assert batches == [str(n) for n in range(len(batches))]
    assert phases == [(Phase.READ, 0), (Phase.COMPARE, len(batches)), (Phase.COMPARE, len(batches)), phases[-1]]
    assert phases[-1] == (Phase.COMMIT, len(batches))
    assert (report.status, report.added) == (Outcome.DONE, 60)
    assert shown_as(large.nightly.shown()) == large.nightly.expected()
    assert large.nightly.run_here().status is Outcome.CURRENT


def test_a_computer_that_comes_later_sends_nothing_that_is_shown(large: Clinic) -> None:
    large.practitioner.run_here()
    seen: list[Exchange] = []
    assert large.nightly.run_here(observe=seen.append).status is Outcome.CURRENT
    assert not any(map(is_batch, seen))
    large.export.names["0001"] = "CHANGE"
    large.export.write()
    assert large.nightly.run_here().changed == 1
    assert shown_as(large.nightly.shown()) == large.nightly.expected()


def test_a_hidden_patient_does_not_travel(large: Clinic) -> None:
    hide(large.portal, large.code, "0007")
    hide(large.portal, large.code, "0059")
    waiting: list[str] = []

    def look(progress: Progress) -> None:
        if progress.phase is Phase.COMMIT:
            waiting.extend(staged(large))

    report = large.nightly.run_here(progress=look)
    assert (report.added, report.left_out) == (58, 2)
    assert sorted(waiting) == sorted(shown_as(large.nightly.shown()))
    assert not {"0007", "0059"}.intersection(waiting)


def test_a_refusal_of_the_whole_leaves_nothing_of_what_was_sent(large: Clinic) -> None:
    mapping = large.export.mapping.read_text()
    large.export.mapping.write_text(mapping.replace('birth_date = "Naissance"\n', ""))
    seen: list[Exchange] = []
    with pytest.raises(GuardRefused, match="n’a de date de naissance"):
        large.nightly.run_here(observe=seen.append)
    assert sum(map(is_batch, seen)) == 3
    assert staged(large) == []
    assert large.nightly.shown().entries == ()
    large.export.mapping.write_text(mapping)
    assert large.practitioner.run_here().added == 60  # the lease was given back


def test_a_run_that_is_stopped_on_the_way_leaves_nothing(large: Clinic) -> None:
    cancel = CancelToken()

    def stop(exchange: Exchange) -> None:
        if is_batch(exchange):
            cancel.cancel()

    with pytest.raises(Cancelled):
        large.nightly.run_here(observe=stop, cancel=cancel)
    assert staged(large) == []
    assert large.practitioner.run_here().added == 60


def test_a_line_that_breaks_on_the_way_is_told_and_taken_up_by_the_next_run(large: Clinic) -> None:
    runs: list[set[str]] = []

    def run(break_at: int) -> None:
        seen: list[Exchange] = []

        def watch(exchange: Exchange) -> None:
            if is_batch(exchange):
                seen.append(exchange)
                if len(seen) == break_at:
                    raise PortalUnreachable("Le portail est injoignable.", "Réessayez.")

        runs.append(set())
        try:
            large.nightly.run_here(observe=watch)
        finally:
            runs[-1].update(Path(exchange.path).parents[1].name for exchange in seen)

    with pytest.raises(PortalUnreachable):
        run(break_at=2)
    assert large.nightly.shown().entries == ()
    assert staged(large)
    large.export.names.pop("0003")
    large.export.visits = 300
    large.export.write()
    run(break_at=0)
    assert runs[0] == runs[1]
    assert shown_as(large.nightly.shown()) == large.nightly.expected()


def test_a_run_that_is_killed_on_the_way_shows_nothing_and_the_next_one_shows_the_export_of_then(large: Clinic) -> None:
    process = get_context("spawn").Process(
        target=_run_and_die, args=(large.nightly.config, large.nightly.folder, large.nightly.state)
    )
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert large.nightly.shown().entries == ()
    assert staged(large)
    large.export.names |= {"0001": "CHANGE", "0061": "NOUVEAU"}
    large.export.names.pop("0002")
    large.export.write()
    assert large.nightly.run_here().added == 60
    assert shown_as(large.nightly.shown()) == large.nightly.expected()
    assert staged(large) == []


def press_ctrl_c() -> None:
    """Whichever thread does it: the main one hears of it, even where it waits."""
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)


def test_ctrl_c_does_not_wait_for_a_portal_that_is_long_in_answering(large: Clinic) -> None:
    answered, in_time = threading.Event(), Queue[bool]()

    def hang(exchange: Exchange) -> None:
        if is_batch(exchange):
            press_ctrl_c()
            in_time.put(answered.wait(15))

    with pytest.raises(KeyboardInterrupt):
        large.nightly.run_here(observe=hang)
    answered.set()
    assert in_time.get(timeout=15), "the run went on only once the portal had answered"
    assert large.nightly.run_here().added == 60


def test_a_run_that_ctrl_c_stops_on_the_way_is_left_to_the_next_one(large: Clinic) -> None:
    sent: list[Exchange] = []

    def stop(exchange: Exchange) -> None:
        sent.extend([exchange] if is_batch(exchange) else [])
        if len(sent) == 2:
            press_ctrl_c()

    with pytest.raises(KeyboardInterrupt):
        large.nightly.run_here(observe=stop)
    [entry] = Journal(large.nightly.state, large.portal.address, large.code).entries()
    assert entry.status is Outcome.INTERRUPTED
    assert large.nightly.shown().entries == ()
    assert staged(large)
    assert large.nightly.run_here().added == 60
    assert shown_as(large.nightly.shown()) == large.nightly.expected()
    assert staged(large) == []


def _run_and_die(config: Path, folder: Path, state: Path) -> None:
    sent: list[Exchange] = []

    def die(exchange: Exchange) -> None:
        sent.extend([exchange] if is_batch(exchange) else [])
        if len(sent) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    with suppress(WebOrthoError):
        run_configured(read_config(config), folder, state, observe=die)


def test_a_portal_that_changed_before_the_commit_is_sent_all_of_it_anew(large: Clinic) -> None:
    hidden: list[str] = []

    def hide_one(progress: Progress) -> None:
        if progress.phase is Phase.COMMIT and not hidden:
            hidden.append("0007")
            hide(large.portal, large.code, "0007")
            refuse_once(large)

    report = large.nightly.run_here(progress=hide_one)
    assert (report.status, report.added, report.left_out) == (Outcome.DONE, 59, 1)
    expected = large.nightly.expected()
    del expected["0007"]
    assert shown_as(large.nightly.shown()) == expected


def test_whoever_reads_gives_way_at_once_while_another_sends_and_only_then(large: Clinic) -> None:
    turn, turns = sys.getswitchinterval(), []
    large.nightly.run_here(observe=lambda exchange: turns.append((is_batch(exchange), sys.getswitchinterval())))
    assert {seconds < turn for sends, seconds in turns if sends} == {True}
    assert sys.getswitchinterval() == turn


@pytest.mark.parametrize("at", [1, 2])
def test_a_run_that_another_computer_took_over_on_the_way_is_read_and_sent_anew(large: Clinic, at: int) -> None:
    sent: list[Exchange] = []

    def take_over(exchange: Exchange) -> None:
        sent.extend([exchange] if is_batch(exchange) else [])
        if is_batch(exchange) and len(sent) == at:
            refuse_once(large)
            hide(large.portal, large.code, "0007")

    report = large.nightly.run_here(observe=take_over)
    assert (report.status, report.added, report.left_out) == (Outcome.DONE, 59, 1)
    assert len({exchange.path.split("/batches/")[0] for exchange in sent}) == 2
    expected = large.nightly.expected()
    del expected["0007"]
    assert shown_as(large.nightly.shown()) == expected
    assert staged(large) == []


def after_the_first_batch(do: Callable[[], object]) -> Callable[[Exchange], None]:
    done: list[Exchange] = []

    def watch(exchange: Exchange) -> None:
        if is_batch(exchange) and not done:
            done.append(exchange)
            do()

    return watch


def test_a_computer_that_another_one_overtakes_while_it_reads_has_nothing_left_to_publish(large: Clinic) -> None:
    def overtake() -> None:
        expire_lease(large)
        assert large.practitioner.run_here().added == 60

    report = large.nightly.run_here(observe=after_the_first_batch(overtake))
    assert (report.status, report.unchanged) == (Outcome.CURRENT, 60)


def test_a_patient_who_is_hidden_while_the_dossier_is_on_its_way_is_never_shown(large: Clinic) -> None:
    """The portal knows their number as a spreadsheet writes it, and so would not notice."""
    report = large.nightly.run_here(observe=after_the_first_batch(lambda: hide(large.portal, large.code, "1")))
    assert (report.added, report.left_out) == (59, 1)
    expected = large.nightly.expected()
    del expected["0001"]
    assert shown_as(large.nightly.shown()) == expected
    assert staged(large) == []


def expire_lease(clinic: Clinic) -> None:
    """What half an hour does in which a computer says nothing."""
    on_the_portal(
        clinic.portal,
        "from django.utils import timezone\n"
        "from portal.server.publishing.models import SyncRun\n"
        "SyncRun.objects.of(find_cabinet(sys.argv[1])).filter(status='open').update(lease_until=timezone.now())",
        clinic.code,
    )


def refuse_once(clinic: Clinic) -> None:
    """Another device takes the lease over, as after half an hour, and gives up."""
    on_the_portal(
        clinic.portal,
        "from portal.server.publishing import runs\n"
        "from portal.server.publishing.models import RunOutcome, SyncRun\n"
        "for run in SyncRun.objects.of(find_cabinet(sys.argv[1])).filter(status='open'):\n"
        "    runs.close(run, RunOutcome.DISCARDED)",
        clinic.code,
    )
