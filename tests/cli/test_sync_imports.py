"""What a night loads before it does anything: on most nights that takes longer than all that it does."""

import subprocess
import sys

from sync.errors import ConfigError

LOADED = """
import sys

from sync.errors import ConfigError
before = set(sys.modules)
from cli.__main__ import main
sys.argv = ["webortho", "sync", "--config", "absent.toml", "--planned"]
try:
    main()
finally:
    import sync.rereading
    print(*sorted(set(sys.modules) - before))
"""
OURS = {"cabinet", "cli", "portal", "resources", "sync"}
LIBRARIES = {
    *("blake3", "certifi", "msgspec", "zstandard"),
    *("backports", "cython_runtime"),  # parts of these
}
NOT_FOR_A_NIGHT = {
    *("cabinet.guess", "cabinet.sources.database", "cabinet.sources.workbook", "cli.sync_enrol", "cli.sync_schedule"),
    *("portal.api.desk", "portal.pages", "sync.explaining", "sync.keyring_store", "sync.schedule"),
    *(
        "ast",
        "asyncio",
        "inspect",
        "concurrent",
        "ctypes",
        "difflib",
        "multiprocessing",
        "subprocess",
        "tempfile",
        "xml",
    ),
}


def test_a_night_loads_only_what_it_needs() -> None:
    ended = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == ConfigError.exit_code
    loaded = ended.stdout.split()
    assert "sync.run" in loaded
    assert [name for name in loaded if {name, name.partition(".")[0]} & NOT_FOR_A_NIGHT] == []
    libraries = {name.partition(".")[0] for name in loaded} - OURS - sys.stdlib_module_names
    assert {name for name in libraries if not name.startswith("_") and "__mypyc" not in name} - LIBRARIES == set()
