"""A table's rows as plain data: columns say how a row is worded, sorted and drawn; the model knows nothing else."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.widgets.pill import PillData

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

COLUMN_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2


class Look(Enum):
    """How a cell is written."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    CODE = "code"
    """What people retype (N° interne): mono, in canard."""
    LINK = "link"
    """Pressing it emits the table's `link_pressed`."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. `width` in pixels; 0 shares what is left with the other zeros."""

    title: str
    text: Callable[[Row], str]
    look: Look = Look.PLAIN
    width: int = 0
    right: bool = False
    """Aligned at the right, as numbers are."""
    sort: Callable[[Row], Any] | None = None
    """What to sort by (all rows of one type); the text without it."""
    lead: Callable[[Row], str] | None = None
    """Written in bold before the text: « **MARTIN** Lina »."""
    pill: Callable[[Row], PillData | None] | None = None
    """Drawn in place of the text, which stays what is spoken and copied."""
    tip: Callable[[Row], str] | None = None


class SimpleTableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order that is shown. `key` identifies a row from one `set_rows` to the next (a patient's number)."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        rows: Sequence[Row] = (),
        *,
        key: Callable[[Row], Hashable] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.key = key
        self._rows = list(rows)
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    @property
    def rows(self) -> Sequence[Row]:
        return tuple(self._rows)

    def row(self, place: int) -> Row:
        return self._rows[place]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Replace all; the order that a person chose stays."""
        self.beginResetModel()
        self._rows = list(rows)
        self._order()
        self.endResetModel()

    def place_of(self, key: Hashable) -> int:
        """Where the row with this key is shown now; -1 when it is not there."""
        if self.key is None:
            return -1
        return next((place for place, row in enumerate(self._rows) if self.key(row) == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                value: object = f"{column.lead(row)} {column.text(row)}" if column.lead else column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                value = column.tip(row) if column.tip else None
            case _ if role == COLUMN_ROLE:
                value = column
            case _ if role == ROW_ROLE:
                value = row
            case _:
                value = None
        return value

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """-1 leaves the rows in the order they came in."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [(index, self._rows[index.row()]) for index in before]
        self._sorted_by = (column, order) if column >= 0 else None
        self._order()
        places = {id(row): place for place, row in enumerate(self._rows)}
        for index, row in held:
            self.changePersistentIndex(index, self.index(places[id(row)], index.column()))
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self._sorted_by is None:
            return
        column = self.columns[self._sorted_by[0]]
        key = column.sort or (column.lead or column.text)
        self._rows.sort(key=key, reverse=self._sorted_by[1] is Qt.SortOrder.DescendingOrder)
