"""Slows down guessing: failures are counted per account and address, per address, account and cabinet.

Each is one statement. Whoever tries one account from one address is stopped long before that account is closed to
everybody, so that a stranger who knows a number does not keep its family out; many addresses together are.

An attempt is counted before it is looked at and given back when it succeeds, so that fifty at once cannot all slip
through between a check and a count. Attacks only slow down: nothing here locks an account for good. A browser that
signed in to this account before has a count of its own and passes under an attack, and so do reset links, which are
tokens of 128 bits.
"""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.server.accounts.models import Throttle

WINDOW = dt.timedelta(minutes=15)
DAY = dt.timedelta(days=1)


LOOKS_OF_A_DEVICE = 30
"""Published dossiers that a device may read within a window."""
LOOKS_A_DAY = 150
"""And all devices of a cabinet within a day."""


class Form(StrEnum):
    """What is tried. Each form has counts of its own."""

    SIGN_IN = "sign_in"
    FIRST_VISIT = "first_visit"
    FORGOTTEN = "forgotten"
    ACTIVATION = "activation"
    CURRENT_PASSWORD = "current_password"  # noqa: S105 - the name of a form
    INITIAL_SECRET = "initial_secret"  # noqa: S105 - the name of a form
    """A first visit where the typed secret opens at once."""
    PERSONAL_CODE = "personal_code"
    """A first visit with what can only be a personal code: 59 bits, which nobody guesses."""
    MESSAGE = "message"
    ENROLMENT = "enrolment"


OF_SIGNED_IN = frozenset({Form.CURRENT_PASSWORD, Form.MESSAGE})
"""Counted by account on every device: whoever is inside could make a new known device for each few tries."""


TO_GET_IN = (Form.SIGN_IN, Form.FIRST_VISIT, Form.INITIAL_SECRET, Form.PERSONAL_CODE, Form.ACTIVATION)
"""What keeps somebody out of a dossier when it was tried too often."""


@dataclass(frozen=True)
class Limits:
    """Attempts that may fail within a window of 15 minutes; for some forms also within a day for a whole cabinet.

    One address serves several families (a school, a mobile operator): it may fail more often than one account.
    """

    account: int
    """On one account from one address, or from one known device."""
    everywhere: int
    """On one account from all addresses together."""
    address: int
    cabinet: int | None
    """None: nothing that is typed here opens anything, so that nothing is gained by closing it to a whole cabinet."""
    cabinet_a_day: int | None = None


LIMITS: dict[Form, Limits] = {
    Form.SIGN_IN: Limits(account=10, everywhere=40, address=60, cabinet=400),
    # Answered by e-mail whatever was typed, so that every attempt counts: a thousand letters may arrive in one day.
    Form.FIRST_VISIT: Limits(account=5, everywhere=20, address=30, cabinet=1000),
    Form.INITIAL_SECRET: Limits(account=5, everywhere=20, address=30, cabinet=60, cabinet_a_day=60),
    Form.PERSONAL_CODE: Limits(account=5, everywhere=20, address=30, cabinet=10_000),
    # Each contact gets few letters whoever asks (`links.may_mail`).
    Form.FORGOTTEN: Limits(account=3, everywhere=12, address=30, cabinet=None),
    Form.ACTIVATION: Limits(account=10, everywhere=40, address=30, cabinet=200),
    Form.CURRENT_PASSWORD: Limits(account=5, everywhere=5, address=60, cabinet=400),
    Form.MESSAGE: Limits(account=5, everywhere=5, address=60, cabinet=400),
    # A code of 59 bits names no cabinet: "account" is the address, and "cabinet" is everybody.
    Form.ENROLMENT: Limits(account=20, everywhere=20, address=20, cabinet=1000),
}


@dataclass(frozen=True)
class Counter:
    """One row of the table: what is counted, and how far."""

    cabinet_code: str
    scope: str
    key_hash: str
    limit: int
    window: dt.timedelta = WINDOW


