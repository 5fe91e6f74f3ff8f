"""The list's columns, and its model: the directory sorts, because it keeps every order ready."""

from PySide6.QtCore import Qt, Signal

from app.patients.presenter import Column, Row, Sort, Standing, date_or_dash
from app.widgets import table_model
from app.widgets.pill import Kind, PillData
from app.widgets.table_model import Look, SimpleTableModel

KINDS = {
    Standing.ACTIVATED: Kind.OK,
    Standing.NEVER_CONNECTED: Kind.NEUTRAL,
    Standing.NEVER_INFORMED: Kind.ALERT,
    Standing.LOCKED: Kind.ERROR,
    Standing.HIDDEN: Kind.INFO,
    Standing.UNPUBLISHED: Kind.NEUTRAL,
    Standing.WITHDRAWN: Kind.NEUTRAL,
    Standing.ERASED: Kind.NEUTRAL,
}


def pill_of(standing: Standing) -> PillData | None:
    """Words alone, as in the picture: the column repeats few of them. None where nothing is known."""
    kind = KINDS.get(standing)
    return PillData(kind, standing.label, "") if kind else None


_COLUMNS: tuple[table_model.Column[Row], ...] = (
    table_model.Column(Column.NUMBER, lambda row: row.number, Look.CODE, width=108, tip=lambda row: row.number),
    table_model.Column(
        Column.NAME,
        lambda row: row.first_name,
        lead=lambda row: row.last_name or ("" if row.first_name else row.name),
        tip=lambda row: row.name,
    ),
    table_model.Column(Column.BIRTH_DATE, lambda row: date_or_dash(row.birth_date), Look.QUIET, width=106),
    table_model.Column(
        Column.STANDING, lambda row: row.standing.label, width=148, pill=lambda row: pill_of(row.standing)
    ),
    table_model.Column(Column.LAST_VISIT, lambda row: date_or_dash(row.last_visit), Look.QUIET, width=120),
)
_ORDER = tuple(Column)


class PatientRows(SimpleTableModel[Row]):
    """Rows as the directory found them."""

    sort_asked = Signal(object)
    """A `Sort`, or None for the best matches first."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, key=lambda row: row.number)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        sort = Sort(_ORDER[column], order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self.sort_asked.emit(sort)
