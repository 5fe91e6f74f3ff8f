"""A compiled text and its merging: for thousands of records, each exactly or not at all.

    Template.parts      Line | Block, in order; a Block is what two marker lines, @ENFANTS and @FINENFANTS, repeat
    Line.pieces         Literal | Slot | Repeat; a Repeat is `@ENFANTS … @FINENFANTS` within one line
    Template.merge      -> Merged: lines of spans, each of which knows the field and the place it comes from

The place (`start`, `end`: offsets in `Template.text`) is what styled text needs: compile the text of a paragraph, then
give each span the style that its place has. Values are inserted as they are and never read again.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest

import msgspec
from msgspec.structs import replace

from cabinet.errors import WebOrthoError
from merge.fields import NUMBER, Field, Need
from merge.french import NBSP
from merge.record import MergeRecord


class Literal(msgspec.Struct, frozen=True):
    """Text as typed; `text` is the source between `start` and `end`, but for `@@`, which is `@`."""

    text: str
    start: int
    end: int


class Slot(msgspec.Struct, frozen=True):
    """Where a field's value goes."""

    field: Field
    start: int
    end: int


class Repeat(msgspec.Struct, frozen=True):
    """Pieces repeated for each child within a line, and joined as French enumerates: « a, b et c »."""

    pieces: tuple[Literal | Slot, ...]
    start: int
    end: int


Piece = Literal | Slot | Repeat


class Line(msgspec.Struct, frozen=True):
    """A line of the text, without its line break; `number` counts from 1."""

    number: int
    pieces: tuple[Piece, ...]
    passwords: tuple[str, ...] = ()
    """Those that it spells out (`spelled_passwords`)."""


class Block(msgspec.Struct, frozen=True):
    """Lines repeated for each child of the household."""

    lines: tuple[Line, ...]


class Span(msgspec.Struct, frozen=True):
    """A piece of merged text. `missing` marks a value that is not there: `text` is then the field as typed."""

    text: str
    start: int
    end: int
    field: Field | None = None
    missing: bool = False


class RecordProblem(msgspec.Struct, frozen=True):
    """Why a record cannot be merged into this text: blocking, for this record alone."""

    code: str
    """Groups equal problems: `empty-field`, `hole`, `other-pattern`."""
    line: int
    field: Field
    sentence: str


class RecordBlockedError(WebOrthoError):
    """The text of a record with blocking problems was asked for."""


class Merged:
    """One record's text, in lines of spans. A span's text holds line breaks only where a zone's value does."""

    __slots__ = ("lines", "problems")

    def __init__(self, lines: tuple[tuple[Span, ...], ...], problems: tuple[RecordProblem, ...]) -> None:
        self.lines = lines
        self.problems = problems

    @property
    def text(self) -> str:
        """The finished text. Raise `RecordBlockedError` where a problem forbids that it leaves the house."""
        if self.problems:
            raise RecordBlockedError(self.problems[0].sentence)
        return self.preview

    @property
    def preview(self) -> str:
        """The text for the screen: missing values show as their field."""
        return "\n".join("".join([span.text for span in line]) for line in self.lines)


class Template(msgspec.Struct, frozen=True):
    """A compiled text (`merge.template.compile_template`)."""

    text: str
    parts: tuple[Line | Block, ...]
    fields: frozenset[Field]
    """Every field that the text names."""

    @property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        """The pieces of each line, blocks opened."""
        return tuple(line.pieces for line in self.lines())

    def lines(self) -> Iterator[Line]:
        """Every line with pieces of its own: all but the marker lines of blocks."""
        for part in self.parts:
            if isinstance(part, Block):
                yield from part.lines
            else:
                yield part

    def slots(self) -> Iterator[Slot]:
        """Every place of a field, in order."""
        for line in self.lines():
            yield from _slots(line.pieces)

    def merge(self, record: MergeRecord) -> Merged:
        """The record's text; what is wrong with it stands in `problems`, and nothing is raised."""
        merging = _Merging(record)
        for part in self.parts:
            if isinstance(part, Block):
                for child in record.per_child():
                    for line in part.lines:
                        merging.add(line, child)
            else:
                merging.add(part, record)
        return Merged(tuple(merging.lines), tuple(merging.problems))


def _slots(pieces: Sequence[Piece]) -> Iterator[Slot]:
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, Repeat):
            yield from _slots(piece.pieces)


