"""Guessing is slowed down, families are not locked out, and fifty attempts at once are counted one by one."""

import datetime as dt
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.settings import FirstAccess, FirstAccessPolicy, ProtectionLevel
from portal.server import throttle
from portal.server.accounts.identifiers import account_key, spellings
from portal.server.accounts.models import Throttle
from portal.server.cabinets.models import Cabinet
from portal.server.sealing import create_ring, write_ring
from portal.server.throttle import LIMITS, Attempt, Form, Limits, TooMany, begin
from tests.benchmarks.postgres import programs
from tests.portal.server.browser import (
    AT_ONCE,
    BY_CODE,
    OTHER_PASSWORD,
    PASSWORD,
    Browser,
    configure,
    letters,
    path_in,
    sent,
    with_access,
)

BIRTH = "15042012"
SENTENCE = "Trop d’essais. Réessayez dans 15 minutes ou appelez le cabinet."
NOON = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def fail(times: int, account: str = "5312", address: str = "192.0.2.1", form: Form = Form.SIGN_IN) -> int:
    """How many of these attempts were looked at."""
    return sum(isinstance(begin(form, "sourire", account, address), Attempt) for _ in range(times))


def test_an_account_may_fail_ten_times_in_a_quarter_of_an_hour(db: None, clock: time_machine.Traveller) -> None:
    assert fail(20) == 10
    assert fail(1, account="5313") == 1
    clock.shift(dt.timedelta(minutes=15))
    assert fail(20) == 10


def test_the_time_to_wait_is_said_in_seconds(db: None, clock: time_machine.Traveller) -> None:
    fail(10)
    clock.shift(dt.timedelta(minutes=5))
    refused = begin(Form.SIGN_IN, "sourire", "5312", "192.0.2.1")
    assert isinstance(refused, TooMany)
    assert refused.retry_after == 600
    assert refused.sentence == SENTENCE
    assert TooMany(7200).sentence == "Trop d’essais. Réessayez dans 2 h ou appelez le cabinet."


def test_one_address_does_not_lock_a_family_out(published: Cabinet) -> None:
    with_access()
    for _ in range(3 * LIMITS[Form.SIGN_IN].account):
        Browser("203.0.113.66").sign_in("5312", "pas le bon mot")
    assert Browser("203.0.113.66").sign_in("5312", PASSWORD).status_code == 429
    assert Browser("198.51.100.7").sign_in("5312", PASSWORD).status_code == 303


def test_many_addresses_together_are_stopped_at_one_account(db: None) -> None:
    tried = sum(fail(3, address=f"10.7.0.{n}") for n in range(100))
    assert tried == LIMITS[Form.SIGN_IN].everywhere
    assert fail(1, account="5313") == 1


def test_a_success_gives_the_attempt_back(db: None) -> None:
    for _ in range(200):
        attempt = begin(Form.SIGN_IN, "sourire", "5312", "192.0.2.1")
        assert isinstance(attempt, Attempt)
        attempt.succeeded()
    assert list(Throttle.objects.values_list("failures", flat=True)) == [0, 0, 0]


def test_every_form_counts_by_itself(db: None) -> None:
    assert fail(10) == 10
    assert fail(1, form=Form.FORGOTTEN) == 1


def test_several_families_behind_one_address_are_not_locked_out_together(db: None) -> None:
    assert fail(10, account="hammered") == 10
    assert sum(fail(2, account=f"family {n}") for n in range(20)) == 40


def test_one_address_cannot_try_all_accounts(db: None) -> None:
    tried = sum(fail(1, account=str(n)) for n in range(200))
    assert tried == LIMITS[Form.SIGN_IN].address


def test_an_address_that_is_refused_uses_up_nobodys_account(db: None) -> None:
    for n in range(60):
        fail(1, account=str(n))
    assert fail(50, account="victim") == 0
    assert fail(1, account="victim", address="198.51.100.7") == 1


def test_hammering_on_one_account_does_not_use_up_the_cabinet(db: None) -> None:
    for n in range(600):
        fail(1, account="victim", address=f"10.0.{n // 250}.{n % 250}")
    assert fail(1, account="somebody", address="198.51.100.7") == 1


def test_a_whole_cabinet_is_slowed_down_but_not_its_neighbour(db: None) -> None:
    limit = LIMITS[Form.SIGN_IN].cabinet
    assert limit is not None
    tried = sum(fail(1, account=str(n), address=f"10.1.{n // 250}.{n % 250}") for n in range(limit + 50))
    assert tried == limit
    assert isinstance(begin(Form.SIGN_IN, "canines", "1", "198.51.100.7"), Attempt)


