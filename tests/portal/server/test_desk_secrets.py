"""Links and codes for letters: asked for by the hundred, checked in what was printed, valid once that is out."""

import datetime as dt

import msgspec
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.dossier import Dossier, Patient
from portal.api.desk import (
    MAX_AT_ONCE,
    Activated,
    Handles,
    Medium,
    MergedSecret,
    SecretsVerified,
    SecretWanted,
    StagedSecret,
    StagedSecrets,
    StageSecrets,
    VerifySecrets,
)
from portal.api.shapes import Role
from portal.server.accounts.models import AuditEvent, OneTimeLink, Throttle
from portal.server.cabinets.models import Cabinet
from portal.server.publishing.models import PublishedDossier
from tests.portal.server.browser import BY_CODE, BY_PATTERN, Browser, configure, path_of
from tests.portal.server.support import Api, Publisher, enrolled, make_dossier

BIRTH = "15042012"


@pytest.fixture
def desk(published: Cabinet) -> Api:
    configure(published, first_access=BY_CODE)
    return enrolled(published, Role.RECEPTION, "Accueil")


def stage(desk: Api, *wanted: SecretWanted, medium: Medium = Medium.LETTER) -> tuple[StagedSecret, ...]:
    return desk.ask("POST", "/secrets", StagedSecrets, StageSecrets(medium, wanted)).secrets


def tell(desk: Api, what: str, *secrets: StagedSecret) -> int:
    return desk.send("POST", f"/secrets/{what}", Handles(tuple(secret.handle for secret in secrets))).status_code


def activate(desk: Api, *secrets: StagedSecret) -> tuple[str, ...]:
    """Handles of those that open nothing."""
    handles = Handles(tuple(secret.handle for secret in secrets))
    return desk.ask("POST", "/secrets/activate", Activated, handles).unknown


def verify(desk: Api, *secrets: MergedSecret) -> SecretsVerified:
    return desk.ask("POST", "/secrets/verify", SecretsVerified, VerifySecrets(secrets))


def merged(secret: StagedSecret, **changes: str) -> MergedSecret:
    """What stands in the letter, when it was merged rightly."""
    printed = MergedSecret(secret.handle, secret.number, secret.code, secret.link)
    return msgspec.structs.replace(printed, **changes)


def opens(secret: StagedSecret) -> bool:
    """Whether the link and the code do; both or neither."""
    by_link = Browser().post(path_of(secret), {"birth_date": BIRTH}).headers.get("Location") == "/bienvenue"
    by_code = Browser().first_visit(secret.number, secret.code).headers.get("Location") == "/bienvenue"
    assert by_link == by_code
    return by_link


def test_secrets_come_in_the_order_they_were_asked_for_and_open_once_they_are_activated(desk: Api) -> None:
    first, second, third = stage(
        desk, SecretWanted("5312", "Anne"), SecretWanted("0042", "Luc"), SecretWanted("5312", "Luc")
    )
    assert [secret.number for secret in (first, second, third)] == ["5312", "0042", "5312"]
    assert len({secret.handle for secret in (first, second, third)}) == 3
    assert first.link.startswith("http://testserver/activer/")
    assert [len(part) for part in first.code.split("-")] == [4, 4, 4]
    assert [opens(secret) for secret in (first, second, third)] == [False] * 3
    assert activate(desk, first, third) == ()
    assert [opens(secret) for secret in (first, second, third)] == [True, False, True]


def test_a_patient_who_could_not_use_a_secret_is_refused_and_the_others_are_not(desk: Api) -> None:
    unknown, without_date, good = stage(
        desk, SecretWanted("9999", "Anne"), SecretWanted("A-7", "Anne"), SecretWanted("5312", "Anne")
    )
    assert unknown == StagedSecret(
        "9999",
        refused="Le dossier 9999 n’est pas sur le portail. Lancez une synchronisation, puis recommencez.",
    )
    assert without_date == StagedSecret(
        "A-7",
        refused="La date de naissance du dossier A-7 n’est pas connue\u00a0: son lien ne pourrait pas s’ouvrir. "
        "Complétez la fiche, synchronisez, puis recommencez.",
    )
    assert good.link
    assert not good.refused


def test_a_withdrawn_or_damaged_dossier_is_refused_like_one_that_is_not_there(
    desk: Api, publisher: Publisher, published: Cabinet
) -> None:
    publisher.publish(withdrawn=["0042"])
    PublishedDossier.objects.of(published).filter(number="5312").update(sealed=b"\x01\x01" + b"x" * 40)
    for secret in stage(desk, SecretWanted("0042", "Anne"), SecretWanted("5312", "Anne")):
        assert secret.refused.startswith(f"Le dossier {secret.number} n’est pas sur le portail.")


