"""The cabinet resets a dossier in the middle of somebody's request: they are led to the door, and nothing breaks."""

from typing import Any

import pytest

from portal.server.accounts import changes, first_visit, links, sign_in, views
from portal.server.accounts.models import Access, OneTimeLink, Session
from portal.server.cabinets.models import Cabinet
from tests.portal.server.browser import PASSWORD, Browser, letters, path_in, path_of, sent, with_access

pytestmark = pytest.mark.django_db(transaction=True)
"""The database looks at references when a transaction ends."""
BIRTH = "15042012"


def test_a_reset_right_after_the_password_was_chosen_leads_to_the_door(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    browser.first_visit("5312", BIRTH)
    browser.post(path_in(letters()[0]))
    finish = first_visit.finish

    def and_reset(*arguments: Any) -> Any:
        finished = finish(*arguments)
        changes.revoke_all(published, "5312")
        return finished

    monkeypatch.setattr(first_visit, "finish", and_reset)
    assert browser.choose().status_code == 303
    assert not browser.is_in()


def test_a_reset_right_after_the_password_was_compared_refuses_the_sign_in(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_access()

    def and_reset(*arguments: Any) -> Access | None:
        access = sign_in.access_of(*arguments)
        changes.revoke_all(published, "5312")
        return access

    monkeypatch.setattr(views, "access_of", and_reset)
    browser = Browser()
    assert browser.sign_in("5312", PASSWORD).status_code == 200
    assert not browser.is_in()


def test_a_reset_while_a_printed_link_is_opened_leaves_it_dead(
    published: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = sent(published)
    give_back = links.give_date_back

    def and_reset(link: OneTimeLink) -> None:
        give_back(link)
        changes.revoke_all(published, "5312")

    monkeypatch.setattr(links, "give_date_back", and_reset)
    assert Browser().post(path_of(secret), {"birth_date": BIRTH}).status_code == 404
    assert not Session.objects.of(published).exists()
