"""What a schedule starts is understood in a shorter way than click's, and as click understands it."""

from pathlib import Path
from typing import Any

import pytest

from cli.plain_sync import plain_options
from cli.sync import command
from cli.sync_run import SyncOptions
from sync.schedule.task import nightly_task

CONFIG = ("--config", "/home/cabinet/100 % été/sync.toml")


@pytest.mark.parametrize(
    "arguments",
    [
        (*CONFIG, "--planned"),
        (*CONFIG, "--planned", "--if-due"),
        (*CONFIG, "--if-due"),
        (*CONFIG, "--if-asked"),
        (*CONFIG, "--secrets-file", "s.json", "--state-dir", "../état", "--json"),
        (*CONFIG, *CONFIG[:1], "autre.toml"),
        (),
    ],
)
def test_the_options_of_a_schedule_mean_what_they_mean_to_click(arguments: tuple[str, ...]) -> None:
    options = plain_options(["sync", *arguments])
    assert options is not None
    assert SyncOptions(**options) == SyncOptions(**_by_click(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("check", *CONFIG),
        ("sync", "schedule", "status"),
        ("sync", *CONFIG, "--dry-run"),
        ("sync", *CONFIG, "--help"),
        ("sync", "--config"),
        ("sync", "--config", "--json"),
        ("sync", "--config", "-"),
        ("sync", "--config="),
        ("sync", "--jso"),
        ("sync", *CONFIG, "--", "--json"),
        ("sync", *CONFIG, ""),
        ("sync", "--config", ""),
        ("sync", "--state-dir", "", "--planned"),
    ],
)
def test_all_else_is_left_to_click(arguments: tuple[str, ...]) -> None:
    assert plain_options(list(arguments)) is None


@pytest.mark.parametrize("more", [(), ("--if-due",)])
def test_all_that_a_schedule_writes_is_plain(more: tuple[str, ...], tmp_path: Path) -> None:
    task = nightly_task("dijon21", tmp_path / "sync.toml")
    for words in (task.nightly, task.asking):
        assert plain_options([*words[words.index("sync") :], *more]) is not None


def _by_click(*arguments: str) -> dict[str, Any]:
    return command.make_context("sync", list(arguments)).params
