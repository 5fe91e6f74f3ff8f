"""One open row per patient: the dossier as JSON."""

from django.conf import settings
from django.db import models


class Dossier(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    document = models.JSONField()