@dataclass(frozen=True)
class TooMany:
    """The attempt is not looked at."""

    retry_after: int
    """Seconds."""
    is_day_spent: bool = False
    """Nothing but the cabinet's count of a day refused it: this account and this address have tries left."""

    @property
    def sentence(self) -> str:
        if self.retry_after <= WINDOW.total_seconds():
            return "Trop d’essais. Réessayez dans 15 minutes ou appelez le cabinet."
        return f"Trop d’essais. Réessayez dans {math.ceil(self.retry_after / 3600)} h ou appelez le cabinet."


@dataclass(frozen=True)
class Attempt:
    """Counted as failed until `succeeded` is called."""

    own: Counter
    """Of the account from this address, or of the known device."""
    shared: tuple[Counter, ...] = ()

    def succeeded(self) -> None:
        """Give the attempt back; the account from this address, or the known device, starts anew."""
        _rows(self.own).delete()
        _give_back(*self.shared)

    def was_not_looked_at(self) -> None:
        """Give the attempt back, and nothing more: it says nothing about who tried."""
        _give_back(self.own, *self.shared)


def _give_back(*counters: Counter) -> None:
    for counter in counters:
        _rows(counter).filter(failures__gt=0).update(failures=F("failures") - 1)


def begin(form: Form, cabinet_code: str, account: str, address: str, *, known_device: str = "") -> Attempt | TooMany:
    """Count an attempt at `form` on `account`.

    `address` is the client's (see `client_address`); `known_device` names a browser that has signed in to this
    account before: it has a count of its own and passes while account, address and cabinet are under attack.
    Whoever is refused is not counted further: an address that is refused uses up no account, and hammering on one
    account does not use up the cabinet.
    """
    limits = LIMITS[form]
    now = timezone.now()
    if known_device:
        device = _counter(cabinet_code, form, "device", f"{account}/{known_device}", limits.account)
        return _count(device, now) or Attempt(device)
    own = _counter(cabinet_code, form, "pair", f"{account}/{address}", limits.account)
    shared = [
        _counter("", form, "address", address, limits.address),
        _counter(cabinet_code, form, "account", account, limits.everywhere),
    ]
    if limits.cabinet_a_day is not None:
        shared.append(replace(_counter(cabinet_code, form, "day", "", limits.cabinet_a_day), window=DAY))
    if limits.cabinet is not None:
        shared.append(_counter(cabinet_code, form, "cabinet", "", limits.cabinet))
    for counter in (own, *shared):
        if too_many := _count(counter, now):
            return replace(too_many, is_day_spent=counter.scope == "day")
    return Attempt(own, tuple(shared))


def may_mail(cabinet_code: str, contact: str, *, a_day: int, anew_after: dt.timedelta) -> bool:
    """Count a letter without a link to this contact; False when it had one just now, or as many as a day allows.

    `contact`: its keyed hash.
    """
    now = timezone.now()
    limits = (("letter", 1, anew_after), ("letters", a_day, DAY))
    counters = (Counter(cabinet_code, scope, contact, limit, window) for scope, limit, window in limits)
    return not any(_count(counter, now) for counter in counters)


def may_look(cabinet_code: str, device: str) -> TooMany | None:
    """Count a device's look at a published dossier; None when it may.

    A person at the desk compares some dossiers an hour. A stolen token would want them all: at `LOOKS_A_DAY` for the
    whole cabinet, whatever its devices, a thousand take a week, and every one of them is in its patient's trail.
    """
    own = Counter(cabinet_code, "look", device, LOOKS_OF_A_DEVICE)
    everybody = Counter(cabinet_code, "looks", "", LOOKS_A_DAY, DAY)
    now = timezone.now()
    return _count(own, now) or _count(everybody, now)


def closed_accounts(cabinet_code: str, accounts: Collection[str]) -> frozenset[str]:
    """Of these accounts of a cabinet, those that were tried as often as one address may: somebody may be kept out."""
    fewest = min(LIMITS[form].account for form in TO_GET_IN)
    counted = Throttle.objects.filter(
        cabinet_code=cabinet_code, scope="account", window_start__gt=timezone.now() - WINDOW, failures__gte=fewest
    )
    failures = dict(counted.values_list("key_hash", "failures"))
    if not failures:
        return frozenset()  # as nearly always: no account needs to be hashed
    return frozenset(
        account
        for account in accounts
        for form in TO_GET_IN
        if failures.get(_counter(cabinet_code, form, "account", account, 0).key_hash, 0) >= LIMITS[form].account
    )


