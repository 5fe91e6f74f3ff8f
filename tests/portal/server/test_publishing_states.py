"""Any order of publishing, withdrawing, hiding and handing over leaves the portal as a simple model says."""

import datetime as dt
from enum import Enum

import msgspec
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cabinet.dossier import Balance, Dossier, Patient
from portal.api.desk import Patient as PatientNumber
from portal.api.desk import Showing
from portal.api.guards import must_hold, replaced_patients
from portal.api.manifest import root_of
from portal.api.shapes import Commit, Committed, ManifestEntry, ProblemDocument, Role, TableCounts
from portal.server import housekeeping
from portal.server.access import Reader, shown_to
from portal.server.accounts.models import Access
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet
from portal.server.publishing.commit import shown_digests
from portal.server.publishing.models import PublishedDossier
from tests.portal.server.support import Publisher, enrolled
from tests.rounds import Rounds

COUNTS = TableCounts(patients=1)
NUMBERS = [f"{n:02}" for n in range(24)]
"""Enough for the guards of withdrawals and of names, which let twenty pass."""
numbers = st.one_of(st.sets(st.sampled_from(NUMBERS), max_size=24), st.just(set(NUMBERS)))
one_number = st.sampled_from(NUMBERS)
which = st.sampled_from([0, 1])


class Who(Enum):
    """Whom an export says that a number is: two patients, the first of them under two names."""

    ZOE = ("Durand", "Zoé", dt.date(2012, 4, 15))
    ZOE_RENAMED = ("Duval", "Zoé", dt.date(2012, 4, 15))
    LUCAS = ("Petit", "Lucas", dt.date(2015, 1, 9))

    def is_another_than(self, other: "Who") -> bool:
        return (self is Who.LUCAS) is not (other is Who.LUCAS)


people = st.sampled_from(Who)
owed = st.integers(0, 2)
"""What changes of a dossier beside its identity."""


def divided(chosen: set[str], parts: int) -> list[list[str]]:
    """Into so many batches, none of them empty."""
    ordered = sorted(chosen)
    return [ordered[i::parts] for i in range(parts) if ordered[i::parts]]


class Published:
    """What one cabinet's portal must show and know, as plain as can be."""

    def __init__(self, code: str) -> None:
        self.cabinet = registry.create_cabinet(code, code)
        # The run is kept open across steps: its device stays the same. A practitioner may also confirm.
        self.publisher = Publisher(self.cabinet, enrolled(self.cabinet, Role.PRACTITIONER))
        self.shown: dict[str, tuple[Who, int]] = {}
        self.owners: dict[str, Who] = {}
        """Of those who are shown, and of the withdrawn as long as their accounts are kept."""
        self.accesses: set[str] = set()
        self.barred: dict[str, Showing] = {}
        self.last: tuple[str, Commit, Committed] | None = None

    def dossier(self, number: str, who: Who, owes: int) -> Dossier:
        return Dossier(Patient(number, "", *who.value), balance=Balance(owes))

    def tell(self, what: str, number: str) -> int:
        """Ask the desk's endpoint; the status."""
        return self.publisher.api.send("POST", f"/patients/{what}", PatientNumber(number)).status_code


