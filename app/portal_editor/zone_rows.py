"""« Textes du cabinet »: the seven texts one under the other; the one that is opened has its editor."""

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import style
from app.portal_editor.items import ZONES
from app.portal_editor.presenter import Counter
from app.portal_editor.rich_text_edit import INKS, RichTextEdit, is_link
from app.widgets.buttons import link, tool
from app.widgets.pressing import DrawnButton
from portal.pages.rich_text import COLOURS

ROW = 30
EDGE = 14
ASK_LINK = "Adresse du lien (https://…, mailto:…, tel:…). Vide pour retirer le lien."
_BAR = 4


class ZoneHeader(DrawnButton):
    """« Message d’accueil ● … 90 / 400 » when open, « Titre … Cabinet d’ort… » when not."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setText(name)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.is_changed = False
        self.value = ""
        self.counter = Counter(0, 0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, ROW)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Whether it is open is said by the rows, not by the click itself."""

    def show_state(self, value: str, counter: Counter, *, is_changed: bool) -> None:
        self.value, self.counter, self.is_changed = value, counter, is_changed
        state = ", modifié, non publié" if is_changed else ""
        self.setAccessibleName(f"{self.text()}{state}")
        self.setAccessibleDescription(value)
        self.setToolTip("Modifié, pas encore publié" if is_changed else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = self.rect().adjusted(EDGE, 0, -EDGE, 0)
        painter.setFont(style.font(weight=QFont.Weight.Bold))
        painter.setPen(style.colour("encre"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, self.text())
        used = painter.fontMetrics().horizontalAdvance(self.text())
        if self.is_changed:
            painter.setPen(QPen(style.colour("abricot-encre"), 1))
            painter.setBrush(style.colour("abricot"))
            painter.drawEllipse(QPointF(inside.left() + used + 12, inside.center().y() + 0.5), 4, 4)
            used += 18
        painter.setFont(style.font())
        is_wrong = self.isChecked() and self.counter.is_over
        painter.setPen(style.colour("erreur" if is_wrong else "encre2"))
        room = QRect(max(inside.left() + used + 12, inside.left() + 124), inside.top(), 0, inside.height())
        room.setRight(inside.right())
        said = self.counter.text if self.isChecked() else self.value
        said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, said)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("canard"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(5, 1, -5, -1), 6, 6)


class ZoneRow(QFrame):
    """One text: its header, and its editor once opened."""

    edited = Signal(str)
    opened = Signal()
    revert_asked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.header = ZoneHeader(ZONES[name])
        self.header.clicked.connect(lambda _: self.opened.emit())
        self.editor: RichTextEdit | None = None
        self._html = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        self._body = QWidget()
        self._body.hide()
        column.addWidget(self._body)
        self.revert = link("Revenir au texte publié", "arrow-counter-clockwise")
        self.revert.clicked.connect(lambda _: self.revert_asked.emit())

    @property
    def is_open(self) -> bool:
        return self.header.isChecked()

    def show_state(self, html: str, value: str, counter: Counter, *, is_changed: bool) -> None:
        self._html = html
        self.header.show_state(value, counter, is_changed=is_changed)
        self.revert.setVisible(is_changed)
        if self.editor is not None:
            self.editor.show_html(html)

    def set_open(self, opened: bool) -> None:
        self.header.setChecked(opened)
        if opened and self.editor is None:
            self._make_editor()
        self._body.setVisible(opened)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self.is_open:
            painter = QPainter(self)
            painter.fillRect(self.rect(), style.colour("canard-50"))
            painter.fillRect(QRect(0, 0, _BAR, self.height()), style.colour("canard"))

    def _make_editor(self) -> None:
        self.editor = RichTextEdit(ZONES[self._name])
        self.editor.show_html(self._html)
        self.editor.edited.connect(self.edited)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(EDGE, 2, EDGE, 4)
        column.setSpacing(2)
        column.addWidget(self.editor)
        column.addLayout(self._tools(self.editor))
        column.addWidget(self.revert, 0, Qt.AlignmentFlag.AlignLeft)

    def _tools(self, editor: RichTextEdit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        bold = tool("Gras (Ctrl+B)", "text-bolder", bare=True)
        bold.setShortcut("Ctrl+B")
        bold.clicked.connect(lambda _: editor.toggle_bold())
        italic = tool("Italique (Ctrl+I)", "text-italic", bare=True)
        italic.setShortcut("Ctrl+I")
        italic.clicked.connect(lambda _: editor.toggle_italic())
        colours = tool("Couleur", "palette", bare=True)
        menu = QMenu(colours)
        menu.addAction(style.icon("circle", "encre", fill=True), "Texte").triggered.connect(
            lambda _: editor.set_colour("")
        )
        for name, said in COLOURS.items():
            action = menu.addAction(style.icon("circle", INKS[name], fill=True), said)
            action.triggered.connect(partial(lambda chosen, _: editor.set_colour(chosen), name))
        colours.clicked.connect(lambda _: menu.popup(colours.mapToGlobal(colours.rect().bottomLeft())))
        address = tool("Lien", "link", bare=True)
        address.clicked.connect(lambda _: self._ask_link(editor))
        bullets = tool("Liste à puces", "list-bullets", bare=True)
        bullets.clicked.connect(lambda _: editor.toggle_list("ul"))
        numbers = tool("Liste numérotée", "list-numbers", bare=True)
        numbers.clicked.connect(lambda _: editor.toggle_list("ol"))
        for button in (bold, italic, colours, address, bullets, numbers):
            # The mouse leaves the cursor in the text; Tab still comes here.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _ask_link(self, editor: RichTextEdit) -> None:
        said, typed = ASK_LINK, editor.link
        while True:
            typed, accepted = QInputDialog.getText(self, "Lien", said, text=typed)
            typed = _completed(typed.strip())
            if not accepted or not typed or is_link(typed):
                break
            said = f"Cette adresse est incomplète.\n{ASK_LINK}"
        if accepted:
            editor.set_link(typed)
        editor.setFocus()


def _completed(address: str) -> str:
    """What people leave out: https:// before www., mailto: before an e-mail address."""
    if address.startswith("www."):
        return f"https://{address}"
    return f"mailto:{address}" if "@" in address and ":" not in address else address


class ZoneRows(QWidget):
    """`edited` with the zone's name and its HTML."""

    edited = Signal(str, str)
    revert_asked = Signal(str)
    opened = Signal(str)
    """Name of the zone whose editor is open; "" for none."""
    grown = Signal()
    """It needs another height than before: a text was opened or closed, or has another number of lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Textes du cabinet")
        self.rows = {name: ZoneRow(name) for name in ZONES}
        self._needed = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for name, row in self.rows.items():
            row.edited.connect(partial(self.edited.emit, name))
            row.opened.connect(partial(self._toggle, name))
            row.revert_asked.connect(partial(self.revert_asked.emit, name))
            column.addWidget(row)

    @property
    def current(self) -> str:
        return next((name for name, row in self.rows.items() if row.is_open), "")

    def open(self, name: str) -> None:
        """Open one text and put the cursor in it; "" closes all."""
        for each, row in self.rows.items():
            row.set_open(each == name)
        editor = self.rows[name].editor if name else None
        if editor is not None:
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.moveCursor(editor.textCursor().MoveOperation.End)
        self.opened.emit(name)

    def _toggle(self, name: str) -> None:
        self.open("" if name == self.current else name)

    def event(self, event: QEvent) -> bool:
        is_handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._needed != self.sizeHint().height():
            self._needed = self.sizeHint().height()
            self.grown.emit()
        return is_handled

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and self.current:
            header = self.rows[self.current].header
            self.open("")
            header.setFocus()
            return
        super().keyPressEvent(event)
