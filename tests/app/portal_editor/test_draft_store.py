"""The draft on disk: whole or not at all, and never written over when it cannot be read."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.board import Published
from app.desk.desk import Desk
from app.portal_editor.draft import Draft
from app.portal_editor.draft_store import DraftStore, store_of, unpublished
from app.portal_editor.items import with_value
from portal.pages.settings import MAX_ZONE, demo_settings
from sync.config import SyncConfig, write_config

DRAFT = Draft(3, demo_settings(), with_value(demo_settings(), "route_url", "htt"), ("route_url",))

_TYPE_FOR_EVER = """
import sys
from pathlib import Path
from app.portal_editor.draft import new_draft
from app.portal_editor.draft_store import DraftStore
from app.portal_editor.presenter import Presenter
from portal.pages.settings import demo_settings
presenter = Presenter(DraftStore(Path(sys.argv[1])))
presenter.published_is(1, demo_settings())
for number in range(10_000_000):
    presenter.set_zone("greeting", f"Frappe {number} " + "x" * 300)
    presenter.save()
    print(number, flush=True)
"""


def test_a_draft_comes_back_as_it_was_even_half_typed(tmp_path: Path) -> None:
    DraftStore(tmp_path / "new").save(DRAFT)

    assert DraftStore(tmp_path / "new").load() == DRAFT


def test_there_is_no_draft_at_first(tmp_path: Path) -> None:
    assert DraftStore(tmp_path).load() is None


def test_only_this_account_can_read_it(tmp_path: Path) -> None:
    DraftStore(tmp_path / "new").save(DRAFT)

    (path,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    store.save(DRAFT)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b'{"format":2,"of":"tomorrow"}')

    assert store.load() is None
    store.save(DRAFT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brouillon-illisible.json", "brouillon.json"]


def test_what_could_run_is_gone_when_a_draft_is_read(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    store.save(DRAFT)
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text().replace("03 53 01 21 22", "<script>alert(1)</script>ici"))

    loaded = store.load()
    assert loaded is not None
    assert loaded.settings.zones.fax == "ici"


def test_a_kill_in_the_middle_of_typing_loses_at_most_the_last_stroke(tmp_path: Path) -> None:
    saved = 0
    with subprocess.Popen(
        [sys.executable, "-c", _TYPE_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as typist:
        assert typist.stdout is not None
        for line in typist.stdout:
            saved = int(line)
            if saved >= 20:
                break
        typist.kill()
        rest = typist.stdout.read().splitlines()
    # The last line may be cut by the kill itself; what was printed whole was saved.
    saved = max([saved, *(int(line) for line in rest[:-1])])

    draft = DraftStore(tmp_path).load()
    assert draft is not None
    assert int(draft.settings.zones.greeting.split()[1]) >= saved
    assert len(draft.changes) == 1


def test_images_are_kept_with_the_draft(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    store.keep_image("0" * 32, b"drawing")

    assert store.image("0" * 32) == b"drawing"
    assert store.image("1" * 32) is None


def test_the_badge_knows_the_draft_before_the_screen_is_opened(tmp_path: Path) -> None:
    write_config(SyncConfig("https://portail.exemple.fr", "dijon21"), tmp_path / "sync.toml")
    desk = Desk(tmp_path / "sync.toml", tmp_path / "state")
    published = Published(4, demo_settings())
    assert unpublished(desk, published) == 0

    mine = with_value(with_value(demo_settings(), "zones.fax", "Autre"), "hidden.dossier", value=True)
    store_of(desk).save(Draft(4, demo_settings(), mine))
    assert unpublished(desk, published) == 2

    # Another computer has published one of the two meanwhile.
    assert unpublished(desk, Published(5, with_value(demo_settings(), "zones.fax", "Autre"))) == 1


def test_a_document_that_the_portal_would_refuse_is_kept_all_the_same(tmp_path: Path) -> None:
    wrong = with_value(demo_settings(), "contact_email", "cabinet@")
    DraftStore(tmp_path).save(Draft(1, demo_settings(), wrong))

    loaded = DraftStore(tmp_path).load()
    assert loaded is not None
    assert loaded.settings.contact_email == "cabinet@"


def test_nothing_that_a_screen_lets_through_is_too_long_to_be_read_again(tmp_path: Path) -> None:
    longest = with_value(demo_settings(), "zones.access", "x" * MAX_ZONE)
    DraftStore(tmp_path).save(Draft(1, demo_settings(), longest))

    assert DraftStore(tmp_path).load() is not None


def test_a_full_disk_leaves_the_former_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DraftStore(tmp_path)
    store.save(DRAFT)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sync.replaced_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(Draft(9, demo_settings(), demo_settings()))
    assert store.load() == DRAFT
    assert len(list(tmp_path.iterdir())) == 1
