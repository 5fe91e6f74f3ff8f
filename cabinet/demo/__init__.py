"""The demo cabinet: an invented practice whose export is written by `write_export`, the same for the same seed and day."""

from cabinet.demo.export import write_export

__all__ = ["write_export"]
