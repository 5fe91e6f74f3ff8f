"""What was stored by a former version is understood by this one."""

import datetime as dt

import pytest
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from portal.server.accounts.models import OneTimeLink
from portal.server.cabinets.models import Cabinet


@pytest.mark.django_db(transaction=True)
def test_a_printed_link_of_the_first_version_is_a_letters(cabinet: Cabinet) -> None:
    executor = MigrationExecutor(connection)
    former = executor.migrate([("accounts", "0001_initial"), ("cabinets", "0001_initial")]).apps
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
