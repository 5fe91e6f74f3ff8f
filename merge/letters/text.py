"""A paragraph's runs with @FIELDS, compiled once and merged into styled pieces."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from merge.fields import BY_NAME, GREETING, OF_ONE_CHILD, Field, FieldKind
from merge.letters.fonts import Face
from merge.letters.model import Run
from merge.letters.orthotypography import french_parts
from merge.letters.typography import INK, Piece, Style
from merge.merging import Line, Literal, RecordProblem, Slot, Span, Template
from merge.record import MergeRecord
from merge.template import compile_template

SOFT_INK = "#4A5F65"
LINK_INK = "#0B5563"
_PER_CABINET = frozenset(BY_NAME[name] for name in ("codeCabinet", "CABINET", "SITE", "DATE"))


def changes_by_letter(field: Field) -> bool:
    """Whether a field's value differs from one letter of a campaign to the next."""
    return field.kind is not FieldKind.ZONE and field not in _PER_CABINET


def style_of(run: Run, size: float) -> Style:
    """How a run is set at a paragraph's size."""
    bold = run.bold or run.link
    if run.code:
        face = Face.MONO
    elif run.italic:
        face = Face.SEMIBOLD_ITALIC if bold else Face.ITALIC
    else:
        face = Face.SEMIBOLD if bold else Face.REGULAR
    colour = run.colour or (LINK_INK if run.link else SOFT_INK if run.soft else INK)
    return Style(face, run.size or size, colour, run.underline)


class StyledText:
    """Runs of one paragraph. The compiled text is the runs' texts end to end; a place in it tells the style."""

    def __init__(self, runs: tuple[Run, ...], size: float) -> None:
        """Raise `merge.template.TemplateError` for an unknown field."""
        data = [index for index, run in enumerate(runs) if run.code or run.link]
        texts = french_parts([run.text for run in runs], data)
        self.template: Template = compile_template("".join(texts))
        self.per_letter = any(changes_by_letter(field) for field in self.template.fields)
        self.of_one_child = not OF_ONE_CHILD.isdisjoint(_outside_repeats(self.template))
        """Whether it says, outside of @ENFANTS … @FINENFANTS, what each child of a household has its own of."""
        self.greets = bool(self.template.fields) and self.template.fields <= GREETING
        """Whether it is made of the addressee's civility and names alone, as a greeting is."""
        self._renderers = [slot.field.render for slot in self.template.slots()]
        self._styles = [style_of(run, size) for run in runs]
        self._starts = [sum(map(len, texts[:index])) for index in range(len(texts))]
        self._lines = self._compiled()

    def values(self, record: MergeRecord) -> tuple[str, ...]:
        """The record's value of each field, in the order of the text. Children's values are not among them."""
        return tuple([render(record) for render in self._renderers])

    def merge(self, record: MergeRecord) -> tuple[list[list[Piece]], tuple[RecordProblem, ...]]:
        """The paragraph's lines as styled pieces, and what is wrong with this record's values."""
        if self._lines is not None and all(values := self.values(record)):
            return _filled(self._lines, values), ()
        merged = self.template.merge(record)
        lines: list[list[Piece]] = []
        for spans in merged.lines:
            lines.append([])
            for span in spans:
                for piece in self._styled(span):
                    head, *rest = piece.text.split("\n")
                    lines[-1].append(Piece(head, piece.style))
                    lines += [[Piece(text, piece.style)] for text in rest]
        return lines, merged.problems

    def _compiled(self) -> "tuple[tuple[Piece | _Gap, ...], ...] | None":
        """The lines of every record that has all values; None where values may change other places."""
        lines: list[tuple[Piece | _Gap, ...]] = []
        for part in self.template.parts:
            if not isinstance(part, Line) or part.passwords:
                return None
            pieces: list[Piece | _Gap] = []
            for piece in part.pieces:
                if isinstance(piece, Literal):
                    pieces += self._styled(Span(piece.text, piece.start, piece.end))
                elif isinstance(piece, Slot) and piece.field.kind is not FieldKind.ZONE:
                    pieces.append(_Gap(self._styles[bisect_right(self._starts, piece.start) - 1]))
                else:
                    return None
            lines.append(tuple(pieces))
        return tuple(lines)

    def _styled(self, span: Span) -> Iterator[Piece]:
        run = bisect_right(self._starts, span.start) - 1
        if span.field is not None:
            yield Piece(span.text, _legible(span.text, self._styles[run]))
            return
        start = span.start
        while run + 1 < len(self._starts) and self._starts[run + 1] < span.end:
            yield Piece(span.text[start - span.start : self._starts[run + 1] - span.start], self._styles[run])
            run += 1
            start = self._starts[run]
        yield Piece(span.text[start - span.start :], self._styles[run])


class _Gap(msgspec.Struct, frozen=True):
    """Where a value goes."""

    style: Style


def _filled(lines: Iterable[Iterable[Piece | _Gap]], values: Iterable[str]) -> list[list[Piece]]:
    """The lines with the values in their gaps, in the order of the text."""
    coming = iter(values)
    return [
        [
            piece if isinstance(piece, Piece) else Piece(text := next(coming), _legible(text, piece.style))
            for piece in line
        ]
        for line in lines
    ]


def _outside_repeats(template: Template) -> Iterator[Field]:
    for part in template.parts:
        if isinstance(part, Line):
            yield from (piece.field for piece in part.pieces if isinstance(piece, Slot))


def _legible(text: str, style: Style) -> Style:
    """Words where a code may stand (@MDP: « date de naissance … ») are set as words."""
    if style.face is Face.MONO and " " in text:
        return replace(style, face=Face.SEMIBOLD)
    return style