def test_what_opens_at_once_is_limited_for_a_whole_day(db: None, clock: time_machine.Traveller) -> None:
    tried = 0
    for n in range(200):
        clock.shift(dt.timedelta(minutes=5))
        tried += fail(1, account=str(n), address=f"10.2.0.{n}", form=Form.INITIAL_SECRET)
    assert tried == LIMITS[Form.INITIAL_SECRET].cabinet_a_day


def test_old_counts_are_forgotten(db: None, clock: time_machine.Traveller) -> None:
    fail(1)
    assert throttle.forget_old() == 0
    clock.shift(dt.timedelta(days=2, seconds=1))
    assert throttle.forget_old() == 4
    assert Throttle.objects.count() == 0


def test_neither_accounts_nor_addresses_are_stored_in_clear(db: None) -> None:
    fail(1, account="sourire/AAESSAI")
    stored = str(list(Throttle.objects.values()))
    assert "aaessai" not in stored.lower()
    assert "192.0.2.1" not in stored


# Where an attempt comes from


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("198.51.100.7", "", (), "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", (), "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", ("127.0.0.1",), "203.0.113.9"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.9, 10.0.0.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9", ("10.0.0.1",), "10.0.0.2"),
        ("127.0.0.1", "", ("127.0.0.1",), "127.0.0.1"),
        ("127.0.0.1", "not an address", ("127.0.0.1",), "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", (), "192.0.2.1"),
        ("", "", (), "unknown"),
    ],
)
def test_a_forwarded_address_counts_only_from_a_trusted_proxy(
    peer: str, forwarded: str, trusted: tuple[str, ...], address: str
) -> None:
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    assert throttle.client_address(request, trusted) == address


# The forms


