"""Patients' photos: which file is whose, what is refused, and the small picture without metadata that is published."""

import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from cabinet.endless import look_at
from cabinet.errors import WebOrthoError
from cabinet.system_words import why

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_SIDE = 400
"""Pixels of the longer side of what is published."""
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")
_TAIL = 64 * 1024
"""A JPEG's end mark or a PNG's last chunk is looked for in so many last bytes: cameras append data of their own."""


_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')


class PhotoRefused(WebOrthoError):
    """A file that cannot be published as a photo. `reason` completes « La photo … » in a French sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"La photo {reason}.", "Remplacez-la par une image JPEG ou PNG plus légère.")
        self.reason = reason


class PhotoFinder:
    """Finds a patient's photo by the mapping's patterns, listing each folder once (a share may be slow)."""

    def __init__(self, folder: Path, patterns: Sequence[str]) -> None:
        self.folder = folder
        self._places = [tuple(pattern.rpartition("/")[::2]) for pattern in patterns]
        """(folder, name) of each pattern."""
        self._listings: dict[str, dict[str, str]] = {}
        """Of each folder: name without case -> name. Some have hundreds of thousands of files."""

    @property
    def finds_nothing(self) -> bool:
        """Whether no pattern can name a file: nothing stands in the folders where all of them look."""
        return not any("{number}" in parent or self._listing(parent) for parent, _ in self._places)

    def find(self, number: str) -> Path | None:
        """The first file that a pattern names for this number; upper and lower case do not count."""
        if not number or number.startswith(".") or _NOT_IN_NAMES.search(number):
            return None
        for parent, name in self._places:
            folder = parent.replace("{number}", number)
            if found := self._listing(folder).get(name.replace("{number}", number).casefold()):
                return self.folder / folder / found
        return None

    def _listing(self, parent: str) -> dict[str, str]:
        if parent not in self._listings:
            try:
                names = sorted(path.name for path in (self.folder / parent).iterdir())
            except OSError:
                names = []
            self._listings[parent] = {name.casefold(): name for name in names}
        return self._listings[parent]


def read_photo(path: Path) -> bytes:
    """The bytes of a file that looks fit to be published. Raise `PhotoRefused` for what is certainly not.

    Looks at the size, the header and the end only: decoding every photo every night would cost minutes.
    """
    try:
        if look_at(path).st_size > MAX_BYTES:
            raise PhotoRefused("dépasse 5\u00a0Mo")
        content = path.read_bytes()
    except OSError as error:
        raise PhotoRefused(f"ne peut pas être lue ({why(error)})") from error
    _open(content)
    tail = content[-_TAIL:]
    if (content.startswith(b"\xff\xd8") and b"\xff\xd9" not in tail) or (
        content.startswith(b"\x89PNG") and b"IEND" not in tail
    ):
        raise PhotoRefused("est tronquée")
    return content


def web_photo(path: Path) -> bytes:
    """The photo as it is published: upright JPEG of at most 400 × 400 px, without metadata. Raises `PhotoRefused`."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - slow to import, needed for uploads only

    content = read_photo(path)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            image.draft("RGB", (2 * MAX_SIDE, 2 * MAX_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright, mask=upright)
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise PhotoRefused("est abîmée ou tronquée") from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _open(content: bytes) -> None:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - slow to import, needed where there are photos

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                width, height = image.size
    except Image.DecompressionBombError as error:
        raise PhotoRefused("dépasse 25\u00a0millions de pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PhotoRefused("n’est pas une image reconnue") from error
    if width * height > MAX_PIXELS:
        raise PhotoRefused("dépasse 25\u00a0millions de pixels")
