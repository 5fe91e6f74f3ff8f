"""The Messages screen: the list at the left, the chosen message and its answer at the right."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.board import Connection
from app.errors import Trouble
from app.inbox.drafts import AnswerDrafts
from app.inbox.message_list import MessageList
from app.inbox.pane import ReadingPane
from app.inbox.post import Post
from app.inbox.presenter import BY_PHONE, aside, lines, opened, signature
from app.screen import Context, Screen
from app.settings import read_settings
from app.widgets.busy import BusyLine
from app.widgets.empty import EmptyState
from app.widgets.labels import label
from app.widgets.page import GAP, PageHeader, page_layout
from app.widgets.panel import Panel
from app.widgets.pill import Kind
from app.widgets.search_field import SearchField
from merge.french import agree
from portal.api.desk import MessageState
from portal.pages.rich_text import plain_lines

LIST_WIDTH, LEAST_LIST = 400, 300
"""Pixels, as many as there is room for."""
READ_AFTER = 1500
"""Milliseconds that a message stays in front before it counts as read: walking past with the arrows does not."""
KEEP_AFTER = 800
"""Milliseconds after the last key until a draft is written down."""
WAITS = "Votre réponse est gardée sur ce poste et attend\u00a0: renvoyez-la quand le portail répondra."
BACK = "Le portail répond de nouveau."


def make(context: Context) -> Screen:
    return InboxScreen(context)


class InboxScreen(Screen):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._drafts = AnswerDrafts(context.desk.state_dir, context.desk.config.cabinet)
        self._signed = ""
        self._kept_unread = ""
        """The message that a person wants to find unread again."""
        self._post = Post(context, self)
        self._build()
        self._read_timer = self._timer(READ_AFTER, self._count_as_read)
        self._keep_timer = self._timer(KEEP_AFTER, self._keep_draft)
        self._connect()
        self._show_list()
        self._fetch_signatory()

    # What the window asks

    def shown(self) -> None:
        board = self._context.board
        board.refresh_messages()
        if board.published is None:
            board.refresh_settings()
        self._show_list()
        self._shown_now()

    def receive(self, subject: object) -> None:
        """A message's id; anything else puts the list in front."""
        if not (isinstance(subject, str) and self.list.select(subject)):
            self.list.setFocus()

    def closing(self) -> None:
        self._keep_timer.stop()
        if (message := self.pane.message) and self._drafts.note(message.id, self.pane.text):
            self._drafts.save()

    # The parts

    def _build(self) -> None:
        page = page_layout(self)
        self.header = PageHeader("Messages")
        page.addWidget(self.header)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self._make_list(), 2)
        self.pane = ReadingPane()
        row.addWidget(self.pane, 3)
        page.addLayout(row, 1)

    def _make_list(self) -> Panel:
        panel = Panel(flush=True)
        panel.setMinimumWidth(LEAST_LIST)
        panel.setMaximumWidth(LIST_WIDTH)
        panel.setAccessibleName("Liste des messages")
        top = QHBoxLayout()
        top.setContentsMargins(14, 12, 14, 12)
        self.search = SearchField("Rechercher un message", "Nom, N°\u00a0interne ou mot")
        top.addWidget(self.search)
        panel.body.addLayout(top)
        self.list = MessageList()
        self.empty = EmptyState("")
        self._busy = BusyLine()
        self._layers = QStackedLayout()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.addStretch(1)
        column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        for layer in (self.list, self.empty, middle):
            self._layers.addWidget(layer)
        panel.body.addLayout(self._layers, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 12)
        self.foot = label("", "aid")
        foot.addWidget(self.foot)
        panel.body.addLayout(foot)
        return panel

    def _connect(self) -> None:
        board = self._context.board
        board.reading_changed.connect(self._show_list)
        board.settings_changed.connect(self._sign)
        board.troubled.connect(self._trouble)
        board.connection_changed.connect(self._connection_changed)
        self.search.searched.connect(self._show_list)
        self.search.left_down.connect(self.list.setFocus)
        self.list.chosen.connect(self._choose)
        self._post.changed.connect(self._show_list)
        self._post.answered.connect(self._answered)
        self._post.not_answered.connect(self._not_answered)
        self.empty.acted.connect(self._help_on)
        self.pane.answer_asked.connect(self._answer)
        self.pane.unread_asked.connect(self._mark_unread)
        self.pane.patient_asked.connect(self._go_to_patient)
        self.pane.text_changed.connect(self._keep_timer.start)
        self.pane.notice.acted.connect(self._answer_again)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # The list

    def _show_list(self) -> None:
        board = self._context.board
        messages = self._post.messages
        query = self.search.text()
        shown = lines(messages, board.dossiers, _now(), query, self._drafts.texts)
        self.header.set_aside(aside(messages) if board.messages is not None else "")
        self.list.show_lines(shown)
        self.foot.setText(agree(len(shown), "message", "messages") if shown else "")
        self._renew_pane()
        if shown:
            self._layers.setCurrentIndex(0)
        elif board.messages is None and board.is_pending("messages"):
            self._busy.begin("Les messages arrivent…")
            self._layers.setCurrentIndex(2)
        else:
            self.empty.say(*_nothing(board.messages is None, query.strip()))
            self._layers.setCurrentIndex(1)

    def _help_on(self) -> None:
        if self._context.board.messages is None:
            self._context.board.refresh_messages()
            self._show_list()
        else:
            self.search.clear()
            self.search.setFocus()

    # The message

    def _choose(self, chosen: str) -> None:
        """Another message is in front: what was typed for the former one is kept."""
        self._keep_draft()
        self._kept_unread = ""
        message = self._post.message(chosen)
        if message is None:
            self.pane.show_message(None)
            return
        board = self._context.board
        draft = self._drafts.texts.get(chosen, "")
        self.pane.show_message(opened(message, board.dossiers, _now()), draft, self._signed)
        self.pane.set_busy(self._post.is_sending(chosen))
        self._shown_now()

    def _renew_pane(self) -> None:
        if (shown := self.pane.message) and (message := self._post.message(shown.id)):
            self.pane.renew(opened(message, self._context.board.dossiers, _now()))

    def _shown_now(self) -> None:
        message = self.pane.message
        if message and message.state is MessageState.UNREAD and message.id != self._kept_unread:
            self._read_timer.start()

    def _count_as_read(self) -> None:
        """Only a message that somebody can see: on this screen, in a window that is in front."""
        message = self.pane.message
        if message is None or message.state is not MessageState.UNREAD or message.id == self._kept_unread:
            return
        if self.isVisible() and self.window().isActiveWindow():
            self._post.mark(message.id, read=True)
        elif self.isVisible():
            self._read_timer.start()

    def _mark_unread(self) -> None:
        if message := self.pane.message:
            self._kept_unread = message.id
            self._post.mark(message.id, read=False)

    def _go_to_patient(self) -> None:
        if message := self.pane.message:
            self._context.navigate("patients", message.number)

    # The answer

    def _answer(self, text: str, by_email: bool) -> None:
        if (message := self.pane.message) is not None:
            self._keep_draft()
            self.pane.notice.hide()
            self.pane.set_busy(True)
            self._post.answer(message.id, text or BY_PHONE, by_email=by_email)

    def _answer_again(self) -> None:
        if (message := self.pane.message) is not None:
            self._answer(self.pane.text.strip(), bool(self._post.waiting(message.id)))

    def _answered(self, message: str, by_email: bool) -> None:
        if self._is_shown(message):
            self._keep_timer.stop()
            self.pane.set_busy(False)
            self.pane.notice.hide()
            self.pane.answered()
        if self._drafts.note(message, ""):
            self._save_drafts()
        known = self._post.message(message)
        sent = f"Votre réponse est envoyée à {known.reply_to}." if known else "Votre réponse est envoyée."
        self._context.tell(sent if by_email else "Votre note est gardée avec le message.")

    def _not_answered(self, message: str, trouble: Trouble) -> None:
        if not self._is_shown(message):
            return
        self.pane.set_busy(False)
        if trouble.offline:
            self.pane.notice.say(Kind.ALERT, trouble.what, WAITS, "Renvoyer")
        else:
            self.pane.notice.say_trouble(trouble, "Renvoyer")

    def _is_shown(self, message: str) -> bool:
        return self.pane.message is not None and self.pane.message.id == message

    def _connection_changed(self) -> None:
        message = self.pane.message
        is_back = self._context.board.connection is Connection.ONLINE
        if is_back and message and self._post.waiting(message.id) is not None:
            self.pane.notice.say(Kind.INFO, BACK, "Votre réponse n’est pas encore partie.", "Envoyer la réponse")

    def _keep_draft(self) -> None:
        self._keep_timer.stop()
        message = self.pane.message
        if message is not None and self._drafts.note(message.id, self.pane.text):
            self._save_drafts()
            self._show_list()

    def _save_drafts(self) -> None:
        self._context.tasks.run(lambda _: self._drafts.save())

    # Who signs

    def _fetch_signatory(self) -> None:
        file = self._context.desk.settings_file

        def came(signatory: str) -> None:
            self._signatory = signatory
            self._sign()

        self._signatory = ""
        self._context.tasks.run(lambda _: read_settings(file).signatory, done=came, owner=self)

    def _sign(self) -> None:
        published = self._context.board.published
        if published is not None:
            self._signed = signature(self._signatory, "\n".join(plain_lines(published.settings.zones.title)))
            self.pane.set_signature(self._signed)

    # What went wrong

    def _trouble(self, subject: str, trouble: object) -> None:
        """The window's strip tells it; the list stays, and says from when it is."""
        if subject == "messages" and isinstance(trouble, Trouble):
            self._show_list()
            if self._context.board.messages:
                self.foot.setText("Liste du dernier échange avec le portail")


def _nothing(is_unknown: bool, query: str) -> tuple[str, str]:
    if is_unknown:
        return "Les messages n’ont pas pu être lus sur le portail.", "Réessayer"
    if query:
        return f"Aucun message ne contient «\u00a0{query}\u00a0».", "Effacer la recherche"
    return "Aucun message. Ceux que les patients écrivent depuis le portail arriveront ici.", ""


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()