def test_too_many_attempts_are_answered_with_429_and_the_time_to_wait(published: Cabinet) -> None:
    with_access()
    for _ in range(LIMITS[Form.SIGN_IN].account):
        assert Browser().sign_in("5312", "pas le bon mot").status_code == 200
    answer = Browser().sign_in("5312", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    page = answer.content.decode().replace("<strong>", "").replace("</strong>", "")
    assert SENTENCE in page
    assert 'value="5312"' in page


def test_all_spellings_of_a_number_are_one_account(published: Cabinet) -> None:
    typed = ("a-7", "A-7", " a -7", "A- 7", "\uff21-\uff17", "a\x00-7")
    answers = [Browser().sign_in(typed[n % 6], "pas le bon mot").status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2


@pytest.mark.parametrize(("letter", "other"), [("S", "ſ"), ("I", "ı"), ("K", "\u212a"), ("ss", "ß"), ("µ", "μ")])
def test_letters_that_become_the_same_are_one_account(letter: str, other: str) -> None:
    assert account_key(f"{letter}-7") == account_key(f"{other}-7")


@given(st.text(max_size=6))
def test_whatever_dossier_a_number_may_mean_its_attempts_count_for_it(number: str) -> None:
    assert {account_key(spelling) for spelling in spellings(number)} == {account_key(number)}


@pytest.mark.parametrize(
    ("path", "fields", "limit"),
    [
        ("/premiere-visite", {"cabinet_code": "sourire", "patient_number": "5312", "secret": "01012000"}, 5),
        ("/dossier/mot-de-passe", {"current_password": "pas le bon", "new_password": OTHER_PASSWORD}, 5),
        ("/dossier/e-mail", {"current_password": "pas le bon", "email": "a@exemple.fr"}, 5),
    ],
)
@pytest.mark.parametrize("at_once", [False, True])
def test_every_form_that_asks_a_secret_is_slowed_down(
    published: Cabinet, path: str, fields: dict[str, str], limit: int, at_once: bool
) -> None:
    browser = with_access()
    if at_once:
        configure(published, first_access=AT_ONCE)
    Throttle.objects.all().delete()
    browser.client.cookies.pop("appareil")
    answers = [browser.post(path, fields).status_code for _ in range(limit + 2)]
    assert answers == [200] * limit + [429] * 2


def test_messages_are_limited(published: Cabinet) -> None:
    browser = with_access()
    answers = [browser.post("/contact", {"message": f"Message {n}"}).status_code for n in range(7)]
    assert answers == [303] * 5 + [429] * 2


def test_messages_and_current_passwords_count_together_on_all_devices_of_an_access(published: Cabinet) -> None:
    one, other = with_access(), Browser()
    other.sign_in("5312", PASSWORD)
    wrong = {"current_password": "pas le bon", "new_password": OTHER_PASSWORD}
    for path, fields in (("/contact", {"message": "Bonjour"}), ("/dossier/mot-de-passe", wrong)):
        answers = [browser.post(path, fields).status_code for browser in (one, other) * 3]
        assert answers[:5] == [answers[0]] * 5
        assert answers[5] == 429


def test_under_an_attack_a_known_device_and_the_reset_link_still_work(published: Cabinet) -> None:
    known = with_access()
    known.post("/deconnexion")
    Browser("203.0.113.1").forgotten("5312")
    reset = path_in(letters()[0])
    for n in range(401):
        throttle.begin(Form.SIGN_IN, "sourire", f"sourire/{n}", f"10.3.{n // 250}.{n % 250}")
    for n in range(LIMITS[Form.SIGN_IN].everywhere + 2):
        throttle.begin(Form.SIGN_IN, "sourire", "sourire/5312", f"10.4.0.{n}")
    assert Browser("203.0.113.2").sign_in("5312", PASSWORD).status_code == 429
    worked = 0
    for _ in range(100):
        worked += known.sign_in("5312", PASSWORD).status_code == 303
        known.post("/deconnexion")
    assert worked == 100
    elsewhere = Browser("203.0.113.3")
    assert elsewhere.post(reset, {"new_password": OTHER_PASSWORD}).status_code == 303
    assert elsewhere.is_in()


def test_a_known_device_is_slowed_down_by_its_own_failures_and_known_for_its_own_account(published: Cabinet) -> None:
    known = with_access()
    answers = [known.sign_in("5312", "pas le bon mot").status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    for n in range(LIMITS[Form.SIGN_IN].everywhere):
        throttle.begin(Form.SIGN_IN, "sourire", "sourire/0042", f"10.5.0.{n}")
    assert known.sign_in("0042", PASSWORD).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 32, "é", "0" * 32 + ".x"])
def test_a_forged_mark_makes_no_known_device(published: Cabinet, forged: str) -> None:
    for n in range(LIMITS[Form.SIGN_IN].everywhere):
        throttle.begin(Form.SIGN_IN, "sourire", "sourire/5312", f"10.6.0.{n}")
    browser = Browser()
    browser.client.cookies["appareil"] = forged
    assert browser.sign_in("5312", PASSWORD).status_code == 429


# When somebody guesses birth dates, in the level of the original procedure


def active_code(cabinet: Cabinet, number: str) -> str:
    """Of a card that was sent before the cabinet chose another policy."""
    configure(cabinet, first_access=BY_CODE)
    code = sent(cabinet, number).code
    configure(cabinet, first_access=AT_ONCE)
    return code


@pytest.fixture
def guessed_at(published: Cabinet, clock: time_machine.Traveller) -> Cabinet:
    """A cabinet on which somebody spent the day's wrong first visits, a quarter of an hour ago."""
    configure(published, first_access=AT_ONCE)
    day = LIMITS[Form.INITIAL_SECRET].cabinet_a_day
    assert day is not None
    guesses = [Browser(f"10.8.0.{n}").first_visit(str(n), "01012000").status_code for n in range(day)]
    assert guesses == [200] * day
    clock.shift(throttle.WINDOW)
    return published


def test_then_a_birth_date_opens_nothing_for_a_day_but_the_mailed_link_does(
    guessed_at: Cabinet, clock: time_machine.Traveller
) -> None:
    answer, unknown = Browser().first_visit("5312", BIRTH), Browser("192.0.2.2").first_visit("9999", BIRTH)
    for page in (answer, unknown):
        assert page.status_code == 200
        assert "un e-mail part maintenant vers l’adresse que le cabinet connaît" in page.content.decode()
    browser = Browser()
    assert browser.post(path_in(letters()[0])).headers["Location"] == "/bienvenue"
    clock.shift(throttle.DAY)
    assert Browser().first_visit("5312", BIRTH).headers["Location"] == "/bienvenue"


def test_then_hundreds_of_further_guesses_close_neither_the_mailed_link_nor_the_cards(guessed_at: Cabinet) -> None:
    for n in range(200):
        Browser(f"10.9.0.{n}").first_visit(f"x{n}", "01012000")
    for _ in range(5):
        letters()
    assert Browser().first_visit("5312", BIRTH).status_code == 200
    assert [letter["To"] for letter in letters()] == ["parent@exemple.fr"]
    assert Browser().first_visit("0042", active_code(guessed_at, "0042")).headers["Location"] == "/bienvenue"


def test_then_asking_for_mails_is_slowed_down_as_it_is_elsewhere(guessed_at: Cabinet) -> None:
    answers = [Browser().first_visit("5312", BIRTH).status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_wrong_personal_codes_use_up_no_day_and_right_ones_work_after_hundreds(published: Cabinet) -> None:
    configure(published, first_access=AT_ONCE)
    for n in range(100):
        answer = Browser(f"10.10.0.{n}").first_visit(str(n), "ABCD-EFGH-JKMN")
        assert answer.status_code == 200
        assert "Ces informations ne correspondent pas" in answer.content.decode()
    assert Browser().first_visit("5312", BIRTH).headers["Location"] == "/bienvenue"
    assert Browser().first_visit("0042", active_code(published, "0042")).headers["Location"] == "/bienvenue"


def test_a_secret_that_was_counted_as_a_code_opens_as_nothing_else(published: Cabinet) -> None:
    looks_like_a_code = FirstAccess(FirstAccessPolicy.PATTERN, ProtectionLevel.PROCEDURE, "@ORDREBCDEFGHJ")
    starts_like_one = FirstAccess(FirstAccessPolicy.PATTERN, ProtectionLevel.PROCEDURE, "@ORDREXYZ")
    for chosen, number, secret in (
        (looks_like_a_code, "7777", "7777BCDEFGHJ"),
        (starts_like_one, "7777", "7777XYZ" + " " * 64 + "BCDEF"),
    ):
        configure(published, first_access=chosen)
        Throttle.objects.all().delete()
        Browser().first_visit(number, secret)
        assert Throttle.objects.filter(scope="day").exists()


# Fifty at once

_RACE = """
import django, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
django.setup()
from django.db import connections
from portal.server.throttle import Attempt, Form, begin
barrier = Barrier(50)
def attempt(n):
    barrier.wait()
    try:
        return isinstance(begin(Form.SIGN_IN, "sourire", "5312", f"192.0.2.{n % int(sys.argv[1])}"), Attempt)
    finally:
        connections.close_all()
with ThreadPoolExecutor(50) as pool:
    print(sum(pool.map(attempt, range(50))))
"""


def looked_at_of_fifty_at_once(folder: Path, database_url: str, addresses: int) -> int:
    write_ring(create_ring(), folder / "keys.json")
    environment = os.environ | {
        "WEBORTHO_PORTAL_DIR": str(folder),
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "portal.server.settings",
    }
    command = [sys.executable, "-c", _RACE, str(addresses)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


OF_FIFTY = pytest.mark.parametrize(("addresses", "looked_at"), [(1, 10), (50, 40)])


@OF_FIFTY
def test_of_fifty_attempts_at_once_no_more_are_looked_at_on_sqlite(
    tmp_path: Path, sqlite_url: str, addresses: int, looked_at: int
) -> None:
    assert looked_at_of_fifty_at_once(tmp_path, sqlite_url, addresses) == looked_at


@pytest.mark.postgres
@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
@OF_FIFTY
def test_of_fifty_attempts_at_once_no_more_are_looked_at_on_postgresql(
    tmp_path: Path, postgres_url: str, addresses: int, looked_at: int
) -> None:
    assert looked_at_of_fifty_at_once(tmp_path, postgres_url, addresses) == looked_at


# What guessing brings in (SECURITY.md, "Why a birth date cannot be a password")

BIRTH_DATES = 4383
CODES = 31**12


def test_the_figures_of_the_measured_risk() -> None:
    assert throttle.expected_break_ins(5000, BIRTH_DATES) == pytest.approx(1.14, abs=0.005)
    assert throttle.expected_break_ins(5000 * 10, BIRTH_DATES) == pytest.approx(11.4, abs=0.01)
    assert throttle.expected_break_ins(20 * 365, BIRTH_DATES) == pytest.approx(1.67, abs=0.005)
    assert throttle.expected_break_ins(43, BIRTH_DATES) < 0.01 < throttle.expected_break_ins(44, BIRTH_DATES)


def test_guessing_opens_less_than_a_hundredth_of_a_dossier_a_year_in_the_confirmed_level() -> None:
    opening = [limits for form, limits in LIMITS.items() if form is not Form.FORGOTTEN]
    everything = sum(throttle.guesses_a_year(limits) for limits in opening)
    assert throttle.expected_break_ins(everything, CODES) < 0.01
    printed = throttle.guesses_a_year(LIMITS[Form.ACTIVATION])
    assert throttle.expected_break_ins(printed, 2**128) < 0.01


def test_in_the_level_of_the_procedure_guessing_opens_several_dossiers_a_year() -> None:
    guesses = throttle.guesses_a_year(LIMITS[Form.INITIAL_SECRET])
    assert guesses == 60 * 365
    assert throttle.expected_break_ins(guesses, BIRTH_DATES) == pytest.approx(5.0, abs=0.01)


def test_the_expected_figure_is_what_a_simulated_year_gives() -> None:
    generator = random.Random(5312)  # noqa: S311 - a simulation
    years, guesses = 20, 60 * 365
    opened = sum(generator.randrange(BIRTH_DATES) == 0 for _ in range(years * guesses))
    assert opened / years == pytest.approx(throttle.expected_break_ins(guesses, BIRTH_DATES), rel=0.2)


def test_without_a_limit_a_day_the_quarter_hours_count() -> None:
    assert throttle.guesses_a_year(Limits(1, 1, 1, 2)) == 2 * 4 * 24 * 365
    assert throttle.guesses_a_year(Limits(1, 1, 1, None)) == float("inf")
