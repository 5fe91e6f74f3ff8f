"""How a family is reached, as exports write it: e-mail addresses, telephone numbers, postcodes."""

import re

from cabinet.values import Unreadable, clean

_PLAIN_EMAIL = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:fr|com|net|org|eu|be|ch|lu)",
    re.IGNORECASE | re.ASCII,
)
"""Addresses that are valid at a glance: thirty times quicker than the full rules, which decide on all others."""


def parse_email(text: str) -> str:
    """An e-mail address by the rules of `ascii_email`; its domain in lower case."""
    address = clean(text)
    if not address:
        return ""
    if _PLAIN_EMAIL.fullmatch(address) and len(address) <= 64:
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"
    if (usable := ascii_email(address)) is None:
        raise Unreadable("unreadable-email", "n’est pas une adresse e-mail valable")
    return usable


def ascii_email(address: str) -> str | None:
    """The address as every mail server takes it, by the rules of email-validator (no DNS); None for any other.

    Few servers take accents before the @ (RFC 6531), so there they are refused; those of a domain have a spelling
    without ("xn--…", RFC 5891).
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import, seldom needed

    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True).ascii_email
    except EmailNotValidError:
        return None


_USUAL_PHONE = re.compile(r"0[1-9](?: \d\d){4}", re.ASCII)
"""Most come in the spelling that they are given."""


def parse_phone(text: str) -> str:
    """A telephone number in one spelling: "06 39 98 12 34" for France, "+41791234567" for elsewhere.

    Only writing is normalised; nothing is added. Nine digits, from a spreadsheet that dropped the zero, are refused.
    """
    if _USUAL_PHONE.fullmatch(text):
        return text
    bare = clean(text)
    if not bare:
        return ""
    digits = re.sub(r"[\s./()_-]", "", bare.replace("(0)", ""))
    digits = re.sub(r"^00", "+", digits)
    digits = re.sub(r"^\+330?(?=[1-9]\d{8}$)", "0", digits)
    if re.fullmatch(r"0[1-9]\d{8}", digits):
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        return digits
    raise Unreadable("unreadable-phone", "n’est pas un numéro de téléphone")


def parse_postcode(text: str) -> str:
    """A postcode is text: its leading zero stays, letters exist abroad. A spreadsheet's "21000.0" loses the ".0"."""
    return re.sub(r"(?<=^\d{5})[.,]0+$", "", clean(text))
