"""Tells Django about this application."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "portal.server.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"
