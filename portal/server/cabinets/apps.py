"""Tells Django about this application, and about what may stand in the portal's addresses."""

from django.apps import AppConfig

from portal.server.api import converters


class CabinetsConfig(AppConfig):
    name = "portal.server.cabinets"
    label = "cabinets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        converters.register()
