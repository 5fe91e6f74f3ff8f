"""Which pages of a signed-in patient are open, and where a patient lands: hidden pages have no address at all."""

from portal.pages import addresses
from portal.pages.elements import is_visible, visible_keys
from portal.pages.settings import PortalSettings

_ADDRESSES = {
    "appointments": addresses.APPOINTMENTS,
    "accounts.schedule": addresses.ACCOUNTS,
    "accounts.fees": addresses.FEES,
    "contact": addresses.CONTACT,
}


def page_is_open(page_key: str, settings: PortalSettings) -> bool:
    """Whether a page answers at all; the server answers 404 where it is not.

    `page_key` is the key of a page or of the button that leads to it: appointments, accounts.schedule, accounts.fees,
    contact, dossier.change_password, dossier.change_email, appointments.next.calendar, appointments.upcoming.calendar.
    With both tables of the accounts hidden, their page stays for the balance. `KeyError` for an undeclared key.
    """
    if page_key == "accounts.schedule":
        shown = visible_keys(settings.hidden)
        return "accounts" in shown and (page_key in shown or "accounts.fees" not in shown)
    return is_visible(page_key, settings.hidden)


def accounts_address(settings: PortalSettings) -> str:
    """Where Comptabilité leads: the Échéancier, or the Honoraires when only these are shown."""
    return addresses.ACCOUNTS if page_is_open("accounts.schedule", settings) else addresses.FEES


def first_open_address(settings: PortalSettings) -> str:
    """Where a sign-in ends: the first of the three pages that is open, else Mon dossier alone."""
    return next((address for key, address in _ADDRESSES.items() if page_is_open(key, settings)), addresses.HOME)
