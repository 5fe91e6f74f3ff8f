"""Values as exports write them -> typed values: numbers as text, money, minutes, yes/no, statuses, civilities.

Every parser returns the value, or the field's "nothing" for an empty text, or raises `Unreadable` with a French
reason. None of them guesses: what could mean two things is refused, and the mapping file can say which one it is.
Dates are in `cabinet.dates`, e-mail addresses and telephone numbers in `cabinet.contacts`.
"""

import re
import unicodedata
from collections.abc import Mapping

from cabinet.dossier import AppointmentStatus

MAX_NUMBER_LENGTH = 64
MAX_MINUTES = 24 * 60
MAX_CENTS = 100_000_000_000
MAX_AMOUNT_LENGTH = 40
"""Signs of an amount: a binary fraction prints up to 17 digits; thousands of them are no amount but an attack."""


FORMULA_ERRORS = frozenset(
    f"#{error}"
    for english, french in (("VALUE!", "VALEUR!"), ("NAME?", "NOM?"), ("NUM!", "NOMBRE!"), ("NULL!", "NUL!"))
    for error in (english, french, "REF!", "N/A", "DIV/0!")
)
"""What spreadsheets show in place of a value that cannot be computed, in English and French."""


class Unreadable(ValueError):
    """A text that is not a value of its field. `code` groups problems; `reason` goes on after « value » in French."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class ReadAs(Unreadable):
    """A text that says what cannot be, and is told; `value` is what stands in its place."""

    def __init__(self, value: object, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.value = value


class MissingValue(Unreadable):
    """A required field whose cell is empty."""

    def __init__(self, field: str) -> None:
        super().__init__(f"missing-{field.replace('_', '-')}", "est vide")


def clean(text: str) -> str:
    """One line of printable text in Unicode NFC: white space of any kind is one space, control characters go."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    # Nearly all is clean as it comes: asking so is quicker than making it so.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    text = " ".join(text.split())
    # What goes may have stood between a letter and its accent, or between two spaces: begin anew.
    return text if text.isprintable() else clean("".join(c for c in text if c.isprintable()))


def parse_text(text: str) -> str:
    """As `clean`; an error of a spreadsheet's formula is nobody's name."""
    found = clean(text)
    if found.startswith("#") and found.upper().replace(" ", "") in FORMULA_ERRORS:
        raise Unreadable("formula-error", "est une erreur de calcul du tableur")
    return found


def fold(text: str) -> str:
    """What two spellings of a word share: without accents, case, dots and outer space."""
    folded = clean(text).casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFD", folded)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    return folded.replace(".", "").strip()


_TOTAL = re.compile(r"(?:(?:sous|grand)[ -]?)?tota(?:l|ux)\b|nombre d")
"""Begins the line of a spreadsheet that adds up those above."""


def parse_number(text: str) -> str:
    """A patient's number is text: "0042", "A-17" and UUIDs stay as they are. « Total » is nobody's.

    A spreadsheet that took the column for decimals writes "5312.0": the ".0" (or ",0") after digits alone is dropped.
    Scientific notation ("1,2E+05") has lost digits and is refused. At most 64 characters (the portal's limit).
    """
    if text.isalnum() and text.isascii() and len(text) <= MAX_NUMBER_LENGTH and not text.isalpha():
        return text
    number = parse_text(text)
    if _TOTAL.match(fold(number)):
        raise Unreadable("total-line", "est une ligne de total")
    if re.fullmatch(r"\d+[.,]0+", number):
        return re.split(r"[.,]", number)[0]
    if re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", number) and "+" in number:
        raise Unreadable("unreadable-number", "est un numéro abîmé par un tableur (notation scientifique)")
    if len(number) > MAX_NUMBER_LENGTH:
        raise Unreadable("unreadable-number", f"dépasse {MAX_NUMBER_LENGTH} caractères")
    return number


_MONEY = re.compile(r"(?P<sign>[-+\N{MINUS SIGN}]?)(?P<digits>\d[\d.,]*|[.,]\d+)", re.ASCII)
_CURRENCY = re.compile(r"^€|€$|\bEUR$|\beuros?$", re.IGNORECASE)
_GROUP_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


class Amounts:
    """Reads money into integer cents, and remembers the decimal signs it met (`seen`).

    Comma and point both serve as decimal sign; spaces (thin, no-break) and apostrophes separate thousands; a € or EUR
    may stand on either side. With both signs the last one is the decimal. One sign before exactly three digits
    ("1,234") could be either and is refused, unless `decimal` fixes the sign. More than two decimals are read only
    where they say nothing more ("390.0000", a float's "3652.5600000000004").
    """

    def __init__(self, decimal: str = "") -> None:
        self._decimal = decimal
        self.seen: set[str] = set()

    def cents(self, text: str) -> int | None:
        bare = _GROUP_SPACE.sub("", _CURRENCY.sub("", text.strip()).strip())
        if not bare:
            return None
        match = _MONEY.fullmatch(bare)
        if match is None or len(bare) > MAX_AMOUNT_LENGTH:
            raise Unreadable("unreadable-amount", "n’est pas un montant")
        whole, decimals = self._split(match["digits"])
        cents = int(whole + decimals[:2].ljust(2, "0"))
        if noise := decimals[2:]:
            cents += _rounded(noise)
        if cents > MAX_CENTS:
            raise Unreadable("unreadable-amount", "dépasse un milliard d’euros")
        return cents if match["sign"] in ("", "+") else -cents

    def _split(self, digits: str) -> tuple[str, str]:
        """Whole part and decimals, both as digits alone."""
        sign = self._decimal or self._decimal_sign(digits)
        if not sign or sign not in digits:
            whole, decimals = digits, ""
        else:
            whole, _, decimals = digits.rpartition(sign)
            self.seen.add(sign)
        grouping = "." if sign == "," else ","
        if (decimals and not decimals.isdecimal()) or not re.fullmatch(rf"\d*|\d{{1,3}}(?:\{grouping}\d{{3}})+", whole):
            raise Unreadable("unreadable-amount", "n’est pas un montant")
        return whole.replace(grouping, "") or "0", decimals

    @staticmethod
    def _decimal_sign(digits: str) -> str:
        comma, point = digits.count(","), digits.count(".")
        if comma and point:
            return "," if digits.rfind(",") > digits.rfind(".") else "."
        sign = "," if comma else "."
        if comma + point > 1:
            # Two of one sign can only separate thousands.
            return "." if sign == "," else ","
        if comma + point == 1 and len(digits.rpartition(sign)[2]) == 3 and digits.rpartition(sign)[0] not in ("", "0"):
            raise Unreadable("ambiguous-amount", "peut se lire avec ou sans décimales")
        return sign if comma + point else ""


