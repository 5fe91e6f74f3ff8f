"""What the editor marks in a text: its fields, and what the merge would refuse, with the place and a way out."""

import re
from dataclasses import dataclass

from merge.fields import FIELDS
from merge.template import CLOSE, OPEN, Template, TemplateError, compile_template

_MARKER = re.compile(rf"@(?:{CLOSE}|{OPEN})(?![^\W\d_a-z])")
_SUGGESTED = re.compile(r"«\s(@[A-Z0-9]+)\s»\s\?$")
_MAX_ROUNDS = 50
"""Each round hides what the one before refused; a text has fewer kinds of faults than this."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A place of a text: a field, or what is wrong there. Offsets count characters of the text."""

    start: int
    length: int
    problem: str = ""
    """Why it is refused, as a sentence without its place; "" for a field."""
    suggestion: str = ""
    """What may stand there instead: `@DNOM`, or "" where nothing is near."""


@dataclass(frozen=True)
class Read:
    """What was seen in a text."""

    highlights: tuple[Highlight, ...]
    """In the order of the text."""
    template: Template | None
    """The compiled text, None where something is wrong."""

    @property
    def problems(self) -> tuple[Highlight, ...]:
        return tuple(one for one in self.highlights if one.problem)

    @property
    def fields(self) -> int:
        """How many places have a field."""
        return sum(not one.problem for one in self.highlights)


def read(text: str) -> Read:
    """Everything that the editor shows of a text, however broken it is while somebody types."""
    wrong: list[Highlight] = []
    shown = text
    template: Template | None = None
    for _ in range(_MAX_ROUNDS):
        try:
            template = compile_template(shown)
            break
        except TemplateError as error:
            found = [
                _highlight(shown, problem.line, problem.column, problem.name, problem.sentence)
                for problem in error.problems
            ]
            for one in found:
                shown = shown[: one.start] + "x" * one.length + shown[one.start + one.length :]
            wrong += found
    slots = [Highlight(slot.start, slot.end - slot.start) for slot in template.slots()] if template else []
    hidden = {place for one in wrong for place in range(one.start, one.start + one.length)}
    markers = [
        Highlight(found.start(), found.end() - found.start())
        for found in _MARKER.finditer(text)
        if found.start() not in hidden
    ]
    every = sorted((*wrong, *slots, *markers), key=lambda one: one.start)
    return Read(tuple(every), None if wrong else template)


def _highlight(text: str, line: int, column: int, name: str, sentence: str) -> Highlight:
    start = sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column - 1
    what = sentence.partition("\u00a0: ")[2] or sentence.partition(" : ")[2] or sentence
    what = what[:1].upper() + what[1:]
    suggested = _SUGGESTED.search(what)
    return Highlight(start, max(1, len(name)), what, suggested[1] if suggested else "")


@dataclass(frozen=True)
class FieldChoice:
    """A line of the list of fields."""

    token: str
    description: str
    sample: str


def field_choices() -> tuple[FieldChoice, ...]:
    """Every field that a text may name, as the catalogue describes it."""
    choices = [FieldChoice(field.token, field.description, field.sample) for field in FIELDS]
    family = FieldChoice(
        f"@{OPEN} … @{CLOSE}", "Ce qui se répète pour chaque enfant de la famille", "Lina, Hugo et Paul"
    )
    return (*choices, family)
