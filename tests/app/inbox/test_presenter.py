"""The list of messages, the one that is read, and the sentences around an answer."""

import datetime as dt

import pytest

from app.inbox.presenter import Mark, aside, is_blank, lines, moment, opened, short_moment, signature
from cabinet.dossier import Addressee, Dossier, Patient
from portal.api.desk import Message, MessageState

ZONE = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 1, 12, 9, 30, tzinfo=ZONE)
FRIDAY = dt.datetime(2026, 1, 9, 15, 5, tzinfo=dt.UTC)
DOSSIERS = {
    "5312": Dossier(
        Patient("5312", "Monsieur", "AAESSAI", "Test"),
        (Addressee("Monsieur", "AAESSAI", "Test", mobile="06 39 98 53 12"),),
    ),
    "5313": Dossier(
        Patient("5313", "", "MODÈLE", "Camille"),
        (
            Addressee("Madame", "MODÈLE", "Anne", mobile="06 39 98 00 01"),
            Addressee("Monsieur", "EXEMPLE", "Luc", mobile="06 39 98 00 02"),
        ),
    ),
}


def message(identity: str, number: str = "5312", state: MessageState = MessageState.READ, **more: object) -> Message:
    given: dict[str, object] = {"at": FRIDAY, "body": "Bonjour,\n\nÀ quelle heure ?", **more}
    return Message(identity, number, state=state, **given)  # type: ignore[arg-type]


def test_a_message_s_date_is_said_as_people_say_it() -> None:
    assert moment(FRIDAY, NOW) == "vendredi 9\u00a0janvier à 16h05"
    assert moment(FRIDAY.replace(year=2025), NOW) == "jeudi 9\u00a0janvier 2025 à 16h05"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (dt.datetime(2026, 1, 12, 8, 5, tzinfo=ZONE), "8h05"),
        (dt.datetime(2026, 1, 11, 23, 59, tzinfo=ZONE), "hier"),
        (dt.datetime(2026, 1, 9, 16, 5, tzinfo=ZONE), "vendredi"),
        (dt.datetime(2026, 1, 5, 16, 5, tzinfo=ZONE), "05/01/2026"),
        (dt.datetime(2026, 1, 11, 23, 30, tzinfo=dt.UTC), "0h30"),
    ],
)
def test_the_list_says_when_in_few_letters_on_this_computer_s_clock(at: dt.datetime, said: str) -> None:
    assert short_moment(at, NOW) == said


def test_newest_first_with_the_state_of_each() -> None:
    found = lines(
        (
            message("a", at=FRIDAY - dt.timedelta(days=3), state=MessageState.ANSWERED),
            message("b", "5313", MessageState.UNREAD, subject="Rendez-vous"),
            message("c", "999", at=FRIDAY - dt.timedelta(days=1)),
            message("d", at=FRIDAY - dt.timedelta(days=2), state=MessageState.UNREAD),
        ),
        DOSSIERS,
        NOW,
        drafts=("d",),
    )
    assert [(one.id, one.who, one.mark, one.is_unread) for one in found] == [
        ("b", "MODÈLE Camille", Mark.UNREAD, True),
        ("c", "Patient 999", Mark.NONE, False),
        ("d", "AAESSAI Test", Mark.DRAFT, True),
        ("a", "AAESSAI Test", Mark.ANSWERED, False),
    ]
    assert found[0].spoken == "À lire, MODÈLE Camille, Rendez-vous, vendredi"
    assert (found[1].subject, found[1].excerpt) == ("Sans objet", "Bonjour, À quelle heure ?")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b"]),
        ("modele", ["b"]),
        ("5312", ["a"]),
        ("FACTURE", ["b"]),
        ("heure test", ["a"]),
        ("heure camille", ["b"]),
        ("absent", []),
    ],
)
def test_messages_are_found_by_name_number_subject_and_text(query: str, found: list[str]) -> None:
    both = (message("a"), message("b", "5313", subject="Facture", at=FRIDAY - dt.timedelta(hours=1)))
    assert [one.id for one in lines(both, DOSSIERS, NOW, query)] == found


def test_the_pane_says_who_wrote_and_how_to_reach_them() -> None:
    shown = opened(message("b", "5313", reply_to="anne@exemple.fr"), DOSSIERS, NOW)
    assert (shown.who, shown.number, shown.when) == ("MODÈLE Camille", "5313", "vendredi 9\u00a0janvier à 16h05")
    assert shown.phones == (
        "Madame MODÈLE Anne\u00a0: 06 39 98 00 01",
        "Monsieur EXEMPLE Luc\u00a0: 06 39 98 00 02",
    )
    assert opened(message("a"), DOSSIERS, NOW).phones == ("06 39 98 53 12",)
    assert opened(message("c", "999"), DOSSIERS, NOW).phones == ()


def test_an_answered_message_says_when() -> None:
    answered = message("a", state=MessageState.ANSWERED, answer="À 16h30.", answered_at=NOW)
    assert opened(answered, DOSSIERS, NOW).answered == "le lundi 12\u00a0janvier à 9h30"
    assert opened(message("a"), DOSSIERS, NOW).answered == ""


def test_the_header_counts_what_is_to_be_read() -> None:
    unread = message("a", state=MessageState.UNREAD)
    assert aside([unread, message("b")]) == "1\u00a0message à lire"
    assert aside([unread] * 4) == "4\u00a0messages à lire"
    assert aside([message("b")]) == "Tout est lu"
    assert aside(None) == ""


def test_the_signature_names_the_practitioner_and_the_cabinet_once() -> None:
    assert signature("Docteur Exemple", "Cabinet du Parc\nDijon") == "Docteur Exemple\nCabinet du Parc"
    assert signature("", "\n Cabinet du Parc ") == "Cabinet du Parc"
    assert signature("Cabinet du Parc", "Cabinet du Parc") == "Cabinet du Parc"
    assert signature("", "") == ""


@pytest.mark.parametrize(
    ("text", "blank"),
    [("", True), ("\n\nCabinet", True), ("  \nCabinet \n", True), ("Oui.\n\nCabinet", False), ("Oui.", False)],
)
def test_a_signature_alone_is_no_answer(text: str, blank: bool) -> None:
    assert is_blank(text, "Cabinet") is blank
