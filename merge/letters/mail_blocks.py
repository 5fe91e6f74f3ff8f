"""A letter's blocks merged for one record into what an e-mail shows: plain data, for its text and for its HTML."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar

from merge.fields import BY_NAME, Field, FieldKind, link_target
from merge.letters.model import (
    Block,
    Cell,
    EachChild,
    LetterTemplate,
    Paragraph,
    Picture,
    QrCode,
    Run,
    Signature,
    SignInPicture,
    Table,
    WithCode,
)
from merge.letters.orthotypography import french, french_parts
from merge.letters.pictures import Pictures
from merge.letters.qr_png import qr_png
from merge.merging import RecordProblem, Template
from merge.record import MergeRecord
from merge.template import compile_template

_LINK = BY_NAME["LIEN"]
_NO_LINK = RecordProblem(
    "empty-field", 0, _LINK, "Le code à scanner n’a pas de lien personnel. Préparez les e-mails avec le portail."
)


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of merged text; `href` is where a link leads."""

    text: str
    run: Run
    href: str = ""
    code: bool = False


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Text:
    kind: ClassVar = "text"
    lines: tuple[Line, ...]
    paragraph: Paragraph
    marker: str = ""
    """« • » or « 2. » before a point of a list."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: where it leads, its picture's name, and the texts beside it."""

    kind: ClassVar = "code"
    link: str
    image: str
    personal: bool
    beside: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in form: each entry's label and the value that goes into it."""

    kind: ClassVar = "sign_in"
    title: str
    button: str
    address: str
    entries: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    kind: ClassVar = "table"
    table: Table
    rows: tuple[tuple[tuple[str, tuple[Line, ...]], ...], ...]
    """Cells: alignment and lines."""


@dataclass(frozen=True, slots=True)
class Image:
    kind: ClassVar = "image"
    image: str
    description: str
    align: str
    width: float
    """Millimetres, on paper."""


MailBlock = Text | Code | SignIn | Grid | Image


class MailMerge:
    """One letter's texts, compiled once for a campaign; `fields` are all that it names, and @LIEN for its codes."""

    def __init__(self, letter: LetterTemplate, blocks: tuple[Block, ...], pictures: Pictures) -> None:
        """`blocks` are those of the letter that the e-mail shows. Raise `TemplateError` for an unknown field."""
        self._blocks = blocks
        self.pictures = pictures
        every = tuple(chain.from_iterable(_runs_of(block) for block in _all_of(blocks)))
        self._texts: Mapping[tuple[Run, ...], _RunText] = {
            runs: _RunText(runs) for runs in (*every, *(paragraph.runs for paragraph in letter.references))
        }
        named = chain.from_iterable(text.template.fields for text in self._texts.values())
        coded = any(isinstance(block, WithCode) or _is_personal(block) for block in _all_of(blocks))
        self.fields: frozenset[Field] = frozenset((*named, *((_LINK,) if coded else ())))

    def merge(self, record: MergeRecord) -> "Merging":
        """The blocks for a record, with the pictures and the problems that come to light."""
        merging = Merging(record, self._texts, self.pictures)
        merging.blocks = tuple(merging.of(self._blocks, record))
        return merging


