"""What was stored by a former version is understood by this one."""

import datetime as dt

import pytest
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from cabinet.identity import identity_of
from portal.server.accounts.models import OneTimeLink
from portal.server.cabinets.models import Cabinet
from portal.server.publishing.models import PublishedDossier
from tests.portal.server.support import Publisher, make_dossier


@pytest.mark.django_db(transaction=True)
def test_a_printed_link_of_the_first_version_is_a_letters(cabinet: Cabinet) -> None:
    executor = MigrationExecutor(connection)
    first = [("accounts", "0001_initial"), ("cabinets", "0001_initial")]
    executor.migrate(first)
    former = executor.loader.project_state(first).apps
    then = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    Link = former.get_model("accounts", "OneTimeLink")  # noqa: N806 - a model of that time
    for purpose in ("paper", "email", "reset"):
        models.QuerySet(Link).create(
            cabinet_id=cabinet.pk, number="1", purpose=purpose, token_hash=purpose, active_at=then, expires_at=then
        )
    executor.loader.build_graph()
    executor.migrate(executor.loader.graph.leaf_nodes())
    rows = OneTimeLink.objects.of(cabinet).order_by("pk").values_list("token_hash", "purpose", "handle", "active_at")
    assert list(rows) == [("paper", "letter", "", then), ("email", "email", "", then), ("reset", "reset", "", then)]


@pytest.mark.django_db(transaction=True)
def test_dossiers_of_the_first_version_get_the_identity_of_their_patient(publisher: Publisher) -> None:
    shown, gone = make_dossier("1"), make_dossier("2")
    publisher.publish(shown, gone, make_dossier("3"))
    publisher.publish(withdrawn=["2"])
    executor = MigrationExecutor(connection)
    executor.migrate([("publishing", "0001_initial")])
    damaged = PublishedDossier.objects.of(publisher.cabinet).filter(number="3")
    damaged.only("pk").update(sealed=b"damaged")
    executor.loader.build_graph()
    executor.migrate(executor.loader.graph.leaf_nodes())
    rows = PublishedDossier.objects.of(publisher.cabinet).order_by("number").values_list("number", "identity")
    expected = identity_of(shown.patient, publisher.key)
    assert [(number, bytes(identity)) for number, identity in rows] == [("1", expected), ("2", b""), ("3", b"?")]
