"""Tells Django about this application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "portal.server.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
