"""Every change of a model has its migration."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

pytestmark = pytest.mark.django_db


def missing_migrations() -> str:
    """What `makemigrations --check` says, or "" when nothing is missing."""
    said = io.StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        return said.getvalue()
    return ""


def test_no_migration_is_missing() -> None:
    assert missing_migrations() == ""


def test_a_model_that_changed_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    name = apps.get_model("cabinets", "Cabinet")._meta.get_field("name")
    assert isinstance(name, models.CharField)
    monkeypatch.setattr(name, "max_length", 201)

    assert "Alter field name on cabinet" in missing_migrations()
