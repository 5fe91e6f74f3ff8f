"""What every channel promises, shown on each of them: the fake one, ours against test servers, and real servers."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from merge.channels.channel import Channel, ChannelUnavailableError, Outcome, Outgoing, Result
from merge.channels.fake import FakeChannel, accept
from merge.channels.file import CsvFileChannel
from merge.channels.http_gateway import GatewayDescription, HttpGatewayChannel, Method
from merge.channels.smtp import Security, SmtpChannel, SmtpServer
from tests.merge.servers import HOST, Gateway, Kannel, OpenSmtpd, free_port, parsed, wait_until

TEXT = "Dossier en ligne (échéancier) : www.webortho.fr, à 9h & 50% + « rien »"


@dataclass(frozen=True)
class Bench:
    """A channel under test, and what has arrived at its other end."""

    channel: Channel
    arrived: Callable[[int], list[str]]
    """The texts that arrived, at least so many; it waits where delivery is asynchronous."""
    good: str
    refused: str
    message: Callable[[str], bytes]
    unreachable: Callable[[], Channel]
    """The same kind of channel where nobody answers."""


def email(text: str) -> bytes:
    message = EmailMessage(SMTP)
    message["From"], message["To"], message["Subject"] = "cabinet@exemple.fr", "jeanne@exemple.fr", "Dossier"
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def body_of(message: EmailMessage) -> str:
    return message.get_content().rstrip()  # type: ignore[no-any-return] # a text part's content


def smtp_server(port: int) -> SmtpServer:
    return SmtpServer(HOST, port, "cabinet@exemple.fr", Security.NONE, timeout=5)


def sms_gateway(url: str) -> GatewayDescription:
    return GatewayDescription(url, (("to", "{number}"), ("text", "{text}")), accepted=r"^OK", answer_timeout=5)


@contextmanager
def fake_bench(_: Path) -> Iterator[Bench]:
    def answer(message: Outgoing) -> Result:
        refused = "refuse" in message.address
        return Result(Outcome.PERMANENT, "Refusé") if refused else accept(message)

    def down(_: Outgoing) -> Result:
        raise ChannelUnavailableError("Rien ne répond.", "Réessayez.")

    class Down(FakeChannel):
        def check(self) -> None:
            raise ChannelUnavailableError("Rien ne répond.", "Réessayez.")

    channel = FakeChannel(answer)
    yield Bench(
        channel,
        lambda _: [message.body.decode() for message in channel.sent],
        "bon",
        "refuse",
        str.encode,
        lambda: Down(down),
    )


@contextmanager
def aiosmtpd_bench(_: Path) -> Iterator[Bench]:
    arrived: list[str] = []

    class Handler:
        async def handle_RCPT(  # noqa: N802 - named by the library
            self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
        ) -> str:
            if address.startswith("refuse"):
                return "550 5.1.1 unknown user"
            envelope.rcpt_tos.append(address)
            return "250 ok"

        async def handle_DATA(self, _: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - likewise
            assert isinstance(envelope.content, bytes)
            arrived.append(body_of(parsed(envelope.content)))
            return "250 taken"

    controller = Controller(Handler(), hostname=HOST, port=free_port())
    controller.start()
    try:
        yield Bench(
            SmtpChannel(smtp_server(controller.port)),
            lambda _: arrived,
            "jeanne@exemple.fr",
            "refuse@exemple.fr",
            email,
            lambda: SmtpChannel(smtp_server(free_port())),
        )
    finally:
        controller.stop()


@contextmanager
def opensmtpd_bench(_: Path) -> Iterator[Bench]:
    if not OpenSmtpd.installed():
        pytest.skip("opensmtpd is not installed, or this is not root")
    with OpenSmtpd() as server:
        yield Bench(
            SmtpChannel(smtp_server(server.port)),
            lambda count: [body_of(message) for message in server.settled(count)],
            "jeanne@exemple.fr",
            "jeanne@ailleurs.exemple.net",
            email,
            lambda: SmtpChannel(smtp_server(free_port())),
        )


@contextmanager
def gateway_bench(_: Path) -> Iterator[Bench]:
    with Gateway() as gateway:
        yield Bench(
            HttpGatewayChannel(sms_gateway(gateway.url)),
            lambda _: [asked.fields["text"] for asked in gateway.asked],
            "+33639981234",
            "0639981234",
            str.encode,
            lambda: HttpGatewayChannel(sms_gateway(f"http://{HOST}:{free_port()}/")),
        )


@contextmanager
def kannel_bench(folder: Path) -> Iterator[Bench]:
    if not Kannel.installed():
        pytest.skip("Kannel is not installed")
    with Kannel(folder).running() as kannel:

        def arrived(count: int) -> list[str]:
            wait_until(lambda: len(kannel.received) >= count, f"{count} SMS arrive")
            return [text for _, text in kannel.received]

        yield Bench(
            HttpGatewayChannel(kannel_description(kannel, Kannel.PASSWORD)),
            arrived,
            "+33639981234",
            "0639981234",
            str.encode,
            lambda: HttpGatewayChannel(sms_gateway(f"http://{HOST}:{free_port()}/")),
        )


def kannel_description(kannel: Kannel, password: str) -> GatewayDescription:
    return GatewayDescription(
        f"http://{HOST}:{kannel.port}/cgi-bin/sendsms",
        (
            ("username", "{user}"),
            ("password", "{password}"),
            ("from", "{sender}"),
            ("to", "{number}"),
            ("text", "{text}"),
            ("charset", "UTF-8"),
            ("coding", "{coding}"),
        ),
        accepted=r"^[03]: ",
        method=Method.GET,
        sender="cabinet",
        user=Kannel.USER,
        password=password,
        answer_timeout=5,
    )


@contextmanager
def file_bench(folder: Path) -> Iterator[Bench]:
    path = folder / "sms.csv"

    def arrived(_: int) -> list[str]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row[1] for row in csv.reader(file, delimiter=";")][1:]

    (folder / "folder").mkdir()
    yield Bench(
        CsvFileChannel(path),
        arrived,
        "+33639981234",
        "+33 (0)6",
        str.encode,
        lambda: CsvFileChannel(folder / "folder"),
    )


BENCHES = [fake_bench, aiosmtpd_bench, opensmtpd_bench, gateway_bench, kannel_bench, file_bench]


@pytest.fixture(params=BENCHES, ids=lambda bench: bench.__name__.removesuffix("_bench"))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with request.param(tmp_path) as one:
        yield one


def test_a_message_arrives_once_and_whole(bench: Bench) -> None:
    with bench.channel as channel:
        result = channel.send(Outgoing("a1", bench.good, bench.message(TEXT)))

    assert result.outcome is Outcome.SENT, result
    assert bench.arrived(1) == [TEXT]


def test_several_messages_go_by_one_channel(bench: Bench) -> None:
    texts = [f"Message {number}" for number in range(5)]
    with bench.channel as channel:
        outcomes = {channel.send(Outgoing(f"a{i}", bench.good, bench.message(t))).outcome for i, t in enumerate(texts)}

    assert outcomes == {Outcome.SENT}
    assert sorted(bench.arrived(5)) == texts


def test_a_refused_recipient_stops_nobody_else(bench: Bench) -> None:
    with bench.channel as channel:
        refused = channel.send(Outgoing("a1", bench.refused, bench.message("non")))
        sent = channel.send(Outgoing("a2", bench.good, bench.message("oui")))

    assert (refused.outcome, sent.outcome) == (Outcome.PERMANENT, Outcome.SENT)
    assert refused.detail
    assert bench.arrived(1) == ["oui"]


@pytest.mark.parametrize("sign", ["\r\n", "\n", " ", "\0", ">", ";"])
def test_an_address_never_holds_more_than_an_address(bench: Bench, sign: str) -> None:
    if isinstance(bench.channel, FakeChannel):
        pytest.skip("the fake one reads no addresses")
    with bench.channel as channel:
        result = channel.send(Outgoing("a1", f"{bench.good}{sign}autre@exemple.fr", bench.message("non")))
        channel.send(Outgoing("a2", bench.good, bench.message("oui")))

    assert result.outcome is Outcome.PERMANENT
    assert bench.arrived(1) == ["oui"]


def test_nobody_there_is_a_sentence_and_nothing_sent(bench: Bench) -> None:
    message = Outgoing("a1", bench.good, bench.message("non"))
    with bench.unreachable() as channel:
        for attempt in (channel.check, lambda: channel.send(message)):
            with pytest.raises(ChannelUnavailableError) as refused:
                attempt()
            assert refused.value.todo


def test_a_check_sends_nothing(bench: Bench) -> None:
    with bench.channel as channel:
        channel.check()
        channel.send(Outgoing("a1", bench.good, bench.message("oui")))

    assert bench.arrived(1) == ["oui"]


def test_kannel_refuses_a_wrong_password_for_all(tmp_path: Path) -> None:
    if not Kannel.installed():
        pytest.skip("Kannel is not installed")
    with (
        Kannel(tmp_path).running() as kannel,
        HttpGatewayChannel(kannel_description(kannel, "faux")) as channel,
        pytest.raises(ChannelUnavailableError, match="refuse le nom d’utilisateur ou le mot de passe"),
    ):
        channel.send(Outgoing("a1", "+33639981234", b"non"))
