"""The cabinet's letter-box: what patients wrote, what was read, and answers that are sent once."""

import msgspec
import pytest
from django.conf import settings

from portal.api.desk import Answer, MessageAnswered, MessageRead, Messages, MessageState
from portal.api.desk import Message as Shown
from portal.api.shapes import ProblemDocument, Role
from portal.server import rotation
from portal.server.accounts.models import AuditEvent
from portal.server.cabinets.models import Cabinet
from portal.server.contact.inbox import LISTED
from portal.server.contact.messages import Written
from portal.server.contact.models import Message
from portal.server.mail.models import QueuedMail
from portal.server.patients.frame import local_time
from tests.portal.server.browser import CONTACT_EMAIL, configure, letters, text_of, with_access
from tests.portal.server.support import Api, enrolled

TEXT = "Bonjour,\n\nla bague bouge. Que faire ?"
ANSWER = "Passez demain à 9 h.\n\nBonne soirée {{ link }} <b>"


@pytest.fixture
def desk(published: Cabinet) -> Api:
    configure(published)
    return enrolled(published, Role.RECEPTION, "Accueil")


@pytest.fixture
def written(desk: Api) -> Shown:
    """A message of a parent who gave an address."""
    with_access().post("/contact", {"subject": "Bague", "message": TEXT})
    letters()
    [message] = listed(desk)
    return message


def listed(desk: Api) -> tuple[Shown, ...]:
    return desk.ask("GET", "/messages", Messages).messages


def answer(desk: Api, message: str, body: str = ANSWER, *, by_email: bool = True) -> MessageAnswered:
    return desk.ask("POST", f"/messages/{message}/answer", MessageAnswered, Answer(body, by_email))


def refusal(desk: Api, message: str, body: str, *, by_email: bool = True) -> tuple[int, ProblemDocument]:
    response = desk.send("POST", f"/messages/{message}/answer", Answer(body, by_email))
    return response.status_code, msgspec.json.decode(response.content, type=ProblemDocument)


def put(cabinet: Cabinet, number: str, written: Written, digest: str) -> Message:
    sealed = settings.SEALER.seal(cabinet.code, "message", number, msgspec.json.encode(written))
    return Message.objects.create(cabinet=cabinet, number=number, sealed=sealed, digest=digest)


def test_a_message_is_listed_as_it_was_written(written: Shown, published: Cabinet) -> None:
    row = Message.objects.of(published).get()
    assert written == Shown(
        f"{row.pk:032x}", "5312", row.created_at, MessageState.UNREAD, "Bague", TEXT, "choisi@exemple.fr"
    )


def test_the_newest_messages_come_first_and_no_more_than_some_hundreds(desk: Api, published: Cabinet) -> None:
    for n in range(LISTED + 2):
        put(published, "5312", Written("", f"message {n}", ""), f"{n}")
    bodies = [message.body for message in listed(desk)]
    assert len(bodies) == LISTED
    assert bodies[0] == f"message {LISTED + 1}"
    assert bodies[-1] == "message 2"


def test_a_message_is_read_and_unread_again(desk: Api, written: Shown) -> None:
    for read, state in ((True, MessageState.READ), (True, MessageState.READ), (False, MessageState.UNREAD)):
        assert desk.send("POST", f"/messages/{written.id}/read", MessageRead(read)).status_code == 204
        assert listed(desk)[0].state is state


def test_an_answer_goes_to_the_patient_and_answers_come_back_to_the_cabinet(
    desk: Api, written: Shown, published: Cabinet
) -> None:
    at = answer(desk, written.id).at
    [letter] = letters()
    assert letter["To"] == "choisi@exemple.fr"
    assert letter["Reply-To"] == CONTACT_EMAIL
    assert letter["Subject"] == "Réponse de Cabinet du Sourire\u00a0: Bague"
    text = text_of(letter).replace("\r\n", "\n")
    assert "Passez demain à 9 h.\n\nBonne soirée {{ link }} <b>" in text
    assert f"répond à votre message du {local_time(published, written.at):%d/%m/%Y}\u00a0:" in text
    assert "bague bouge" not in text
    html = letter.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;" in html.get_content()
    [shown] = listed(desk)
    assert (shown.state, shown.answer, shown.answered_at) == (MessageState.ANSWERED, ANSWER, at)
    event = AuditEvent.objects.of(published).order_by("pk").last()
    assert event is not None
    assert (event.number, event.kind, event.actor) == ("5312", "message_answered", "Accueil")


