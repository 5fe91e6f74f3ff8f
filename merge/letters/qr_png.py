"""A QR code as a PNG picture, for programs that want a picture: one bit a pixel, sharp at any print size."""

from struct import pack
from zlib import compress, crc32

from merge.letters.qr import qr_rows

_PIXELS_A_MODULE = 8
"""A byte of `qr_rows` (all bits set or none) is eight pixels of a one-bit row as it stands."""


def qr_png(text: str) -> bytes:
    """The code without its quiet zone, black on white."""
    rows = qr_rows(text)
    side = len(rows) * _PIXELS_A_MODULE
    pixels = b"".join((b"\0" + row) * _PIXELS_A_MODULE for row in rows)
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
