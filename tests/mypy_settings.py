"""Django's settings as the type checker reads them: of an installation made for the purpose, with keys of its own."""

import os
import tempfile
from pathlib import Path

from portal.server.sealing import create_ring, write_ring

_folder = Path(tempfile.mkdtemp(prefix="webortho-mypy-"))
write_ring(create_ring(), _folder / "keys.json")
os.environ["WEBORTHO_PORTAL_DIR"] = str(_folder)

from portal.server.settings import *  # noqa: E402, F403 - the key file must exist first
