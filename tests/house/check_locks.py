"""The lock files hold what pyproject.toml asks for, by hash alone: no address, no folder, no option for pip.

python3 -m tests.house.check_locks        exit code 1 and one line per finding
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[0-9][\w.+!]*)(?: ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
"""A lock file is pins and hashes and nothing else. An address, a folder, an option for pip or a comment is a finding
because it is neither: what is allowed is short, what is forbidden need not be thought of."""


def check_lines(name: str, text: str) -> Iterator[str]:
    """What is wrong with the lines of one lock file, called `name`."""
    hashes = 1  # of the pin above
    for line_number, line in enumerate(text.splitlines(), 1):
        if PIN.fullmatch(line):
            if not hashes:
                yield f"{name}:{line_number - 1}: a pin without a hash"
            hashes = 0
        elif HASH.fullmatch(line):
            hashes += 1
        else:
            yield f"{name}:{line_number}: neither a pinned version nor its hash: {line.strip()}"
    if not hashes or not text:
        yield f"{name}: ends before a hash"


def locked(text: str) -> dict[str, Version]:
    """Name of each package that a lock file pins -> its version."""
    return {pin["name"]: Version(pin["version"]) for line in text.splitlines() if (pin := PIN.fullmatch(line))}


def requirements_of(project: dict[str, object], extra: str) -> Iterator[Requirement]:
    """The requirements of an extra: the project's own and, through `name[extra]`, those of other extras."""
    seen: set[str] = set()
    waiting = [extra]
    optional: dict[str, list[str]] = project["optional-dependencies"]  # type: ignore[assignment]
    base: list[str] = project["dependencies"]  # type: ignore[assignment]
    yield from map(Requirement, base)
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for requirement in map(Requirement, optional[current]):
            if requirement.name == project["name"]:
                waiting.extend(requirement.extras)
            else:
                yield requirement


def check_against_project(root: Path) -> Iterator[str]:
    """One lock file per extra, each with every requirement of it; a package has the same version in all of them."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions: dict[str, dict[Version, str]] = {}
    for extra in sorted(project["optional-dependencies"]):
        path = root / "packaging" / f"lock-{extra}.txt"
        if not path.is_file():
            yield f"{path.name}: missing; run `python3 run.py lock`"
            continue
        text = path.read_text(encoding="utf-8")
        yield from check_lines(path.name, text)
        pins = locked(text)
        for requirement in requirements_of(project, extra):
            version = pins.get(canonicalize_name(requirement.name))
            if version is None:
                yield f"{path.name}: lacks {requirement.name}; run `python3 run.py lock`"
            elif not requirement.specifier.contains(version, prereleases=True):
                yield f"{path.name}: {version} is not {requirement}; run `python3 run.py lock`"
        for package, version in pins.items():
            versions.setdefault(package, {}).setdefault(version, path.name)
    for package, where in sorted(versions.items()):
        if len(where) > 1:
            yield f"{package} differs: {', '.join(f'{version} in {name}' for version, name in where.items())}"


def main() -> int:
    findings = list(check_against_project(ROOT))
    sys.stdout.writelines(f"{finding}\n" for finding in findings)
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
