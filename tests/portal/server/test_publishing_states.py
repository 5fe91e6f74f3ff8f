"""Any order of publishing, withdrawing, hiding, breaking off and repeating leaves the portal as a simple model says."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cabinet.dossier import Dossier, Patient
from portal.api.guards import must_hold
from portal.api.manifest import root_of
from portal.api.shapes import Commit, Committed, ManifestEntry, Role, TableCounts
from portal.server.access import Reader, shown_to
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet
from portal.server.publishing.commit import shown_digests
from portal.server.publishing.exclusion import Reason, exclude, readmit
from portal.server.publishing.models import PublishedDossier
from tests.portal.server.support import Publisher, enrolled

COUNTS = TableCounts(patients=1)
NUMBERS = [f"{n:02}" for n in range(45)]
numbers = st.one_of(st.sets(st.sampled_from(NUMBERS), max_size=45), st.just(set(NUMBERS)))
names = st.sampled_from(["Durand", "Martin", "Petit"])
which = st.sampled_from([0, 1])


class Published:
    """What one cabinet's portal must show, as plain as can be: number -> last name."""

    def __init__(self, code: str) -> None:
        self.cabinet = registry.create_cabinet(code, code)
        # The run is kept open across steps: its device stays the same. A practitioner may also confirm.
        self.publisher = Publisher(self.cabinet, enrolled(self.cabinet, Role.PRACTITIONER))
        self.shown: dict[str, str] = {}
        self.barred: dict[str, Reason] = {}
        self.last: tuple[str, Commit, Committed] | None = None

    def dossier(self, number: str, name: str) -> Dossier:
        return Dossier(Patient(number, last_name=name))


class PortalMachine(RuleBasedStateMachine):
    @initialize()
    def two_cabinets(self) -> None:
        for leftover in Cabinet.objects.filter(code__in=("gauche", "droite")):
            leftover.delete()
        self.sides = (Published("gauche"), Published("droite"))
        # Enough for the guard of withdrawals to matter from the first step on.
        full = self.sides[0]
        full.publisher.publish(*(full.dossier(n, "Durand") for n in NUMBERS), counts=COUNTS)
        full.shown = dict.fromkeys(NUMBERS, "Durand")

    @rule(side=which, sent=numbers, withdrawn=numbers, name=names, parts=st.integers(1, 3), confirm=st.booleans())
    def publish(self, *, side: int, sent: set[str], withdrawn: set[str], name: str, parts: int, confirm: bool) -> None:
        model = self.sides[side]
        state = model.publisher.open(COUNTS)
        assert set(state.not_published) == set(model.barred)
        ordered = sorted(sent)
        batches = [ordered[i::parts] for i in range(parts) if ordered[i::parts]]
        model.publisher.stage(state.run, *([model.dossier(n, name) for n in batch] for batch in batches))
        request = Commit(state.portal_root, len(batches), tuple(sorted(withdrawn)), confirm, COUNTS)
        answer = model.publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)

        arriving = sent - model.barred.keys()
        leaving = (withdrawn & model.shown.keys()) - arriving
        held = leaving if must_hold(len(leaving), len(model.shown)) and not confirm else set()
        assert set(answer.held) == held
        assert answer.added == len(arriving - model.shown.keys())
        assert answer.withdrawn == len(leaving - held)
        for number in leaving - held:
            del model.shown[number]
        model.shown |= dict.fromkeys(arriving, name)
        model.last = (state.run, request, answer)

    @rule(side=which, confirm=st.booleans())
    def withdraw_all(self, side: int, confirm: bool) -> None:
        self.publish(side=side, sent=set(), withdrawn=set(NUMBERS), name="Durand", parts=1, confirm=confirm)

    @rule(side=which, sent=numbers, name=names)
    def break_off(self, side: int, sent: set[str], name: str) -> None:
        """What is staged stays for the next run of this device, which replaces it."""
        model = self.sides[side]
        state = model.publisher.open(COUNTS)
        model.publisher.stage(state.run, *([model.dossier(n, name)] for n in sorted(sent)))

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

    @rule(side=which, number=st.sampled_from(NUMBERS), reason=st.sampled_from(Reason))
    def bar(self, side: int, number: str, reason: Reason) -> None:
        model = self.sides[side]
        exclude(model.cabinet, number, reason)
        model.shown.pop(number, None)
        if model.barred.get(number) is not Reason.ERASED:
            model.barred[number] = reason

    @rule(side=which, number=st.sampled_from(NUMBERS))
    def let_return(self, side: int, number: str) -> None:
        model = self.sides[side]
        may = model.barred.get(number) is Reason.HIDDEN
        assert readmit(model.cabinet, number) is may
        if may:
            del model.barred[number]

    @invariant()
    def the_portal_shows_what_the_model_says(self) -> None:
        for model in getattr(self, "sides", ()):
            assert shown_digests(model.cabinet).keys() == model.shown.keys()
            for number, name in model.shown.items():
                shown = shown_to(Reader(model.cabinet, number, 1, 1))
                assert shown is not None
                assert shown.dossier == model.dossier(number, name)

    @invariant()
    def the_root_is_that_of_what_is_shown(self) -> None:
        for model in getattr(self, "sides", ()):
            entries = (model.publisher.entry(model.dossier(n, name)) for n, name in model.shown.items())
            expected = root_of(ManifestEntry(e.number, e.digest) for e in entries)
            assert Cabinet.objects.get(pk=model.cabinet.pk).root == expected.hex()

    @invariant()
    def nothing_of_a_withdrawn_patient_is_left(self) -> None:
        for model in getattr(self, "sides", ()):
            withdrawn = PublishedDossier.objects.of(model.cabinet).exclude(withdrawn_at=None)
            assert all(not bytes(row.sealed) and not bytes(row.digest) for row in withdrawn)


SHORT = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
LONG = settings(SHORT, max_examples=10_000)


@pytest.mark.django_db
def test_any_order_of_publishing_leaves_what_the_model_says() -> None:
    run_state_machine_as_test(PortalMachine, settings=SHORT)


@pytest.mark.long
@pytest.mark.django_db
def test_ten_thousand_orders_of_publishing_leave_what_the_model_says() -> None:
    run_state_machine_as_test(PortalMachine, settings=LONG)