class Merging:
    """What one record's blocks became."""

    def __init__(self, record: MergeRecord, texts: Mapping[tuple[Run, ...], "_RunText"], pictures: Pictures) -> None:
        self._texts = texts
        self._pictures = pictures
        self._record = record
        self.blocks: tuple[MailBlock, ...] = ()
        self.images: dict[str, bytes] = {}
        """PNG, by the name that `Code` and `Image` bear."""
        self.problems: list[RecordProblem] = []

    def of(self, blocks: Iterable[Block], record: MergeRecord) -> Iterator[MailBlock]:
        """These blocks in order, lists counted."""
        number = 1
        for block in blocks:
            match block:
                case Paragraph():
                    number = block.start or number if block.item == "number" else 1
                    if text := self.text(block, record, number):
                        yield text
                        number += block.item == "number"
                case WithCode():
                    texts = [self.text(paragraph, record, 1) for paragraph in block.paragraphs]
                    yield self._code(record, personal=True, beside=tuple(filter(None, texts)))
                case QrCode():
                    yield self._code(record, personal=block.leads_to == "personal")
                case SignInPicture():
                    entries = tuple((french(note.label), self._value(note.value, record)) for note in block.notes)
                    yield SignIn(french(block.title), french(block.button), record.cabinet.sign_in_url, entries)
                case Picture():
                    yield self._image(block.file, block.description, block.align, block.width)
                case Table():
                    yield Grid(block, tuple(self._rows(block, record)))
                case Signature():
                    if block.picture:
                        yield self._image(block.picture, "", "left", block.width)
                    signed = record.cabinet.signatory or record.cabinet.name
                    yield Text(((Words(signed, Run(signed, bold=True)),),), Paragraph(()))
                case EachChild():
                    for child in record.per_child():
                        yield from self.of(block.blocks, child)

    def text(self, paragraph: Paragraph, record: MergeRecord, number: int = 1) -> Text | None:
        """None for what the portal's protection level does not print, and for a paragraph whose fields are empty."""
        if not paragraph.when.holds(confirmed=record.confirmed):
            return None
        lines = self._lines(paragraph.runs, record)
        marker = {"bullet": "•", "number": f"{number}."}.get(paragraph.item, "")
        return Text(lines, paragraph, marker) if lines else None

    def _lines(self, runs: tuple[Run, ...], record: MergeRecord) -> tuple[Line, ...]:
        lines, problems = self._texts[runs].merge(record)
        self.problems += (problem for problem in problems if problem not in self.problems)
        return lines

    def _value(self, value: str, record: MergeRecord) -> Line:
        return tuple(chain.from_iterable(self._lines((Run(value, code=True),), record)))

    def _rows(self, table: Table, record: MergeRecord) -> Iterator[tuple[tuple[str, tuple[Line, ...]], ...]]:
        for row in table.rows:
            for one in record.per_child() if row.each_child else (record,):
                cells = [
                    (cell.align or column.align, self._lines(cell.runs, one) if cell.runs else ())
                    for cell, column in zip(row.cells, table.columns, strict=True)
                ]
                if any(lines for _, lines in cells) or not any(map(_has_fields, row.cells)):
                    yield tuple(cells)

    def _code(self, record: MergeRecord, *, personal: bool, beside: tuple[Text, ...] = ()) -> Code:
        link = record.secret.link if personal else record.cabinet.sign_in_url
        if not link:
            if _NO_LINK not in self.problems:
                self.problems.append(_NO_LINK)
            return Code("", "", personal, beside)
        return Code(link, self._keep("code", qr_png(link)), personal, beside)

    def _image(self, file: str, description: str, align: str, width: float) -> Image:
        return Image(self._keep("image", self._pictures[file].png), description, align, width)

    def _keep(self, kind: str, png: bytes) -> str:
        known = next((name for name, kept in self.images.items() if kept == png), "")
        name = known or f"{kind}{len(self.images) + 1}"
        self.images[name] = png
        return name


class _RunText:
    """Runs compiled end to end; a place in the text tells the run."""

    def __init__(self, runs: tuple[Run, ...]) -> None:
        texts = french_parts([run.text for run in runs], [i for i, run in enumerate(runs) if run.code or run.link])
        self.template: Template = compile_template("".join(texts))
        self._runs = runs
        self._starts = [sum(map(len, texts[:index])) for index in range(len(texts))]

    def merge(self, record: MergeRecord) -> tuple[tuple[Line, ...], tuple[RecordProblem, ...]]:
        merged = self.template.merge(record)
        lines: list[list[Words]] = []
        for spans in merged.lines:
            lines.append([])
            for span in spans:
                for words in self._words(span.text, span.start, span.end, span.field):
                    head, *rest = words.text.split("\n")
                    lines[-1].append(replace(words, text=head))
                    lines += [[replace(words, text=text)] for text in rest]
        return tuple(map(tuple, lines)), merged.problems

    def _words(self, text: str, start: int, end: int, field: Field | None) -> Iterator[Words]:
        place = bisect_right(self._starts, start) - 1
        run = self._runs[place]
        if field is not None:
            if run.code and " " in text:
                # Words where a code may stand (@MDP: « date de naissance … »).
                run = Run(run.text, bold=True)
            yield Words(text, run, link_target(text) if field.kind is FieldKind.LINK else "", code=run.code)
            return
        if start == end:
            # The « et » between two children stands at no place of the text.
            yield Words(text, run)
        at = start
        while at < end:
            until = min(end, self._starts[place + 1]) if place + 1 < len(self._starts) else end
            run = self._runs[place]
            yield Words(text[at - start : until - start], run, code=run.code)
            at, place = until, place + 1


def _all_of(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, EachChild):
            yield from block.blocks
        else:
            yield block


def _runs_of(block: Block) -> Iterator[tuple[Run, ...]]:
    match block:
        case Paragraph():
            yield block.runs
        case WithCode():
            yield from (paragraph.runs for paragraph in block.paragraphs)
        case SignInPicture():
            yield from ((Run(note.value, code=True),) for note in block.notes)
        case Table():
            yield from (cell.runs for row in block.rows for cell in row.cells)


def _is_personal(block: Block) -> bool:
    return isinstance(block, QrCode) and block.leads_to == "personal"


def _has_fields(cell: Cell) -> bool:
    return any("@" in run.text for run in cell.runs)