@pytest.mark.parametrize("chosen", [{}, {"first_access": BY_PATTERN}])
def test_there_is_a_code_only_where_the_cabinet_chose_codes(
    desk: Api, published: Cabinet, chosen: dict[str, object]
) -> None:
    configure(published, **chosen)
    [secret] = stage(desk, SecretWanted("5312", "Anne"))
    assert secret.link
    assert secret.code == ""


def test_a_newer_secret_replaces_the_former_one_of_its_addressee_and_medium_alone(desk: Api) -> None:
    anne, luc = SecretWanted("5312", "Anne"), SecretWanted("5312", "Luc")
    former, of_luc = stage(desk, anne, luc)
    [card] = stage(desk, anne, medium=Medium.CARD)
    [neighbour] = stage(desk, SecretWanted("0042", "Anne"))
    assert activate(desk, former, of_luc, card, neighbour) == ()
    [newer] = stage(desk, anne)
    assert [opens(one) for one in (former, of_luc, card, neighbour, newer)] == [True, True, True, True, False]
    assert activate(desk, newer) == ()
    assert [opens(one) for one in (former, of_luc, card, neighbour, newer)] == [False, True, True, True, True]


def test_of_two_secrets_for_one_addressee_that_go_out_together_the_newer_one_lives(desk: Api) -> None:
    one, two = stage(desk, SecretWanted("5312", "Anne"), SecretWanted("5312", "Anne"))
    assert activate(desk, one, two) == (one.handle,)
    assert (opens(one), opens(two)) == (False, True)
    assert activate(desk, one, two) == (one.handle,)
    assert opens(two)


def test_activating_again_changes_nothing_and_lengthens_no_life(desk: Api, published: Cabinet) -> None:
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        [secret] = stage(desk, SecretWanted("5312", "Anne"))
        tell(desk, "activate", secret)
        before = OneTimeLink.objects.of(published).values().get()
        clock.shift(dt.timedelta(days=3))
        assert activate(desk, secret) == ()
        assert OneTimeLink.objects.of(published).values().get() == before
    sent = AuditEvent.objects.of(published).filter(kind="secret_sent")
    assert [(event.number, event.actor) for event in sent] == [("5312", "Accueil")]


def test_what_is_discarded_never_opens_and_what_is_valid_cannot_be_discarded(desk: Api) -> None:
    former, dropped = stage(desk, SecretWanted("5312", "Anne"), SecretWanted("5312", "Anne"))
    tell(desk, "activate", former)
    assert tell(desk, "discard", former, dropped) == 204
    assert tell(desk, "discard", dropped) == 204
    assert activate(desk, dropped) == (dropped.handle,)
    assert (opens(former), opens(dropped)) == (True, False)


def test_what_the_portal_forgot_is_named_and_the_rest_becomes_valid(desk: Api) -> None:
    kept, dropped = stage(desk, SecretWanted("5312", "Anne"), SecretWanted("0042", "Luc"))
    tell(desk, "discard", dropped)
    assert activate(desk, dropped, kept) == (dropped.handle,)
    assert (opens(kept), opens(dropped)) == (True, False)


def test_what_was_merged_rightly_is_valid_before_and_after_it_is_out_however_often_it_is_checked(desk: Api) -> None:
    secrets = stage(desk, SecretWanted("5312", "Anne"), SecretWanted("0042", "Luc"))
    printed = [merged(secret) for secret in secrets]
    printed += [merged(secrets[0], link=""), merged(secrets[1], code=secrets[1].code.lower().replace("-", " "))]
    assert verify(desk, *printed) == SecretsVerified(4)
    tell(desk, "activate", *secrets)
    for _ in range(12):
        assert verify(desk, *printed) == SecretsVerified(4)
    assert Throttle.objects.count() == 0
    assert [opens(secret) for secret in secrets] == [True, True]


def test_whatever_does_not_open_this_dossier_is_wrong(desk: Api, published: Cabinet, other_cabinet: Cabinet) -> None:
    secret, neighbour, used = stage(
        desk, SecretWanted("5312", "Anne"), SecretWanted("0042", "Anne"), SecretWanted("5312", "Luc")
    )
    OneTimeLink.objects.of(published).filter(handle=used.handle).update(used_at=dt.datetime.now(dt.UTC))
    wrong = [
        merged(secret, code=neighbour.code),
        merged(secret, link=neighbour.link),
        merged(secret, link=path_of(secret)),
        merged(secret, link=secret.link.replace(f"/{published.pk}.", f"/{other_cabinet.pk}.")),
        merged(secret, link=secret.link + "0"),
        merged(secret, number="0042"),
        merged(secret, handle=neighbour.handle),
        merged(secret, handle="0" * 32),
        merged(secret, code="", link=""),
        merged(used),
    ]
    found = verify(desk, merged(secret), *wrong)
    assert found.valid == 1
    assert found.wrong == tuple(one.handle for one in wrong)
    configure(published)
    [without_code] = stage(desk, SecretWanted("5312", "Anne"))
    assert verify(desk, merged(without_code), merged(without_code, code=secret.code)).valid == 1


