"""Enrolment, identity, settings and images: the endpoints of a cabinet's devices."""

from django.conf import settings

from portal.api.shapes import (
    MAX_PHOTO_BYTES,
    Enrol,
    Enrolled,
    PublishSettings,
    Role,
    Self,
    SettingsVersion,
)
from portal.server import throttle
from portal.server.api.bodies import Binary
from portal.server.api.endpoint import EVERY_ROLE, Call, endpoint
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets import images, registry, settings_store

WRITES_SETTINGS = (Role.PRACTITIONER,)


@endpoint("POST", "enrol", body=Enrol, answer=Enrolled)
def enrol(call: Call, body: Enrol) -> Enrolled:
    """Exchange a one-time code for this device's token."""
    if not body.device_name.isprintable():
        raise Problem(Kind.BAD_BODY)
    address = throttle.client_address(call.request, settings.CONFIG.trusted_proxies)
    attempt = throttle.begin(throttle.Form.ENROLMENT, "", address, address)
    if isinstance(attempt, throttle.TooMany):
        raise Problem(Kind.TOO_MANY_TRIES)
    new = registry.enrol(body.code, body.device_name)
    if new is None:
        raise Problem(Kind.WRONG_CODE)
    attempt.succeeded()
    cabinet = new.device.cabinet
    return Enrolled(
        cabinet_code=cabinet.code,
        cabinet_name=cabinet.name,
        time_zone=cabinet.time_zone,
        role=Role(new.device.role),
        token=new.token,
        digest_key=registry.digest_key_of(cabinet),
    )


@endpoint("GET", "self", roles=EVERY_ROLE, answer=Self)
def get_self(call: Call) -> Self:
    """Whom the portal takes this device for."""
    cabinet = call.cabinet
    return Self(cabinet.code, cabinet.name, cabinet.time_zone, Role(call.device.role), call.device.name)


@endpoint("GET", "settings", roles=EVERY_ROLE, answer=SettingsVersion)
def get_settings(call: Call) -> SettingsVersion:
    """The settings document that is shown; version 0 before the first."""
    return settings_store.version_of(call.cabinet)


@endpoint("GET", "settings/<index:version>", roles=EVERY_ROLE, answer=SettingsVersion)
def get_settings_version(call: Call, *, version: int) -> SettingsVersion:
    """A settings document of the past."""
    return settings_store.version_of(call.cabinet, version)


@endpoint("PUT", "settings", roles=WRITES_SETTINGS, body=PublishSettings, answer=SettingsVersion)
def put_settings(call: Call, body: PublishSettings) -> SettingsVersion:
    """Publish a settings document over the version it was made from."""
    return settings_store.publish(call.device, body)


@endpoint(
    "PUT", "images/<digest:digest>", roles=WRITES_SETTINGS, body=Binary(("image/jpeg", "image/png"), MAX_PHOTO_BYTES)
)
def put_image(call: Call, body: bytes, *, digest: str) -> None:
    """Keep a logo or an access map under the digest of what is sent."""
    images.keep(call.cabinet, digest, body)