def forget_old(now: dt.datetime | None = None) -> int:
    """Delete counts whose window is long over; how many."""
    deleted, _ = Throttle.objects.filter(window_start__lt=(now or timezone.now()) - 2 * DAY).delete()
    return deleted


def _counter(cabinet_code: str, form: Form, scope: str, key: str, limit: int) -> Counter:
    hashed = settings.SEALER.keyed_hash("throttle", f"{form}/{scope}/{cabinet_code}/{key}")
    return Counter(cabinet_code, scope, hashed, limit)


def _count(counter: Counter, now: dt.datetime) -> TooMany | None:
    failures, since = _add_one(counter, now)
    if failures <= counter.limit:
        return None
    return TooMany(max(1, math.ceil((since + counter.window - now).total_seconds())))


def _add_one(counter: Counter, now: dt.datetime) -> tuple[int, dt.datetime]:
    """One statement, so that parallel attempts are counted one by one by the database itself (SQLite, PostgreSQL)."""
    table = connection.ops.quote_name(Throttle._meta.db_table)  # noqa: SLF001 - Django's public name for it
    at = connection.ops.adapt_datetimefield_value(now)
    over = connection.ops.adapt_datetimefield_value(now - counter.window)
    statement = f"""
        INSERT INTO {table} (cabinet_code, scope, key_hash, window_start, failures) VALUES (%s, %s, %s, %s, 1)
        ON CONFLICT (cabinet_code, scope, key_hash) DO UPDATE SET
            failures = CASE WHEN {table}.window_start <= %s THEN 1 ELSE {table}.failures + 1 END,
            window_start = CASE WHEN {table}.window_start <= %s THEN excluded.window_start
                                ELSE {table}.window_start END
        RETURNING failures, window_start"""  # noqa: S608 - the table's own name
    with connection.cursor() as cursor:
        cursor.execute(statement, [counter.cabinet_code, counter.scope, counter.key_hash, at, over, over])
        [(failures, since)] = cursor.fetchall()
    return int(failures), _aware(since)


def _aware(value: dt.datetime | str) -> dt.datetime:
    """SQLite answers a raw statement with text in UTC."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        raise ValueError(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _rows(counter: Counter) -> QuerySet[Throttle]:
    return Throttle.objects.filter(cabinet_code=counter.cabinet_code, scope=counter.scope, key_hash=counter.key_hash)


def client_address(request: HttpRequest, trusted_proxies: Sequence[str]) -> str:
    """Whom an attempt comes from. A forwarded header counts only as far as trusted proxies wrote it.

    `trusted_proxies`: addresses or networks. An IPv6 home has a /64 to itself and counts as one address.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    address = str(request.META.get("REMOTE_ADDR", ""))
    while hops and _is_trusted(address, trusted_proxies):
        address = hops.pop()
    return _household(address)


def _is_trusted(address: str, proxies: Sequence[str]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(proxy.strip(), strict=False) for proxy in proxies)


def _household(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def guesses_a_year(limits: Limits) -> float:
    """How many wrong secrets the whole world can try on one cabinet within a year of unbroken attack.

    Known devices add nothing: a browser becomes known by signing in.
    """
    by_window = math.inf if limits.cabinet is None else limits.cabinet * (dt.timedelta(days=365) / WINDOW)
    return by_window if limits.cabinet_a_day is None else min(by_window, limits.cabinet_a_day * 365)


def expected_break_ins(guesses: float, secrets: float) -> float:
    """Dossiers of one cabinet opened within a year by `guesses` on equally likely secrets out of `secrets`.

    Each guess on any account succeeds with 1/`secrets`: with 4,383 birth dates, 20 guesses a day open 1.7 dossiers a
    year and 43 a year 0.01 (SECURITY.md, "Why a birth date cannot be a password"). That is why a birth date opens
    nothing in the `confirmed` level; a personal code is one of 31**12.
    """
    return guesses / secrets
