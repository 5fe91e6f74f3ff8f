"""Writes merged letters: one document with a section for each, or a document for each.

What all letters share is compressed once. The letters' own text goes through temporary files, so that ten thousand of
them take the memory of one. Nothing depends on the clock or on chance: the same letters give the same bytes.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from lxml import etree

from merge.fields import Field
from merge.letters.archive import dateless
from merge.letters.output.binding import ONE_PDF, Binding
from merge.letters.output.documents import letters_a_document, write_documents
from merge.letters.problems import LetterProblem, Printed, refused_secrets, told_for_each_child
from merge.letters.provisional import ProvisionalText
from merge.letters.whole_file import private_file
from merge.record import MergeRecord
from merge.word.letter import Known, Letter
from merge.word.package import TYPES, parse, relations_of
from merge.word.template import WordTemplate

_LEVEL = 3
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


@dataclass
class WordReport:
    """What became of a run."""

    printed: Printed = field(default_factory=Printed)
    fields: tuple[Field, ...] = ()
    """Those that the template names."""
    never_filled: tuple[Field, ...] = ()
    """Those of them that had no value in any letter that was written."""


Progress = Callable[[int], None]
Refuse = Callable[[MergeRecord], Sequence[LetterProblem]]


class WordWriter:
    """Writes letters of one template."""

    def __init__(self, template: WordTemplate) -> None:
        """Raise `merge.word.template.WordTemplateError`."""
        template.check()
        self.template = template
        self._filled: set[str] = set()
        self.printed = Printed()
        """What became of all records so far."""
        word = template.word
        self._growing = {TYPES, word.main, relations_of(word.main)}
        self._growing |= {relations_of(notes.part) for notes in template.notes}
        self._growing |= {notes.part for notes in template.notes}
        self._growing |= {name for part in template.headers for name in (part, relations_of(part))}
        if template.lists:
            self._growing.add(template.lists_part)
        self._shared = _archive({name: data for name, data in word.parts.items() if name not in self._growing})
        self._types = _types(word.parts[TYPES])
        self._relations = {
            part: _relations(word.parts.get(relations_of(part)))
            for part in (word.main, *(notes.part for notes in template.notes))
        }

    def write(
        self,
        records: Iterable[MergeRecord],
        path: Path,
        *,
        binding: Binding = ONE_PDF,
        progress: Progress = lambda _: None,
    ) -> None:
        """Write all right letters to `path`, whole or not at all (`merge.letters.output.documents.write_documents`).

        Raise `merge.letters.whole_file.OutputError`: the disk's, and for more numbered lists than Word counts.
        """
        letters = letters_a_document(binding)
        right = self._right(records, progress, Known(alone=letters == 1, marked=self._marked(letters)), letters)
        write_documents(right, path, binding, self._document)

    def write_each(
        self,
        records: Iterable[MergeRecord],
        place: Callable[[int], Path],
        *,
        letters: int = 1,
        marked: bool = False,
        numbers_notes: bool = False,
        refuse: Refuse = lambda _: (),
        progress: Progress = lambda _: None,
    ) -> list[MergeRecord]:
        """Write documents of so many right letters, the last with what is left, and answer whose letters they are.

        `place` says where the document of a number, from 0, is written: in a folder that is not yet in use. `marked`:
        bookmarks say where each letter begins and ends (`merge.word.letter.BEGINS`). `numbers_notes`: footnotes bear
        their numbers, for a program that would count through the document. `refuse` may tell more problems.
        """
        written: list[MergeRecord] = []

        def noted(right: Iterable[Letter]) -> Iterator[Letter]:
            for letter in right:
                written.append(letter.record)
                yield letter

        begun = Known(alone=letters == 1, marked=marked or self._marked(letters), numbers_notes=numbers_notes)
        right = noted(self._right(records, progress, begun, letters, refuse))
        for number, first in enumerate(right):
            with private_file(place(number)) as file:
                self._document(first, islice(right, letters - 1), file)
        return written

    def _marked(self, letters: int) -> bool:
        """Whether documents of so many letters have bookmarks in any case."""
        return self.template.marked and letters != 1

    @property
    def is_for_households(self) -> bool:
        return self.template.per_household

    def check(self, record: MergeRecord) -> tuple[LetterProblem, ...]:
        """What keeps this record's letter from being written; empty when nothing does."""
        return tuple(self._problems(Letter(record, Known(alone=True))))

    def report(self) -> WordReport:
        """What became of all that was written so far."""
        fields = self.template.fields
        return WordReport(self.printed, fields, tuple(one for one in fields if one.name not in self._filled))

    def _right(
        self,
        records: Iterable[MergeRecord],
        progress: Progress,
        begun: Known,
        letters: int = 0,
        refuse: Refuse = lambda _: (),
    ) -> Iterator[Letter]:
        """The letters without a problem; the others are listed. A document of so many `letters` ends, the next begins.

        `begun`: what is known at a document's beginning.
        """
        known, right = begun, 0
        for count, record in enumerate(records, 1):
            letter = Letter(record, known)
            problems = (*told_for_each_child(record, refuse(record)), *self._problems(letter))
            if problems:
                self.printed.refuse(problems)
            else:
                right += 1
                if self.template.lists:
                    self.template.lists.check(known.letters + 1)
                known = begun if letters and right % letters == 0 else letter.known()
                self._filled.update(one.name for one in letter.filled)
                self.printed.note(record)
                yield letter
            progress(count)

    def _problems(self, letter: Letter) -> tuple[LetterProblem, ...]:
        """Write the letter's text, and answer what keeps it from leaving, for each child."""
        record = letter.record
        if refused := refused_secrets(record):
            return refused
        letter.write(self.template.letter)
        with letter.aside("") as section:
            letter.write(self.template.section)
        letter.section = "".join(section)
        problems = {(one.code, one.field.name): LetterProblem.of_field(record, one) for one in letter.problems}
        return told_for_each_child(record, problems.values())

    def _document(self, first: Letter, others: Iterator[Letter], file: BinaryIO) -> None:
        file.write(self._shared)
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive, ExitStack() as stack:
            parts = _Parts(archive, stack)
            body = parts.open(self.template.word.main, self.template.head)
            letter = first
            self._gather(letter, parts)
            for following in others:
                at = letter.section_at
                body.write("".join((*letter.out[:at], letter.section, *letter.out[at:])))
                letter = following
                self._gather(letter, parts)
            body.write("".join((*letter.out, letter.section, self.template.tail)))
            self._finish(parts)

    def _gather(self, letter: Letter, parts: "_Parts") -> None:
        """What a letter needs beside its text."""
        main = self.template.word.main
        folder = main.rpartition("/")[0]
        types = parts.open(TYPES, self._types.head)
        for name, png in letter.pictures.items():
            parts.add(f"{folder}/{name}" if folder else name, png, zipfile.ZIP_STORED)
        for own in letter.own_parts:
            parts.add(own.name, own.xml.encode())
            if own.name != own.like:
                types.write(self._types.like(own.like, own.name))
            given = _relations(self.template.word.parts.get(relations_of(own.like)))
            if given or own.relations:
                parts.add(relations_of(own.name), _relations_text((given, *own.relations)).encode())
        for part, more in letter.relations.items():
            name = part or main
            parts.open(relations_of(name), _RELATIONS_HEAD + self._relations[name]).write("".join(more))
        for notes in self.template.notes:
            parts.open(notes.part, notes.head).write("".join(letter.notes.get(notes.kind, ())))
        if self.template.lists:
            described = "".join(text for _, text in letter.lists.values())
            parts.open(self.template.lists_part, self.template.lists.head).write(described)

    def _finish(self, parts: "_Parts") -> None:
        parts.open(TYPES, self._types.head).write(_TYPES_TAIL)
        for part, given in self._relations.items():
            name = relations_of(part)
            if name in self.template.word.parts or parts.is_open(name):
                parts.open(name, _RELATIONS_HEAD + given).write(_RELATIONS_TAIL)
        for notes in self.template.notes:
            parts.open(notes.part, notes.head).write(notes.tail)
        if self.template.lists:
            parts.open(self.template.lists_part, self.template.lists.head).write(self.template.lists.tail)
        parts.close()


