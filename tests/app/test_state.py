"""What the program remembers, and what a damaged memory costs: nothing."""

from pathlib import Path

import pytest

from app.state import FILE_NAME, Remembered, recall, remember


def test_what_is_remembered_is_recalled(tmp_path: Path) -> None:
    state = Remembered("AdnQywAD", "patients")
    remember(tmp_path / "new", state)
    assert recall(tmp_path / "new") == state
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'{"geometry": 3}', b"[]", b'{"screen": "home"'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    assert recall(tmp_path) == Remembered()


def test_what_a_newer_version_wrote_is_taken_as_far_as_it_is_known(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'{"screen": "home", "zoom": 120}')
    assert recall(tmp_path) == Remembered(screen="home")


def test_a_folder_that_takes_nothing_keeps_nobody_from_closing(tmp_path: Path) -> None:
    place = tmp_path / "a-file"
    place.write_text("not a folder")
    remember(place / "state", Remembered("x"))
    assert recall(place / "state") == Remembered()
