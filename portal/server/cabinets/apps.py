"""Tells Django about this application."""

from django.apps import AppConfig


class CabinetsConfig(AppConfig):
    name = "portal.server.cabinets"
    label = "cabinets"
    default_auto_field = "django.db.models.BigAutoField"