def test_what_has_expired_is_wrong(desk: Api) -> None:
    [secret] = stage(desk, SecretWanted("5312", "Anne"), medium=Medium.SMS)
    tell(desk, "activate", secret)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=14, minutes=1)):
        assert verify(desk, merged(secret)).wrong == (secret.handle,)


def test_another_cabinet_verifies_activates_and_discards_nothing_of_this_one(
    desk: Api, published: Cabinet, other_cabinet: Cabinet
) -> None:
    [secret] = stage(desk, SecretWanted("5312", "Anne"))
    stranger = enrolled(other_cabinet, Role.PRACTITIONER)
    assert verify(stranger, merged(secret)).wrong == (secret.handle,)
    assert activate(stranger, secret) == (secret.handle,)
    assert tell(stranger, "discard", secret) == 204
    assert OneTimeLink.objects.of(published).get().active_at is None
    assert stage(stranger, SecretWanted("5312", "Anne"))[0].refused


def test_five_hundred_take_as_many_queries_as_one(desk: Api, publisher: Publisher) -> None:
    publisher.publish(*(make_dossier(f"{n}") for n in range(MAX_AT_ONCE)))

    def queries(count: int) -> tuple[int, ...]:
        counted = []
        with CaptureQueriesContext(connection) as captured:
            secrets = stage(desk, *(SecretWanted(f"{n}", "Anne") for n in range(count)))
        counted.append(len(captured))
        assert len(secrets) == count
        with CaptureQueriesContext(connection) as captured:
            assert verify(desk, *(merged(secret) for secret in secrets)).valid == count
        counted.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            assert activate(desk, *secrets) == ()
        return (*counted, len(captured))

    queries(1)
    few, many = queries(1), queries(MAX_AT_ONCE)
    # SQLite takes a thousand rows a statement, or fewer: a few statements more, not hundreds.
    assert all(after <= before + 20 for before, after in zip(few, many, strict=True)), (few, many)


def test_more_than_a_request_holds_is_refused(desk: Api) -> None:
    wanted = tuple(SecretWanted(f"{n}", "Anne") for n in range(MAX_AT_ONCE + 1))
    assert desk.send("POST", "/secrets", StageSecrets(Medium.LETTER, wanted)).status_code == 400


@pytest.mark.parametrize("field", ["number", "contact", "email"])
def test_a_nul_is_refused(desk: Api, published: Cabinet, field: str) -> None:
    wanted = msgspec.structs.replace(SecretWanted("5312", "Anne", "a@exemple.fr"), **{field: "a\0b"})
    assert desk.send("POST", "/secrets", StageSecrets(Medium.LETTER, (wanted,))).status_code == 400
    assert not OneTimeLink.objects.of(published).exists()


def test_what_only_looks_like_a_nul_is_no_nul(desk: Api) -> None:
    [secret] = stage(desk, SecretWanted("5312", "C:\\u0000"))
    assert not secret.refused


def test_neither_link_nor_code_nor_addressee_lies_readable_in_the_database(desk: Api, published: Cabinet) -> None:
    [secret] = stage(desk, SecretWanted("5312", "MARTINEAU Anne", "anne@exemple.fr"), medium=Medium.EMAIL)
    stored = str(OneTimeLink.objects.of(published).values().get())
    for said in (secret.code, secret.code.replace("-", ""), secret.link.rpartition(".")[2], "MARTINEAU", "anne@"):
        assert said not in stored


def test_an_announced_address_is_known_to_the_first_visit(desk: Api) -> None:
    [secret] = stage(desk, SecretWanted("0042", "luc@exemple.fr", "luc@exemple.fr"), medium=Medium.EMAIL)
    tell(desk, "activate", secret)
    browser = Browser()
    browser.first_visit("0042", secret.code)
    assert "luc@exemple.fr" in browser.get("/bienvenue").content.decode()


def test_a_dossier_without_any_addressee_can_be_opened_too(desk: Api, publisher: Publisher) -> None:
    publisher.publish(Dossier(Patient("77", birth_date=dt.date(2012, 4, 15))))
    [secret] = stage(desk, SecretWanted("77", "au patient"))
    tell(desk, "activate", secret)
    assert opens(secret)
