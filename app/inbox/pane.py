"""The message that is read, and the answer that is written below it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.inbox.presenter import Opened, is_blank
from app.widgets.buttons import link, primary, secondary
from app.widgets.elided import ElidedLabel
from app.widgets.empty import EmptyState
from app.widgets.labels import code, label
from app.widgets.notice import Notice
from app.widgets.panel import Panel, line, well
from app.widgets.pill import Kind, Pill
from app.widgets.scrolled import Scrolled
from portal.api.desk import MessageState

NOBODY = "Choisissez un message à lire."
PADDING = 20
ANSWER, NOTE = "Votre réponse", "Ce qui a été dit au téléphone"
BY_EMAIL = "Elle part par e-mail à {address}. Ctrl+Entrée l’envoie."
NO_EMAIL = "Ce patient n’a pas donné d’adresse e-mail\u00a0: appelez-le, puis notez ici ce qui a été dit."
_EDITOR = 148


class ReadingPane(Panel):
    """Shows an `Opened`; what is pressed is a question to the screen."""

    answer_asked = Signal(str, bool)
    """The text, and whether it goes by e-mail."""
    unread_asked = Signal()
    patient_asked = Signal()
    text_changed = Signal()
    """A person typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(flush=True, parent=parent)
        self.setAccessibleName("Message")
        self._message: Opened | None = None
        self._signed = ""
        self._layers = QStackedLayout()
        self.body.addLayout(self._layers)
        self.empty = EmptyState(NOBODY)
        self._layers.addWidget(self.empty)
        self._layers.addWidget(self._make_message())

    @property
    def message(self) -> Opened | None:
        return self._message

    @property
    def text(self) -> str:
        """What is worth keeping of the answer: nothing while there is only the signature."""
        written = self.editor.toPlainText()
        return "" if is_blank(written, self._signed) else written

    def show_message(self, message: Opened | None, draft: str = "", signed: str = "") -> None:
        """Another message, or None. `signed` ends an answer by e-mail that is not begun yet."""
        self._signed = signed if message and message.reply_to else ""
        self.notice.hide()
        self._layers.setCurrentIndex(0 if message is None else 1)
        self._message = message
        if message is None:
            return
        begun = draft or (f"\n\n{self._signed}" if self._signed else "")
        self.editor.blockSignals(True)
        self.editor.setPlainText(begun)
        self.editor.blockSignals(False)
        self.editor.moveCursor(QTextCursor.MoveOperation.Start)
        self.renew(message)
        self._open_editor(bool(draft) or message.state is not MessageState.ANSWERED)
        self._reading.verticalScrollBar().setValue(0)

    def renew(self, message: Opened) -> None:
        """The same message as it is known now; what is being typed stays."""
        self._message = message
        self._who.show_text(message.who)
        self._number.setText(message.number)
        self._when.setText(message.when)
        self._subject.setText(message.subject)
        self._body.setText(message.body)
        is_answered = message.state is MessageState.ANSWERED
        self._answer_frame.setVisible(is_answered)
        self._answered.setText(message.answered)
        self._answer.setText(message.answer)
        self.unread.setVisible(message.state is MessageState.READ)
        self._title.setText(ANSWER if message.reply_to else NOTE)
        self.editor.setAccessibleName(self._title.text())
        self._aid.setText(BY_EMAIL.format(address=message.reply_to) if message.reply_to else NO_EMAIL)
        self._phones.setText(" · ".join(message.phones))
        self._phones.setVisible(bool(message.phones))
        self.send.setVisible(bool(message.reply_to))
        self._allow()

    def set_signature(self, signed: str) -> None:
        """It came after the message was shown: an answer that is not begun gets it."""
        if self._message and self._message.reply_to and not self._signed and not self.editor.toPlainText().strip():
            self.show_message(self._message, "", signed)

    def set_busy(self, is_busy: bool) -> None:
        """While an answer is on its way."""
        self.editor.setReadOnly(is_busy)
        for button in (self.send, self.by_phone):
            button.setEnabled(not is_busy)
        if not is_busy:
            self._allow()

    def answered(self) -> None:
        """It went out: nothing is being written any more."""
        self.editor.blockSignals(True)
        self.editor.clear()
        self.editor.blockSignals(False)
        self._open_editor(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Ctrl+Enter answers; Tab leaves the editor."""
        if watched is self.editor and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                (self.send if self._message and self._message.reply_to else self.by_phone).click()
                return True
        return super().eventFilter(watched, event)

    # Making

    def _make_message(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(PADDING, PADDING - 2, PADDING, PADDING - 4)
        column.setSpacing(10)
        column.addLayout(self._make_head())
        column.addWidget(line())
        column.addWidget(self._make_reading(), 1)
        self.notice = Notice()
        column.addWidget(self.notice)
        self.again = link("Répondre de nouveau", "arrow-bend-up-left")
        self.again.clicked.connect(self._begin_again)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._make_editor())
        return made

    def _make_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._who = ElidedLabel("", "heading")
        self._who.setStyleSheet("font-size: 19px;")
        row.addWidget(self._who, 1)
        self._number = code("", 18)
        self._number.setAccessibleDescription("N°\u00a0interne")
        row.addWidget(self._number)
        self.patient = link("Voir le patient", "user")
        self.patient.clicked.connect(self.patient_asked)
        row.addWidget(self.patient)
        column.addLayout(row)
        row = QHBoxLayout()
        self._when = label("", "quiet", wrap=True)
        # As high as the link, which comes and goes.
        self._when.setMinimumHeight(34)
        row.addWidget(self._when, 1)
        self.unread = link("Marquer comme non lu", "envelope-simple")
        self.unread.clicked.connect(self.unread_asked)
        row.addWidget(self.unread)
        column.addLayout(row)
        return column

    def _make_reading(self) -> Scrolled:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        self._subject = _selectable("heading")
        self._body = _selectable()
        column.addWidget(self._subject)
        column.addWidget(self._body)
        self._answer_frame = well()
        framed = QVBoxLayout(self._answer_frame)
        framed.setContentsMargins(14, 12, 14, 12)
        framed.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Pill(Kind.OK, "Répondu"))
        self._answered = label("", "aid", wrap=True)
        row.addWidget(self._answered, 1)
        framed.addLayout(row)
        self._answer = _selectable()
        framed.addWidget(self._answer)
        column.addWidget(self._answer_frame)
        column.addStretch(1)
        self._reading = Scrolled("Texte du message", inside, sideways=False, reading=True)
        self._reading.viewport().setAutoFillBackground(False)
        return self._reading

    def _make_editor(self) -> QWidget:
        self._writing = QWidget()
        column = QVBoxLayout(self._writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._title = label(ANSWER, "label")
        self._aid = label("", "aid", wrap=True)
        self._phones = label("", "strong", wrap=True)
        self._phones.setTextInteractionFlags(_SELECTABLE)
        self.editor = QPlainTextEdit()
        self.editor.setFixedHeight(_EDITOR)
        self.editor.setTabChangesFocus(True)
        self.editor.installEventFilter(self)
        self.editor.textChanged.connect(self._typed)
        self._title.setBuddy(self.editor)
        for widget in (self._title, self._aid, self._phones, self.editor):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.by_phone = secondary("Répondu par téléphone", "phone")
        self.send = primary("Envoyer la réponse", "paper-plane-tilt")
        self.by_phone.clicked.connect(lambda: self._ask(by_email=False))
        self.send.clicked.connect(lambda: self._ask(by_email=True))
        row.addWidget(self.by_phone)
        row.addWidget(self.send)
        column.addLayout(row)
        return self._writing

    # What happens

    def _typed(self) -> None:
        self._allow()
        self.text_changed.emit()

    def _allow(self) -> None:
        self.send.setEnabled(bool(self.text) and not self.editor.isReadOnly())

    def _ask(self, *, by_email: bool) -> None:
        if self.editor.isReadOnly() or (by_email and not self.text):
            return
        self.answer_asked.emit(self.text.strip(), by_email)

    def _open_editor(self, is_open: bool) -> None:
        self._writing.setVisible(is_open)
        self.again.setVisible(not is_open)

    def _begin_again(self) -> None:
        if self._message:
            self.editor.setPlainText(f"\n\n{self._signed}" if self._signed else "")
            self.editor.moveCursor(QTextCursor.MoveOperation.Start)
        self._open_editor(True)
        self.editor.setFocus()


_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def _selectable(role: str = "") -> QLabel:
    made = label("", role, wrap=True)
    made.setTextInteractionFlags(_SELECTABLE)
    return made
