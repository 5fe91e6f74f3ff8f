"""Messages from patients, sealed."""

from django.db import models

from portal.server.cabinets.models import Cabinet


class Message(models.Model):
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE)
    number = models.CharField(max_length=64)
    sealed = models.BinaryField()
    """JSON of subject, body and the address to answer to."""
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["cabinet", "created_at"], name="message_created")]
