"""The static files of the pages: style sheet, fonts, pictures, under names that change with their content.

The server serves `STATIC_FILES` below `addresses.STATIC`; a name never has two contents, so a browser may keep each
for ever. The preview and the pictures of the tests use `data_address`, which needs no server.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from types import MappingProxyType

from portal.pages import addresses

STYLE_SHEET = "portal.css"

_CONTENT_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_SOURCES = {
    "figtree.woff2": ("resources", "fonts"),
    "figtree-ext.woff2": ("resources", "fonts"),
    "atkinson-mono-500.woff2": ("resources", "fonts"),
    "atkinson-mono-700.woff2": ("resources", "fonts"),
    "logo.svg": ("resources", "images"),
    STYLE_SHEET: ("templates", "portal"),
}
_FILE_REFERENCE = re.compile(r'url\("([^":/]+)"\)')


@dataclass(frozen=True)
class StaticFile:
    """`name` is the hashed one, below `addresses.STATIC`."""

    name: str
    content: bytes
    content_type: str


def asset(name: str) -> str:
    """Address of an asset on a portal: `portal.css` -> `/static/portal.<hash>.css`. `KeyError` for an unknown one."""
    return addresses.STATIC + _BY_PLAIN_NAME[name].name


def data_address(name: str) -> str:
    """The asset as a data: address, the fonts of the style sheet included: a page that stands alone."""
    return _data_address(_static_file(name, data_address))


def _data_address(file: StaticFile) -> str:
    return f"data:{file.content_type.replace(' ', '')};base64,{b64encode(file.content).decode()}"


def _static_file(name: str, address: Callable[[str], str]) -> StaticFile:
    package, folder = _SOURCES[name]
    content = files(package).joinpath(folder, name).read_bytes()
    if name == STYLE_SHEET:
        content = _style_sheet(content.decode(), address).encode()
    stem, dot, extension = name.rpartition(".")
    fingerprint = blake2b(content, digest_size=6).hexdigest()
    return StaticFile(f"{stem}.{fingerprint}.{extension}", content, _CONTENT_TYPES[dot + extension])


def _style_sheet(source: str, address: Callable[[str], str]) -> str:
    """The style sheet as it is served: addresses of its files filled in, comments and indentation left out."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    lines = (line.strip() for line in bare.splitlines())
    return _FILE_REFERENCE.sub(lambda found: f'url("{address(found[1])}")', "\n".join(filter(None, lines)))


def _all_files() -> Iterator[tuple[str, StaticFile]]:
    """Fonts and pictures first: the style sheet names them by their hash."""
    plain = {name: _static_file(name, str) for name in _SOURCES if name != STYLE_SHEET}
    yield from plain.items()
    yield STYLE_SHEET, _static_file(STYLE_SHEET, lambda name: plain[name].name)


_BY_PLAIN_NAME = MappingProxyType(dict(_all_files()))
STATIC_FILES = MappingProxyType({file.name: file for file in _BY_PLAIN_NAME.values()})
"""Hashed name -> file."""
