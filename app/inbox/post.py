"""Messages as the portal told them, with what it was told since; marking and answering them there."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from app.errors import Trouble
from app.screen import Context
from app.tasks import Reporter
from portal.api.desk import Answer, Message, MessageState
from portal.api.desk_client import DeskClient


class Post(QObject):
    """`changed` when a message is another or in another state than before."""

    changed = Signal()
    answered = Signal(str, bool)
    """The message, and whether the answer went by e-mail."""
    not_answered = Signal(str, object)
    """The message, and the `Trouble`."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._states: dict[str, MessageState] = {}
        """What was just told to the portal, until its list says the same."""
        self._sending: set[str] = set()
        self._waiting: dict[str, bool] = {}
        context.board.messages_changed.connect(self._came)

    @property
    def messages(self) -> tuple[Message, ...]:
        known = self._context.board.messages or ()
        return tuple(replace(one, state=self._states[one.id]) if one.id in self._states else one for one in known)

    def message(self, identity: str) -> Message | None:
        return next((one for one in self.messages if one.id == identity), None)

    def is_sending(self, message: str) -> bool:
        return message in self._sending

    def waiting(self, message: str) -> bool | None:
        """How an answer that could not leave was to go: by e-mail or not; None where none waits."""
        return self._waiting.get(message)

    def mark(self, message: str, *, read: bool) -> None:
        """A portal that does not answer changes nothing: the message is marked another time."""
        state = MessageState.READ if read else MessageState.UNREAD
        self._ask(lambda desk: desk.mark_read(message, read), lambda _: self._set_state(message, state), lambda _: None)

    def answer(self, message: str, text: str, *, by_email: bool) -> None:
        """Once at a time for each message; the portal sends the same answer once, however often it is asked."""

        def done(_: object) -> None:
            self._sending.discard(message)
            self._waiting.pop(message, None)
            self.answered.emit(message, by_email)
            self._set_state(message, MessageState.ANSWERED)
            self._context.board.refresh_messages()

        def failed(trouble: Trouble) -> None:
            self._sending.discard(message)
            self._waiting[message] = by_email
            self.not_answered.emit(message, trouble)

        if message not in self._sending:
            self._sending.add(message)
            self._ask(lambda desk: desk.answer(message, Answer(text, by_email)), done, failed)

    def _set_state(self, message: str, state: MessageState) -> None:
        self._states[message] = state
        self.changed.emit()
        self._context.board.refresh_overview()

    def _came(self) -> None:
        told = {one.id: one.state for one in self._context.board.messages or ()}
        self._states = {key: state for key, state in self._states.items() if told.get(key, state) is not state}
        self.changed.emit()

    def _ask(
        self, ask: Callable[[DeskClient], object], done: Callable[..., None], failed: Callable[[Trouble], None]
    ) -> None:
        def work(reporter: Reporter) -> object:
            with self._context.desk.portal(reporter.cancel) as portal:
                return ask(portal.desk)

        self._context.tasks.run(work, done=done, failed=failed, owner=self)
