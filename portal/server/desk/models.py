"""Who was informed of the portal and how, and which campaign is about to write to whom."""

from django.db import models

from portal.server.cabinets.models import Cabinet, Device
from portal.server.scoping import ScopedManager


class Announcement(models.Model):
    """The latest time that a patient was informed by a medium."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    medium = models.CharField(max_length=8)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "number", "medium"], name="announcement_medium")]


class Claim(models.Model):
    """A campaign of a device is writing to this patient: no other device may before `until`."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    campaign = models.CharField(max_length=32)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    until = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "number"], name="claim_number")]
