"""Every screen, dialog and page of the application, in the smallest window: nothing cut, out of reach, or nameless."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)

from app.shell.window import SMALLEST
from tests.app.gallery.audit import cut, nameless, out_of_reach, scrolls_sideways, squeezed
from tests.app.gallery.everything import ALL
from tests.app.gallery.scenes import Scene
from tests.app.gallery.stage import Stage
from tests.app.practice import Practice


@pytest.fixture(scope="module")
def stage(qapp: QApplication, shared_practice: Practice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    practice = shared_practice.copy(tmp_path_factory.mktemp("gallery") / "poste")
    made = Stage(practice.config_file, practice.state_dir, tmp_path_factory.mktemp("scratch"), SMALLEST)
    yield made
    made.end()


@pytest.fixture(params=ALL, ids=lambda one: one.name)
def shown(request: pytest.FixtureRequest, stage: Stage) -> Iterator[QWidget]:
    """Each scene; a dialog no larger than the smallest window either."""
    scene: Scene = request.param
    window = scene.play(stage)
    window.resize(window.size().boundedTo(SMALLEST))
    stage.settle()
    yield window
    stage.clear()


def test_nothing_is_cut_out_of_reach_or_nameless_in_the_smallest_window(shown: QWidget) -> None:
    assert shown.width() <= SMALLEST.width()
    assert shown.height() <= SMALLEST.height()
    found = {
        "cut": cut(shown),
        "squeezed": squeezed(shown),
        "out of reach": out_of_reach(shown),
        "scrolls sideways": scrolls_sideways(shown),
        "nameless": nameless(shown),
    }
    assert {what: wrong for what, wrong in found.items() if wrong} == {}
