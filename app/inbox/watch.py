"""While the application is open, looks every few minutes whether patients wrote, and what other computers share."""

from PySide6.QtCore import QObject, QTimer

from app.board import Board
from portal.api.desk import MessageState

EVERY = 3 * 60 * 1000
"""Milliseconds: two small requests."""


class Watch(QObject):
    """Lives as long as the board. The messages themselves are fetched only when their count or age has changed."""

    def __init__(self, board: Board, every: int = EVERY) -> None:
        super().__init__(board)
        self._board = board
        self._seen: tuple[int, object] | None = None
        board.overview_changed.connect(self._compare)
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(board.refresh_overview)
        self._timer.timeout.connect(board.refresh_shared)
        self._timer.start()

    def stop(self) -> None:
        """Look no more: the program ends."""
        self._timer.stop()

    def _compare(self) -> None:
        overview, messages = self._board.overview, self._board.messages
        if overview is None or messages is None:
            return
        told = (overview.unread_messages, overview.oldest_unread)
        unread = [message.at for message in messages if message.state is MessageState.UNREAD]
        known = (len(unread), min(unread, default=None))
        # More unread messages than a list holds would never agree: ask once for each news.
        if told not in (known, self._seen):
            self._seen = told
            self._board.refresh_messages()
