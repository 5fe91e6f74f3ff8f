"""A picture of every portal page and state: `python -m tests.e2e.pictures FOLDER [NAME…]`.

On a phone (360 px) and a computer (1280 px), in light and in dark, as `NAME-WIDTH[-sombre].png`. The demo patient and
the morning are frozen, so two runs of one version make the same pictures.
"""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from tests.e2e.browser import chromium
from tests.e2e.scenes import scenes

WIDTHS = {360: 740, 1280: 800}
"""Width of the window -> its height, in CSS pixels."""
SCHEMES: dict[Literal["light", "dark"], str] = {"light": "", "dark": "-sombre"}


def write_pictures(folder: Path, names: Collection[str] = ()) -> list[Path]:
    """Write the pictures of the named scenes, or of all, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [scene for scene in scenes() if not names or scene.name in names]
    written: list[Path] = []
    with chromium() as browser:
        for scheme, suffix in SCHEMES.items():
            for width, height in WIDTHS.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                for scene in chosen:
                    page.set_content(scene.html, wait_until="load")
                    page.evaluate("document.fonts.ready")
                    path = folder / f"{scene.name}-{width}{suffix}.png"
                    page.screenshot(path=path, full_page=True)
                    written.append(path)
                page.close()
    return written


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("Usage: python -m tests.e2e.pictures FOLDER [NAME…]")
    written = write_pictures(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write(f"{len(written)} pictures in {sys.argv[1]}\n")


if __name__ == "__main__":
    main()
