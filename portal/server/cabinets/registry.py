"""Creating cabinets, and letting their devices in: one-time codes, tokens, revocation."""

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.errors import WebOrthoError
from portal.api.manifest import root_of
from portal.api.shapes import Role
from portal.server.cabinets.models import Cabinet, Device, EnrolmentCode

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0 O 1 I L, which people mistake for each other on paper and by telephone."""
CODE_LENGTH = 12
"""Of 31 letters: 59 bits, for 48 hours, behind a throttle."""
CODE_LIFE = dt.timedelta(hours=48)
TOKEN_BYTES = 32
_CABINET_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_SEEN_EVERY = dt.timedelta(minutes=5)
"""A device's last use is written at most this often: reading must not become writing."""


class CabinetRefused(WebOrthoError):
    """A cabinet or a device that cannot be made, or that is not there."""


@dataclass(frozen=True)
class NewDevice:
    device: Device
    token: str
    """Shown to the device once; only its keyed hash is stored."""


def create_cabinet(code: str, name: str, time_zone: str = "Europe/Paris") -> Cabinet:
    """Raise `CabinetRefused` for a code that is taken or that patients could not type, and for an unknown zone."""
    if not _CABINET_CODE.fullmatch(code):
        raise CabinetRefused(
            f"L’identifiant de cabinet «\u00a0{code}\u00a0» n’est pas valable.",
            "Utilisez de 2 à 32 lettres minuscules sans accent, chiffres ou tirets.",
        )
    if not name.strip():
        raise CabinetRefused("Le nom du cabinet est vide.", "Donnez le nom que les patients doivent lire.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CabinetRefused(
            f"Le fuseau horaire «\u00a0{time_zone}\u00a0» est inconnu.",
            "Donnez-en un comme Europe/Paris ou Indian/Reunion.",
        ) from None
    digest_key = secrets.token_bytes(32)
    try:
        with transaction.atomic():
            return Cabinet.objects.create(
                code=code,
                name=name.strip(),
                time_zone=time_zone,
                sealed_digest_key=settings.SEALER.seal(code, "digest-key", "", digest_key),
                root=root_of(()).hex(),
            )
    except IntegrityError:
        raise CabinetRefused(
            f"L’identifiant de cabinet «\u00a0{code}\u00a0» est déjà pris.", "Choisissez-en un autre."
        ) from None


def find_cabinet(code: str) -> Cabinet:
    """By the code that a person typed. Raise `CabinetRefused` when there is none."""
    cabinet = Cabinet.objects.filter(code=code.strip().lower()).first()
    if cabinet is None:
        raise CabinetRefused(
            f"Aucun cabinet n’a l’identifiant «\u00a0{code}\u00a0».",
            "Vérifiez-le, ou créez le cabinet avec «\u00a0webortho portal create-cabinet\u00a0».",
        )
    return cabinet


def digest_key_of(cabinet: Cabinet) -> bytes:
    """The 32-byte key of the cabinet's digests, the same on all of its devices."""
    return settings.SEALER.open(cabinet.code, "digest-key", "", bytes(cabinet.sealed_digest_key))


def issue_code(cabinet: Cabinet, role: Role) -> str:
    """A one-time enrolment code, XXXX-XXXX-XXXX, good for 48 hours. It is told once and stored hashed."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    now = timezone.now()
    EnrolmentCode.objects.create(
        cabinet=cabinet, role=role.value, code_hash=_code_hash(letters), created_at=now, expires_at=now + CODE_LIFE
    )
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def enrol(code: str, device_name: str) -> NewDevice | None:
    """Spend a one-time code (case, spaces and hyphens are forgiven). None when it is unknown, spent or too old."""
    now = timezone.now()
    with transaction.atomic():
        # Whoever types a code does not say of which cabinet it is: the code's 59 bits do.
        row = (
            EnrolmentCode.objects.across_cabinets()
            .select_related("cabinet")
            .filter(code_hash=_code_hash(code), used_at=None, expires_at__gt=now)
            .first()
        )
        if row is None:
            return None
        cabinet = row.cabinet
        if not EnrolmentCode.objects.of(cabinet).filter(pk=row.pk, used_at=None).update(used_at=now):
            return None
        secret = secrets.token_urlsafe(TOKEN_BYTES)
        device = Device.objects.create(
            cabinet=cabinet, name=device_name, role=row.role, token_hash=_token_hash(secret), last_seen_at=now
        )
    return NewDevice(device, f"{cabinet.code}.{secret}")


def device_of(token: str) -> Device | None:
    """The device, with its cabinet, whose token this is; None when it is unknown or revoked."""
    code, _, secret = token.partition(".")
    if not _CABINET_CODE.fullmatch(code):
        return None
    device = (
        Device.objects.select_related("cabinet")
        .filter(cabinet__code=code, token_hash=_token_hash(secret), revoked_at=None)
        .first()
    )
    now = timezone.now()
    if device is not None and (device.last_seen_at is None or now - device.last_seen_at > _SEEN_EVERY):
        Device.objects.of(device.cabinet).filter(pk=device.pk).update(last_seen_at=now)
    return device


def devices_of(cabinet: Cabinet) -> list[Device]:
    return list(Device.objects.of(cabinet).order_by("enrolled_at", "pk"))


def revoke(cabinet: Cabinet, device_id: int) -> Device:
    """The device is refused from its next request on. Revoking twice is harmless."""
    device = Device.objects.of(cabinet).filter(pk=device_id).first()
    if device is None:
        raise CabinetRefused(
            f"Le cabinet «\u00a0{cabinet.code}\u00a0» n’a pas de poste n°\u00a0{device_id}.",
            f"Affichez ses postes avec «\u00a0webortho portal devices {cabinet.code}\u00a0».",
        )
    Device.objects.of(cabinet).filter(pk=device_id, revoked_at=None).update(revoked_at=timezone.now())
    device.refresh_from_db()
    return device


def _code_hash(typed: str) -> str:
    return settings.SEALER.keyed_hash("enrolment-code", re.sub(r"[^A-Z0-9]", "", typed.upper()))


def _token_hash(secret: str) -> str:
    return settings.SEALER.keyed_hash("device-token", secret)
