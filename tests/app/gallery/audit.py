"""What is wrong with a window that is shown: words that are cut, parts that are squeezed or out of reach, no name."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QWidget,
)

from app import style
from app.widgets.elided import ElidedLabel

Kind = TypeVar("Kind", bound=QWidget)
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractScrollArea, QTabBar)
HEAD_PADDING = 24
"""Pixels at both sides of a table head's words, by the style sheet."""


def cut(window: QWidget) -> list[str]:
    """Words that do not fit where they stand, and of which nothing says the rest."""
    found = [f"« {one.text()} » : {told}" for one in visible(window, QLabel) if (told := _label(one))]
    found += [f"« {one.text()} » : {told}" for one in visible(window, QAbstractButton) if (told := _button(one))]
    found += [f"« {one.currentText()} » (liste)" for one in visible(window, QComboBox) if _is_combo_cut(one)]
    for bar in visible(window, QTabBar):
        words = (bar.tabText(place) for place in range(bar.count()) if _is_tab_cut(bar, place))
        found += [f"« {text} » (onglet)" for text in words]
    for table in visible(window, QTableView):
        found += _table(table)
    return found


def squeezed(window: QWidget) -> list[str]:
    """Parts that got less room than they need at least."""
    return [
        f"{describe(one)}: {one.width()}×{one.height()} for {least.width()}×{least.height()}"
        for one in visible(window, QWidget)
        if not _gives_way(one) and one.size() != one.size().expandedTo(least := _least(one))
    ]


def scrolls_sideways(window: QWidget) -> list[str]:
    """Pages that are wider than their place. A table's cells may be many."""
    return [
        f"{describe(one)}, by {one.horizontalScrollBar().maximum()} px"
        for one in visible(window, QScrollArea)
        if one.horizontalScrollBar().maximum() > 0 and one.accessibleName() != "Cellules du tableau"
    ]


def out_of_reach(window: QWidget) -> list[str]:
    """Controls and words that cannot be seen whole, even by scrolling."""
    return [
        describe(one)
        for one in visible(window, QWidget)
        if isinstance(one, (*CONTROLS, QLabel)) and not is_internal(one) and not _can_be_seen(one, window)
    ]


def nameless(window: QWidget) -> list[str]:
    """Controls that a screen reader cannot name."""
    found = []
    for one in visible(window, QWidget):
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_internal(one):
            spoken = QAccessible.queryAccessibleInterface(one)
            if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
                found.append(describe(one))
    return found


def turned_by_the_wheel(window: QWidget) -> list[str]:
    """Lists and numbers that change when somebody scrolls the page below the mouse (`app.widgets.entries` do not)."""
    return [
        describe(one)
        for kind in (QComboBox, QAbstractSpinBox)
        for one in visible(window, kind)
        if one.focusPolicy() is Qt.FocusPolicy.WheelFocus
    ]


def visible(window: QWidget, kind: type[Kind]) -> Iterator[Kind]:
    """Parts of the window that are shown; what a scroll area has out of its sight counts."""
    for one in window.findChildren(kind):
        if one.isVisible() and one.window() is window and not is_foreign(one):
            yield one


def describe(one: QWidget) -> str:
    said = one.text() if isinstance(one, (QLabel, QAbstractButton)) else ""
    words = one.accessibleName() or said or one.objectName()
    names = [type(one).__name__]
    parent = one.parentWidget()
    while parent is not None and len(names) < 5:
        names.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{' < '.join(names)} « {words} »"


def _gives_way(one: QWidget) -> bool:
    """What scrolls, and parts of Qt's own, say a minimum that they do not need."""
    return isinstance(one, (QAbstractScrollArea, QAbstractSpinBox)) or is_internal(one)


