"""A query without a cabinet raises; one with a cabinet goes through, however it is put together."""

import pytest
from django.apps import apps
from django.db.models import Q

from portal.server.cabinets.models import Cabinet, Device
from portal.server.publishing.models import PublishedDossier
from portal.server.scoping import ScopedQuerySet, UnscopedQuery

UNSCOPED = {
    "iteration": lambda: list(Device.objects.all()),
    "first": lambda: Device.objects.filter(role="sync").first(),
    "get": lambda: Device.objects.get(pk=1),
    "count": Device.objects.count,
    "exists": lambda: Device.objects.filter(role="sync").exists(),
    "update": lambda: Device.objects.filter(pk=1).update(name="x"),
    "delete": lambda: Device.objects.filter(pk=1).delete(),
    "aggregate": Device.objects.aggregate,
    "iterator": lambda: list(Device.objects.iterator()),
    "values": lambda: list(Device.objects.values_list("token_hash")),
    "either cabinet": lambda: list(Device.objects.filter(Q(cabinet=1) | Q(role="sync"))),
    "not this cabinet": lambda: list(Device.objects.exclude(cabinet=1)),
    "several cabinets": lambda: list(Device.objects.filter(cabinet__in=[1, 2])),
    "a cabinet's name": lambda: list(Device.objects.filter(cabinet__name="x")),
    "get_or_create": lambda: Device.objects.get_or_create(pk=1),
    "raw": lambda: Device.objects.raw("SELECT 1"),
    "explain": Device.objects.explain,
    "contains": lambda: Device.objects.contains(Device(pk=1)),
    "in_bulk": lambda: Device.objects.in_bulk([1]),
    "bulk_update": lambda: Device.objects.bulk_update([Device(pk=1, name="x")], ["name"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", UNSCOPED)
def test_a_query_without_a_cabinet_raises(how: str) -> None:
    with pytest.raises(UnscopedQuery):
        UNSCOPED[how]()


def test_a_query_with_a_cabinet_goes_through(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    mine = Device.objects.create(cabinet=cabinet, name="a", role="sync", token_hash="1")
    Device.objects.create(cabinet=other_cabinet, name="b", role="sync", token_hash="2")
    for query in (
        Device.objects.of(cabinet),
        Device.objects.filter(role="sync").of(cabinet),
        Device.objects.filter(cabinet=cabinet.pk),
        Device.objects.filter(cabinet_id=cabinet.pk),
        Device.objects.filter(cabinet__code="sourire"),
        Device.objects.filter(Q(role="sync") & Q(cabinet=cabinet)),
        cabinet.device_set.all(),
    ):
        assert list(query) == [mine]
    assert Device.objects.across_cabinets().filter(role="sync").count() == 2


def test_every_table_but_the_cabinets_and_the_counters_is_guarded() -> None:
    unguarded = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("portal.") and not isinstance(model._default_manager.all(), ScopedQuerySet)
    }
    assert unguarded == {"Cabinet", "Throttle"}


def test_every_unique_constraint_starts_with_the_cabinet() -> None:
    models = [m for m in apps.get_models() if m.__module__.startswith("portal.") and m is not Cabinet]
    firsts = {(m.__name__, c.fields[0]) for m in models for c in m._meta.constraints}
    assert {field for _, field in firsts} <= {"cabinet", "cabinet_code"}
    assert PublishedDossier.__name__ in {name for name, _ in firsts}
