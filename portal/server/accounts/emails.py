"""E-mail addresses as people type them."""

from cabinet.contacts import ascii_email

INCOMPLETE = "Cette adresse e-mail est incomplète. Exemple : nom@exemple.fr"
MAX_LENGTH = 254


def email_typed(text: str) -> str | None:
    """The address in one ASCII spelling, "" for an empty field, None for what is no address."""
    address = text.strip()
    if not address:
        return ""
    return ascii_email(address) if len(address) <= MAX_LENGTH else None
