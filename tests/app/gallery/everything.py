"""All scenes of all screens."""

from tests.app.gallery import desk_scenes, first_run_scenes, mailing_scenes, publishing_scenes, setup_scenes
from tests.app.gallery.scenes import SCENES, Scene

ALL: tuple[Scene, ...] = tuple(SCENES.values())
MODULES = (desk_scenes, first_run_scenes, mailing_scenes, publishing_scenes, setup_scenes)
