"""The demo cabinet: an invented practice, whose export `write_export` writes, the same for the same seed and day."""

from cabinet.demo.export import write_export

__all__ = ["write_export"]
