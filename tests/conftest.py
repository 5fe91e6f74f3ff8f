"""What every test stands on: an installation of the portal in a temporary folder, made before Django reads it."""

import os
import tempfile
from pathlib import Path


def pytest_configure() -> None:
    """pytest-django finds Django configured; the key file must exist before the settings are imported."""
    from portal.server.sealing import create_ring, write_ring  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="webortho-tests-"))
    os.environ["WEBORTHO_PORTAL_DIR"] = str(folder)
    os.environ["WEBORTHO_ORIGIN"] = "http://testserver"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.server.settings"
    write_ring(create_ring(), folder / "keys.json")
