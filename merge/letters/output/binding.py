"""How the letters of a run are put into files."""

from dataclasses import dataclass
from enum import StrEnum

from cabinet.errors import WebOrthoError


class Form(StrEnum):
    ONE = "one"
    """All in one file."""
    EACH = "each"
    """A folder with a file for each."""
    BATCHES = "batches"
    """A folder with files of some pages each."""


class BindingError(WebOrthoError):
    """Choices that do not go together."""


@dataclass(frozen=True)
class Binding:
    """What a person chose. Raise `BindingError` for batches without a length."""

    form: Form = Form.ONE
    batch_pages: int = 0
    """At most so many in each of `BATCHES`, blank backs included; a longer letter is a batch of its own. Of Word
    documents, so many letters."""
    duplex: bool = False
    """Every letter, and the index, begins on the front of a sheet: what ends on a front gets a blank back."""
    index: bool = False
    """Who is on which page, by name, at the end (in a folder: a PDF of its own)."""
    mail_house: bool = False
    """With the table that a mail house checks its work by, in a folder."""

    def __post_init__(self) -> None:
        if self.form is Form.BATCHES and self.batch_pages < 1:
            raise BindingError("Un lot a au moins une page.", "Donnez le nombre de pages de chaque lot.")

    def require_documents(self) -> None:
        """Raise `BindingError` for what Word documents cannot be, whose pages nobody has counted."""
        if self.duplex or self.index or self.mail_house:
            raise BindingError(
                "Un document Word n’a ni index, ni versos blancs, ni tableau pour un routeur.",
                "Choisissez le PDF, ou retirez ces options.",
            )

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder (or a ZIP file of it), and not one PDF."""
        return self.form is not Form.ONE or self.mail_house


ONE_PDF = Binding()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter is: the file's place among the run's, from 0; its first page there, from 1; and how many."""

    file: int
    page: int
    pages: int
