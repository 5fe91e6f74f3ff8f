"""A picture of every scene at each usual size: `python -m tests.app.gallery FOLDER [NAME…]`.

As `NAME-WIDTHxHEIGHT.png`, in logical pixels: a window on a screen of 1366×768, on the same at 125 %, and the smallest.
A name may be the beginning of several.
"""

import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QSize

from app.main import application
from app.shell.window import SMALLEST
from cli.embedded_portal import embedded_portal
from tests.app.gallery.everything import ALL
from tests.app.gallery.stage import Stage
from tests.app.practice import new_cabinets, published_practice

SCREEN = {"name": "", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
SIZES = (QSize(1366, 768), QSize(1093, 574), SMALLEST)


def write_gallery(folder: Path, names: Collection[str] = ()) -> int:
    """Write the pictures of the named scenes, or of all, and return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in ALL if not names or one.name.startswith(tuple(names))]
    with tempfile.TemporaryDirectory(prefix="webortho-galerie-") as place:
        root = Path(place)
        # Without one of ours the screen is 800 pixels wide, and so are large dialogs.
        screens = root / "screens.json"
        screens.write_text(json.dumps({"screens": [SCREEN]}))
        os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={screens}")
        application()
        with embedded_portal(root / "portail") as portal:
            today = dt.datetime.now().astimezone().date()
            practice = published_practice(portal, next(new_cabinets(portal)), root / "poste", today=today)
            for size in SIZES:
                stage = Stage(practice.config_file, practice.state_dir, root, size)
                for one in wanted:
                    picture = one.play(stage).grab()
                    picture.save(str(folder / f"{one.name}-{size.width()}x{size.height()}.png"))
                    stage.clear()
                stage.end()
    return len(wanted) * len(SIZES)


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit("Usage: python -m tests.app.gallery FOLDER [NAME…]")
    sys.stdout.write(f"{write_gallery(Path(sys.argv[1]), sys.argv[2:])} pictures in {sys.argv[1]}\n")


if __name__ == "__main__":
    main()
