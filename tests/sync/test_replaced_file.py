"""A file is the former one or the new one, and is nobody else's to read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.replaced_file import replace_file


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """An account whose files are everybody's unless a program says otherwise."""
    former = os.umask(0)
    yield
    os.umask(former)


@pytest.mark.parametrize("is_durable", [False, True])
@pytest.mark.skipif(os.name == "nt", reason="there the folder says who reads")
@pytest.mark.usefixtures("open_to_all")
def test_what_is_written_is_read_by_its_account_alone(is_durable: bool, tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(b"before")
    replace_file(path, (b"one, ", memoryview(b"two")), is_durable=is_durable)
    assert path.read_bytes() == b"one, two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_halfway_leaves_the_former_file_and_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(b"before")

    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_file(path, breaking())
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "absent" / "secrets.json", (b"",))
