"""From a record to a letter ready to be drawn, or to every reason why it is refused."""

import datetime as dt

import msgspec

from merge.letters.fonts import FontBook, MissingGlyph
from merge.letters.geometry import POINTS
from merge.letters.layout import Composition, Layout
from merge.letters.model import LetterSet
from merge.letters.problems import LetterProblem, refused_secrets, told_for_each_child
from merge.letters.typography import DoesNotFit, Typesetter
from merge.record import CabinetFacts, MergeRecord
from merge.texts import Audience, audience_of


class Letter(msgspec.Struct, frozen=True):
    """A letter that may be printed: its record, its compiled text and where everything stands."""

    record: MergeRecord
    layout: Layout
    composition: Composition

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return len(self.composition.pages)


class _Sort(msgspec.Struct, frozen=True):
    """What letters must share to share a layout."""

    audience: Audience
    cabinet: CabinetFacts
    today: dt.date
    confirmed: bool


class Composer:
    """Composes the letters of a campaign; layouts are compiled once and kept."""

    def __init__(self, letters: LetterSet, fonts: FontBook | None = None) -> None:
        self.fonts = FontBook() if fonts is None else fonts
        self._letters = letters
        self._typesetter = Typesetter(self.fonts)
        self._layouts: dict[_Sort, Layout] = {}

    @property
    def is_for_households(self) -> bool:
        """Whether a parent of several children gets one letter for all of them."""
        return self._letters.family is not None

    def compose(self, record: MergeRecord) -> Letter | tuple[LetterProblem, ...]:
        """The letter, or its problems. Raise `merge.template.TemplateError` for a template with an unknown field.

        What keeps a letter to a household from being printed is told for each child.
        """
        if refused := refused_secrets(record):
            return refused
        composed = self._compose(record)
        return composed if isinstance(composed, Letter) else told_for_each_child(record, composed)

    def _compose(self, record: MergeRecord) -> Letter | tuple[LetterProblem, ...]:
        try:
            layout = self.layout_for(record)
            composition = layout.compose(record)
        except MissingGlyph as missing:
            return (LetterProblem.of_glyph(record, missing.character),)
        except DoesNotFit as wide:
            return (LetterProblem.of_width(record, wide.text),)
        problems = _problems(record, layout, composition)
        return problems or Letter(record, layout, composition)

    def check(self, record: MergeRecord) -> tuple[LetterProblem, ...]:
        """What keeps this record's letter from being printed; empty when nothing does."""
        composed = self.compose(record)
        return () if isinstance(composed, Letter) else composed

    def layout_for(self, record: MergeRecord) -> Layout:
        """The compiled letter that fits the record."""
        sort = _Sort(audience_of(record), record.cabinet, record.today, record.confirmed)
        layout = self._layouts.get(sort)
        if layout is None:
            template = self._letters.letter_for(sort.audience)
            layout = Layout(template, record, self._typesetter, self._letters.pictures)
            self._layouts[sort] = layout
        return layout


def _problems(record: MergeRecord, layout: Layout, composition: Composition) -> tuple[LetterProblem, ...]:
    problems = [LetterProblem.of_address(record, problem) for problem in composition.address_problems]
    problems += [LetterProblem.of_field(record, problem) for problem in composition.field_problems]
    if composition.column.lacks_greeting:
        problems.append(
            LetterProblem.of(
                record,
                "empty-greeting",
                "la formule d’appel serait vide\u00a0: la civilité du destinataire n’est pas connue.",
                "Écrivez @DPOLI dans le modèle («\u00a0Madame, Monsieur\u00a0»), ou complétez la fiche.",
            )
        )
    if len(record.children) > 1 and layout.shows_one_child:
        problems.append(
            LetterProblem.of(
                record,
                "household",
                f"cette lettre montre les codes d’un seul enfant, et la famille en a {len(record.children)}.",
                "Préparez une lettre par enfant.",
            )
        )
    if any(page.lacks_link() for page in composition.pages):
        problems.append(
            LetterProblem.of(
                record,
                "no-link",
                "le code à scanner n’a pas de lien personnel.",
                "Préparez les lettres avec le portail, ou prenez un modèle sans code à scanner.",
            )
        )
    problems += [LetterProblem.of_place(record, what) for what in composition.misplaced]
    if composition.overflow:
        problems.append(_overflow(record, layout.template.page.max_pages, composition))
    return tuple({problem.sentence: problem for problem in problems}.values())


def _overflow(record: MergeRecord, allowed: int, composition: Composition) -> LetterProblem:
    if allowed > 1 and len(composition.pages) > allowed:
        return LetterProblem.of_pages(record, len(composition.pages), allowed)
    return LetterProblem.of_height(record, composition.overflow / POINTS)