class _Parts:
    """The parts that grow, and the archive that they end in."""

    def __init__(self, archive: zipfile.ZipFile, stack: ExitStack) -> None:
        self._archive = archive
        self._stack = stack
        self._growing: dict[str, ProvisionalText] = {}

    def open(self, name: str, head: str) -> ProvisionalText:
        """The growing part of this name; a new one begins with `head`."""
        if name not in self._growing:
            self._growing[name] = self._stack.enter_context(ProvisionalText()).write(head)
        return self._growing[name]

    def is_open(self, name: str) -> bool:
        return name in self._growing

    def add(self, name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED) -> None:
        self._archive.writestr(dateless(name, compression), data)

    def close(self) -> None:
        for name, part in self._growing.items():
            with self._archive.open(dateless(name), "w", force_zip64=True) as entry:
                part.copy_to(entry)


@dataclass(frozen=True)
class _Types:
    """The content types of the template's parts."""

    text: str
    by_part: dict[str, str]

    @property
    def head(self) -> str:
        return _TYPES_HEAD + self.text

    def like(self, part: str, name: str) -> str:
        """The declaration of a part that is of the same kind as `part`."""
        kind = self.by_part.get(f"/{part}", "")
        return f"<Override PartName={quoteattr(f'/{name}')} ContentType={quoteattr(kind)}/>" if kind else ""


_RELATIONS_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}relationships">'
)
_RELATIONS_TAIL = "</Relationships>"
_TYPES_HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="{_PACKAGE}content-types">'
_TYPES_TAIL = "</Types>"


def _types(data: bytes) -> _Types:
    """Defaults before overrides, and PNG among them."""
    elements = list(parse(data))
    defaults = [one for one in elements if one.tag.endswith("}Default")]
    text = "".join(_element("Default", one.attrib) for one in defaults)
    if all(one.get("Extension", "").lower() != "png" for one in defaults):
        text += '<Default Extension="png" ContentType="image/png"/>'
    overrides = [one for one in elements if one.tag.endswith("}Override")]
    text += "".join(_element("Override", one.attrib) for one in overrides)
    return _Types(text, {one.get("PartName", ""): one.get("ContentType", "") for one in overrides})


def _relations(data: bytes | None) -> str:
    return "" if data is None else "".join(_element("Relationship", one.attrib) for one in parse(data))


def _relations_text(relations: Iterable[str]) -> str:
    return "".join((_RELATIONS_HEAD, *relations, _RELATIONS_TAIL))


def _element(name: str, attributes: etree._Attrib) -> str:
    written = "".join(f" {key!s}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{written}/>"


def _archive(parts: dict[str, bytes]) -> bytes:
    """What does not change, as an archive to add to."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(dateless(name), data)
    return made.getvalue()
