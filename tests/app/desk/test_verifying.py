"""Codes and links are read back from what will leave, not from what was meant."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from app.desk.verifying import read_back
from merge.outbox import Waiting
from portal.api.desk import MergedSecret

ROOT = "https://www.webortho.fr/activer/"
LINKS = [f"{ROOT}1.{'ab' * 16}", f"{ROOT}1.{'cd' * 16}"]


def email(*lines: str, children: int = 1) -> Waiting:
    message = EmailMessage(SMTP)
    message["From"], message["To"] = "cabinet@exemple.fr", "p@exemple.fr"
    message.set_content("\n".join(lines), cte="quoted-printable")
    message.add_alternative(f"<p>{'<br>'.join(lines)}</p>", subtype="html")
    return waiting("email", message.as_bytes(), children)


def waiting(channel: str, body: bytes, children: int = 1) -> Waiting:
    numbers = tuple(str(n) for n in range(1, children + 1))
    return Waiting("d", channel, numbers, tuple(f"h{n}" for n in numbers), body, 0)


def test_an_email_s_link_is_found_however_it_is_encoded() -> None:
    assert read_back(email("Ouvrez ce lien é :", LINKS[0], "à bientôt")) == (MergedSecret("h1", "1", link=LINKS[0]),)


def test_each_child_of_a_household_has_its_own_in_their_order() -> None:
    found = read_back(email("Lina", LINKS[0], "ABCD-EFGH-JKMN", "Tom", LINKS[1], "2345-6789-ABCD", children=2))

    assert found == (
        MergedSecret("h1", "1", code="ABCD-EFGH-JKMN", link=LINKS[0]),
        MergedSecret("h2", "2", code="2345-6789-ABCD", link=LINKS[1]),
    )


@pytest.mark.parametrize("lines", [(LINKS[0],), (*LINKS, f"{ROOT}1.{'ef' * 16}")])
def test_a_household_that_lacks_a_link_or_has_one_too_many_does_not_leave(lines: tuple[str, ...]) -> None:
    assert read_back(email(*lines, children=2)) is None


def test_an_sms_may_end_a_sentence_with_its_link_and_say_it_twice() -> None:
    body = f"Code {LINKS[0]}. Encore : {LINKS[0]}.".encode()

    assert read_back(waiting("sms", body)) == (MergedSecret("h1", "1", link=LINKS[0]),)


def test_a_birth_date_in_words_needs_no_verification() -> None:
    assert read_back(waiting("sms", b"Mdp date de naissance du patient (JJMMAAAA)")) == ()
