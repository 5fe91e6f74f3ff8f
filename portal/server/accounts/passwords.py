"""Passwords: how they are hashed, how many at once, and which ones are refused, with a sentence that says why."""

import gzip
import hmac
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher

from cabinet.dossier import Patient
from cabinet.errors import WebOrthoError

MIN_LENGTH = 12
MAX_LENGTH = 128
"""OWASP ASVS 5.0, 6.2.1 and 6.2.9."""
_SALT_LENGTH = 32
"""Hexadecimal signs: 128 bits."""
_MIN_DISTINCT = 5
_MIN_NAME = 4
"""Names shorter than this occur by chance in good passwords."""

_EXPECTED_HERE = frozenset({"motdepasse", "azertyuiop", "orthodontie", "orthodontiste", "appareildentaire", "webortho"})
"""What people choose for such a site, besides Django's list of common passwords."""


class OwaspArgon2Hasher(Argon2PasswordHasher):
    """argon2id with OWASP's second set of parameters (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class TooBusy(WebOrthoError):
    """As many passwords wait for their hash as may wait: this one was not looked at."""

    def __init__(self) -> None:
        super().__init__("Le portail est très sollicité.", "Réessayez dans un instant.")


class BoundedHashing:
    """At most one hash a core at a time: argon2 lets go of the interpreter, and pages must stay fast meanwhile.

    A few more may wait, and not for long: a flood of sign-ins must not hold all threads of the server.
    """

    def __init__(self, at_once: int, *, waiting: int = 3, patience: float = 3.0) -> None:
        """`patience`: seconds that a password waits for its turn."""
        self._slots = BoundedSemaphore(at_once)
        self._places = BoundedSemaphore(at_once + waiting)
        self._patience = patience
        self._hasher = OwaspArgon2Hasher()

    def hash(self, password: str, salt: str) -> str:
        """The stored form of a password. `salt`: at least 8 ASCII characters without "$". Raise `TooBusy`."""
        with self._turn():
            return self._hasher.encode(_canonical(password), salt)

    def first_match(self, password: str, stored: Sequence[str], salt: str) -> int | None:
        """Index in `stored` of the password's hash. One hash exactly, whatever `stored` holds, even nothing.

        Raise `TooBusy`.
        """
        hashed = self.hash(password, salt)
        matches = [hmac.compare_digest(hashed, each) for each in stored]
        return matches.index(True) if True in matches else None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooBusy
        try:
            if not self._slots.acquire(timeout=self._patience):
                raise TooBusy
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._places.release()


HASHING = BoundedHashing(os.cpu_count() or 1)


def salt_for(cabinet_id: int, number: str) -> str:
    """The salt of a dossier's passwords: the same for all its accesses, and there even for a dossier that is not.

    Derived with the installation's secret, so it is unique, and nobody else can compute tables for it.
    """
    return settings.SEALER.keyed_hash("password-salt", f"{cabinet_id}/{number}")[:_SALT_LENGTH]


@dataclass(frozen=True)
class Circumstances:
    """What everybody who knows the patient could guess from."""

    patient: Patient
    cabinet_name: str
    cabinet_code: str
    emails: Collection[str] = ()


def refusal(password: str, around: Circumstances) -> str:
    """Why this password may not be chosen, as a sentence for the person; "" when it may."""
    text = _canonical(password)
    if len(text) < MIN_LENGTH:
        return "Ce mot de passe est trop court. Choisissez au moins 12 caractères, par exemple quatre mots."
    if len(text) > MAX_LENGTH:
        return "Ce mot de passe est trop long. Choisissez au plus 128 caractères."
    if len(set(text.casefold())) < _MIN_DISTINCT or _is_common(text):
        return (
            "Ce mot de passe est trop courant. Choisissez-en un autre, par exemple quatre mots sans rapport entre eux."
        )
    return _personal(_plain(text), around)


def _personal(plain: str, around: Circumstances) -> str:
    patient = around.patient
    born = patient.birth_date
    digits = re.sub(r"\D", "", plain)
    if born and any(born.strftime(form) in digits for form in ("%d%m%Y", "%Y%m%d", "%m%d%Y")):
        return "Ce mot de passe contient la date de naissance du patient. Choisissez-en un qui ne parle pas de lui."
    number = _plain(patient.number)
    without_number = plain.replace(number, "")
    if number and without_number != plain and len(_letters(without_number)) < MIN_LENGTH:
        return "Ce mot de passe contient votre identifiant. Choisissez-en un autre."
    if any(len(name) >= _MIN_NAME and name in plain for name in _words(patient.last_name, patient.first_name)):
        return "Ce mot de passe contient le nom ou le prénom du patient. Choisissez-en un qui ne parle pas de lui."
    around_cabinet = (*_words(around.cabinet_name), _plain(around.cabinet_code))
    if any(len(name) >= _MIN_NAME and name in plain and len(plain) - len(name) < MIN_LENGTH for name in around_cabinet):
        return "Ce mot de passe contient le nom du cabinet. Choisissez-en un autre."
    if any(_plain(email) in plain or plain == _plain(email.partition("@")[0]) for email in around.emails if email):
        return "Ce mot de passe contient votre adresse e-mail. Choisissez-en un autre."
    return ""


def _is_common(text: str) -> bool:
    plain = _plain(text)
    letters = _letters(plain)
    candidates = {text.casefold(), plain, letters, *(plain[: len(plain) // n] for n in (2, 3) if _repeats(plain, n))}
    return bool(candidates & (_common_passwords() | _EXPECTED_HERE))


def _repeats(text: str, times: int) -> bool:
    return text == text[: len(text) // times] * times


@cache
def _common_passwords() -> frozenset[str]:
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


def _canonical(password: str) -> str:
    """The same accented password from any keyboard (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    """Lower-case letters and digits without accents."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in bare if sign.isalnum())


def _letters(plain: str) -> str:
    return "".join(sign for sign in plain if not sign.isdigit())


def _words(*names: str) -> tuple[str, ...]:
    return tuple(_plain(word) for name in names for word in re.split(r"[\s’'-]+", name) if word)
