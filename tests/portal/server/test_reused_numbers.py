"""A number that the export gives to another patient: it waits, and then nothing of the former family opens it."""

import datetime as dt

import pytest

from cabinet.dossier import Dossier, Patient
from cabinet.identity import PARTS, PRINT_BYTES
from portal.api.desk import Accounts, Medium, Messages, Overview
from portal.api.shapes import Commit, Committed, ManifestEntry, Role, TableCounts
from portal.server.accounts.models import Access, AuditEvent, OneTimeLink, PendingAnswer, Session
from portal.server.cabinets.models import Cabinet
from portal.server.contact.models import Message
from portal.server.desk.models import Announcement
from portal.server.mail.models import QueuedMail
from portal.server.publishing.exclusion import exclude, readmit
from portal.server.publishing.models import PublishedDossier, Reason
from tests.portal.server.browser import BY_CODE, PASSWORD, Browser, configure, path_of, sent, with_access
from tests.portal.server.support import Publisher, enrolled, make_dossier
from tests.portal.server.test_publishing import manifest, read, refusal

ONE = TableCounts(patients=1)


def of_another(number: str = "5312") -> Dossier:
    patient = Patient(number, "Monsieur", "PETIT", "Lucas", dt.date(2015, 1, 9))
    return make_dossier(number, email="petit@exemple.fr", patient=patient)


@pytest.fixture
def practitioner(published: Cabinet) -> Publisher:
    configure(published)
    return Publisher(published, enrolled(published, Role.PRACTITIONER, "Bureau"))


def hand_over(publisher: Publisher, *numbers: str) -> Committed:
    """A run that publishes another patient under these numbers, confirmed."""
    state = publisher.open()
    publisher.stage(state.run, [of_another(number) for number in numbers])
    request = Commit(state.portal_root, 1, counts=ONE, confirm_reused=numbers)
    return publisher.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)


def shown_name(cabinet: Cabinet, number: str = "5312") -> str:
    dossier = read(cabinet, number)
    assert dossier is not None
    return dossier.patient.last_name


def test_another_patient_under_a_known_number_waits_while_the_rest_is_published(
    publisher: Publisher, published: Cabinet
) -> None:
    configure(published)
    parent = with_access("5312")
    answer = publisher.publish(of_another(), make_dossier("9000"))
    assert (answer.added, answer.changed, answer.reused) == (1, 0, ("5312",))
    assert shown_name(published) == "MARTINEAU"
    assert shown_name(published, "9000") == "MARTINEAU"
    assert parent.is_in()
    assert "PETIT" not in parent.get("/rendez-vous").content.decode()


def test_a_number_that_waits_is_neither_withdrawn_nor_changed(publisher: Publisher, published: Cabinet) -> None:
    publisher.publish(of_another(), withdrawn=["5312"])
    assert shown_name(published) == "MARTINEAU"


def test_the_desk_is_told_how_many_numbers_wait(practitioner: Publisher) -> None:
    practitioner.publish(of_another())
    assert practitioner.api.ask("GET", "/overview", Overview).held_reused == 1
    hand_over(practitioner, "5312")
    assert practitioner.api.ask("GET", "/overview", Overview).held_reused == 0


def test_what_a_client_holds_itself_is_told_to_the_other_computers(practitioner: Publisher) -> None:
    state = practitioner.open()
    request = Commit(state.portal_root, 0, counts=ONE, held=("5312", "unknown"), reused=("0042",))
    answer = practitioner.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)
    assert (answer.held, answer.reused) == (("5312",), ("0042",))
    overview = practitioner.api.ask("GET", "/overview", Overview)
    assert (overview.held_withdrawals, overview.held_reused) == (1, 1)


def test_a_patient_who_was_only_corrected_does_not_wait(publisher: Publisher, published: Cabinet) -> None:
    married = Patient("5312", "Madame", "DUVAL", "Zoé", dt.date(2012, 4, 15))
    assert publisher.publish(make_dossier("5312", patient=married)).reused == ()
    assert shown_name(published) == "DUVAL"


@pytest.mark.parametrize("role", [Role.SYNC, Role.RECEPTION])
def test_only_a_practitioners_device_gives_a_number_to_another(published: Cabinet, role: Role) -> None:
    publisher = Publisher(published, enrolled(published, role))
    state = publisher.open()
    publisher.stage(state.run, [of_another()])
    request = Commit(state.portal_root, 1, counts=ONE, confirm_reused=("5312",))
    document = refusal(publisher.api.send("POST", f"/sync/runs/{state.run}/commit", request))
    assert document.type == "urn:webortho:role-not-allowed"
    assert shown_name(published) == "MARTINEAU"


