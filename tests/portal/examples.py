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
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape not in (shapes.Shape, shapes.Strict)
}


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def example(shape: type[S]) -> S:
    return msgspec.json.decode(raw(shape.__name__), type=shape)


def is_strict(shape: type[msgspec.Struct]) -> bool:
    """Whether it is something that the portal is asked to do."""
    return issubclass(shape, shapes.Strict)


MORE = {"of_a_newer_version": {"nested": ["1", 2]}}


def enriched(node: object) -> object:
    """The same document with something more in every object; arrays that stand for objects are left."""
    if isinstance(node, dict):
        return {key: enriched(value) for key, value in node.items()} | MORE
    return [enriched(value) for value in node] if isinstance(node, list) else node
