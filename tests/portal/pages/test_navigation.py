"""Which pages are open, and where a patient lands."""

import msgspec
import pytest

from portal.pages import addresses
from portal.pages.navigation import accounts_address, first_open_address, page_is_open
from portal.pages.settings import PortalSettings

PAGES = ("appointments", "accounts.schedule", "accounts.fees", "contact", "dossier.change_password")


def _open(*hidden: str) -> list[str]:
    return [key for key in PAGES if page_is_open(key, PortalSettings(hidden=hidden))]


def test_every_page_is_open_unless_it_is_hidden() -> None:
    assert _open() == list(PAGES)


@pytest.mark.parametrize(
    ("hidden", "closed"),
    [
        ("appointments", {"appointments"}),
        ("accounts", {"accounts.schedule", "accounts.fees"}),
        ("accounts.fees", {"accounts.fees"}),
        ("accounts.schedule", {"accounts.schedule"}),
        ("contact", {"contact"}),
        ("dossier", {"dossier.change_password"}),
    ],
)
def test_hiding_closes_the_page_and_no_other(hidden: str, closed: set[str]) -> None:
    assert set(PAGES) - set(_open(hidden)) == closed


def test_with_both_tables_hidden_the_accounts_stay_for_the_balance() -> None:
    settings = PortalSettings(hidden=("accounts.schedule", "accounts.fees"))
    assert page_is_open("accounts.schedule", settings)
    assert not page_is_open("accounts.fees", settings)


def test_an_essential_page_is_open_whatever_a_document_says() -> None:
    assert page_is_open("footer.privacy", PortalSettings(hidden=("footer.privacy", "footer")))


def test_a_page_that_is_not_declared_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        page_is_open("acounts", PortalSettings())


def test_comptabilite_leads_to_the_fees_when_only_these_are_shown() -> None:
    assert accounts_address(PortalSettings()) == addresses.ACCOUNTS
    assert accounts_address(PortalSettings(hidden=("accounts.schedule",))) == addresses.FEES


@pytest.mark.parametrize(
    ("hidden", "address"),
    [
        ((), addresses.APPOINTMENTS),
        (("appointments",), addresses.ACCOUNTS),
        (("appointments", "accounts.schedule"), addresses.FEES),
        (("appointments", "accounts"), addresses.CONTACT),
        (("appointments", "accounts", "contact"), addresses.HOME),
    ],
)
def test_a_sign_in_ends_on_the_first_open_page(hidden: tuple[str, ...], address: str) -> None:
    assert first_open_address(msgspec.structs.replace(PortalSettings(), hidden=hidden)) == address