def test_nothing_of_the_former_family_opens_the_new_patients_dossier(
    practitioner: Publisher, published: Cabinet
) -> None:
    """Whatever they held: a session, a password, a link, a code, a link to a new password, a question under way."""
    practitioner.publish(make_dossier("9000"))
    parent, others = with_access("5312"), with_access("9000")
    parent.post("/contact", {"message": "Bonjour"})
    link = path_of(sent(published))
    configure(published, first_access=BY_CODE)
    code = sent(published, contact="Paul", medium=Medium.CARD).code
    Browser().forgotten("5312")
    hand_over(practitioner, "5312")
    assert shown_name(published) == "PETIT"
    assert not PendingAnswer.objects.of(published).exists()
    assert not parent.is_in()
    assert "PETIT" not in parent.get("/rendez-vous").content.decode()
    assert Browser().sign_in("5312", PASSWORD).status_code != 302
    behind_link = Browser()
    behind_link.post(link, {"birth_date": "15042012"})
    behind_link.post(link, {"birth_date": "09012015"})
    with_code = Browser()
    with_code.first_visit("5312", code)
    for browser in (behind_link, with_code):
        assert browser.choose().headers.get("Location", "") != "/rendez-vous?avis=bienvenue"
        assert not browser.is_in()
    for model in (Access, Session, OneTimeLink, Message, Announcement, QueuedMail):
        assert not model.objects.of(published).filter(number="5312").exists(), model
    assert others.is_in()


def test_the_new_family_starts_anew_and_reads_no_former_trail(practitioner: Publisher, published: Cabinet) -> None:
    with_access("5312")
    hand_over(practitioner, "5312")
    trail = AuditEvent.objects.of(published).filter(number="5312").values_list("kind", "actor")
    assert list(trail) == [("handed_over", "Bureau")]
    [account] = [a for a in practitioner.api.ask("GET", "/patients", Accounts).accounts if a.number == "5312"]
    assert (account.accesses, account.informed) == (0, None)
    assert practitioner.api.ask("GET", "/messages", Messages).messages == ()


def test_a_confirmation_of_a_number_that_is_not_another_ends_nothing(
    practitioner: Publisher, published: Cabinet
) -> None:
    parent = with_access("5312")
    state = practitioner.open()
    practitioner.stage(state.run, [make_dossier("5312")])
    request = Commit(state.portal_root, 1, counts=ONE, confirm_reused=("5312",))
    practitioner.api.ask("POST", f"/sync/runs/{state.run}/commit", Committed, request)
    assert parent.is_in()


def test_the_number_of_a_withdrawn_patient_is_theirs_while_their_account_is_kept(
    practitioner: Publisher, published: Cabinet
) -> None:
    parent = with_access("5312")
    practitioner.publish(withdrawn=["5312"])
    answer = practitioner.publish(of_another())
    assert (answer.added, answer.reused) == (0, ("5312",))
    assert read(published, "5312") is None
    hand_over(practitioner, "5312")
    assert shown_name(published) == "PETIT"
    assert "PETIT" not in parent.get("/rendez-vous").content.decode()


def test_the_number_of_a_hidden_patient_waits_too_once_it_is_shown_again(
    publisher: Publisher, published: Cabinet
) -> None:
    exclude(published, "5312", Reason.HIDDEN)
    readmit(published, "5312")
    assert publisher.publish(of_another()).reused == ("5312",)


def test_a_patient_who_returns_is_published_at_once(publisher: Publisher, published: Cabinet) -> None:
    publisher.publish(withdrawn=["5312"])
    assert publisher.publish(make_dossier("5312")).added == 1


# What a new computer learns


def test_the_manifest_tells_whose_numbers_are_and_its_tag_follows_who_is_kept(
    publisher: Publisher, published: Cabinet
) -> None:
    before = manifest(publisher.api)
    assert all(len(entry.identity) == PRINT_BYTES * len(PARTS) for entry in before.entries)
    publisher.publish(withdrawn=["5312"])
    after = manifest(publisher.api)
    identity = {entry.number: entry.identity for entry in before.entries}["5312"]
    assert after.kept == (ManifestEntry("5312", b"", identity),)
    tag = publisher.api.send("GET", "/sync/manifest").headers["ETag"]
    PublishedDossier.objects.of(published).filter(number="5312").delete()
    # The root is the same: what is shown did not change.
    assert publisher.api.send("GET", "/sync/manifest", headers={"if-none-match": tag}).status_code == 200
