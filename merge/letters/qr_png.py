"""A QR code as a PNG picture, for programs that want a picture: one bit a pixel, sharp at any print size."""

from struct import pack
from zlib import compress, crc32

from merge.letters.qr import qr_modules

_PIXELS_A_MODULE = 8
"""A byte of `qr_modules` (all bits set or none) is eight pixels of a one-bit row as it stands."""


def qr_png(text: str) -> bytes:
    """The code without its quiet zone, black on white."""
    width, modules = qr_modules(text)
    side = width * _PIXELS_A_MODULE
    rows = (modules[start : start + width] for start in range(0, len(modules), width))
    pixels = b"".join([(b"\0" + row) * _PIXELS_A_MODULE for row in rows])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            (b"IDAT", compress(pixels, 1)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))
