"""Tells Django about this application."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "portal.server.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
