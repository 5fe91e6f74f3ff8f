"""E-mails waiting to be sent, or that could not be."""

from django.db import models

from portal.server.cabinets.models import Cabinet
from portal.server.scoping import ScopedManager


class QueuedMail(models.Model):
    """Written in the transaction of what caused it. States: ready, sending, sent, failed, unknown.

    A crash in the middle of a send leaves `sending`, which becomes `unknown`: shown to the hoster, never repeated.
    """

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    state = models.CharField(max_length=8, default="ready")
    sealed = models.BinaryField()
    """The whole message (RFC 5322 bytes) with its envelope; emptied once sent."""
    number = models.CharField(max_length=64, blank=True)
    """The patient whom it is about: it goes with what is erased of them."""
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="mail_due"),
            models.Index(fields=["cabinet", "number"], name="mail_number"),
        ]
