"""E-mail addresses as people type them."""

from email_validator import EmailNotValidError, validate_email

INCOMPLETE = "Cette adresse e-mail est incomplète. Exemple : nom@exemple.fr"
MAX_LENGTH = 254


def email_typed(text: str) -> str | None:
    """The address in one spelling, "" for an empty field, None for what is no address."""
    address = text.strip()
    if not address:
        return ""
    if len(address) > MAX_LENGTH:
        return None
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None
