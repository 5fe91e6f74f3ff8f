"""Images from outside: refused beyond limits, then drawn anew, so that nothing but pixels is kept (SECURITY.md, 11)."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_SIDE = 20_000
PHOTO_EDGE = 400
"""Pixels of the longer side of a patient's photo."""
CABINET_IMAGE_EDGE = 1600
"""Of a logo or an access map."""
_STRIP_PIXELS = 1_000_000
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""EXIF 2.32, tag 0x0112: how the camera was held."""
_one_at_a_time = Lock()
"""25 million pixels take 100 MB while they are drawn; two at once would take 200."""


class ImageRefused(Exception):
    """Not a JPEG or PNG within the limits."""


@dataclass(frozen=True)
class CleanImage:
    content: bytes
    content_type: str


def redraw(content: bytes, edge: int) -> CleanImage:
    """The same picture, at most `edge` pixels long, upright, without metadata: JPEG, or PNG if it is see-through.

    Raise `ImageRefused` beyond 5 MB or 25 million pixels (read in the header, before any pixel), and for what is no
    JPEG or PNG.
    """
    if len(content) > MAX_BYTES:
        raise ImageRefused
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's limit is above ours; and what it mutters of odd files is no news
        try:
            return _redrawn(content, edge)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
            # What Pillow raises for damaged files, as its own test suite shows.
            raise ImageRefused from error


def _redrawn(content: bytes, edge: int) -> CleanImage:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as source:
        width, height = source.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise ImageRefused
        orientation = source.getexif().get(_ORIENTATION_TAG, 1)
        source.draft("RGB", (edge * 2, edge * 2))  # a JPEG decodes itself smaller
        source.load()
        is_see_through = source.mode in ("LA", "PA", "RGBA") or "transparency" in source.info
        picture = _shrunk(source, "RGBA" if is_see_through else "RGB", edge)
    picture.thumbnail((edge, edge))
    for turn in _TURNS.get(orientation, ()):
        picture = picture.transpose(turn)
    output = BytesIO()
    if is_see_through:
        picture.save(output, "PNG", optimize=True)
        return CleanImage(output.getvalue(), "image/png")
    picture.save(output, "JPEG", quality=85)
    return CleanImage(output.getvalue(), "image/jpeg")


def _shrunk(source: Image.Image, mode: str, edge: int) -> Image.Image:
    """Converted, and at least halved as often as leaves twice `edge`: strip by strip, never a second whole picture."""
    width, height = source.size
    factor = max(1, max(width, height) // (2 * edge))
    strip_rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
    shrunk = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, strip_rows):
        strip = source.crop((0, top, width, min(top + strip_rows, height))).convert(mode)
        shrunk.paste(strip.reduce(factor), (0, top // factor))
    return shrunk
