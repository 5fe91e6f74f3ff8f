"""Tells Django about this application."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.server.mail"
    label = "mail"
    default_auto_field = "django.db.models.BigAutoField"
