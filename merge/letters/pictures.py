"""The cabinet's own pictures in a letter (logo, scanned signature, drawing): refused beyond limits, then drawn anew.

They lie as files beside the letter and travel with it as `Pictures`, by their file's name. Nothing but pixels is kept
(SECURITY.md, 11): what is printed was encoded here.
"""

import io
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from cabinet.errors import WebOrthoError
from cabinet.photos import MAX_BYTES, MAX_PIXELS

_FORMATS = ("JPEG", "PNG")
_LONGER_SIDE = 2000
"""Pixels: 190 mm, the widest that a letter shows, at 267 dots an inch."""


class PictureError(WebOrthoError):
    """A picture that a letter names and that cannot be printed."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"L’image «\u00a0{name}\u00a0» de la lettre {reason}.",
            "Choisissez une image JPEG ou PNG de moins de 5\u00a0Mo, ou retirez-la du modèle.",
        )


class PrintPicture(msgspec.Struct, frozen=True):
    """A picture ready to be printed: opaque RGB, upright, without metadata. Sizes are in pixels."""

    name: str
    width: int
    height: int
    png: bytes

    def height_at(self, width: float) -> float:
        """How high it is where it is so wide, in the same unit."""
        return width * self.height / self.width


Pictures = Mapping[str, PrintPicture]
"""By the file's name, as a letter writes it."""


def read_pictures(folder: Path, names: Iterable[str]) -> Pictures:
    """The pictures of these names (`LetterTemplate.pictures`) that lie in `folder`. Raise `PictureError`."""
    return {name: _read(folder / name) for name in names}


class PictureShelf:
    """Reads a folder's pictures once, and again when their files change: for a screen that asks at each keystroke."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], PrintPicture]] = {}

    def pictures(self, folder: Path, names: Iterable[str]) -> Pictures:
        """As `read_pictures`."""
        return {name: self._picture(folder / name) for name in names}

    def _picture(self, path: Path) -> PrintPicture:
        stamp = _stamp(path)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = (stamp, _read(path))
        return known[1]


def print_picture(name: str, content: bytes) -> PrintPicture:
    """The picture of a JPEG's or PNG's bytes. Raise `PictureError` for one that is too big or none at all."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - slow to import, needed for letters with pictures only

    if len(content) > MAX_BYTES:
        raise PictureError(name, "dépasse 5\u00a0Mo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit is above ours
            with Image.open(io.BytesIO(content), formats=_FORMATS) as source:
                if source.width * source.height > MAX_PIXELS:
                    raise PictureError(name, "dépasse 25\u00a0millions de pixels")
                source.draft("RGB", (2 * _LONGER_SIDE, 2 * _LONGER_SIDE))
                source.thumbnail((_LONGER_SIDE, _LONGER_SIDE))
                upright = ImageOps.exif_transpose(source).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise PictureError(name, "dépasse 25\u00a0millions de pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        # What Pillow raises for damaged files, as its own test suite shows.
        raise PictureError(name, "n’est pas une image que l’on peut lire") from error
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright)
    out = io.BytesIO()
    plain.save(out, "PNG")
    return PrintPicture(name, plain.width, plain.height, out.getvalue())


def _read(path: Path) -> PrintPicture:
    if _stamp(path)[0] > MAX_BYTES:
        raise PictureError(path.name, "dépasse 5\u00a0Mo")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PictureError(path.name, "ne peut pas être lue") from error
    return print_picture(path.name, content)


def _stamp(path: Path) -> tuple[int, int]:
    """A file's size and moment of change."""
    try:
        found = path.stat()
    except OSError as error:
        raise PictureError(path.name, "ne se trouve pas à côté du modèle") from error
    return found.st_size, found.st_mtime_ns
