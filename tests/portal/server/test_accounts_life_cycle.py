"""The life of a dossier's accesses as a state machine: whatever happens in whatever order, who gets in is known."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.api.desk import Medium
from portal.server.accounts import changes
from portal.server.accounts.models import Access, Session, Throttle
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import AT_ONCE, BY_CODE, Browser, configure, letters, path_in, path_of, sent
from tests.portal.server.support import Publisher, enrolled, make_dossier
from tests.rounds import Rounds

BIRTH = "15042012"
PASSWORDS = tuple(f"quatre canards et {word}" for word in ("une oie", "deux pies", "trois geais", "dix merles"))
NUMBERS = ("5312", "6000")


class LifeOfAccesses(RuleBasedStateMachine):
    """The model: which passwords open which patient, which browser is whose, which links are alive."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[str, set[str]] = {number: set() for number in NUMBERS}
        self.withdrawn: set[str] = set()
        self.printed: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.used_passwords = 0
        self.guesses = 0
        self.inside: list[tuple[Browser, str]] = []
        self.resets: list[tuple[str, str]] = []
        self.at_once = False

    @initialize()
    def open_a_cabinet(self) -> None:
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.cabinet: Cabinet = registry.create_cabinet("sourire", "Cabinet du Sourire")
        self.publisher = Publisher(self.cabinet, enrolled(self.cabinet))
        self.publisher.publish(*(make_dossier(number, email=f"p{number}@exemple.fr") for number in NUMBERS))
        self.a_card_with_a_code_is_used("5312")  # so that short runs get to resets and changes

    def teardown(self) -> None:
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def guess(self, number: str) -> str:
        """What somebody would try, another one each time."""
        self.guesses += 1
        return (BIRTH, f"{number}apo", number, "")[self.guesses % 4]

    def new_password(self) -> str:
        self.used_passwords += 1
        return f"{PASSWORDS[self.used_passwords % 4]} {self.used_passwords}"

    def finish(self, browser: Browser, number: str) -> None:
        password = self.new_password()
        assert browser.choose(password, f"c{number}@exemple.fr").status_code == 303
        self.passwords[number].add(password)
        self.inside.append((browser, number))
        letters()

    numbers = st.sampled_from(NUMBERS)

    @rule(number=numbers)
    def mailed_first_visit(self, number: str) -> None:
        """Opens for a contact without access; in the other level the secret itself opens the first time."""
        browser = Browser()
        answer = browser.first_visit(number, BIRTH)
        if self.at_once:
            opens = number not in self.withdrawn and not self.passwords[number]
            assert (answer.status_code == 303) == opens
        else:
            assert answer.status_code == 200
            found = [letter for letter in letters() if "première visite" in str(letter["Subject"])]
            opens = bool(found)
            assert not (opens and number in self.withdrawn)
            assert opens or self.passwords[number] or number in self.withdrawn
            if opens:
                browser.post(path_in(found[0]))
        if opens:
            self.finish(browser, number)

    @rule()
    def the_cabinet_changes_the_level(self) -> None:
        self.at_once = not self.at_once
        self.the_level_is_as_chosen()

    def the_level_is_as_chosen(self) -> None:
        configure(self.cabinet, **({"first_access": AT_ONCE} if self.at_once else {}))

    @rule(number=numbers)
    def a_letter_is_printed(self, number: str) -> None:
        if number not in self.withdrawn:
            self.printed[number] = path_of(sent(self.cabinet, number))

    @rule(number=numbers, is_right=st.booleans())
    def a_letter_is_scanned(self, number: str, is_right: bool) -> None:
        browser = Browser()
        path = self.printed.get(number, "/activer/1.dead")
        answer = browser.post(path, {"birth_date": BIRTH if is_right else "01012001"})
        if number not in self.printed:
            assert answer.status_code == 404
        elif is_right and number not in self.withdrawn and answer.status_code == 303:
            self.finish(browser, number)
            del self.printed[number]
        else:
            assert not browser.is_in()
            if answer.status_code == 404:
                del self.printed[number]

    @rule(number=numbers)
    def a_card_with_a_code_is_used(self, number: str) -> None:
        if number not in self.withdrawn:
            configure(self.cabinet, first_access=BY_CODE)
            code = sent(self.cabinet, number, Medium.CARD).code
            self.the_level_is_as_chosen()
            browser = Browser()
            assert browser.first_visit(number, code).status_code == 303
            self.finish(browser, number)
            assert Browser().first_visit(number, code).status_code == 200
            letters()

    @precondition(lambda self: self.inside)
    @rule(data=st.data())
    def somebody_changes_the_password(self, data: st.DataObject) -> None:
        browser, number = data.draw(st.sampled_from(self.inside))
        if number in self.withdrawn or not browser.is_in():
            return
        for old in sorted(self.passwords[number]):
            new = self.new_password()
            fields = {"current_password": old, "new_password": new}
            if browser.post("/dossier/mot-de-passe", fields).status_code == 303:
                self.passwords[number] = (self.passwords[number] - {old}) | {new}
                letters()
                return
        raise AssertionError("no password of this patient is the current one")

    @rule(number=numbers)
    def somebody_forgets(self, number: str) -> None:
        Browser().forgotten(number)
        self.resets += [(number, path_in(letter)) for letter in letters() if "nouveau mot" in str(letter["Subject"])]

    @precondition(lambda self: self.resets)
    @rule()
    def a_reset_link_is_used(self) -> None:
        number, path = self.resets.pop()
        before = {access.pk: access.password for access in Access.objects.of(self.cabinet)}
        browser, new = Browser(), self.new_password()
        if browser.post(path, {"new_password": new}).status_code != 303:
            return
        [changed] = [a for a in Access.objects.of(self.cabinet) if before[a.pk] != a.password]
        assert changed.number == number
        assert Browser().post(path, {"new_password": new}).status_code == 404
        assert Session.objects.of(self.cabinet).filter(access=changed).count() == 1
        lost = [old for old in self.passwords[number] if Browser().sign_in(number, old).status_code != 303]
        self.passwords[number] = (self.passwords[number] - set(lost)) | {new}
        assert len(lost) == 1
        letters()

    @rule(number=numbers)
    def the_cabinet_resets_a_patient(self, number: str) -> None:
        assert changes.revoke_all(self.cabinet, number) == len(self.passwords[number])
        self.passwords[number] = set()
        self.printed.pop(number, None)
        for _, path in [reset for reset in self.resets if reset[0] == number]:
            assert Browser().get(path).status_code == 404

    @rule(number=numbers)
    def a_sync_withdraws_or_publishes(self, number: str) -> None:
        if number in self.withdrawn:
            self.publisher.publish(make_dossier(number, email=f"p{number}@exemple.fr"))
            self.withdrawn.discard(number)
        else:
            self.publisher.publish(withdrawn=[number])
            self.withdrawn.add(number)

    @invariant()
    def nobody_else_gets_in(self) -> None:
        if not hasattr(self, "cabinet"):
            return
        Throttle.objects.all().delete()
        for number in NUMBERS:
            assert Access.objects.of(self.cabinet).filter(number=number).count() == len(self.passwords[number])
            assert not Browser().sign_in(number, self.guess(number)).cookies.get("__Host-session")
        everybodys = [(number, password) for number in NUMBERS for password in self.passwords[number]]
        for number, password in everybodys[-2:]:
            assert Browser().sign_in(number, password).status_code == 303
            other = next(each for each in NUMBERS if each != number)
            assert Browser().sign_in(other, password).status_code == 200

    @invariant()
    def whoever_is_inside_sees_their_own_dossier(self) -> None:
        for browser, number in self.inside[-3:]:
            page = browser.get("/dossier").content.decode()
            assert ("MARTINEAU" in page) <= (number not in self.withdrawn and bool(self.passwords[number]))


def live(examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # untyped in hypothesis
        LifeOfAccesses,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.early
def test_the_life_of_accesses(db: None) -> None:
    live(examples=12, steps=12)


@pytest.mark.long
def test_the_long_life_of_accesses(db: None, rounds: Rounds) -> None:
    for _ in rounds(10_000, 100):
        live(examples=100, steps=30)
