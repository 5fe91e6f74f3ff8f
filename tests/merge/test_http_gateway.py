"""The generic SMS gateway: where its password may go, and when an answer counts as a yes."""

from dataclasses import replace

import pytest

from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing
from merge.channels.http_gateway import GatewayDescription, HttpGatewayChannel, Method, NumberForm
from tests.merge.servers import HOST, Gateway

SMS = Outgoing("a1", "+33639981234", "Échéancier {password} & 50%".encode())


def description(url: str) -> GatewayDescription:
    return GatewayDescription(
        url,
        (("to", "{number}"), ("text", "{text}"), ("key", "{password}"), ("ref", "{id}")),
        accepted=r"\bOK\b",
        refused=r"\bKO\b",
        user="cabinet",
        password="s3cret/é",
        connect_timeout=2,
        answer_timeout=0.5,
    )


@pytest.mark.parametrize("method", Method)
def test_parameters_are_filled_once(method: Method) -> None:
    with Gateway() as gateway, HttpGatewayChannel(replace(description(gateway.url), method=method)) as channel:
        assert channel.send(SMS).outcome is Outcome.SENT

    (asked,) = gateway.asked
    if method is Method.JSON:
        assert '"key": "s3cret/\\u00e9"' in asked.fields[""]
        assert "{password}" in asked.fields[""]
    else:
        assert asked.fields == {
            "to": "+33639981234",
            "text": "Échéancier {password} & 50%",
            "key": "s3cret/é",
            "ref": "a1",
        }
    assert asked.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("form", "written"),
    [(NumberForm.PLUS, "+33639981234"), (NumberForm.DIGITS, "33639981234"), (NumberForm.ZEROS, "0033639981234")],
)
def test_the_number_is_written_as_the_gateway_wants_it(form: NumberForm, written: str) -> None:
    with Gateway() as gateway, HttpGatewayChannel(replace(description(gateway.url), number_form=form)) as channel:
        channel.send(SMS)

    assert gateway.asked[0].fields["to"] == written


def test_placeholders_in_the_address_are_escaped() -> None:
    with Gateway() as gateway, HttpGatewayChannel(description(gateway.url + "/{user}/{password}")) as channel:
        channel.send(SMS)

    assert gateway.asked[0].path == "/send/cabinet/s3cret%2F%C3%A9"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, "OK 17", Outcome.SENT),
        (202, "status: ok", Outcome.SENT),
        (200, "KO number", Outcome.PERMANENT),
        (200, "KO OK", Outcome.PERMANENT),
        (200, "", Outcome.UNKNOWN),
        (200, "hello", Outcome.UNKNOWN),
        (400, "bad number", Outcome.PERMANENT),
        (404, "", Outcome.PERMANENT),
        (429, "slow down", Outcome.TRANSIENT),
        (503, "later", Outcome.TRANSIENT),
        (500, "oops", Outcome.UNKNOWN),
        (502, "", Outcome.UNKNOWN),
        (504, "", Outcome.UNKNOWN),
    ],
)
def test_an_answer_becomes_an_outcome(status: int, body: str, outcome: Outcome) -> None:
    with Gateway(status, body) as gateway, HttpGatewayChannel(description(gateway.url)) as channel:
        assert channel.send(SMS).outcome is outcome

    assert len(gateway.asked) == 1


@pytest.mark.parametrize("breaks", ["close", "hang"])
def test_a_gateway_that_takes_and_says_nothing_leaves_the_message_unknown(breaks: str) -> None:
    with Gateway(breaks=breaks) as gateway, HttpGatewayChannel(description(gateway.url)) as channel:
        result = channel.send(SMS)

    assert result.outcome is Outcome.UNKNOWN
    assert result.detail == "La passerelle SMS n’a pas répondu jusqu’au bout : le message est peut-être parti."
    assert len(gateway.asked) == 1, "and it was not asked again"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "refuse le nom d’utilisateur ou le mot de passe (401)"),
        (403, "refuse le nom d’utilisateur ou le mot de passe (403)"),
        (302, "renvoie vers une autre adresse (302)"),
    ],
)
def test_what_concerns_everybody_stops_the_campaign(status: int, sentence: str) -> None:
    with (
        Gateway() as other,
        Gateway(status, headers={"Location": other.url}) as gateway,
        HttpGatewayChannel(description(gateway.url)) as channel,
        pytest.raises(ChannelUnavailableError) as refused,
    ):
        channel.send(SMS)

    assert str(refused.value).startswith(f"La passerelle SMS {HOST} {sentence}.")
    assert other.asked == [], "the password is not carried elsewhere"


@pytest.mark.parametrize("url", ["https://[sms.exemple.fr/envoi", "https://sms.exemple.fr:443o/envoi"])
def test_an_address_that_cannot_be_read_is_told(url: str) -> None:
    with pytest.raises(ChannelUnavailableError) as refused:
        HttpGatewayChannel(description(url))
    assert str(refused.value) == "L’adresse de la passerelle SMS est mal écrite. Corrigez-la dans les réglages."


@pytest.mark.parametrize(
    "url",
    ["http://exemple.fr/", "ftp://exemple.fr/", "exemple.fr", "", "http://127.0.0.1.exemple.fr/", "file:///etc/passwd"],
)
def test_only_https_or_this_machine(url: str) -> None:
    with pytest.raises(ChannelUnavailableError) as refused:
        HttpGatewayChannel(description(url))

    assert str(refused.value) == (
        "L’adresse de la passerelle SMS doit commencer par https://. Corrigez-la dans les réglages."
    )


def test_a_pattern_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ChannelUnavailableError, match="n’est pas une expression valable"):
        HttpGatewayChannel(replace(description("https://exemple.fr/"), accepted="("))


def test_a_gateway_that_repeats_the_password_does_not_bring_it_into_the_journal() -> None:
    with Gateway(400, "bad key s3cret/é for x") as gateway, HttpGatewayChannel(description(gateway.url)) as channel:
        result = channel.send(SMS)

    assert "s3cret" not in result.detail
    assert "bad key … for x" in result.detail


def test_failures_never_hold_the_password() -> None:
    with (
        HttpGatewayChannel(replace(description(f"http://{HOST}:1/"), method=Method.GET)) as channel,
        pytest.raises(ChannelUnavailableError) as refused,
    ):
        channel.send(SMS)

    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert "s3cret" not in repr(description("https://exemple.fr/"))


def test_an_endless_answer_is_cut() -> None:
    with Gateway(200, "OK " + "x" * 1_000_000) as gateway, HttpGatewayChannel(description(gateway.url)) as channel:
        assert channel.send(SMS).outcome is Outcome.SENT
