"""Undo and redo over whole documents: texts, visibility and names alike. No Qt here.

A document is immutable and small, so a step keeps the document itself. What is typed into one field without a pause
is one step.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")

PAUSE = 1.2
"""Seconds without typing, after which a new step begins."""
STEPS = 500


@dataclass
class _Step(Generic[State]):
    before: State
    after: State
    subject: str
    at: float
    is_open: bool


class History(Generic[State]):
    """The past and the future of one document."""

    def __init__(self) -> None:
        self._past: list[_Step[State]] = []
        self._future: list[_Step[State]] = []

    def record(self, before: State, after: State, subject: str, at: float, *, typed: bool = False) -> None:
        """A change of `subject` at a moment in seconds. `typed`: it may grow by what is typed next."""
        last = self._past[-1] if self._past else None
        self._future.clear()
        if typed and last and last.is_open and last.subject == subject and at - last.at < PAUSE:
            last.after, last.at = after, at
            return
        self._past.append(_Step(before, after, subject, at, typed))
        del self._past[:-STEPS]

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def undo(self) -> tuple[State, str]:
        """The document before the last step, and that step's subject. `IndexError` when there is none."""
        step = self._past.pop()
        step.is_open = False
        self._future.append(step)
        return step.before, step.subject

    def redo(self) -> tuple[State, str]:
        """The document after the step that was undone last, and its subject. `IndexError` when there is none."""
        step = self._future.pop()
        self._past.append(step)
        return step.after, step.subject

    def clear(self) -> None:
        self._past.clear()
        self._future.clear()
