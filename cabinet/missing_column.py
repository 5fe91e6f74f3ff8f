"""A column that the mapping names and the export does not have: never there, or gone since the last reading."""

from collections.abc import Sequence

from cabinet.errors import MappingError
from cabinet.suggestions import did_you_mean

MOST_NAMED = 4
"""New columns that a sentence lists, where none of them resembles the one that is gone."""


class MissingColumn(MappingError):
    """Nothing of the source is read. `table` and `header` are those that were looked in, `path` the mapping's key."""

    def __init__(self, table: str, column: str, path: str, header: Sequence[str]) -> None:
        present = ", ".join(f"«\u00a0{cell}\u00a0»" for cell in header if cell)
        super().__init__(
            f"La colonne «\u00a0{column}\u00a0» manque dans le fichier {table} («\u00a0{path}\u00a0» du mapping).",
            did_you_mean(column, header) or f"Colonnes présentes\u00a0: {present}.",
        )
        self.table = table
        self.column = column
        self.path = path
        self.header = tuple(header)

    def since(self, before: Sequence[str]) -> MappingError:
        """The same, told to somebody whose export had the columns `before` when it was last read."""
        if self.column not in before:
            return self
        return MappingError(
            f"La colonne «\u00a0{self.column}\u00a0» a disparu du fichier {self.table} depuis la dernière lecture. "
            "Rien n’a été publié, le portail reste comme il était.",
            self._remedy([cell for cell in self.header if cell and cell not in before]),
        )

    def _remedy(self, new: Sequence[str]) -> str:
        if not new:
            return (
                f"Refaites l’export avec cette colonne\u00a0; si elle n’existe plus, retirez «\u00a0{self.path}\u00a0» "
                "du mapping."
            )
        named = ", ".join(f"«\u00a0{cell}\u00a0»" for cell in new[:MOST_NAMED])
        question = did_you_mean(self.column, new) or f"Nouveau dans ce fichier\u00a0: {named}."
        return (
            f"{question} Si elle a changé de nom, corrigez «\u00a0{self.path}\u00a0» dans le mapping\u00a0; sinon, "
            "refaites l’export."
        )
