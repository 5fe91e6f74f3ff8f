"""What keeps a letter from being printed (the record, a sentence, a remedy), and what became of a run."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from cabinet.dossier import Addressee
from merge.letters.address import AddressProblem
from merge.letters.characters import in_plain_words
from merge.merging import RecordProblem
from merge.record import MergeRecord

Paper = TypeVar("Paper")
"""A letter, card, label or envelope, ready to be drawn."""


class LetterProblem(msgspec.Struct, frozen=True):
    """One reason why one letter is refused. `code` groups equal problems of a campaign."""

    number: str
    """The patient's number."""
    name: str
    """The addressee's (`addressee_name`)."""
    code: str
    what: str
    """Follows « Dossier 5312 (AAESSAI TEST) : »."""
    household: tuple[str, ...] = ()
    """The numbers of all the children whose one letter it is; empty for a patient's own."""

    @property
    def sentence(self) -> str:
        return f"Dossier {self.number} ({self.name})\u00a0: {self.what}"

    @property
    def reason(self) -> str:
        """The sentence where its record is named already."""
        return self.what[:1].upper() + self.what[1:]

    @classmethod
    def of(cls, record: MergeRecord, code: str, what: str, todo: str) -> "LetterProblem":
        """`what` begins with a small letter (`LetterProblem.what`)."""
        return cls(record.dossier.number, addressee_name(record), code, f"{what} {todo}".strip())

    @classmethod
    def of_address(cls, record: MergeRecord, problem: AddressProblem) -> "LetterProblem":
        return cls.of(record, problem.code, problem.what, problem.todo)

    @classmethod
    def of_field(cls, record: MergeRecord, problem: RecordProblem) -> "LetterProblem":
        sentence = problem.sentence[0].lower() + problem.sentence[1:]
        return cls.of(record, problem.code, sentence, "")

    @classmethod
    def of_refusal(cls, record: MergeRecord) -> "LetterProblem":
        """The portal made no secret for this addressee, or none for another child of the household."""
        refused = record.secret.refused
        if not refused:
            what = "la lettre du foyer n’est pas imprimée, car l’accès d’un autre enfant est refusé."
            return cls.of(record, "refused", what, "Préparez une lettre par enfant.")
        return cls.of(record, "refused", refused[0].lower() + refused[1:], "")

    @classmethod
    def of_glyph(cls, record: MergeRecord, character: str) -> "LetterProblem":
        return cls.of(
            record,
            "glyph",
            f"le caractère «\u00a0{character}\u00a0» ({in_plain_words(character)}, U+{ord(character):04X}) "
            "ne peut pas être imprimé.",
            "Corrigez-le dans la fiche, ou dans les textes du cabinet.",
        )

    @classmethod
    def of_width(cls, record: MergeRecord, text: str) -> "LetterProblem":
        return cls.of(
            record,
            "width",
            f"«\u00a0{text}\u00a0» est trop large pour sa place dans la lettre.",
            "Abrégez-le dans la fiche, dans les textes du cabinet ou dans le modèle.",
        )

    @classmethod
    def of_height(cls, record: MergeRecord, overflow_mm: float) -> "LetterProblem":
        return cls.of(
            record,
            "overflow",
            f"le texte dépasse le bas de la page de {max(1, round(overflow_mm))} mm.",
            "Raccourcissez le modèle, ou réduisez l’espace entre ses paragraphes.",
        )

    @classmethod
    def of_place(cls, record: MergeRecord, what: str) -> "LetterProblem":
        """`what` is of `Composition.misplaced`."""
        return cls.of(
            record,
            "misplaced",
            what,
            "Raccourcissez l’en-tête ou les références, ou descendez le texte dans la mise en page du modèle.",
        )

    @classmethod
    def of_pages(cls, record: MergeRecord, pages: int, allowed: int) -> "LetterProblem":
        return cls.of(
            record,
            "overflow",
            f"la lettre prend {pages}\u00a0pages, et son modèle en permet {allowed}.",
            "Raccourcissez le modèle, ou permettez plus de pages dans sa mise en page.",
        )


def told_for_each_child(record: MergeRecord, problems: Iterable[LetterProblem]) -> tuple[LetterProblem, ...]:
    """What keeps a household's letter from being printed keeps it from each child of theirs."""
    household = _household(record)
    return tuple(
        dict.fromkeys(
            replace(problem, number=number, household=household)
            for number in household or (record.dossier.number,)
            for problem in problems
        )
    )


def refused_secrets(record: MergeRecord) -> tuple[LetterProblem, ...]:
    """A problem for each child of the letter if the portal made no secret for one of them; nothing otherwise."""
    children = record.per_child()
    if not any(one.secret.refused for one in children):
        return ()
    household = _household(record)
    return tuple(replace(LetterProblem.of_refusal(one), household=household) for one in children)


def _household(record: MergeRecord) -> tuple[str, ...]:
    return tuple(child.number for child in record.children)


def addressee_name(record: MergeRecord) -> str:
    """As the reception knows them: « AAESSAI TEST »."""
    return name_of(record.addressee)


def name_of(addressee: Addressee) -> str:
    """« AAESSAI TEST »."""
    return " ".join(filter(None, (addressee.last_name, addressee.first_name))) or "sans nom"


class Printed(msgspec.Struct):
    """What became of a run: how many letters are in the file, and who is not, with the reasons."""

    letters: int = 0
    """Letters, cards or labels that were written."""
    handles: list[str] = msgspec.field(default_factory=list)
    """Of the codes and links that stand in the file (`merge.record.IssuedSecret`): to be made valid."""
    missing: int = 0
    """Letters, cards or labels that are not: a household's once, whatever keeps it from however many children."""
    refused: list[LetterProblem] = msgspec.field(default_factory=list)

    def note(self, record: MergeRecord) -> None:
        """One more is in the file."""
        self.letters += 1
        self.handles += [one.secret.handle for one in record.per_child() if one.secret.handle]

    def refuse(self, problems: Iterable[LetterProblem]) -> None:
        """One more is not in the file, for these reasons."""
        self.missing += 1
        self.refused += problems

    def right(
        self,
        records: Iterable[MergeRecord],
        compose: Callable[[MergeRecord], "Paper | tuple[LetterProblem, ...]"],
        progress: Callable[[int], None],
    ) -> "Iterator[Paper]":
        """The papers that may be printed, read one at a time; what becomes of each record is noted here.

        `progress` is told how many records are done and may raise to stop the run.
        """
        for done, record in enumerate(records, 1):
            composed = compose(record)
            if isinstance(composed, tuple):
                self.refuse(composed)
            else:
                self.note(record)
                yield composed
            progress(done)
