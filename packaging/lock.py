"""Makes the lock files again from pyproject.toml: one per extra, for every platform, hashed, naming no registry.

    python3 run.py lock              keeps the versions that are locked, adds and removes what pyproject.toml asks
    python3 run.py lock --upgrade    takes the newest versions that pyproject.toml allows

`dev` is resolved first and constrains the others, so that what is tested is what is installed elsewhere.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
PYPROJECT = PACKAGING.parent / "pyproject.toml"
PYTHON_VERSION = "3.11"
"""The oldest Python that WebOrtho runs on; a universal resolution holds for the newer ones too."""


def extras() -> list[str]:
    """The extras of pyproject.toml, `dev` first."""
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return sorted(declared, key=lambda extra: (extra != "dev", extra))


def compile_lock(extra: str, options: list[str]) -> None:
    constraints = [] if extra == "dev" else ["--constraints", "packaging/lock-dev.txt"]
    form = ["--universal", "--python-version", PYTHON_VERSION, "--generate-hashes", "--no-header", "--no-annotate"]
    # --no-build: a package without a wheel would run its own code on every machine that is set up.
    what = ["--no-build", "--extra", extra, *constraints, "--output-file", f"packaging/lock-{extra}.txt"]
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *form, *what, *options, "pyproject.toml"]
    # The registry is what the person's own settings of uv say: none is named here, none in the file.
    subprocess.run(command, cwd=PACKAGING.parent, check=True)


def main() -> None:
    for extra in extras():
        compile_lock(extra, sys.argv[1:])
        sys.stderr.write(f"packaging/lock-{extra}.txt\n")


if __name__ == "__main__":
    main()