def test_the_same_answer_is_sent_once_and_another_one_too(desk: Api, written: Shown) -> None:
    first = answer(desk, written.id)
    assert answer(desk, written.id) == first
    assert len(letters()) == 1
    second = answer(desk, written.id, "Plutôt à 10 h.")
    assert answer(desk, written.id) == first
    assert answer(desk, written.id, "Plutôt à 10 h.") == second
    assert [text_of(letter).count("10 h") for letter in letters()] == [1]
    assert listed(desk)[0].answer == f"{ANSWER}\n\nPlutôt à 10 h."


def test_a_note_of_a_telephone_call_is_kept_and_nothing_is_sent(desk: Api, written: Shown) -> None:
    answer(desk, written.id, "Dit au téléphone\u00a0: passez demain.", by_email=False)
    assert letters() == []
    [shown] = listed(desk)
    assert (shown.state, shown.answer) == (MessageState.ANSWERED, "Dit au téléphone\u00a0: passez demain.")


@pytest.mark.parametrize("reply_to", ["", "père@exemple.fr", "a@b@c", "a@exemple.fr, b@exemple.fr"])
def test_without_a_usable_address_an_answer_is_refused_and_a_note_kept(
    desk: Api, published: Cabinet, reply_to: str
) -> None:
    message = f"{put(published, '5312', Written('', 'Bonjour', reply_to), 'd').pk:032x}"
    status, problem = refusal(desk, message, ANSWER)
    assert (status, problem.type) == (409, "urn:webortho:no-address")
    assert problem.title == "Ce patient n’a pas laissé d’adresse e-mail utilisable."
    assert problem.detail == "Rien n’a été envoyé. Répondez-lui par téléphone, puis notez ici ce qui a été dit."
    assert listed(desk)[0].state is MessageState.UNREAD
    assert QueuedMail.objects.of(published).count() == 0
    answer(desk, message, by_email=False)
    assert listed(desk)[0].state is MessageState.ANSWERED


@pytest.mark.parametrize("body", ["", " \n\t ", "a\0b", "x" * 10_001])
def test_an_answer_that_is_none_is_refused(desk: Api, written: Shown, body: str) -> None:
    assert refusal(desk, written.id, body)[0] == 400
    assert listed(desk)[0].state is MessageState.UNREAD
    assert letters() == []


@pytest.mark.parametrize("message", ["0" * 32, "f" * 32])
def test_a_message_that_is_not_there_is_not_found(desk: Api, message: str) -> None:
    assert refusal(desk, message, ANSWER)[0] == 404
    assert desk.send("POST", f"/messages/{message}/read", MessageRead()).status_code == 404


def test_another_cabinets_messages_are_as_absent_as_none(desk: Api, written: Shown, other_cabinet: Cabinet) -> None:
    stranger = enrolled(other_cabinet, Role.PRACTITIONER)
    assert listed(stranger) == ()
    assert refusal(stranger, written.id, ANSWER)[0] == 404
    assert listed(desk)[0].state is MessageState.UNREAD


def test_an_answer_is_kept_sealed_for_its_patient_and_follows_a_rotation(
    desk: Api, written: Shown, published: Cabinet
) -> None:
    answer(desk, written.id)
    row = Message.objects.of(published).get()
    assert b"Passez" not in bytes(row.sealed_answer)
    rotation.begin(settings.CONFIG.keys_file)
    rotation.finish(settings.CONFIG.keys_file)
    assert bytes(Message.objects.of(published).get().sealed_answer) != bytes(row.sealed_answer)
    assert listed(desk)[0].answer == ANSWER
    other = put(published, "0042", Written("", "Bonjour", ""), "other")
    Message.objects.of(published).filter(pk=other.pk).update(
        sealed_answer=Message.objects.of(published).get(number="5312").sealed_answer, answered_at=row.created_at
    )
    assert [message.body for message in listed(desk)] == [
        "Ce message est abîmé\u00a0: le portail ne peut plus le lire. Prévenez votre hébergeur.",
        TEXT,
    ]
