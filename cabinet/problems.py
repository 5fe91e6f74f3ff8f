"""What could not be read of a source: severity, place, value, and a French sentence that says what to do.

A problem never stops the reading and is never replaced by a guess. What stops the reading is a `SourceError`.
"""

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    ERROR = "error"
    """The row is refused."""
    WARNING = "warning"
    """The value is left out, the row is kept."""
    INFO = "info"
    """Read, but worth a look."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where in the source: file or table name, line as an editor counts it (1 = header), column header."""

    file: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(f"ligne {self.line}")
        if self.column:
            parts.append(f"colonne «\u00a0{self.column}\u00a0»")
        return ", ".join(parts)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    severity: Severity
    code: str
    """Stable kebab-case name of the rule, by which identical problems are grouped: `unreadable-date`."""
    place: Place
    value: str
    sentence: str
