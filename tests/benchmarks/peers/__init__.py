"""Other programs that do the same job, each in an environment of its own, installed only when asked for."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".setup" / "peers"
PYTHON = FOLDER / "bin" / "python"
SYSTEM_PYTHON = Path(sys.base_prefix, "bin", "python3")
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def missing() -> str:
    """Why the Python peers cannot run here, or "" when they can."""
    return "" if PYTHON.exists() else "pas installé (run.py bench --install-peers)"


def install() -> None:
    """Make the peers' environment: pinned versions, for measuring only."""
    subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--without-pip", FOLDER], check=True)
    # The system's pip works on the environment from outside, as in run.py: there is none in `.venv`.
    pip: list[str | Path] = [SYSTEM_PYTHON, "-m", "pip", "--python", PYTHON, "install", "--quiet", "--quiet"]
    subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True)
