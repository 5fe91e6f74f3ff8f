"""What every test stands on: an installation of the portal in a temporary folder, made before Django reads it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rounds import Rounds, rounds_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the tests marked long: minutes to hours")
    parser.addoption("--times", type=int, help="how often a long test does its thing, instead of as often as it says")
    parser.addoption("--from", type=int, default=0, dest="first", help="how often it was done before, by a stopped run")


def pytest_configure(config: pytest.Config) -> None:
    """pytest-django finds Django configured; the key file must exist before the settings are imported."""
    import django  # noqa: PLC0415 - not before coverage is measured

    from portal.server.sealing import create_ring, write_ring  # noqa: PLC0415 - as above

    folder = Path(tempfile.mkdtemp(prefix="webortho-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["WEBORTHO_PORTAL_DIR"] = str(folder)
    os.environ["WEBORTHO_ORIGIN"] = "http://testserver"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.server.settings"
    write_ring(create_ring(), folder / "keys.json")
    django.setup()
    # A worker of xdist inherits the environment: finding the name there, pytest-django would read the settings, and so
    # this process's folder, before the worker has one of its own; a key rotation tested in one would break another.
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(autouse=True)
def exports_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that a test has just written is not one that is still being written (`sync.quiet`)."""
    monkeypatch.setattr("sync.quiet.QUIET_SECONDS", 0.0)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """`tell("…")`: a line on the terminal, at once, for who waits for a long test."""
    captured = request.config.pluginmanager.getplugin("capturemanager")

    def told(line: str) -> None:
        with captured.global_and_fixture_disabled():
            print(f"\n{line}", flush=True)  # noqa: T201 - as above

    return told


@pytest.fixture
def rounds(request: pytest.FixtureRequest, tell: Callable[[str], None]) -> Rounds:
    """What a long test counts through."""
    return rounds_of(request.node.name, request.config.getoption("first"), request.config.getoption("times"), tell)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # What takes a minute by itself begins first, or one core would wait for it at the end.
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
