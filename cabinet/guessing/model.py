"""What was recognised in an export, before it is written down as a mapping."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Level(StrEnum):
    """How sure a column is."""

    SURE = "sûr"
    LIKELY = "probable"
    UNSURE = "incertain"
    CHOSEN = "choisi"
    """By a person."""


class Topic(Enum):
    """What a question about a part is about."""

    DATES = auto()
    """Whether the day or the month comes first."""
    YEARS = auto()
    """What two digits of a year mean."""
    OWNER = auto()
    """Whether the column of the patient says whose a row is: the part is held until that is answered."""
    KEY = auto()
    """Other tables call the patient by another column."""
    ROWS = auto()
    """Which rows are read."""
    TIME = auto()
    """No column says at what time: the part is held until one does."""
    PATIENTS = auto()
    """Whether its people are the patients."""
    FILES = auto()
    """Whether other files belong to it."""
    TOGETHER = auto()
    """Whether the files that are read as one are one table."""


@dataclass(frozen=True)
class Question:
    """What a person must decide of a part, as a French sentence."""

    topic: Topic
    text: str


@dataclass(frozen=True)
class Match:
    """One field and the columns that it is taken from."""

    field: str
    columns: tuple[str, ...]
    level: Level
    reason: str
    """French, without an end sign: what it was recognised from."""
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    question: str = ""
    """What a person must decide, as a French sentence."""
    undecided: tuple[str, ...] = ()
    """Texts of its cells that nobody can guess the meaning of."""
    is_split: bool = False
    """Its column holds another field as well, and this one is its half."""
    is_held: bool = False
    """Written as a comment only, until the question is answered."""


@dataclass(frozen=True)
class PartGuess:
    """One part of the mapping."""

    part: str
    file: str
    """Empty for columns of the patients' table."""
    matches: tuple[Match, ...]
    table: str
    """Where its columns are."""
    where: tuple[str, tuple[str, ...]] | None = None
    month_first: bool | None = None
    """What the dates of the table prove, or a person said; None where they need no proof or have none."""
    is_order_chosen: bool = False
    """`month_first` is a person's word."""
    last_short_year: int | None = None
    """The latest year that two digits may mean, where a person said it."""
    questions: tuple[Question, ...] = ()
    filters: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    """(column, its texts and how often each is met): rows that a person may leave out."""
    is_held: bool = False
    """Written as a comment, whole, until its questions are answered."""

    @property
    def used(self) -> frozenset[str]:
        own = {column for match in self.matches for column in match.columns}
        return frozenset(own | ({self.where[0]} if self.where else set()))

    def match(self, name: str) -> Match | None:
        return next((match for match in self.matches if match.field == name), None)


@dataclass(frozen=True)
class Findings:
    parts: tuple[PartGuess, ...]
    photos: tuple[str, ...]
    unused: Sequence[tuple[str, tuple[str, ...]]]
    """(table, its columns that nothing was recognised in), for every table."""
    unreadable: tuple[str, ...]
    has_zones: bool
    """Times are instants with a zone: which one the cabinet's is must be said."""
    missing: str = ""
    """Why no mapping can be used as it is; empty where the patients' number was found."""
    why_missing: tuple[str, ...] = ()
    """The same, of each table that comes near the patients'."""
    outline: PartGuess | None = None
    """Then, what such a table has of theirs."""
    encoding: str = ""
    """Of every file, where a person fixed it, or its letters speak for it."""
    is_encoding_likely: bool = False
    """Nobody fixed it."""
