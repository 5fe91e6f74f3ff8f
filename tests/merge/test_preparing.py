"""Recipients become messages with their own codes; codes around paper live only when the paper is there."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest
from msgspec.structs import replace

from cabinet.dossier import Addressee, Dossier, Patient
from merge.emails.message import EmailComposer, Sender, compile_email
from merge.issuing import issued
from merge.preparing import Preparer, Setting, Texts
from merge.recipients import ChannelKind, Choice, Recipient, select
from merge.record import IssuedSecret
from merge.template import compile_template
from merge.texts import Audience, EmailText, shipped_email, shipped_sms
from tests.merge.conftest import CABINET, PARENT, TODAY

USUAL = Choice()
NOW = dt.datetime(2026, 10, 6, 18, 30, tzinfo=dt.UTC)


class Issuer:
    """Codes by number; it keeps what was asked of it."""

    def __init__(self) -> None:
        self.staged: list[str] = []
        self.active: list[str] = []
        self.discarded: list[str] = []
        self.unknown: frozenset[str] = frozenset()

    def stage(self, numbers: tuple[str, ...], *, paper: bool) -> dict[str, IssuedSecret]:
        self.staged += numbers
        kind = "p" if paper else "e"
        return {n: IssuedSecret(f"code-{n}-{kind}", f"https://x.fr/{n}") for n in numbers if n not in self.unknown}

    def activate(self, numbers: tuple[str, ...]) -> None:
        self.active += numbers

    def discard(self, numbers: tuple[str, ...]) -> None:
        self.discarded += numbers


def recipients(*addressees: Addressee, choice: Choice = USUAL) -> tuple[Recipient, ...]:
    dossiers = [Dossier(Patient(str(n), "", "X", f"Enfant{n}"), (one,)) for n, one in enumerate(addressees, 1)]
    return select(dossiers, choice, TODAY).recipients


def preparer(issuer: Issuer, texts: Texts | None = None) -> Preparer:
    shipped = {audience: compile_email(shipped_email(audience, confirmed=True)) for audience in Audience}
    texts = texts or Texts(shipped, compile_template(shipped_sms()))
    return Preparer(Setting(CABINET, TODAY), texts, issuer, EmailComposer(Sender("Cabinet", "c@exemple.fr")))


BY_SMS = replace(PARENT, email="")
BY_LETTER = replace(PARENT, email="", mobile="")


def test_each_message_has_its_own_codes() -> None:
    issuer = Issuer()
    prepared = preparer(issuer).prepare("campagne", recipients(PARENT, BY_SMS, BY_LETTER), NOW)
    email, sms = prepared.drafts
    text = message_from_bytes(email.body, policy=default).get_body(("plain",)).get_content()  # type: ignore[attr-defined,union-attr] # an EmailMessage

    assert (email.channel, email.address, email.numbers) == ("email", "jeanne@exemple.fr", ("1",))
    assert "code-1-e" in text
    assert "https://x.fr/1" in text
    assert (sms.channel, sms.address) == ("sms", "+33639981234")
    assert b"code-2-e" in sms.body
    assert issuer.staged == ["1", "2"], "the letter's codes are made when it is printed"
    assert issuer.active == [], "nothing is valid before it was sent"


def test_a_household_has_a_code_for_each_child() -> None:
    issuer = Issuer()
    (draft,) = (
        preparer(issuer)
        .prepare("campagne", recipients(PARENT, PARENT, choice=Choice(group_households=True)), NOW)
        .drafts
    )

    assert draft.numbers == ("1", "2")
    assert b"code-1-e" in draft.body
    assert b"code-2-e" in draft.body


def test_a_text_without_secrets_asks_for_none() -> None:
    issuer = Issuer()
    texts = Texts({audience: compile_email(EmailText("x", "Bonjour")) for audience in Audience})
    (draft,) = preparer(issuer, texts).prepare("campagne", recipients(PARENT), NOW).drafts

    assert issuer.staged == []
    assert not draft.holds_secrets


def test_who_lacks_a_value_is_blocked_and_their_codes_discarded() -> None:
    issuer = Issuer()
    issuer.unknown = frozenset({"2"})
    prepared = preparer(issuer).prepare("campagne", recipients(PARENT, PARENT), NOW)

    assert [draft.numbers for draft in prepared.drafts] == [("1",)]
    assert [(one.numbers, "rien n’est connu" in why) for one, why in prepared.blocked] == [(("2",), True)]
    assert issuer.discarded == ["2"]


def test_a_missing_text_blocks_with_a_sentence() -> None:
    prepared = preparer(Issuer(), Texts({})).prepare("campagne", recipients(PARENT, BY_SMS), NOW)

    assert [why for _, why in prepared.blocked] == [
        "Aucun texte d’e-mail n’est choisi. Choisissez-en un dans le modèle.",
        "Aucun texte de SMS n’est choisi. Choisissez-en un dans le modèle.",
    ]


def test_preparing_twice_gives_the_same_deliveries_and_another_campaign_others() -> None:
    def identities(campaign: str) -> list[str]:
        return [draft.id for draft in preparer(Issuer()).prepare(campaign, recipients(PARENT, BY_SMS), NOW).drafts]

    assert identities("a") == identities("a")
    assert not set(identities("a")) & set(identities("b"))


def test_letters_are_not_sent() -> None:
    (letter,) = recipients(BY_LETTER)

    assert letter.channel is ChannelKind.LETTER
    assert preparer(Issuer()).prepare("campagne", [letter], NOW).drafts == ()


def test_codes_on_paper_live_once_it_is_written() -> None:
    issuer = Issuer()
    with issued(issuer, ("1", "2"), paper=True) as secrets:
        assert secrets["1"] == IssuedSecret("code-1-p", "https://x.fr/1")
        assert issuer.active == []

    assert (issuer.active, issuer.discarded) == (["1", "2"], [])


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_codes_on_paper_that_was_not_written_never_live(error: type[BaseException]) -> None:
    issuer = Issuer()
    with pytest.raises(error), issued(issuer, ("1",), paper=True):
        raise error

    assert (issuer.active, issuer.discarded) == ([], ["1"])
