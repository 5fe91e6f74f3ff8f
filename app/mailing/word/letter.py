"""The Word document of a model on this computer, read: its fields, or why it cannot be used."""

import re
from dataclasses import dataclass
from pathlib import Path

from app.desk.texts import WORD_LETTER, own_pictures
from cabinet.errors import WebOrthoError
from cabinet.system_words import why
from merge.french import agree
from merge.letters.whole_file import whole_file
from merge.word.package import WordFileError, read_word_file
from merge.word.story import WordProblem
from merge.word.template import WordTemplate, load_template, read_template

_EVERYWHERE = "Texte, "
"""Begins most places."""
_EXPLAINED = re.compile(r" \([^)]*\)")


@dataclass(frozen=True)
class FieldRow:
    """One field of the document, as the panel lists it."""

    token: str
    words: str
    """What it becomes; or what to do about it, and where it stands."""
    whole: str
    """All that is to be said of it."""
    is_wrong: bool = False


@dataclass(frozen=True)
class WordLetter:
    """`template` is None where the file is no Word document any more: `error` then says why."""

    path: Path
    template: WordTemplate | None
    error: WebOrthoError | None = None

    def check(self) -> WordTemplate:
        """The template. Raise `WordFileError`, or `WordTemplateError` for a field that cannot be merged."""
        if self.template is None:
            raise self.error or WordFileError("Ce modèle ne peut pas être lu.")
        self.template.check()
        return self.template

    @property
    def rows(self) -> tuple[FieldRow, ...]:
        """What is wrong first, then the fields in their order."""
        if self.template is None:
            return ()
        right = (FieldRow(one.token, one.description, one.description) for one in self.template.fields)
        return (*map(_wrong, self.template.problems), *right)

    @property
    def sentence(self) -> str:
        """« 7 champs, tous reconnus », or the first fault."""
        try:
            count = len(self.check().fields)
        except WebOrthoError as error:
            return error.what
        known = ", tous reconnus" if count > 1 else ", reconnu" if count else ""
        return agree(count, "champ", "champs") + known

    @property
    def is_wrong(self) -> bool:
        return self.template is None or bool(self.template.problems)


def _wrong(problem: WordProblem) -> FieldRow:
    """Where it stands, and the remedy without its explanations, which `whole` has: the line is short."""
    what, _, todo = problem.sentence.partition(". ")
    place = problem.place.partition(" («")[0].removeprefix(_EVERYWHERE)
    remedy = _EXPLAINED.sub("", todo or what)
    words = f"{place[:1].upper()}{place[1:]}\u00a0: {remedy[:1].lower()}{remedy[1:]}"
    return FieldRow(problem.name, words, f"{problem.place} : {problem.sentence}", is_wrong=True)


def find(folder: Path) -> WordLetter | None:
    """The document of the model in this folder, None where it has none. Slow."""
    path = folder / WORD_LETTER
    if not path.is_file():
        return None
    try:
        return WordLetter(path, load_template(path, own_pictures(folder)))
    except WebOrthoError as error:
        return WordLetter(path, None, error)


def choose(folder: Path, path: Path) -> WordLetter:
    """Copy a document of this computer to the model. Raise `WordFileError` for what is none, `OutputError`."""
    data = read_word_file(path)
    template = read_template(data, own_pictures(folder))
    place = folder / WORD_LETTER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WordFileError(f"Le dossier «\u00a0{folder}\u00a0» ne peut pas être écrit ({why(error)}).") from error
    with whole_file(place) as file:
        file.write(data)
    return WordLetter(place, template)


def forget(folder: Path) -> None:
    """The model's own letters are used again. Raise `WordFileError`."""
    try:
        (folder / WORD_LETTER).unlink(missing_ok=True)
    except OSError as error:
        raise WordFileError(
            f"Le document Word du modèle ne peut pas être supprimé ({why(error)}).", "Fermez-le dans Word."
        ) from error
