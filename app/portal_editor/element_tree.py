"""« Éléments visibles »: every element of the portal with its box, a search, and how many are hidden."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app import style
from app.portal_editor.tree import ALWAYS, Row, State, counts_sentence, matching, rows
from app.widgets.labels import label
from app.widgets.search_field import SearchField
from portal.pages.settings import PortalSettings

_KEY = Qt.ItemDataRole.UserRole
_CHECK = {
    State.SHOWN: Qt.CheckState.Checked,
    State.PARTLY: Qt.CheckState.PartiallyChecked,
    State.HIDDEN: Qt.CheckState.Unchecked,
}


class _Tree(QTreeWidget):
    """Space ticks the box of the line that has the focus, whichever way it stands."""

    toggled = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self.toggled.emit(item.data(0, _KEY))
            return
        super().keyPressEvent(event)


class ElementTree(QWidget):
    """`toggled` when a person clicks a box, `pointed` when a line is chosen."""

    toggled = Signal(str)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._items: dict[str, QTreeWidgetItem] = {}
        self.search = SearchField("Chercher un élément")
        self.search.setProperty("role", "")
        self.search.setPlaceholderText("Chercher un élément")
        self.count = label("", "aid")
        self.view = _Tree()
        self.view.setAccessibleName("Éléments visibles")
        self.view.setHeaderHidden(True)
        self.view.setIndentation(22)
        self.view.setStyleSheet("QTreeView::branch { padding: 5px; }")
        self.view.setUniformRowHeights(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = QHBoxLayout()
        heading.setContentsMargins(14, 8, 14, 4)
        heading.addWidget(label("Éléments visibles", "heading"))
        heading.addStretch(1)
        heading.addWidget(self.count)
        under = QHBoxLayout()
        under.setContentsMargins(14, 0, 14, 4)
        under.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addLayout(under)
        column.addWidget(self.view, 1)
        self.search.searched.connect(self._filter)
        self.search.left_down.connect(self.view.setFocus)
        self.view.itemChanged.connect(lambda item: self._toggle(item.data(0, _KEY)))
        self.view.toggled.connect(self._toggle)
        self.view.currentItemChanged.connect(self._point)

    def show_settings(self, settings: PortalSettings) -> None:
        """What is shown and what is hidden, as the draft has it."""
        self._rows = rows(settings)
        self.count.setText(counts_sentence(settings))
        with QSignalBlocker(self.view):
            for row in self._rows:
                item = self._items.get(row.key) or self._add(row)
                item.setCheckState(0, _CHECK[row.state])
                item.setForeground(0, style.colour("encre2" if row.is_under_hidden else "encre"))
                under = "Masqué avec ce qui le contient." if row.is_under_hidden else ""
                item.setToolTip(0, row.locked or under)

    def item(self, key: str) -> QTreeWidgetItem:
        return self._items[key]

    def point_at(self, key: str) -> None:
        """Bring an element's line into view, without telling anybody."""
        if key in self._items:
            with QSignalBlocker(self.view):
                self.view.setCurrentItem(self._items[key])
            self.view.scrollToItem(self._items[key])

    def _add(self, row: Row) -> QTreeWidgetItem:
        parent = self._items.get(row.parent)
        item = QTreeWidgetItem(parent) if parent is not None else QTreeWidgetItem(self.view)
        item.setText(0, row.label)
        item.setData(0, _KEY, row.key)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if row.locked:
            item.setIcon(0, style.icon("lock-simple", "encre2"))
            item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, row.locked)
        else:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(flags)
        self._items[row.key] = item
        if row.key == "appointments":
            item.setExpanded(True)
        return item

    def _toggle(self, key: str) -> None:
        if key != ALWAYS:
            self.toggled.emit(key)

    def _point(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, _KEY) != ALWAYS:
            self.pointed.emit(item.data(0, _KEY))

    def _filter(self, text: str) -> None:
        found = matching(text, self._rows)
        for key, item in self._items.items():
            item.setHidden(key not in found)
            if text.strip() and key in found:
                item.setExpanded(True)
