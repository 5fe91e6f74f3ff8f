"""Images from outside: pixels are kept and nothing else; hostile files are refused within bounded memory."""

import random
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from portal.server.images import MAX_BYTES, ImageRefused, redraw


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    output = BytesIO()
    image.save(output, form, **options)
    return output.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def png_of(width: int, height: int, colour_type: int = 2) -> bytes:
    """A PNG whose header says so, with at most 6,000 × 6,000 black pixels: tiny to send, large to draw."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    samples = {0: 1, 2: 3, 6: 4}[colour_type]
    compressor = zlib.compressobj(9)
    row = b"\0" * (1 + min(width, 6000) * samples)
    body = b"".join(compressor.compress(row) for _ in range(min(height, 6000))) + compressor.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_large_photo_becomes_small_and_keeps_its_shape() -> None:
    clean = redraw(saved(Image.new("RGB", (3000, 1500), "red"), "JPEG"), 400)
    assert (opened(clean.content).size, clean.content_type) == ((400, 200), "image/jpeg")
    assert opened(clean.content).getpixel((200, 100))[0] > 240


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (399, 3), (1601, 1200), (2500, 10)])
def test_every_kind_of_picture_is_drawn_anew(mode: str, size: tuple[int, int]) -> None:
    image = opened(redraw(saved(Image.new(mode, size), "PNG"), 400).content)
    assert max(image.size) <= 400
    assert min(image.size) >= 1


def test_metadata_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Zoé Martineau, 3 rue des Lilas"
    content = saved(Image.new("RGB", (50, 40)), "JPEG", exif=exif, comment=b"secret comment")
    clean = redraw(content, 400).content
    assert b"Martineau" not in clean
    assert b"secret" not in clean
    assert not opened(clean).getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_held_sideways_stands_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    clean = redraw(saved(Image.new("RGB", (60, 40)), "JPEG", exif=exif), 400)
    assert opened(clean.content).size == ((60, 40) if orientation < 5 else (40, 60))


def test_a_see_through_logo_stays_see_through() -> None:
    clean = redraw(saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"), 1600)
    assert clean.content_type == "image/png"
    assert opened(clean.content).getpixel((20, 20))[3] == 0


HOSTILE = {
    "nothing": b"",
    "text": b"<svg onload='x()'/>",
    "a web page": b"<!doctype html><script>x()</script>",
    "too many pixels": png_of(5001, 5000),
    "an absurd width": png_of(2_000_000_000, 1),
    "an absurd height": png_of(1, 2_000_000_000),
    "a long thin line": png_of(20_001, 1),
    "a GIF": saved(Image.new("P", (4, 4)), "GIF"),
    "a TIFF": saved(Image.new("RGB", (4, 4)), "TIFF"),
    "a BMP": saved(Image.new("RGB", (4, 4)), "BMP"),
    "a WebP": saved(Image.new("RGB", (4, 4)), "WEBP"),
    "a cut JPEG": saved(Image.effect_noise((200, 200), 50), "JPEG")[:2000],
    "a cut PNG": saved(Image.effect_noise((200, 200), 50), "PNG")[:2000],
    "too many bytes": saved(Image.new("RGB", (10, 10)), "PNG") + b"\0" * MAX_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    with pytest.raises(ImageRefused):
        redraw(HOSTILE[name], 400)


def test_damaged_files_are_drawn_or_refused_and_never_crash() -> None:
    chance = random.Random(5312)  # noqa: S311 - not a secret
    noise = Image.effect_noise((60, 60), 80)
    for form in ("PNG", "JPEG"):
        whole = saved(noise, form)
        for _ in range(300):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                redraw(bytes(damaged), 400)
            except ImageRefused:
                continue


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_largest_picture_takes_less_than_200_mb() -> None:
    program = """
import re, sys
from pathlib import Path
from portal.server.images import redraw
redraw(sys.stdin.buffer.read(), 400)
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""
    done = subprocess.run([sys.executable, "-c", program], input=png_of(5000, 5000, 6), capture_output=True, check=True)
    assert int(done.stdout) < 200 * 1024
