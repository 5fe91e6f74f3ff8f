"""Tells Django about this application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.server.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
