"""A logo or an access map from this computer's disk, made fit for the portal: small, upright, without metadata."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from cabinet.errors import WebOrthoError

EDGES = {"logo_digest": 480, "access_image_digest": 1600}
"""Pixels of the longer side, by item: a logo is shown at 52, three times as dense on good screens."""
MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_SENT = 5 * 1024 * 1024
"""What the portal takes."""
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")
_QUALITY = 85


class ImageUnfit(WebOrthoError):
    """A file that cannot be shown on the portal."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cette image {reason}.", "Choisissez une image JPEG ou PNG.")


@dataclass(frozen=True)
class ReadyImage:
    """`sentence` says what became of the file: « plan.png : 4 000 × 3 000 px, 4,1 Mo, réduite à … »."""

    content: bytes
    content_type: str
    sentence: str


def content_type_of(content: bytes) -> str:
    """Of an image that `prepared` made."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def prepared(path: Path, item: str) -> ReadyImage:
    """Read, turn upright, shrink and encode anew. `item` is a key of `EDGES`. Raise `ImageUnfit`, `OSError`."""
    if path.stat().st_size > MAX_BYTES:
        raise ImageUnfit("dépasse 40\u00a0Mo")
    content = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                size = opened.size
                if size[0] * size[1] > MAX_PIXELS:
                    raise ImageUnfit("dépasse 60\u00a0millions de pixels")
                picture = ImageOps.exif_transpose(opened)
                see_through = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
                picture = picture.convert("RGBA" if see_through else "RGB")
        except Image.DecompressionBombError as error:
            raise ImageUnfit("dépasse 60\u00a0millions de pixels") from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise ImageUnfit("n’est pas reconnue, ou elle est abîmée") from error
    picture.thumbnail((EDGES[item], EDGES[item]))
    output = io.BytesIO()
    if see_through:
        picture.save(output, "PNG", optimize=True)
    else:
        picture.save(output, "JPEG", quality=_QUALITY, optimize=True)
    ready = output.getvalue()
    if len(ready) > MAX_SENT:
        raise ImageUnfit("reste trop lourde une fois réduite")
    told = f"{path.name}\u00a0: {_pixels(size)}, {_weight(len(content))}. Sur le portail\u00a0: "
    return ReadyImage(ready, content_type_of(ready), f"{told}{_pixels(picture.size)}, {_weight(len(ready))}.")


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]}\u00a0×\u00a0{size[1]}\u00a0px"


def _weight(count: int) -> str:
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))}\u00a0Ko"
    return f"{count / 1024 / 1024:.1f}\u00a0Mo".replace(".", ",")
