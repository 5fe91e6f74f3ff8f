"""@MDP by the cabinet's policy, with the portal and without; and what the cabinet's facts say."""

import pytest

from app.desk.facts import Identity, facts_of, setting_of
from app.desk.issuer import LocalIssuer, PortalIssuer, preview_issuer, sample_words
from app.settings import DeskSettings
from merge.record import Medium, SecretFor
from portal.api.desk import StagedSecret
from portal.api.desk_client import DeskClient
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel, TextZones
from tests.merge.conftest import TODAY

ONE = SecretFor("5312", "jeanne")
BIRTH_DATE = FirstAccess()
PATTERN = FirstAccess(FirstAccessPolicy.PATTERN, ProtectionLevel.PROCEDURE, "@ORDREapo")
CODE = FirstAccess(FirstAccessPolicy.PERSONAL_CODE)
WORDS = "date de naissance du patient (JJMMAAAA)"


@pytest.mark.parametrize(
    ("policy", "code", "words"),
    [(BIRTH_DATE, "", WORDS), (PATTERN, "", "5312apo"), (CODE, "ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN")],
)
def test_the_portal_s_secret_says_what_the_policy_says(
    monkeypatch: pytest.MonkeyPatch, policy: FirstAccess, code: str, words: str
) -> None:
    answer = (StagedSecret("5312", "h" * 32, "https://w.fr/activer/1.a", code),)
    monkeypatch.setattr(DeskClient, "stage_secrets", lambda *_: answer)
    issuer = PortalIssuer(DeskClient.__new__(DeskClient), policy)
    issued = issuer.stage((ONE,), Medium.LETTER)[ONE]

    assert (issued.password_words, issued.link, issued.handle, issued.refused) == (
        words,
        "https://w.fr/activer/1.a",
        "h" * 32,
        "",
    )


@pytest.mark.parametrize(("policy", "words"), [(BIRTH_DATE, WORDS), (PATTERN, "5312apo"), (CODE, "")])
def test_without_the_portal_there_is_no_link_and_no_personal_code(policy: FirstAccess, words: str) -> None:
    issued = LocalIssuer(policy).stage((ONE,), Medium.LETTER)[ONE]

    assert (issued.password_words, issued.link, issued.handle) == (words, "", "")
    assert bool(issued.refused) is (policy is CODE)


@pytest.mark.parametrize(("policy", "words"), [(BIRTH_DATE, WORDS), (PATTERN, "5312apo"), (CODE, "ABCD-EFGH-JKMN")])
def test_a_preview_shows_words_as_long_as_the_real_ones(policy: FirstAccess, words: str) -> None:
    assert sample_words(policy, "5312") == words
    assert preview_issuer(policy, "5312", "w.fr").stage((ONE,), Medium.CARD)[ONE].password_words == words


def test_the_cabinet_s_facts_are_plain_text_with_their_lines() -> None:
    zones = TextZones(
        title="<strong>Cabinet</strong>", hours="Lundi&nbsp;: 9h<br>Mardi : 10h", access="<p>Un</p><p>Deux</p>"
    )
    portal = PortalSettings(zones=zones, contact_email="cabinet@exemple.fr", first_access=PATTERN)
    facts = facts_of(
        Identity("dijon21", "Cabinet du Parc", "https://www.webortho.fr"), portal, DeskSettings(city="Dijon")
    )

    assert (facts.title, facts.hours, facts.access) == ("Cabinet", "Lundi : 9h\nMardi : 10h", "Un\nDeux")
    assert (facts.site, facts.sign_in_url) == ("www.webortho.fr", "https://www.webortho.fr/c/dijon21")
    assert (facts.signatory, facts.reply_email, facts.city) == ("Cabinet du Parc", "cabinet@exemple.fr", "Dijon")
    setting = setting_of(facts, PATTERN, TODAY)
    assert (setting.confirmed, setting.pattern) == (False, "@ORDREapo")
