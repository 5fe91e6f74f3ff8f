"""A personal QR code as one filled path, cheap enough to differ in every letter.

zxing-cpp makes the symbol in 0.05 ms where the mask is given, in 0.3 ms where all eight are weighed (segno: 6 ms). On
the random part of a personal link any mask reads as well, and readers find it in the symbol. Error correction is level
M, modules are dark on white (ISO/IEC 18004; DESIGN-LANGUAGE, Print). The caller leaves four modules of white around.
"""

import re
from functools import cache
from math import isqrt

import zxingcpp

from merge.letters.geometry import PAGE_HEIGHT, POINTS
from merge.letters.sheet import fill_operator
from merge.letters.typography import INK

_DARK = re.compile(rb"\x00+")
_CHUNK = 8
_MASK = 2


def qr_rows(text: str) -> tuple[bytes, ...]:
    """The symbol's rows from the top, one byte a module: 0 is dark, 255 light. No quiet zone."""
    options = {"ec_level": "M", "data_mask": _MASK}
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, **options)
    image = code.to_image(scale=1, add_quiet_zones=False)
    flat = bytes(memoryview(image))  # type: ignore[arg-type]  # a buffer, which its stubs do not say
    width = isqrt(len(flat))
    return tuple(flat[start : start + width] for start in range(0, len(flat), width))


def qr_operators(text: str, left: float, top: float, side: float) -> str:
    """The operators that draw the code in a square. `left`, `top` and `side` are millimetres from the top left."""
    rows = qr_rows(text)
    unit = side * POINTS / len(rows)
    x, y = left * POINTS, (PAGE_HEIGHT - top) * POINTS
    columns = _columns(len(rows))
    bars = "".join(
        [
            "".join([known[row[place]] for known, place in columns]).replace("y", str(line))
            for line, row in enumerate(rows)
        ]
    )
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
def _columns(width: int) -> tuple[tuple[_Bars, slice], ...]:
    """The bars and the place of each chunk of a row."""
    return tuple((_Bars(start), slice(start, start + _CHUNK)) for start in range(0, width, _CHUNK))
