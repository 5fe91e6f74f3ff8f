"""An answer that is being written survives leaving, a crash and a damaged file."""

import stat
import sys
from pathlib import Path

import pytest

from app.inbox.drafts import AnswerDrafts


def test_what_was_noted_and_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    drafts = AnswerDrafts(tmp_path / "state", "dijon21")
    assert drafts.note("a", "Bonjour,")
    assert drafts.note("b", "Oui.")
    drafts.save()
    assert AnswerDrafts(tmp_path / "state", "dijon21").texts == {"a": "Bonjour,", "b": "Oui."}
    assert AnswerDrafts(tmp_path / "state", "autre").texts == {}


def test_an_empty_text_is_no_draft_any_more(tmp_path: Path) -> None:
    drafts = AnswerDrafts(tmp_path, "dijon21")
    drafts.note("a", "Bonjour,")
    assert drafts.note("a", "")
    drafts.save()
    assert AnswerDrafts(tmp_path, "dijon21").texts == {}


def test_the_same_text_again_is_no_news(tmp_path: Path) -> None:
    drafts = AnswerDrafts(tmp_path, "dijon21")
    assert not drafts.note("a", "")
    assert drafts.note("a", "Oui.")
    assert not drafts.note("a", "Oui.")


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_a_damaged_file_is_like_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "reponses-dijon21.json").write_bytes(damage)
    assert AnswerDrafts(tmp_path, "dijon21").texts == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folder private by itself")
def test_only_this_account_reads_what_the_cabinet_writes(tmp_path: Path) -> None:
    drafts = AnswerDrafts(tmp_path, "dijon21")
    drafts.note("a", "Bonjour,")
    drafts.save()
    assert stat.S_IMODE((tmp_path / "reponses-dijon21.json").stat().st_mode) == 0o600


def test_a_disk_that_refuses_stops_nobody_from_writing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    drafts = AnswerDrafts(tmp_path / "file" / "state", "dijon21")
    drafts.note("a", "Bonjour, Camille")
    drafts.save()
    assert drafts.texts == {"a": "Bonjour, Camille"}
    assert "Camille" not in caplog.text
    assert "not kept" in caplog.text
