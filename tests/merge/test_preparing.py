"""Recipients become messages with their own codes; codes around paper live only when the paper is there."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest
from msgspec.structs import replace

from cabinet.dossier import Addressee, Dossier, Patient
from merge.emails.message import EmailComposer, Sender, compile_email
from merge.issuing import handles_of, staged
from merge.preparing import Preparer, Setting, Texts
from merge.recipients import ChannelKind, Choice, Recipient, paper_contact, select
from merge.record import IssuedSecret, Medium, SecretFor
from merge.template import compile_template
from merge.texts import Audience, EmailText, shipped_email, shipped_sms
from tests.merge.conftest import CABINET, PARENT, TODAY

USUAL = Choice()
NOW = dt.datetime(2026, 10, 6, 18, 30, tzinfo=dt.UTC)


class Issuer:
    """Codes by number, contact and medium; it keeps what was asked of it."""

    def __init__(self) -> None:
        self.staged: list[tuple[str, str, str]] = []
        self.active: list[str] = []
        self.discarded: list[str] = []
        self.unknown: frozenset[str] = frozenset()
        self.refused: frozenset[str] = frozenset()

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> dict[SecretFor, IssuedSecret]:
        self.staged += [(one.number, one.contact, medium) for one in wanted]
        return {one: self._made(one, medium) for one in wanted if one.number not in self.unknown}

    def _made(self, one: SecretFor, medium: Medium) -> IssuedSecret:
        if one.number in self.refused:
            return IssuedSecret("", refused="Ce patient n’est pas publié sur le portail.")
        key = f"{one.number}-{one.contact.partition('@')[0]}-{medium}".replace(" ", "-")
        return IssuedSecret(f"code-{key}", f"https://x.fr/{key}", handle=key)

    def activate(self, handles: tuple[str, ...]) -> None:
        self.active += handles

    def discard(self, handles: tuple[str, ...]) -> None:
        self.discarded += handles


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
    assert "code-1-jeanne-email" in text
    assert "https://x.fr/1-jeanne-email" in text
    assert (sms.channel, sms.address) == ("sms", "+33639981234")
    assert b"code-2-+33639981234-sms" in sms.body
    assert (email.handles, sms.handles) == (("1-jeanne-email",), ("2-+33639981234-sms",))
    assert issuer.staged == [("1", "jeanne@exemple.fr", "email"), ("2", "+33639981234", "sms")], "letters: when printed"
    assert issuer.active == [], "nothing is valid before it was sent"


def test_two_parents_of_one_child_have_a_code_each() -> None:
    issuer = Issuer()
    father = replace(PARENT, first_name="Paul", email="paul@exemple.fr")
    dossier = Dossier(Patient("1", "", "X", "Enfant"), (PARENT, father))
    both = select([dossier], Choice(both_parents=True), TODAY).recipients
    mother_s, father_s = preparer(issuer).prepare("campagne", both, NOW).drafts

    assert (mother_s.handles, father_s.handles) == (("1-jeanne-email",), ("1-paul-email",))
    assert b"code-1-jeanne-email" in mother_s.body
    assert b"code-1-jeanne-email" not in father_s.body


def test_a_paper_s_code_is_the_addressee_s_whatever_the_spelling() -> None:
    (one,) = recipients(replace(BY_LETTER, last_name="Spécimen", city="DIJON"))
    (other,) = recipients(BY_LETTER)
    (nobody,) = recipients(Addressee(last_name="SEULE", city="Dijon"))

    assert one.wanted == other.wanted
    assert one.wanted != nobody.wanted
    assert one.wanted[0] == SecretFor("1", "specimen jeanne 3 rue de l’exemple 21000 dijon")
    assert paper_contact(Addressee()) == "patient"


def test_a_household_has_a_code_for_each_child() -> None:
    issuer = Issuer()
    (draft,) = (
        preparer(issuer)
        .prepare("campagne", recipients(PARENT, PARENT, choice=Choice(group_households=True)), NOW)
        .drafts
    )

    assert draft.numbers == ("1", "2")
    assert draft.handles == ("1-jeanne-email", "2-jeanne-email")
    assert b"code-1-jeanne-email" in draft.body
    assert b"code-2-jeanne-email" in draft.body


def test_a_text_without_secrets_asks_for_none() -> None:
    issuer = Issuer()
    texts = Texts({audience: compile_email(EmailText("x", "Bonjour")) for audience in Audience})
    (draft,) = preparer(issuer, texts).prepare("campagne", recipients(PARENT), NOW).drafts

    assert issuer.staged == []
    assert draft.handles == ()


def test_who_lacks_a_value_is_blocked_and_their_codes_discarded() -> None:
    issuer = Issuer()
    issuer.unknown = frozenset({"2"})
    prepared = preparer(issuer).prepare("campagne", recipients(PARENT, PARENT, replace(PARENT, last_name="")), NOW)

    assert [draft.numbers for draft in prepared.drafts] == [("1",), ("3",)]
    assert [(one.numbers, "rien n’est connu" in why) for one, why in prepared.blocked] == [(("2",), True)]
    assert issuer.discarded == []


def test_codes_of_a_message_that_is_blocked_are_discarded() -> None:
    issuer = Issuer()
    texts = Texts({audience: compile_email(EmailText("x", "@DPREN @DNOM @MDP")) for audience in Audience})
    prepared = preparer(issuer, texts).prepare("campagne", recipients(PARENT, replace(PARENT, last_name="")), NOW)

    assert [one.numbers for one, _ in prepared.blocked] == [("2",)]
    assert issuer.discarded == ["2-jeanne-email"]


def test_whom_the_portal_refuses_is_blocked_with_its_sentence() -> None:
    issuer = Issuer()
    issuer.refused = frozenset({"1"})
    prepared = preparer(issuer).prepare("campagne", recipients(PARENT), NOW)

    assert [why for _, why in prepared.blocked] == ["Ce patient n’est pas publié sur le portail."]


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


WANTED = (SecretFor("1", "jeanne"), SecretFor("2", "jeanne"))


def test_codes_on_paper_wait_until_whoever_wrote_it_makes_them_valid() -> None:
    issuer = Issuer()
    with staged(issuer, WANTED, Medium.CARD) as secrets:
        assert secrets[WANTED[0]] == IssuedSecret("code-1-jeanne-card", "https://x.fr/1-jeanne-card", "1-jeanne-card")

    assert handles_of(secrets.values()) == ("1-jeanne-card", "2-jeanne-card")
    assert (issuer.active, issuer.discarded) == ([], [])


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_codes_on_paper_that_was_not_written_never_live(error: type[BaseException]) -> None:
    issuer = Issuer()
    with pytest.raises(error), staged(issuer, WANTED, Medium.LETTER):
        raise error

    assert (issuer.active, issuer.discarded) == ([], ["1-jeanne-letter", "2-jeanne-letter"])