def _least(one: QWidget) -> QSize:
    """What it needs: its own minimum, within what it is limited to, at the height that its width asks for."""
    least = one.minimumSizeHint().boundedTo(one.maximumSize()).expandedTo(one.minimumSize())
    layout = one.layout()
    if layout is not None and one.hasHeightForWidth():
        least.setHeight(min(layout.minimumHeightForWidth(one.width()), one.maximumHeight()))
    return least.expandedTo(QSize(0, 0))


def _label(one: QLabel) -> str:
    if isinstance(one, ElidedLabel) or not one.text() or not one.pixmap().isNull():
        return ""
    inside = one.contentsRect()
    if one.wordWrap():
        wanted = one.heightForWidth(one.width())
        widest = max((QFontMetrics(one.font()).horizontalAdvance(word) for word in one.text().split()), default=0)
        if one.textFormat() is Qt.TextFormat.PlainText and widest > inside.width():
            return f"a word of {widest} px in {inside.width()}"
        return f"{wanted} px high in {one.height()}" if wanted > one.height() + 1 else ""
    wanted_width = one.sizeHint().width()
    return f"{wanted_width} px wide in {one.width()}" if wanted_width > one.width() and not one.toolTip() else ""


def _button(one: QAbstractButton) -> str:
    if not one.text():
        return ""
    wanted = one.sizeHint().width()
    return f"{wanted} px wide in {one.width()}" if wanted > one.width() else ""


def _is_combo_cut(one: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    one.initStyleOption(option)
    room = one.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, one
    )
    return QFontMetrics(one.font()).horizontalAdvance(one.currentText()) > room.width() and not one.toolTip()


def _is_tab_cut(bar: QTabBar, place: int) -> bool:
    rect = bar.tabRect(place)
    is_whole = bar.usesScrollButtons() or bar.rect().contains(rect)
    return bar.tabSizeHint(place).width() > rect.width() or not is_whole


def _table(table: QTableView) -> list[str]:
    found = []
    head = table.horizontalHeader()
    model = table.model()
    for place in range(model.columnCount()):
        if table.isColumnHidden(place):
            continue
        title = str(model.headerData(place, Qt.Orientation.Horizontal) or "")
        if QFontMetrics(style.font(13, QFont.Weight.DemiBold)).horizontalAdvance(
            title
        ) + HEAD_PADDING > head.sectionSize(place):
            found.append(f"« {title} » (tête de colonne, {head.sectionSize(place)} px)")
    return found


def _can_be_seen(one: QWidget, window: QWidget) -> bool:
    """Whether it lies in its parents; what scrolls may be longer than what is seen of it."""
    rect = one.rect()
    if rect.isEmpty():
        return True
    child, parent = one, one.parentWidget()
    while parent is not None and child is not window:
        rect.translate(child.pos())
        area = parent.parentWidget()
        if isinstance(area, QScrollArea) and area.widget() is child:
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            scrolls_down = area.verticalScrollBarPolicy() is not policy
            scrolls_right = area.horizontalScrollBarPolicy() is not policy
            room = parent.rect()
            if (not scrolls_down and rect.height() > room.height()) or (
                not scrolls_right and (rect.left() < room.left() or rect.right() > room.right())
            ):
                return False
            # It can be brought into sight; from here on the area's own place counts.
            rect = rect & room if rect.intersects(room) else QRect(QPoint(0, 0), QSize(1, 1))
        elif not parent.rect().contains(rect):
            return False
        child, parent = parent, parent.parentWidget()
    return True


def is_internal(one: QWidget) -> bool:
    """A part of Qt's own: a spin box's entry, a table's head, a scroll area's bars."""
    parent = one.parentWidget()
    return (
        one.objectName().startswith("qt_")
        or isinstance(one, QHeaderView)
        or isinstance(parent, (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar))
    )


def is_foreign(one: QWidget) -> bool:
    """Of WebEngine's, which lays itself out."""
    parent: QWidget | None = one
    while parent is not None:
        if type(parent).__module__.startswith("PySide6.QtWebEngine") or "WebEngine" in parent.metaObject().className():
            return True
        parent = parent.parentWidget()
    return False
