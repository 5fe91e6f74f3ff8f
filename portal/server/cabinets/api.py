"""Enrolment, identity, settings, images and devices: the endpoints of a cabinet's devices."""

from django.conf import settings
from django.utils import timezone

from portal.api.desk import Devices, EnrolmentCode, KnownDevice, NewDevice, SettingsHistory
from portal.api.documents import DocumentName, SavedDocument, SaveDocument, SharedDocument, SharedDocuments
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
from portal.server.accounts import audit
from portal.server.api.bodies import Binary
from portal.server.api.endpoint import AT_THE_DESK, EVERY_ROLE, Call, endpoint
from portal.server.api.problems import Kind, Problem
from portal.server.cabinets import documents, images, registry, settings_store

WRITES_SETTINGS = (Role.PRACTITIONER,)
MANAGES_DEVICES = (Role.PRACTITIONER,)


@endpoint("POST", "enrol", body=Enrol, answer=Enrolled)
def enrol(call: Call, body: Enrol) -> Enrolled:
    """Exchange a one-time code for this device's token."""
    if not body.device_name.isprintable():
        raise Problem(Kind.BAD_BODY)
    address = throttle.client_address(call.request, settings.CONFIG.trusted_proxies)
    attempt = throttle.begin(throttle.Form.ENROLMENT, "", address, address)
    if isinstance(attempt, throttle.TooMany):
        raise Problem(Kind.TOO_MANY_TRIES, retry_after=attempt.retry_after)
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


@endpoint("GET", "settings/history", roles=AT_THE_DESK, answer=SettingsHistory)
def get_settings_history(call: Call) -> SettingsHistory:
    """When each version was published, and from which device."""
    return SettingsHistory(settings_store.history(call.cabinet))


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


@endpoint("GET", "documents", roles=EVERY_ROLE, answer=SharedDocuments)
def get_documents(call: Call) -> SharedDocuments:
    """What the cabinet's computers share, and of which version."""
    return SharedDocuments(documents.listed(call.cabinet))


@endpoint("GET", "documents/<document:name>", roles=EVERY_ROLE, answer=SharedDocument)
def get_document(call: Call, *, name: DocumentName) -> SharedDocument:
    """The newest version of one; version 0 before the first."""
    return documents.newest(call.cabinet, name)


@endpoint("PUT", "documents/<document:name>", roles=WRITES_SETTINGS, body=SaveDocument, answer=SavedDocument)
def put_document(call: Call, body: SaveDocument, *, name: DocumentName) -> SavedDocument:
    """Save one over the version that it was made from."""
    return documents.save(call.device, name, body)


@endpoint("GET", "devices", roles=MANAGES_DEVICES, answer=Devices)
def get_devices(call: Call) -> Devices:
    """The cabinet's devices whose token is valid."""
    return Devices(
        tuple(
            KnownDevice(
                id=device.pk,
                name=device.name,
                role=Role(device.role),
                enrolled_at=device.enrolled_at,
                last_seen_at=device.last_seen_at,
                is_this=device == call.device,
            )
            for device in registry.devices_of(call.cabinet)
            if device.revoked_at is None
        )
    )


@endpoint("POST", "devices/enrolment-codes", roles=MANAGES_DEVICES, body=NewDevice, answer=EnrolmentCode)
def new_enrolment_code(call: Call, body: NewDevice) -> EnrolmentCode:
    """A one-time code that enrols one more device."""
    expires_at = timezone.now() + registry.CODE_LIFE
    code = registry.issue_code(call.cabinet, body.role)
    audit.record(call.cabinet, "", audit.Event.DEVICE_INVITED, call.device.name)
    return EnrolmentCode(code, expires_at)


@endpoint("POST", "devices/<index:device>/revoke", roles=MANAGES_DEVICES)
def revoke_device(call: Call, *, device: int) -> None:
    """Refuse that device's token from now on."""
    if device == call.device.pk:
        raise Problem(Kind.OWN_DEVICE)
    try:
        registry.revoke(call.cabinet, device)
    except registry.CabinetRefused as error:
        raise Problem(Kind.NOT_FOUND) from error
    audit.record(call.cabinet, "", audit.Event.DEVICE_REVOKED, call.device.name)
