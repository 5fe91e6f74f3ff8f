"""The files of mappings: none is written over, the last few stay, and so does what is in use or a person's own."""

from pathlib import Path

import pytest

from app.setup.mapping_files import new_mapping_file, tidy


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_numbers_go_up_though_former_files_are_gone(tmp_path: Path) -> None:
    assert [new_mapping_file(tmp_path).name for _ in range(3)] == ["mapping.toml", "mapping-2.toml", "mapping-3.toml"]
    (tmp_path / "mapping-2.toml").unlink()
    assert new_mapping_file(tmp_path).name == "mapping-4.toml"


@pytest.mark.parametrize("in_use", ["mapping-12.toml", "mapping.toml", "export/mapping-4.toml", ""])
def test_the_last_three_stay(in_use: str, tmp_path: Path) -> None:
    own = ["mapping.toml", "mapping-cabinet.toml", "mapping-2.toml.bak", "sync.toml"]
    for name in (*own, *(f"mapping-{place}.toml" for place in (2, 3, 9, 10, 11, 12))):
        (tmp_path / name).touch()
    tidy(tmp_path, in_use)
    assert names(tmp_path) == sorted([*own, "mapping-10.toml", "mapping-11.toml", "mapping-12.toml"])


def test_the_one_in_use_stays_however_old(tmp_path: Path) -> None:
    for place in range(2, 9):
        (tmp_path / f"mapping-{place}.toml").touch()
    tidy(tmp_path, "mapping-2.toml")
    assert names(tmp_path) == [f"mapping-{place}.toml" for place in (2, 6, 7, 8)]
    tidy(tmp_path, str(tmp_path / "mapping-6.toml"))
    assert names(tmp_path) == [f"mapping-{place}.toml" for place in (6, 7, 8)]
