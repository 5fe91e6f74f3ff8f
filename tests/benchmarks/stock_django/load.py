"""Makes the peer's database from a JSON document: `python -m tests.benchmarks.stock_django.load FILE`."""

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.stock_django.settings"
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415 - Django must be set up first
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from tests.benchmarks.stock_django.models import Dossier  # noqa: PLC0415 - as above

    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    call_command("migrate", run_syncdb=True, verbosity=0)
    user = User.objects.create_user(given["number"], password=given["password"])
    Dossier.objects.create(user=user, document=given["document"])


if __name__ == "__main__":
    main()
