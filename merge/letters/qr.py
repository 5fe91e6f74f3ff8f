"""A personal QR code as one filled path, cheap enough to differ in every letter.

zxing-cpp makes the symbol in 0.05 ms where the mask is given, in 0.3 ms where all eight are weighed (segno: 6 ms). On
the random part of a personal link any mask reads as well, and readers find it in the symbol. Error correction is level
M, modules are dark on white (ISO/IEC 18004; DESIGN-LANGUAGE, Print). The caller leaves four modules of white around.
"""

import re
from functools import cache
from math import isqrt
from operator import getitem
from struct import Struct

import zxingcpp

from merge.letters.geometry import PAGE_HEIGHT, POINTS
from merge.letters.sheet import fill_operator
from merge.letters.typography import INK

_DARK = re.compile(rb"\x00+")
_CHUNK = 8
_MASK = 2


def qr_modules(text: str) -> tuple[int, bytes]:
    """The modules of a side, and all of them row by row, a byte each: 0 is dark, 255 light. No quiet zone."""
    options = {"ec_level": "M", "data_mask": _MASK}
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    image = code.to_image(scale=1, add_quiet_zones=False)
    modules = bytes(memoryview(image))  # type: ignore[arg-type]  # a buffer, which its stubs do not say
    return isqrt(len(modules)), modules


def qr_operators(text: str, left: float, top: float, side: float) -> str:
    """The operators that draw the code in a square. `left`, `top` and `side` are millimetres from the top left."""
    width, modules = qr_modules(text)
    unit = side * POINTS / width
    x, y = left * POINTS, (PAGE_HEIGHT - top) * POINTS
    chunks, columns = _columns(width)
    rows = enumerate(chunks.iter_unpack(modules))
    bars = "".join(["".join(map(getitem, columns, row)).replace("y", str(line)) for line, row in rows])
    return f"q {fill_operator(INK)} {unit:.5f} 0 0 {-unit:.5f} {x:.3f} {y:.3f} cm\n{bars}f Q"


class _Bars(dict[bytes, str]):
    """The dark runs of the modules of a chunk as rectangles, « y » for their row; so few that all are soon known."""

    def __init__(self, column: int) -> None:
        self._column = column

    def __missing__(self, modules: bytes) -> str:
        runs = ((self._column + run.start(), run.end() - run.start()) for run in _DARK.finditer(modules))
        bars = self[modules] = "".join(f"{start} y {length} 1 re\n" for start, length in runs)
        return bars


@cache
def _columns(width: int) -> tuple[Struct, tuple[_Bars, ...]]:
    """How a row is cut into chunks, and the bars of each."""
    starts = range(0, width, _CHUNK)
    return Struct("".join(f"{min(_CHUNK, width - start)}s" for start in starts)), tuple(map(_Bars, starts))
