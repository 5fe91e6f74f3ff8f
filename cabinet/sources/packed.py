"""What reading a damaged packed workbook (.xlsx, .ods) raises: a flipped byte fails in any of these ways."""

import struct
import zlib
from lzma import LZMAError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

DAMAGED = (
    BadZipFile,
    EOFError,
    ExpatError,
    LZMAError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
