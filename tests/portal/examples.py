"""The contract's examples, which client and server both hold to: one of each shape on the wire."""

from pathlib import Path
from typing import TypeVar

import msgspec

from portal.api import desk, documents, nights, shapes

FOLDER = Path(__file__).parents[1] / "contract"
S = TypeVar("S")

SHAPES: dict[str, type[msgspec.Struct]] = {
    name: shape
    for module in (shapes, desk, nights, documents)
    for name, shape in vars(module).items()
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape is not shapes.Shape
}


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def example(shape: type[S]) -> S:
    return msgspec.json.decode(raw(shape.__name__), type=shape)
