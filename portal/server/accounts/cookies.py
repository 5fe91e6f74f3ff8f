"""The cookies beside the session's: remembered identifiers, and the mark of a browser that signed in before."""

import base64
import hmac
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.server.accounts.identifiers import account_key
from portal.server.cabinets.models import Cabinet

_ONE_YEAR = 365 * 24 * 60 * 60
_TEN_MINUTES = 10 * 60
_REMEMBERED = "identifiants"
_HANDED_OVER = "premiere-visite"
_DEVICE = "appareil"
_MARKS = 8
"""Brothers and sisters on one telephone."""
_MARK_LENGTH = 32
_DEVICE_FORM = re.compile(r"[0-9a-f]{32}(?:\.[0-9a-f]{32}){0,8}")


def remembered(request: HttpRequest) -> tuple[str, str]:
    """Cabinet code and number that the person asked to be remembered; empty if none. Never a password."""
    return _pair(request.COOKIES.get(_REMEMBERED, ""))


def remember(response: HttpResponse, code: str, number: str) -> None:
    _set(response, _REMEMBERED, _paired(code, number), _ONE_YEAR)


def forget(response: HttpResponse) -> None:
    _set(response, _REMEMBERED, "", 0)


def handed_over(request: HttpRequest) -> tuple[str, str]:
    """Cabinet code and number that were typed at the sign-in by somebody who meant the first visit; empty if none."""
    return _pair(request.COOKIES.get(_HANDED_OVER, ""))


def hand_over(response: HttpResponse, code: str, number: str) -> None:
    """Not in the address: numbers have no place in a browser's history."""
    _set(response, _HANDED_OVER, _paired(code, number), _TEN_MINUTES)


def known_device(request: HttpRequest, cabinet: Cabinet | None, number: str) -> str:
    """The name of this browser if it has signed in to this account before, else ""."""
    device, marks = _device(request)
    if cabinet is None or not device:
        return ""
    own = _mark(device, cabinet, number)
    return device if any(hmac.compare_digest(own, mark) for mark in marks) else ""


def mark_device(request: HttpRequest, response: HttpResponse, cabinet: Cabinet, number: str) -> None:
    """Let this browser pass an attack on this account. It opens nothing: the password is still asked."""
    device, marks = _device(request)
    device = device or secrets.token_hex(_MARK_LENGTH // 2)
    own = _mark(device, cabinet, number)
    kept = [mark for mark in marks if mark != own][-(_MARKS - 1) :]
    _set(response, _DEVICE, ".".join((device, *kept, own)), _ONE_YEAR)


def _paired(code: str, number: str) -> str:
    return base64.urlsafe_b64encode(f"{code}\n{number}".encode()).decode()


def _pair(value: str) -> tuple[str, str]:
    try:
        plain = base64.urlsafe_b64decode(value.encode()).decode()
    except ValueError:
        return "", ""
    code, _, number = plain.partition("\n")
    # Our own are printable: any other was made up.
    return (code, number) if (code + number).isprintable() else ("", "")


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    value = request.COOKIES.get(_DEVICE, "")
    if not _DEVICE_FORM.fullmatch(value):
        return "", []
    device, *marks = value.split(".")
    return device, marks


def _mark(device: str, cabinet: Cabinet, number: str) -> str:
    return settings.SEALER.keyed_hash("device", f"{device}/{cabinet.pk}/{account_key(number)}")[:_MARK_LENGTH]


def _set(response: HttpResponse, name: str, value: str, max_age: int) -> None:
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="Lax", secure=not settings.CONFIG.is_loopback
    )
