"""Messages from patients, and what they were writing, sealed."""

from django.db import models

from portal.server.accounts.models import Access
from portal.server.cabinets.models import Cabinet
from portal.server.scoping import ScopedManager


class Draft(models.Model):
    """What somebody was writing when their session ended for lack of activity: nothing is lost."""

    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    access = models.ForeignKey(Access, on_delete=models.CASCADE)
    sealed = models.BinaryField()
    """JSON of subject and body."""
    created_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "access"], name="draft_access")]


class Message(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    sealed = models.BinaryField()
    """JSON of subject, body and the address to answer to."""
    digest = models.CharField(max_length=64)
    """Keyed hash of who wrote what on which day: the same message sent twice is one message."""
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    sealed_answer = models.BinaryField(default=b"")
    """JSON of what the cabinet answered, and by what means; empty before."""
    answered_at = models.DateTimeField(null=True)
    """The latest answer."""

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cabinet", "digest"], name="message_digest")]
        indexes = [models.Index(fields=["cabinet", "created_at"], name="message_created")]