class PortalMachine(RuleBasedStateMachine):
    @initialize()
    def two_cabinets(self) -> None:
        for leftover in Cabinet.objects.filter(code__in=("gauche", "droite")):
            leftover.delete()
        self.sides = (Published("gauche"), Published("droite"))
        # The guards matter from the first step on.
        full = self.sides[0]
        full.publisher.publish(*(full.dossier(n, Who.ZOE, 0) for n in NUMBERS), counts=COUNTS)
        full.shown = dict.fromkeys(NUMBERS, (Who.ZOE, 0))
        full.owners = dict.fromkeys(NUMBERS, Who.ZOE)

    @rule(
        side=which,
        sent=numbers,
        withdrawn=numbers,
        who=people,
        owes=owed,
        parts=st.integers(1, 3),
        confirm=st.booleans(),
        meant=st.booleans(),
        handed=numbers,
    )
    def publish(
        self,
        *,
        side: int,
        sent: set[str],
        withdrawn: set[str],
        who: Who,
        owes: int,
        parts: int,
        confirm: bool,
        meant: bool,
        handed: set[str],
    ) -> None:
        """`confirm` withdrawals, names that are `meant`, numbers that are `handed` to another patient."""
        model = self.sides[side]
        state = model.publisher.open(COUNTS)
        assert set(state.not_published) == set(model.barred)
        batches = divided(sent, parts)
        model.publisher.stage(state.run, *([model.dossier(n, who, owes) for n in batch] for batch in batches))
        request = Commit(
            state.portal_root,
            len(batches),
            tuple(sorted(withdrawn)),
            confirm,
            COUNTS,
            confirm_losses=meant,
            confirm_reused=tuple(sorted(handed)),
        )
        response = model.publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request)

        arriving = sent - model.barred.keys()
        others = {n for n in arriving & model.owners.keys() if who.is_another_than(model.owners[n])}
        renamed = {n for n in arriving & model.shown.keys() - others if model.shown[n][0] is not who}
        if len(renamed) > 20 and len(renamed) > len(model.shown) / 10 and not meant:
            assert response.status_code == 409
            assert msgspec.json.decode(response.content, type=ProblemDocument).type == "urn:webortho:patients-changed"
            return
        waiting = others - handed
        leaving = (withdrawn & model.shown.keys()) - arriving
        new = arriving - waiting - model.owners.keys()
        if replaced_patients(len(leaving) + len(waiting), len(new) + len(waiting), len(model.shown)) and not meant:
            assert response.status_code == 409
            assert msgspec.json.decode(response.content, type=ProblemDocument).type == "urn:webortho:patients-replaced"
            return
        answer = msgspec.json.decode(response.content, type=Committed)
        held = leaving if must_hold(len(leaving), len(model.shown)) and not confirm else set()
        assert set(answer.held) == held
        assert set(answer.reused) == waiting
        assert answer.added == len(arriving - waiting - model.shown.keys())
        assert answer.withdrawn == len(leaving - held)
        for number in leaving - held:
            del model.shown[number]
        model.shown |= dict.fromkeys(arriving - waiting, (who, owes))
        model.owners |= dict.fromkeys(arriving - waiting, who)
        model.accesses -= others - waiting
        model.last = (state.run, request, answer)

    @rule(side=which, confirm=st.booleans())
    def withdraw_all(self, side: int, confirm: bool) -> None:
        everybody = set(NUMBERS)
        self.publish(
            side=side,
            sent=set(),
            withdrawn=everybody,
            who=Who.ZOE,
            owes=0,
            parts=1,
            confirm=confirm,
            meant=False,
            handed=set(),
        )

    @rule(side=which, sent=numbers, who=people, parts=st.integers(1, 4))
    def break_off(self, side: int, sent: set[str], who: Who, parts: int) -> None:
        """What is staged stays for the next run of this device, which replaces it."""
        model = self.sides[side]
        state = model.publisher.open(COUNTS)
        model.publisher.stage(state.run, *([model.dossier(n, who, 9) for n in batch] for batch in divided(sent, parts)))

    @rule(side=which)
    def discard(self, side: int) -> None:
        model = self.sides[side]
        run = model.publisher.open(COUNTS).run
        assert model.publisher.api.send("DELETE", f"/sync/runs/{run}").status_code == 204

    @rule(side=which)
    def repeat_the_last_commit(self, side: int) -> None:
        model = self.sides[side]
        if model.last:
            run, request, answer = model.last
            assert model.publisher.api.ask("POST", f"/sync/runs/{run}/commit", Committed, request) == answer

    @rule(side=which, batches=st.integers(0, 2))
    def commit_on_a_state_that_is_gone(self, side: int, batches: int) -> None:
        model = self.sides[side]
        run = model.publisher.open(COUNTS).run
        request = Commit("e" * 32, batches, tuple(NUMBERS), True, COUNTS)
        assert model.publisher.api.send("POST", f"/sync/runs/{run}/commit", request).status_code == 409

    @rule(side=which, number=one_number)
    def hide(self, side: int, number: str) -> None:
        model = self.sides[side]
        assert model.tell("hide", number) == 204
        model.shown.pop(number, None)
        model.barred.setdefault(number, Showing.HIDDEN)

    @rule(side=which, number=one_number)
    def erase(self, side: int, number: str) -> None:
        model = self.sides[side]
        assert model.tell("erase", number) == 204
        model.shown.pop(number, None)
        model.owners.pop(number, None)
        model.accesses.discard(number)
        model.barred[number] = Showing.ERASED

    @rule(side=which, number=one_number)
    def let_return(self, side: int, number: str) -> None:
        model = self.sides[side]
        is_erased = model.barred.get(number) is Showing.ERASED
        assert model.tell("show", number) == (409 if is_erased else 204)
        if not is_erased:
            model.barred.pop(number, None)

    @rule(side=which, chosen=numbers)
    def families_get_accesses(self, side: int, chosen: set[str]) -> None:
        model = self.sides[side]
        for number in sorted(chosen & model.shown.keys() - model.accesses):
            Access.objects.create(cabinet=model.cabinet, number=number, password_changed_at=timezone.now())
            model.accesses.add(number)

    @rule()
    def a_month_passes(self) -> None:
        """The accounts of who was withdrawn go, and their numbers are anybody's."""
        housekeeping.tidy(timezone.now() + housekeeping.WITHDRAWN_KEPT + dt.timedelta(days=1))
        for model in self.sides:
            model.accesses &= model.shown.keys()
            model.owners = {number: who for number, (who, _) in model.shown.items()}

    @invariant()
    def the_portal_shows_what_the_model_says(self) -> None:
        for model in getattr(self, "sides", ()):
            entries = [model.publisher.entry(model.dossier(n, *what)) for n, what in model.shown.items()]
            assert shown_digests(model.cabinet) == {entry.number: entry.digest for entry in entries}
            root = root_of(ManifestEntry(entry.number, entry.digest) for entry in entries)
            assert Cabinet.objects.get(pk=model.cabinet.pk).root == root.hex()

    def teardown(self) -> None:
        """What lies sealed under each digest is that dossier."""
        for model in getattr(self, "sides", ()):
            for number, what in model.shown.items():
                shown = shown_to(Reader(model.cabinet, number, 1, 1))
                assert shown is not None
                assert shown.dossier == model.dossier(number, *what)

    @invariant()
    def only_the_families_of_today_have_accesses(self) -> None:
        for model in getattr(self, "sides", ()):
            assert set(Access.objects.of(model.cabinet).values_list("number", flat=True)) == model.accesses

    @invariant()
    def nothing_of_a_withdrawn_patient_is_left(self) -> None:
        for model in getattr(self, "sides", ()):
            withdrawn = PublishedDossier.objects.of(model.cabinet).exclude(withdrawn_at=None)
            assert all(not bytes(row.sealed) and not bytes(row.digest) for row in withdrawn)
            assert {row.number for row in withdrawn} == model.owners.keys() - model.shown.keys()


SHORT = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
PORTION = settings(SHORT, max_examples=100)


@pytest.mark.django_db
def test_any_order_of_publishing_leaves_what_the_model_says() -> None:
    run_state_machine_as_test(PortalMachine, settings=SHORT)


@pytest.mark.long
@pytest.mark.django_db
def test_ten_thousand_orders_of_publishing_leave_what_the_model_says(rounds: Rounds) -> None:
    for _ in rounds(10_000, PORTION.max_examples):
        run_state_machine_as_test(PortalMachine, settings=PORTION)
