"""Tables as HTML: drawn once by the template for each set of columns, then filled row by row without it.

The rows are the one part of a page that grows. A cell costs one escape and one `%`, a tenth of what a template's loop
costs, so a long history stays cheap.
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from jinja2 import Template
from markupsafe import Markup

from portal.pages.views.tables import Column, TableView

_MARKS = ("settled", "open", "missed", "cancelled")


class TableForm(NamedTuple):
    """A table without its rows. Plain strings, already escaped."""

    sprite: str
    """The drawings of the marks, for a table that has some; one table of a page at most."""
    before: str
    row: str
    """One row, with a %s for each cell."""
    marked: dict[str, str]
    """A marked cell with one %s, by its mark."""
    after: str


def table_drawer(template: Template) -> Callable[[TableView, str, str], Markup]:
    """The function (table, id of its title, kind of table) -> HTML, from the template of the macros called here."""

    @lru_cache(maxsize=512)
    def form(key: str, columns: tuple[Column, ...], title_id: str, kind: str) -> TableForm:
        macros = template.module
        return TableForm(
            sprite=str(macros.sprite()),  # type: ignore[attr-defined]
            before=str(macros.before(key, columns, title_id, kind)),  # type: ignore[attr-defined]
            row=str(macros.row(key, columns)),  # type: ignore[attr-defined]
            marked={mark: str(macros.marked(mark)) for mark in _MARKS},  # type: ignore[attr-defined]
            after=str(macros.after()),  # type: ignore[attr-defined]
        )

    def draw(view: TableView, title_id: str, kind: str) -> Markup:
        drawn = form(view.key, view.columns, title_id, kind)
        if any(view.marks):
            parts = drawn.sprite, drawn.before, _marked_rows(view, drawn), drawn.after
        else:
            parts = "", drawn.before, _rows(view, drawn), drawn.after
        return Markup("".join(parts))  # noqa: S704 - every cell is escaped below

    return draw


def _rows(view: TableView, form: TableForm) -> str:
    return "".join([form.row % tuple([escape(cell, quote=False) for cell in row]) for row in view.rows])


def _marked_rows(view: TableView, form: TableForm) -> str:
    filled = []
    for row, mark in zip(view.rows, view.marks, strict=True):
        cells = [escape(cell, quote=False) for cell in row]
        if mark:
            cells[view.marked] = form.marked[mark] % cells[view.marked]
        filled.append(form.row % tuple(cells))
    return "".join(filled)
