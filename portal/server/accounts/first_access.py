"""What a cabinet tells its patients as the initial secret, and what that secret may open: one policy object.

A personal code is accepted on the first visit whatever the policy (59 bits open by themselves: SECURITY.md): see
`portal.server.accounts.codes`. This module holds what can be decided from the dossier and the settings alone.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cabinet.dossier import Patient
from portal.pages.settings import FirstAccess, FirstAccessPolicy, ProtectionLevel

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs: no 0/O, no 1/I/L."""
CODE_LENGTH = 12

BIRTH_DATE_IN_WORDS = "date de naissance du patient (JJMMAAAA)"
CODE_IN_WORDS = "code personnel imprimé sur votre carte ou votre lettre"

_DAY_FIRST = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})")
_BARE = re.compile(r"\d{8}")
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def typed_birth_date(typed: str) -> str:
    """JJMMAAAA of what was typed, or "". Separators are forgiven; a browser's date field sends the year first."""
    text = typed.strip()
    if match := _DAY_FIRST.fullmatch(text):
        return f"{int(match[1]):02}{int(match[2]):02}{match[3]}"
    if match := _YEAR_FIRST.fullmatch(text):
        return f"{int(match[3]):02}{int(match[2]):02}{match[1]}"
    bare = re.sub(r"[\s./-]", "", text)
    return bare if _BARE.fullmatch(bare) and bare.isascii() else ""


def normalised_code(typed: str) -> str:
    """A personal code as it is hashed: capitals, without the spaces and hyphens that make it readable."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", typed).upper()


def is_birth_date(typed: str, patient: Patient) -> bool:
    """Whether `typed` is the patient's birth date, compared in constant time; never when none is on file."""
    on_file = patient.birth_date.strftime("%d%m%Y") if patient.birth_date else ""
    return _same(typed_birth_date(typed), on_file) and bool(on_file)


@dataclass(frozen=True)
class FirstAccessRule:
    policy: FirstAccessPolicy
    level: ProtectionLevel
    pattern: str

    @classmethod
    def of(cls, chosen: FirstAccess) -> Self:
        return cls(chosen.policy, chosen.level, chosen.pattern)

    @property
    def opens_at_once(self) -> bool:
        """The level of the original procedure: its risk is the cabinet's choice (SECURITY.md, measured)."""
        return self.level is ProtectionLevel.PROCEDURE

    def matches(self, typed: str, patient: Patient) -> bool:
        """Whether `typed` is this patient's initial secret, as far as the dossier tells; constant-time."""
        match self.policy:
            case FirstAccessPolicy.BIRTH_DATE:
                return is_birth_date(typed, patient)
            case FirstAccessPolicy.PATTERN:
                return self._is_pattern(typed, patient.number)
            case FirstAccessPolicy.PERSONAL_CODE:
                return False

    def is_personal_code(self, typed: str, numbers: Iterable[str]) -> bool:
        """Whether this can be nothing but a personal code, right or wrong. Decided without any account.

        `numbers`: all that the typed number may mean. A pattern may well look like a code.
        """
        looks_like_one = _CODE.fullmatch(normalised_code(typed)) is not None
        return looks_like_one and not any(self._is_pattern(typed, number) for number in numbers)

    def looks_like_initial_secret(self, typed: str, number: str) -> bool:
        """Whether somebody who typed this as a password means the first visit. Decided without any account."""
        if typed_birth_date(typed) or _CODE.fullmatch(normalised_code(typed)):
            return True
        return self._is_pattern(typed, number)

    def described(self, number: str, code: str = "") -> str:
        """What `@MDP` merges: the pattern's result, the personal code, or words; never the birth date itself."""
        match self.policy:
            case FirstAccessPolicy.BIRTH_DATE:
                return BIRTH_DATE_IN_WORDS
            case FirstAccessPolicy.PATTERN:
                return self._pattern_for(number)
            case FirstAccessPolicy.PERSONAL_CODE:
                return code or CODE_IN_WORDS

    def _is_pattern(self, typed: str, number: str) -> bool:
        return self.policy is FirstAccessPolicy.PATTERN and _same(_folded(typed), _folded(self._pattern_for(number)))

    def _pattern_for(self, number: str) -> str:
        return self.pattern.replace("@ORDRE", number)


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