class _Merging:
    """One record's way through the lines of a template."""

    def __init__(self, record: MergeRecord) -> None:
        self._record = record
        self.lines: list[tuple[Span, ...]] = []
        self.problems: list[RecordProblem] = []

    def add(self, line: Line, record: MergeRecord) -> None:
        spans: list[Span] = []
        empty: list[Slot] = []
        filled = self._fill(line.pieces, record, spans, empty)
        required = [slot for slot in empty if slot.field.required]
        if empty and not filled and not required:
            return
        self._check_pattern(line)
        for slot in empty:
            if slot.field.need is not Need.OPTIONAL:
                self._report(line, slot.field)
        self.lines.append(tuple(_close_gaps(spans) if empty else spans))

    def _fill(self, pieces: Sequence[Piece], record: MergeRecord, spans: list[Span], empty: list[Slot]) -> bool:
        """Append the spans, and the slots without a value; answer whether any slot has one."""
        filled = False
        for piece in pieces:
            if isinstance(piece, Literal):
                spans.append(Span(piece.text, piece.start, piece.end))
            elif isinstance(piece, Slot):
                if value := piece.field.render(record):
                    filled = True
                    spans.append(Span(value, piece.start, piece.end, piece.field))
                else:
                    empty.append(piece)
                    missing = piece.field.need is not Need.OPTIONAL
                    text = piece.field.token if missing else ""
                    spans.append(Span(text, piece.start, piece.end, piece.field, missing))
            else:
                filled |= self._fill_children(piece, record, spans, empty)
        return filled

    def _fill_children(self, repeat: Repeat, record: MergeRecord, spans: list[Span], empty: list[Slot]) -> bool:
        filled = False
        children = record.per_child()
        for index, child in enumerate(children):
            if index:
                joint = " et " if index == len(children) - 1 else ", "
                spans.append(Span(joint, repeat.end, repeat.end))
            filled |= self._fill(repeat.pieces, child, spans, empty)
        return filled

    def _report(self, line: Line, field: Field) -> None:
        if any(problem.field is field for problem in self.problems):
            return
        if field.required:
            code = "empty-field"
            why = f"{field.description} : rien n’est connu. Complétez la fiche, ou retirez {field.token} du modèle."
        else:
            code = "hole"
            why = (
                f"{field.description} : rien n’est connu, et le texte aurait un trou. Écrivez {field.token} dans une "
                "phrase sur sa propre ligne : elle disparaîtra quand la valeur manque."
            )
        self.problems.append(RecordProblem(code, line.number, field, why))

    def _check_pattern(self, line: Line) -> None:
        """`@ORDREapo` spells out a password; under another first-access policy it would be a wrong one."""
        for password in line.passwords:
            if password.casefold() == self._record.pattern.casefold():
                continue
            if any(problem.code == "other-pattern" for problem in self.problems):
                return
            why = (
                f"Le modèle écrit le mot de passe « {password} », mais le cabinet a choisi une autre première visite. "
                "Écrivez @MDP à la place."
            )
            self.problems.append(RecordProblem("other-pattern", line.number, NUMBER, why))


def spelled_passwords(pieces: Sequence[Piece]) -> Iterator[str]:
    """The patterns that a line spells out: @ORDRE with letters that follow it at once (`@ORDREapo`)."""
    for piece, after in zip_longest(pieces, pieces[1:]):
        if isinstance(piece, Repeat):
            yield from spelled_passwords(piece.pieces)
        elif isinstance(piece, Slot) and piece.field is NUMBER and isinstance(after, Literal):
            letters = "".join(takewhile(str.isalpha, after.text))
            if letters:
                yield f"{NUMBER.token}{letters}"


def _close_gaps(spans: list[Span]) -> list[Span]:
    """An empty word takes one of the spaces around it with it, so that neither two spaces nor « Bonjour , » remain."""
    closed: list[Span] = []
    waiting = False
    """Whether a word is missing where the line begins or after a space: one space too many."""
    for span in spans:
        if not span.text:
            waiting = waiting or not closed or closed[-1].text[-1:].isspace()
            continue
        kept: Span | None = span
        if waiting and span.text[0] in _STAYS_CLOSE:
            _drop_last_space(closed)
        elif waiting and span.text[0].isspace():
            kept = replace(span, text=span.text[1:], start=span.start + 1) if span.text[1:] else None
        if kept is not None:
            waiting = False
            closed.append(kept)
    if waiting:
        _drop_last_space(closed)
    return closed


_STAYS_CLOSE = frozenset(f",.;:)!?»{NBSP}")
"""What follows a word without a space, or with one that does not break."""


def _drop_last_space(spans: list[Span]) -> None:
    if spans and spans[-1].text[-1:].isspace():
        last = spans[-1]
        spans[-1] = replace(last, text=last.text[:-1], end=last.end - 1)
