"""The cabinet's computers and its settings' versions, as a practitioner sees them."""

import datetime as dt

import msgspec
import pytest
import time_machine

from portal.api.desk import Devices, EnrolmentCode, KnownDevice, NewDevice, PublishedVersion, SettingsHistory
from portal.api.shapes import ProblemDocument, PublishSettings, Role
from portal.pages.settings import demo_settings, encode
from portal.server.accounts.models import AuditEvent
from portal.server.cabinets import registry
from portal.server.cabinets.models import Cabinet, Device
from tests.portal.server.support import Api, enrolled

NOW = dt.datetime(2026, 11, 4, 9, 15, tzinfo=dt.UTC)


@pytest.fixture
def office(cabinet: Cabinet) -> Api:
    with time_machine.travel(NOW, tick=False):
        return enrolled(cabinet, Role.PRACTITIONER, "Bureau")


def devices(office: Api) -> tuple[KnownDevice, ...]:
    return office.ask("GET", "/devices", Devices).devices


def events(cabinet: Cabinet) -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.of(cabinet).order_by("pk").values_list("number", "kind", "actor"))


def test_the_devices_of_the_cabinet_are_listed_and_no_others(
    office: Api, cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    enrolled(other_cabinet, Role.RECEPTION)
    enrolled(cabinet, Role.SYNC, "Serveur")
    bureau, server = Device.objects.of(cabinet).order_by("pk")
    with time_machine.travel(NOW, tick=False):
        assert devices(office) == (
            KnownDevice(bureau.pk, "Bureau", Role.PRACTITIONER, bureau.enrolled_at, NOW, is_this=True),
            KnownDevice(server.pk, "Serveur", Role.SYNC, server.enrolled_at, server.last_seen_at),
        )


@pytest.mark.parametrize("role", Role)
def test_a_code_enrols_one_more_device_of_the_role_that_was_chosen(office: Api, cabinet: Cabinet, role: Role) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        issued = office.ask("POST", "/devices/enrolment-codes", EnrolmentCode, NewDevice(role))
        assert issued.expires_at == NOW + dt.timedelta(hours=48)
        clock.shift(dt.timedelta(hours=47, minutes=59))
        new = registry.enrol(issued.code, "Neuf")
        assert new is not None
        assert new.device.role == role
    assert events(cabinet) == [("", "device_invited", "Bureau")]


def test_a_revoked_device_is_refused_at_once_and_listed_no_more(office: Api, cabinet: Cabinet) -> None:
    lost = enrolled(cabinet, Role.RECEPTION, "Portable volé")
    device = Device.objects.of(cabinet).get(name="Portable volé")
    for _ in range(2):
        assert office.send("POST", f"/devices/{device.pk}/revoke").status_code == 204
    assert lost.send("GET", "/self").status_code == 401
    assert [known.name for known in devices(office)] == ["Bureau"]
    assert events(cabinet)[0] == ("", "device_revoked", "Bureau")


def test_a_device_does_not_lock_itself_out(office: Api, cabinet: Cabinet) -> None:
    own = Device.objects.of(cabinet).get().pk
    answer = office.send("POST", f"/devices/{own}/revoke")
    problem = msgspec.json.decode(answer.content, type=ProblemDocument)
    assert (answer.status_code, problem.title) == (409, "Un poste ne peut pas se retirer lui-même.")
    assert problem.detail == "Retirez-le depuis un autre poste de praticien."
    assert office.send("GET", "/self").status_code == 200


def test_another_cabinets_device_is_not_found(office: Api, other_cabinet: Cabinet) -> None:
    stranger = enrolled(other_cabinet, Role.SYNC)
    device = Device.objects.of(other_cabinet).get().pk
    for pk in (device, 999_999):
        assert office.send("POST", f"/devices/{pk}/revoke").status_code == 404
    assert stranger.send("GET", "/self").status_code == 200


def test_the_settings_history_tells_who_published_which_version_and_when(office: Api, cabinet: Cabinet) -> None:
    other = enrolled(cabinet, Role.PRACTITIONER, "Cabinet 2")
    for version, (device, day) in enumerate(((office, 1), (other, 2))):
        with time_machine.travel(NOW + dt.timedelta(days=day), tick=False):
            request = PublishSettings(version, msgspec.Raw(encode(demo_settings())))
            assert device.send("PUT", "/settings", request).status_code == 200
    Device.objects.of(cabinet).filter(name="Cabinet 2").delete()
    assert office.ask("GET", "/settings/history", SettingsHistory).versions == (
        PublishedVersion(2, NOW + dt.timedelta(days=2), ""),
        PublishedVersion(1, NOW + dt.timedelta(days=1), "Bureau"),
    )


def test_settings_that_were_never_published_have_no_history(office: Api) -> None:
    assert office.ask("GET", "/settings/history", SettingsHistory).versions == ()
