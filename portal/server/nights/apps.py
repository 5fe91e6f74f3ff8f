"""Tells Django about this application."""

from django.apps import AppConfig


class NightsConfig(AppConfig):
    name = "portal.server.nights"
    label = "nights"
    default_auto_field = "django.db.models.BigAutoField"
