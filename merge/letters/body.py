"""A letter's body: stretches that no record changes, set once and for all, and parts that each record sets anew."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from merge.letters import geometry
from merge.letters.blocks import BelowCode, CodeHere, ForEachChild, Part, SetPart
from merge.letters.column import Column, Stretch, StretchPart
from merge.letters.geometry import POINTS
from merge.letters.parts import GapPart, ParagraphPart
from merge.letters.setting import Code, Item, Mark, Setting
from merge.letters.typography import Typesetter
from merge.record import MergeRecord

BELOW_CODE = geometry.CODE_SIDE + 2.0
"""How far below the top of the QR code the text runs over the full width again, in millimetres."""


class Body:
    """The compiled parts of one letter."""

    def __init__(self, parts: Iterable[Part], record: MergeRecord, typesetter: Typesetter) -> None:
        """`record` stands for all that share the letter's cabinet, day and level. Raise as `ParagraphPart.set`."""
        self._typesetter = typesetter
        self._steps: list[Part | _Stretched] = []
        stretches: list[Setting] = []
        counts: dict[int, int] = {}
        for is_static, group in groupby(parts, key=_is_static):
            if not is_static:
                self._steps += group
                continue
            stretch, setting = self._stretch(len(stretches), group, record, counts)
            stretches.append(setting)
            self._steps.append(_Stretched(stretch, dict(counts)))
        self.static = tuple(stretches)
        """Of each stretch, all its lines and marks as one setting."""

    def fill(self, column: Column, record: MergeRecord) -> None:
        """Set the whole body for a record."""
        self._fill(column, self._steps, record)

    def _fill(self, column: Column, steps: "Iterable[Part | _Stretched]", record: MergeRecord) -> None:
        below_code, code_place = 0.0, 0
        for part in steps:
            if isinstance(part, _Stretched):
                column.add_stretch(part.stretch, record)
                if part.counts:
                    column.counts.update(part.counts)
            elif isinstance(part, GapPart):
                column.y += part.height
            elif isinstance(part, CodeHere):
                code_place, below_code = len(column), column.y + BELOW_CODE * POINTS
                side = geometry.CODE_SIDE * POINTS
                code = Code(record.secret.link, part.left * POINTS, 0.0, side)
                column.add(Setting(0.0, marks=(code,), depth=side), part, record)
            elif isinstance(part, BelowCode):
                column.y = max(column.y, below_code)
                column.keep_together(code_place)
            elif isinstance(part, ForEachChild):
                for child in record.per_child():
                    column.counts.clear()
                    start = len(column)
                    self._fill(column, part.parts, child)
                    column.keep_together(start)
            else:
                setting = self._set(part, record, column.counts)
                if not setting.items and isinstance(part, ParagraphPart) and part.greets:
                    column.lacks_greeting = True
                column.add(setting, part, record, keep_with_next=part.keep_with_next)

    def _stretch(
        self, number: int, parts: Iterable[Part], record: MergeRecord, counts: dict[int, int]
    ) -> tuple[Stretch, Setting]:
        y = 0.0
        found: list[StretchPart] = []
        items: list[Item] = []
        marks: list[Mark] = []
        whole = Setting(0.0)
        for part in parts:
            if isinstance(part, GapPart):
                y += part.height
                continue
            assert not isinstance(part, CodeHere | BelowCode | ForEachChild)  # noqa: S101 - none of them is static
            setting = self._set(part, record, counts)
            found.append(StretchPart(setting, y, part.keep_with_next, part, len(items), len(marks)))
            items += (replace(item, baseline=y + item.baseline) for item in setting.items)
            marks += (mark.moved(y) for mark in setting.marks)
            whole = replace(whole, problems=whole.problems + setting.problems)
            y += setting.height
        return Stretch(number, y, tuple(found), whole.problems), replace(
            whole, height=y, items=tuple(items), marks=tuple(marks)
        )

    def _set(self, part: SetPart, record: MergeRecord, counts: dict[int, int]) -> Setting:
        if not isinstance(part, ParagraphPart) or part.list_id is None:
            return part.set(record, self._typesetter)
        number = part.paragraph.start or counts.get(part.list_id, 1)
        setting = part.set(record, self._typesetter, number)
        if setting.items:
            counts[part.list_id] = number + 1
        return setting


class _Stretched(NamedTuple):
    """A stretch, and the next numbers of the lists below it."""

    stretch: Stretch
    counts: dict[int, int]


def _is_static(part: Part) -> bool:
    if isinstance(part, GapPart):
        return True
    return not isinstance(part, CodeHere | BelowCode | ForEachChild) and not part.per_letter
