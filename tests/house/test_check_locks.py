"""The lock-file check refuses whatever is not a pinned version with its hash, and what pyproject.toml asks in vain."""

from pathlib import Path

import pytest

from tests.house.check_locks import check_against_project, check_lines, locked

HASH = "    --hash=sha256:" + "0" * 64
GOOD = f"click==8.2.1 \\\n{HASH} \\\n{HASH}\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n{HASH}\n"
PYPROJECT = """
[project]
name = "webortho"
dependencies = ["click>=8.2"]
[project.optional-dependencies]
sync = ["zstandard>=0.23"]
dev = ["webortho[sync]"]
"""


def pin(*pins: str) -> str:
    return "".join(f"{one} \\\n{HASH}\n" for one in pins)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "packaging").mkdir()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    for extra in ("sync", "dev"):
        (tmp_path / "packaging" / f"lock-{extra}.txt").write_text(pin("click==8.2.1", "zstandard==0.25.0"))
    return tmp_path


def test_pins_with_hashes_pass() -> None:
    assert list(check_lines("lock", GOOD)) == []
    assert sorted(locked(GOOD)) == ["click", "colorama"]


@pytest.mark.parametrize(
    "line",
    [
        "--find" + "-links /some/folder",
        "--index" + "-url https://packages.example/",
        "click @ https://packages.example/click.whl \\",
        "click @ file:///some/click.whl \\",
        "-e .",
        "# made by hand",
        "click>=8 \\",
        "    --hash=md5:00",
    ],
)
def test_anything_else_is_found_with_its_line(line: str) -> None:
    assert list(check_lines("lock", f"{GOOD}{line}\n")) == [
        f"lock:6: neither a pinned version nor its hash: {line.strip()}"
    ]


@pytest.mark.parametrize("text", ["", "click==8.2.1 \\\n", f"click==8.2.1 \\\nzstandard==0.25.0 \\\n{HASH}\n"])
def test_a_pin_without_a_hash_is_found(text: str) -> None:
    assert list(check_lines("lock", text))


def test_locks_that_hold_what_is_asked_pass(project: Path) -> None:
    assert list(check_against_project(project)) == []


def test_a_dependency_that_is_not_locked_is_found_in_every_extra_that_takes_it(project: Path) -> None:
    for extra in ("sync", "dev"):
        (project / "packaging" / f"lock-{extra}.txt").write_text(pin("click==8.2.1"))

    assert list(check_against_project(project)) == [
        "lock-dev.txt: lacks zstandard; run `python3 run.py lock`",
        "lock-sync.txt: lacks zstandard; run `python3 run.py lock`",
    ]


def test_a_locked_version_that_pyproject_refuses_is_found(project: Path) -> None:
    for extra in ("sync", "dev"):
        (project / "packaging" / f"lock-{extra}.txt").write_text(pin("click==8.1.0", "zstandard==0.25.0"))

    assert "lock-dev.txt: 8.1.0 is not click>=8.2; run `python3 run.py lock`" in check_against_project(project)


def test_a_version_that_differs_between_extras_is_found(project: Path) -> None:
    (project / "packaging" / "lock-sync.txt").write_text(pin("click==8.2.1", "zstandard==0.24.0"))

    assert list(check_against_project(project)) == [
        "zstandard differs: 0.25.0 in lock-dev.txt, 0.24.0 in lock-sync.txt"
    ]


def test_an_extra_without_a_lock_file_is_found(project: Path) -> None:
    (project / "packaging" / "lock-sync.txt").unlink()

    assert list(check_against_project(project)) == ["lock-sync.txt: missing; run `python3 run.py lock`"]
