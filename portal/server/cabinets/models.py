"""Cabinets, their devices, and their settings documents.

Every table of the portal carries the cabinet, and every unique constraint starts with it, so that the schema can be
partitioned by cabinet.
"""

from django.db import models

from portal.server.scoping import ScopedManager


class Cabinet(models.Model):
    code = models.CharField(max_length=32, unique=True)
    """What patients type (identifiant de cabinet): lower case."""
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    sealed_digest_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    # What is published, as the sync sees it. `root` is the hexadecimal root digest (portal.api.manifest).
    root = models.CharField(max_length=32)
    last_counts = models.JSONField(null=True)
    as_of = models.DateTimeField(null=True)
    """When the cabinet's own data were last known to be what is shown."""
    settings_digest = models.CharField(max_length=32, blank=True)
    """Content of the settings version that is shown; with it, a page needs no query for settings it knows."""

    def __str__(self) -> str:
        return self.code


class Device(models.Model):
    """A computer of the cabinet, or its nightly program. The token is stored hashed and can be revoked."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "token_hash"], name="device_token")]


class EnrolmentCode(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    role = models.CharField(max_length=16)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "code_hash"], name="enrolment_code")]
        # Whoever types a code does not say of which cabinet it is.
        indexes = [models.Index(fields=["code_hash"], name="enrolment_code_hash")]


class SettingsDocument(models.Model):
    """One published version of a cabinet's `PortalSettings`; the highest version is the one that is shown."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    version = models.PositiveIntegerField()
    document = models.BinaryField()
    """`PortalSettings` as JSON, cleaned. Not sealed: it is what anyone may read on the sign-in page."""
    published_at = models.DateTimeField(auto_now_add=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "version"], name="settings_version")]


class CabinetImage(models.Model):
    """Logo and access map: public, re-encoded, by content."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    digest = models.CharField(max_length=32)
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "digest"], name="cabinet_image")]


class SharedDocumentVersion(models.Model):
    """One version of what the cabinet's computers share; the highest is the one that counts."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    name = models.CharField(max_length=16)
    """`portal.api.documents.DocumentName`."""
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(auto_now_add=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "name", "version"], name="shared_document_version")]
