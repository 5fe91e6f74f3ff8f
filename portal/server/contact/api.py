"""The desk's endpoints on messages (see `portal.api.desk`)."""

from portal.api.desk import Answer, MessageAnswered, MessageRead, Messages
from portal.server.api.endpoint import AT_THE_DESK, Call, endpoint
from portal.server.contact import inbox


@endpoint("GET", "messages", roles=AT_THE_DESK, answer=Messages)
def get_messages(call: Call) -> Messages:
    """What patients wrote, newest first."""
    return Messages(inbox.newest(call.cabinet))


@endpoint("POST", "messages/<digest:message>/read", roles=AT_THE_DESK, body=MessageRead)
def mark_message(call: Call, body: MessageRead, *, message: str) -> None:
    """Mark a message as read, or as unread."""
    inbox.mark(call.cabinet, message, read=body.read)


@endpoint("POST", "messages/<digest:message>/answer", roles=AT_THE_DESK, body=Answer, answer=MessageAnswered)
def answer_message(call: Call, body: Answer, *, message: str) -> MessageAnswered:
    """Answer by e-mail, or keep a note of an answer by telephone; the same answer again is not sent again."""
    return MessageAnswered(inbox.answer(call.device, message, body))
