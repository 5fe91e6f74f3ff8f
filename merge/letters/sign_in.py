"""The annotated sign-in picture: its measures, and where the patient's values stand in it.

Measures are in millimetres from the picture's top (vertically) and the page's left edge (horizontally). The third
note stands level with the third entry, so the arrows fall gently from the first.
"""

from typing import Final, NamedTuple

from merge.letters.geometry import Box

FORM: Final = Box(108.0, 0.0, 190.0, 64.6)
HEADER: Final = 10.6
FORM_RADIUS: Final = 3.0
ENTRY_LEFT: Final = 112.8
ENTRY_RIGHT: Final = 185.2
ENTRY_HEIGHT: Final = 7.4
ENTRY_RADIUS: Final = 1.7
ENTRY_TEXT: Final = 118.8
NOTE_LEFT: Final = 20.0
NOTE_RIGHT: Final = 79.8
NOTE_HEIGHT: Final = 14.4
NOTE_BAR: Final = 0.9
NOTE_TEXT: Final = 23.8
NOTE_CAPTION: Final = 5.4
NOTE_VALUE: Final = 11.0
NOTE_WORDS: Final = 9.5
"""Baselines in a note: its caption, a code, the first of the lines of words."""
NOTE_LEADING: Final = 3.7
ARROW_START: Final = 80.5
ARROW_END: Final = 112.2
HEIGHT: Final = FORM.height
_FIRST_ENTRY: Final = 17.2
_ENTRY_PITCH: Final = 13.2
_NOTE_PITCH: Final = 17.8


class Entry(NamedTuple):
    """One entry with its note: the tops of both boxes, and the baseline of the entry's label."""

    top: float
    note_top: float
    label_baseline: float

    @property
    def middle(self) -> float:
        return self.top + ENTRY_HEIGHT / 2

    @property
    def note_middle(self) -> float:
        return self.note_top + NOTE_HEIGHT / 2


def entries(count: int) -> tuple[Entry, ...]:
    """Where `count` entries stand; three fill the form."""
    last_middle = _FIRST_ENTRY + (count - 1) * _ENTRY_PITCH + ENTRY_HEIGHT / 2
    return tuple(
        Entry(
            top=_FIRST_ENTRY + index * _ENTRY_PITCH,
            note_top=last_middle - NOTE_HEIGHT / 2 - (count - 1 - index) * _NOTE_PITCH,
            label_baseline=_FIRST_ENTRY + index * _ENTRY_PITCH - 1.5,
        )
        for index in range(count)
    )


def button(count: int) -> Box:
    """The form's button, below `count` entries."""
    top = _FIRST_ENTRY + (count - 1) * _ENTRY_PITCH + ENTRY_HEIGHT + 2.4
    return Box(ENTRY_LEFT, top, ENTRY_RIGHT, top + 7.6)
