"""Published dossiers and photos, sealed; and what a sync run has staged."""

from enum import StrEnum

from django.db import models

from portal.server.cabinets.models import Cabinet, Device
from portal.server.scoping import ScopedManager


class PublishedDossier(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE, db_index=False)
    """Its own index would be the beginning of those below."""
    number = models.CharField(max_length=64)
    digest = models.BinaryField()
    sealed = models.BinaryField()
    """`Sealer.seal(code, "dossier", number, zstd(encoded))`; empty once withdrawn."""
    photo_digest = models.CharField(max_length=32, blank=True)
    identity = models.BinaryField(default=b"")
    """Whom it is about (`cabinet.identity`): kept with a withdrawn patient's account, so that no other gets it."""
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    """The account is kept 30 days from here, then erased with this row."""

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "number"], name="dossier_number")]
        indexes = [
            # All that a night asks of all dossiers, beside the sealed ones, which are twenty times as much to read.
            models.Index(fields=["cabinet", "withdrawn_at", "number", "digest", "identity"], name="dossier_states"),
            # Each commit asks of each photo whether anybody has it.
            models.Index(fields=["cabinet", "photo_digest"], name="dossier_photo"),
        ]


class Reason(StrEnum):
    """Why a number is not published."""

    HIDDEN = "hidden"
    ERASED = "erased"


class NotPublished(models.Model):
    """A number that the source may hold but the portal never shows: hidden by the cabinet, or erased on request."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    reason = models.CharField(max_length=16, choices=[(reason.value, reason.value) for reason in Reason])
    since = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "number"], name="not_published_number")]


class Photo(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    digest = models.CharField(max_length=32)
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "digest"], name="photo_digest")]


class RunOutcome(models.TextChoices):
    OPEN = "open"
    COMMITTED = "committed"
    DISCARDED = "discarded"
    """By its device, or because another device took over an expired lease."""


class SyncRun(models.Model):
    """A run that opened. The one that holds the cabinet's lease is the only one that may stage and commit."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    key = models.CharField(max_length=32)
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=16, choices=RunOutcome.choices)
    opened_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField()
    answer = models.BinaryField(null=True)
    """The `Committed` document: a repeated commit gets the same answer."""

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cabinet", "key"], name="sync_run_key"),
            models.UniqueConstraint(
                fields=["cabinet"], condition=models.Q(status=RunOutcome.OPEN), name="one_open_run_per_cabinet"
            ),
        ]


class StagedDossier(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE)
    batch = models.PositiveIntegerField()
    number = models.CharField(max_length=64)
    digest = models.BinaryField()
    sealed = models.BinaryField()
    photo_digest = models.CharField(max_length=32, blank=True)
    identity = models.BinaryField(default=b"")

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "run", "number"], name="staged_number")]
        # A batch that comes replaces the one of its place, among thousands of sealed rows.
        indexes = [models.Index(fields=["cabinet", "run", "batch"], name="staged_batch")]
