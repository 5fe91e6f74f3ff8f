"""The blocks of a letter as compiled parts, in the order and the column that they are set in."""

from collections.abc import Iterable, Iterator

import msgspec

from merge.letters import geometry, sign_in
from merge.letters.fixtures import CodePart, ImagePart, NoteValue, SignInPart
from merge.letters.geometry import Box
from merge.letters.model import (
    Block,
    EachChild,
    Paragraph,
    Picture,
    QrCode,
    Run,
    Signature,
    SignInPicture,
    Table,
    WithCode,
)
from merge.letters.parts import GapPart, ParagraphPart
from merge.letters.pictures import PictureError, Pictures, PrintPicture
from merge.letters.tables import TablePart
from merge.record import CabinetFacts


class CodeHere(msgspec.Struct, frozen=True):
    """From here on the personal QR code stands at the right; `left` is in millimetres."""

    left: float

    @property
    def of_one_child(self) -> bool:
        """It is one child's code."""
        return True


class BelowCode(msgspec.Struct, frozen=True):
    """What follows stands below the QR code."""


class ForEachChild(msgspec.Struct, frozen=True):
    """What is set again for each child of the household."""

    parts: "tuple[Part, ...]"


SetPart = ParagraphPart | NoteValue | SignInPart | ImagePart | CodePart | TablePart
Part = SetPart | GapPart | CodeHere | BelowCode | ForEachChild


def shows_one_child(parts: Iterable[Part]) -> bool:
    """Whether a part says, for one child alone, what each child of a household has its own of."""
    return any(not isinstance(part, GapPart | BelowCode | ForEachChild) and part.of_one_child for part in parts)


class BlockCompiler:
    """Compiles the blocks of one letter. `confirmed` is the portal's protection level, `leading` in type sizes."""

    def __init__(self, cabinet: CabinetFacts, pictures: Pictures, leading: float, *, confirmed: bool) -> None:
        self._cabinet = cabinet
        self._pictures = pictures
        self._leading = leading
        self._confirmed = confirmed
        self._lists = 0

    def parts(self, blocks: Iterable[Block], column: Box) -> tuple[Part, ...]:
        """Raise `TemplateError` for an unknown field, `PictureError` or `TableTooWide`."""
        parts: list[Part] = []
        for block in blocks:
            if isinstance(block, Signature):
                _keep_with(parts)
            parts += self._parts(block, column)
        self._number(parts)
        return tuple(parts)

    def paragraphs(self, paragraphs: Iterable[Paragraph], column: Box) -> Iterator[ParagraphPart]:
        """Those that the protection level prints."""
        for paragraph in paragraphs:
            if paragraph.when.holds(confirmed=self._confirmed):
                yield ParagraphPart(paragraph, column, self._leading)

    def picture(self, name: str) -> PrintPicture:
        """Raise `PictureError` where the letter came without it."""
        if name not in self._pictures:
            raise PictureError(name, "ne se trouve pas à côté du modèle")
        return self._pictures[name]

    def _parts(self, block: Block, column: Box) -> Iterator[Part]:
        match block:
            case Paragraph():
                yield from self.paragraphs((block,), column)
            case WithCode():
                beside_code = column._replace(right=column.right - geometry.CODE_SIDE - geometry.CODE_QUIET - 6.0)
                yield CodeHere(column.right - geometry.CODE_SIDE)
                yield from self.paragraphs(block.paragraphs, beside_code)
                yield BelowCode()
                yield GapPart(block.space_after)
            case SignInPicture():
                places = sign_in.entries(len(block.notes))
                yield from map(NoteValue, block.notes, places)
                yield SignInPart(block)
                yield GapPart(block.space_after)
            case QrCode():
                yield CodePart(block, column, self._cabinet)
                yield GapPart(block.space_after)
            case Picture():
                picture = self.picture(block.file)
                yield ImagePart(picture, block.width, column, align=block.align, description=block.description)
                yield GapPart(block.space_after)
            case Table():
                yield TablePart(block, column, self._leading)
                yield GapPart(block.space_after)
            case Signature():
                yield from self._signature(block, column)
            case EachChild():
                yield ForEachChild(self.parts(block.blocks, column))

    def _signature(self, signature: Signature, column: Box) -> Iterator[Part]:
        yield GapPart(signature.space_before)
        name = self._cabinet.signatory or self._cabinet.name
        if signature.picture:
            picture = self.picture(signature.picture)
            yield ImagePart(picture, signature.width, column, description=f"Signature de {name}", keep_with_next=True)
        signed = Run(name.replace("@", "@@"), bold=True)
        yield from self.paragraphs((Paragraph((signed,), space_after=0.0),), column)

    def _number(self, parts: list[Part]) -> None:
        """Say which list each numbered point belongs to. One that may vanish makes the numbers below it change too."""
        ids: dict[int, int] = {}
        changing: set[int] = set()
        for part in parts:
            if not isinstance(part, ParagraphPart) or not part.paragraph.item:
                ids.clear()
                continue
            level = part.paragraph.level
            ids = {known: list_id for known, list_id in ids.items() if known <= level}
            if part.paragraph.item == "bullet":
                ids.pop(level, None)
                continue
            if level not in ids or part.paragraph.start is not None:
                self._lists += 1
                ids[level] = self._lists
            part.list_id = ids[level]
            part.per_letter = part.per_letter or part.list_id in changing
            if part.per_letter:
                changing.add(part.list_id)


def _keep_with(parts: list[Part]) -> None:
    """Keep the last paragraph with what follows: a signature does not stand alone on a page."""
    last = next((part for part in reversed(parts) if not isinstance(part, GapPart)), None)
    if isinstance(last, ParagraphPart):
        last.keep_with_next = True
