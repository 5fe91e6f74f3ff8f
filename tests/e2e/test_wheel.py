"""The built wheel, installed alone into an empty environment, does the job without the checkout.

The environment holds exactly what the locks of the portal, the sync and the mail merge pin, copied from the test
environment (which was installed from hashes) so that no network is needed.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest
import requests
from packaging.requirements import Requirement
from set_up.environment import base_python

from tests.house.check_house import project_at

pytestmark = pytest.mark.early
ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("merge", "portal", "sync")
PACKAGES = {"app", "cabinet", "cli", "merge", "portal", "resources", "sync", "templates"}
DAY = "2026-03-14"


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and an empty folder to work in."""

    scripts: Path
    packages: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WEBORTHO", "DJANGO"))
        }
        return subprocess.run(
            [self.scripts / program, *arguments],
            cwd=self.folder,
            env=kept | {"HOME": str(self.folder), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("webortho-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([base_python(), "-m", "venv", "--without-pip", str(home)], check=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    (packages,) = home.glob("Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages")
    for requirement in pinned():
        copy_distribution(requirement, packages)
    pip = [base_python(), "-m", "pip", "--python", str(scripts / "python"), "install", "--quiet", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    return Installed(scripts, packages, tmp_path_factory.mktemp("empty"))


def pinned() -> Iterator[Requirement]:
    """What the lock files pin for this system, each once."""
    lines = {
        line.removesuffix(" \\")
        for lock in LOCKS
        for line in (ROOT / "packaging" / f"lock-{lock}.txt").read_text(encoding="utf-8").splitlines()
        if line[0].isalnum()
    }
    for requirement in map(Requirement, sorted(lines)):
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def copy_distribution(requirement: Requirement, packages: Path) -> None:
    """Copy an installed distribution of the pinned version, without its programs."""
    here = distribution(requirement.name)
    assert requirement.specifier.contains(here.version), f"{requirement} is locked, {here.version} is installed"
    for file in here.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            (packages / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), packages / file)


def test_the_wheel_holds_all_package_data_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = {path.as_posix() for path in project_at(ROOT).files if path.parts[0] in PACKAGES}

    assert tracked - names == set()
    assert {name.split("/")[0] for name in names} == {*PACKAGES, "webortho-0.1.0.dist-info"}


def test_the_program_is_the_wheel_s_and_not_the_checkout_s(installed: Installed) -> None:
    done = installed.run(
        "python", "-c", "import cabinet, portal, templates; print(cabinet.__file__, templates.__file__)"
    )

    assert done.stderr == ""
    assert all(Path(name).is_relative_to(installed.packages) for name in done.stdout.split())


def test_help_is_shown_in_french(installed: Installed) -> None:
    done = installed.run("webortho", "--help")

    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "WebOrtho : les patients d’un cabinet d’orthodontie consultent leur dossier en ligne." in said


def test_the_demo_plays_and_its_export_checks_well(installed: Installed) -> None:
    demo = installed.run("webortho", "demo", "--once", "--no-desktop", "--json", "--date", DAY, "--workspace", "essai")

    assert demo.returncode == 0, demo.stderr
    result = json.loads(demo.stdout)
    assert (result["status"], len(result["pages"])) == ("done", 3)
    assert result["mailing"]["emails"] > 100
    with pytest.raises(requests.ConnectionError):
        requests.get(result["portal"], timeout=5)
    check = installed.run("webortho", "check", "--source", result["export"], "--json")
    assert check.returncode == 0, check.stderr
    assert json.loads(check.stdout)["counts"]["patients"] == 250