def _rounded(noise: str) -> int:
    """The cent that decimals beyond the second add, where they are zeros or the tail of a binary fraction."""
    if not noise.strip("0") or (len(noise) > 6 and noise.startswith("0000")):
        return 0
    if len(noise) > 6 and noise.startswith("9999"):
        return 1
    raise Unreadable("unreadable-amount", "a plus de deux décimales")


_MINUTES = re.compile(r"(?P<minutes>\d{1,4})(?:[.,]0+)?\s*(?:min|mn|minutes?|')?\.?", re.IGNORECASE)
_HOURS = re.compile(r"(?P<hours>\d{1,2})\s*[hH:]\s*(?P<minutes>[0-5]\d)?(?::00)?")


def parse_minutes(text: str) -> int | None:
    """A duration in minutes: "20", "20 min", "20.0", "1h30", "00:20". At most a day."""
    bare = clean(text)
    if not bare:
        return None
    if match := _MINUTES.fullmatch(bare):
        minutes = int(match["minutes"])
    elif (match := _HOURS.fullmatch(bare)) and (match["minutes"] or ":" not in bare):
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    else:
        raise Unreadable("unreadable-duration", "n’est pas une durée")
    if minutes > MAX_MINUTES:
        raise Unreadable("unreadable-duration", "dépasse une journée")
    return minutes


def parse_rank(text: str) -> int | None:
    """A small whole number: 1 is the addressee whom letters go to."""
    bare = clean(text)
    if not bare:
        return None
    if match := re.fullmatch(r"(\d{1,3})(?:[.,]0+)?", bare):
        return int(match[1])
    raise Unreadable("unreadable-rank", "n’est pas un rang")


_YES = frozenset({"oui", "o", "1", "vrai", "yes", "y", "true", "x", "-1"})
_NO = frozenset({"non", "n", "0", "faux", "no", "false"})


def parse_boolean(text: str) -> bool | None:
    """oui/non, O/N, 1/0, vrai/faux, yes/no, true/false, a ticked "x", and Access's -1."""
    word = fold(text)
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable("unreadable-boolean", "n’est ni «\u00a0oui\u00a0» ni «\u00a0non\u00a0»")


_STATUSES: Mapping[str, AppointmentStatus] = {
    **dict.fromkeys(("planned", "prevu", "planifie", "programme", "a venir", "confirme"), AppointmentStatus.PLANNED),
    **dict.fromkeys(("attended", "honore", "venu", "present", "effectue", "realise"), AppointmentStatus.ATTENDED),
    **dict.fromkeys(("missed", "absent", "manque", "non honore", "non venu"), AppointmentStatus.MISSED),
    **dict.fromkeys(("cancelled", "canceled", "annule", "reporte", "decommande"), AppointmentStatus.CANCELLED),
}


def parse_status(text: str) -> AppointmentStatus:
    """Planned, attended, missed or cancelled, in French (any gender and number) or as the program's own word.

    An unknown word is refused: an appointment called off must never be shown as one to come to.
    """
    word = fold(text)
    if not word:
        return AppointmentStatus.PLANNED
    for candidate in (word, word.removesuffix("s"), word.removesuffix("s").removesuffix("e")):
        if candidate in _STATUSES:
            return _STATUSES[candidate]
    raise Unreadable("unknown-status", "n’est pas un état de rendez-vous connu")


_CIVILITIES: Mapping[str, str] = {
    **dict.fromkeys(("m", "mr", "monsieur", "mister"), "Monsieur"),
    **dict.fromkeys(("mme", "madame", "mrs", "ms"), "Madame"),
    **dict.fromkeys(("mlle", "melle", "mademoiselle", "miss"), "Mademoiselle"),
    **dict.fromkeys(("dr", "docteur"), "Docteur"),
    **dict.fromkeys(("pr", "professeur"), "Professeur"),
    **dict.fromkeys(("me", "maitre"), "Maître"),
    **dict.fromkeys(
        (
            "m et mme",
            "mr et mme",
            "m & mme",
            "mr & mme",
            "m/mme",
            "monsieur et madame",
            "mme et m",
            "madame et monsieur",
        ),
        "Monsieur et Madame",
    ),
    "famille": "Famille",
}


def parse_civility(text: str) -> str:
    """A civility written out, as letters need it: "M.", "Mr", "MONSIEUR" -> "Monsieur"."""
    word = fold(text)
    if not word:
        return ""
    if word not in _CIVILITIES:
        raise Unreadable("unknown-civility", "n’est pas une civilité connue")
    return _CIVILITIES[word]
