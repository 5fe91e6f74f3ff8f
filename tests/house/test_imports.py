"""Each import contract refuses what it is there to refuse."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FORBIDDEN = {
    "cabinet/bad.py": "import cryptography, django, keyring, portal.api.shapes, PySide6, requests",
    "sync/bad.py": "import portal.server.config",
    "portal/server/bad.py": "import portal.api.client",
    "cli/bad.py": "import portal.server.config",
}
"""Module -> imports, each of which breaks a contract; together they break all of them."""


def test_every_contract_has_been_seen_failing(tmp_path: Path) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    for package in settings["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, imports in FORBIDDEN.items():
        (tmp_path / name).write_text(f'"""Wrong."""\n{imports}\n')

    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    # The report breaks long names over lines.
    said = " ".join(done.stdout.split())
    assert [contract["name"] for contract in settings["contracts"] if f"{contract['name']} BROKEN" not in said] == []
