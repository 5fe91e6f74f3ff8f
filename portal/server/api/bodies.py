"""Bytes of a request to a typed shape: what it claims to be, how large it may become, what it must hold."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
import zstandard
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from portal.server.api.problems import Kind, Problem


class Format(StrEnum):
    JSON = "application/json"
    MSGPACK = "application/msgpack"


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes it; PostgreSQL keeps it in no text, so none is ever let in."""
MAX_JSON_BYTES = 4 * 1024 * 1024
"""Of a document, decompressed: the withdrawal of 50,000 patients fits."""


@dataclass(frozen=True)
class Document:
    """A body that is one shape."""

    shape: Any
    """A `portal.api.shapes.Shape`, given as a type."""
    format: Format = Format.JSON
    max_bytes: int = MAX_JSON_BYTES

    def read(self, request: HttpRequest) -> Any:
        """The decoded shape. Raise `Problem`: BAD_MEDIA_TYPE, TOO_LARGE, BAD_BODY."""
        if request.content_type != self.format:
            raise Problem(Kind.BAD_MEDIA_TYPE)
        content = _content(request, self.max_bytes)
        if self.format is Format.JSON and _NUL.search(content):
            raise Problem(Kind.BAD_BODY)
        decode = msgspec.json.decode if self.format is Format.JSON else msgspec.msgpack.decode
        try:
            return decode(content, type=self.shape)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Problem(Kind.BAD_BODY) from error


@dataclass(frozen=True)
class Binary:
    """A body that is a file of one of these content types; a handler gets its bytes."""

    content_types: tuple[str, ...]
    max_bytes: int

    def read(self, request: HttpRequest) -> bytes:
        """Raise `Problem`: BAD_MEDIA_TYPE, TOO_LARGE, BAD_BODY."""
        if request.content_type not in self.content_types:
            raise Problem(Kind.BAD_MEDIA_TYPE)
        return _content(request, self.max_bytes)


def _content(request: HttpRequest, max_bytes: int) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    try:
        sent = request.body
    except RequestDataTooBig as error:
        raise Problem(Kind.TOO_LARGE) from error
    except UnreadablePostError as error:  # the connection broke: nobody reads this answer
        raise Problem(Kind.BAD_BODY) from error
    if encoding == "zstd":
        return _decompressed(sent, max_bytes)
    if encoding != "identity":
        raise Problem(Kind.BAD_MEDIA_TYPE)
    if len(sent) > max_bytes:
        raise Problem(Kind.TOO_LARGE)
    return sent


def _decompressed(sent: bytes, max_bytes: int) -> bytes:
    """At most `max_bytes` are ever made, whatever the frame announces."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
    try:
        with decompressor.stream_reader(sent) as reader:
            content = reader.read(max_bytes + 1)
    except zstandard.ZstdError as error:
        raise Problem(Kind.BAD_BODY) from error
    if len(content) > max_bytes:
        raise Problem(Kind.TOO_LARGE)
    return content
