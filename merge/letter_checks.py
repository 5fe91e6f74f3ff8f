"""What keeps letters from being printed, found before anything is: grouped as a person corrects it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol

from merge.findings import Finding, Gravity, Remedy, finding
from merge.letters.problems import LetterProblem
from merge.recipients import Recipient
from merge.record import MergeRecord

_INCOMPLETE = "address-missing"
_UNFIT = frozenset({"address-lines", "address-length"})
_WRONG = frozenset({"address-country", "address-postcode", "address-town"})


class LetterMaker(Protocol):
    """What letters are made with: our own letters' composer, or the writer of a Word template."""

    @property
    def is_for_households(self) -> bool: ...

    def check(self, record: MergeRecord) -> tuple[LetterProblem, ...]:
        """What keeps this record's letter from being printed; empty when nothing does."""
        ...


class LetterChecks:
    """Makes every letter as it would be printed, and keeps what was found."""

    def __init__(self, maker: LetterMaker) -> None:
        self._maker = maker
        self._found: dict[str, dict[Recipient, LetterProblem]] = defaultdict(dict)

    def look_at(self, recipient: Recipient, record: MergeRecord) -> str:
        """Why the letters to this recipient cannot all be printed (one for the household, or for each child), or ""."""
        papers = (record,) if self._maker.is_for_households else record.per_child()
        problems = [problem for one in papers for problem in self._maker.check(one)]
        for problem in problems:
            self._found[_group(problem)].setdefault(recipient, problem)
        return " ".join(dict.fromkeys(problem.reason for problem in problems))

    def findings(self) -> Iterator[Finding]:
        for group, found in sorted(self._found.items()):
            title, detail = _WORDS.get(group, (_OTHER, ""))
            yield finding(
                Gravity.BLOCKING,
                group,
                found,
                title=title,
                detail=detail or next(iter(found.values())).sentence,
                remedy=Remedy.CORRECT,
            )


def _group(problem: LetterProblem) -> str:
    if problem.code == _INCOMPLETE:
        return "incomplete-address"
    if problem.code in _WRONG:
        return "wrong-postcode"
    return "unfit-address" if problem.code in _UNFIT else problem.code


_OTHER = "Lettres qui ne peuvent pas être imprimées"
_WORDS = {
    "incomplete-address": (
        "Adresses incomplètes",
        "Nom, voie, code postal ou ville manquants. Ces lettres ne seront pas envoyées.",
    ),
    "unfit-address": ("Adresses qui n’entrent pas dans l’enveloppe", ""),
    "wrong-postcode": ("Codes postaux ou villes à corriger", ""),
    "empty-greeting": ("Lettres sans formule d’appel", ""),
    "empty-field": ("Valeurs manquantes dans la lettre", ""),
    "overflow": ("Lettres trop longues", ""),
    "misplaced": ("Lettres dont une ligne se verrait dans la fenêtre, ou toucherait le texte", ""),
}
