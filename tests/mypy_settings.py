"""Django's settings as the type checker reads them: of an installation made for the purpose, with keys of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.server.sealing import create_ring, write_ring

_folder = Path(tempfile.mkdtemp(prefix="webortho-mypy-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
write_ring(create_ring(), _folder / "keys.json")
os.environ["WEBORTHO_PORTAL_DIR"] = str(_folder)

from portal.server.settings import *  # noqa: E402, F403 - the key file must exist first
