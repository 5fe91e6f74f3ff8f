"""Runs as the cabinet's devices told them, the evenings that they planned, and what the cabinet was written of it."""

from django.db import models

from portal.server.cabinets.models import Cabinet, Device
from portal.server.scoping import ScopedManager


class ToldRun(models.Model):
    """A run of the sync that ended, whether or not it opened one here."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    key = models.CharField(max_length=32)
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)
    told_at = models.DateTimeField()
    """By the portal's clock: a computer's own may be wrong."""
    ending = models.CharField(max_length=16)
    awaits_verdict = models.BooleanField()
    """Whether the watch has still to say what it means for its night; only scheduled runs make a night."""
    document = models.BinaryField()
    """`portal.api.nights.RunTold` as JSON: counts and sentences, no patient."""

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "key"], name="told_run_key")]
        indexes = [models.Index(fields=["cabinet", "told_at"], name="told_run_at")]


class PlannedNight(models.Model):
    """A device runs the sync every day at this minute of the cabinet's clocks."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    at = models.TimeField()
    since = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "device"], name="planned_night_device")]


class Watch(models.Model):
    """Where the watch over a cabinet's nights stands."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    look_at = models.DateTimeField(null=True)
    """When there may be something to say next; None: nothing is expected."""
    state = models.BinaryField(default=b"")
    """`portal.server.nights.verdicts.State` as JSON; empty before the first."""

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet"], name="watch_cabinet")]
        # The background process asks for all cabinets at once.
        indexes = [models.Index(fields=["look_at"], name="watch_look_at")]


class RunRequest(models.Model):
    """A computer asked for a run; at most one of a cabinet is open."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    key = models.CharField(max_length=32)
    state = models.CharField(max_length=16)
    """`portal.api.nights.AskedState`."""
    asked_at = models.DateTimeField()
    device = models.ForeignKey(Device, null=True, on_delete=models.SET_NULL)
    """That took it."""
    until = models.DateTimeField()
    """When it expires, unless somebody takes it or goes on telling."""
    progress = models.BinaryField(default=b"")
    """`RunProgress` as JSON; empty before the first."""
    run = models.ForeignKey(ToldRun, null=True, on_delete=models.SET_NULL)
    """How it ended."""

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cabinet", "key"], name="run_request_key"),
            models.UniqueConstraint(
                fields=["cabinet"],
                condition=models.Q(state__in=("waiting", "running")),
                name="one_open_request_per_cabinet",
            ),
        ]


class NightMail(models.Model):
    """One e-mail of each sort a day at most, whatever happens."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    sort = models.CharField(max_length=16)
    day = models.DateField()
    """By the cabinet's calendar."""

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "sort", "day"], name="night_mail_day")]
