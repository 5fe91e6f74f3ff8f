"""SMS by a gateway that is described, not programmed: its address, its parameters, and how it says yes.

Texts in braces are replaced, once: {number} {text} {sender} {id} {user} {password}, and {coding}: 0 for a text of the
GSM alphabet, 2 for another (3GPP TS 23.038 §4). An answer counts as a yes only when the description says so; a broken
connection or an answer that says nothing leaves the message `UNKNOWN`. Redirects are not followed: they would carry the
password elsewhere.
"""

import re
import time
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

import requests
import urllib3

from merge.channels.channel import ChannelUnavailableError, Outcome, Outgoing, Result, quoted
from merge.channels.smtp import is_loopback
from merge.sms.segments import Encoding, measure

MAX_ANSWER_BYTES = 64 * 1024
_PLACEHOLDER = re.compile(r"\{(number|text|sender|id|user|password|coding)\}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
"""E.164."""


class Method(StrEnum):
    GET = "get"
    """Parameters in the address."""
    POST = "post"
    """Parameters as a form."""
    JSON = "json"
    """Parameters as one flat JSON object, by POST."""


class NumberForm(StrEnum):
    """How the gateway wants a French number."""

    PLUS = "plus"
    """+33639981234"""
    DIGITS = "digits"
    """33639981234"""
    ZEROS = "zeros"
    """0033639981234"""


@dataclass(frozen=True)
class GatewayDescription:
    url: str
    """https, or http to this machine."""
    parameters: tuple[tuple[str, str], ...]
    """Names and values, e.g. ("to", "{number}")."""
    accepted: str
    """A regular expression that the body of a 2xx answer holds when the message was taken."""
    refused: str = ""
    """One that it holds when the message was refused for good; "" if there is no such answer."""
    method: Method = Method.POST
    headers: tuple[tuple[str, str], ...] = ()
    number_form: NumberForm = NumberForm.PLUS
    sender: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    connect_timeout: float = 10
    answer_timeout: float = 30
    """Seconds for the whole answer."""


class HttpGatewayChannel:
    """One connection a message: a kept one that the gateway has closed could not be told from a lost message."""

    def __init__(self, description: GatewayDescription) -> None:
        """Raise `ChannelUnavailableError` for an address or a pattern that cannot be used."""
        try:
            parts = urlsplit(description.url)
            _ = parts.port  # it is read only now
        except ValueError:
            raise ChannelUnavailableError(
                "L’adresse de la passerelle SMS est mal écrite.", "Corrigez-la dans les réglages."
            ) from None
        self._host = parts.hostname or ""
        loopback = parts.scheme == "http" and is_loopback(self._host)
        if not self._host or not (parts.scheme == "https" or loopback):
            raise ChannelUnavailableError(
                "L’adresse de la passerelle SMS doit commencer par https://.", "Corrigez-la dans les réglages."
            )
        try:
            self._accepted = re.compile(description.accepted, re.IGNORECASE)
            self._refused = re.compile(description.refused, re.IGNORECASE) if description.refused else None
        except re.error:
            raise ChannelUnavailableError(
                "Le modèle de réponse de la passerelle SMS n’est pas une expression valable.",
                "Corrigez-le dans les réglages.",
            ) from None
        self._description = description
        self._session = requests.Session()
        # No netrc, no proxy from the environment: credentials go where the description says and nowhere else.
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def check(self) -> None:
        """That somebody answers there: no message is sent, and so no password is tried."""
        try:
            self._session.head(
                self._root(),
                timeout=(self._description.connect_timeout, self._description.answer_timeout),
                allow_redirects=False,
            ).close()
        except requests.RequestException:
            failure = self._unavailable("ne répond pas", "Vérifiez son adresse et la connexion à internet.")
        else:
            return
        raise failure

    def send(self, message: Outgoing) -> Result:
        if not _NUMBER.fullmatch(message.address):
            return Result(Outcome.PERMANENT, "Le numéro de mobile ne peut pas être utilisé tel quel.")
        deadline = time.monotonic() + self._description.answer_timeout
        failure = None
        try:
            with self._request(message) as answer:
                status, body = answer.status_code, _read(answer, deadline)
        except requests.RequestException as error:
            failure = self._not_sent(error)
            lost = Result(
                Outcome.UNKNOWN, "La passerelle SMS n’a pas répondu jusqu’au bout : le message est peut-être parti."
            )
        else:
            return self._classify(status, body)
        if failure is not None:
            # Raised outside the handler: the library's exception carries the address with its password.
            raise failure
        return lost

    def _request(self, message: Outgoing) -> requests.Response:
        description = self._description
        text = message.body.decode("utf-8")
        values = {
            "number": _written(message.address, description.number_form),
            "text": text,
            "coding": "0" if measure(text).encoding is Encoding.GSM7 else "2",
            "sender": description.sender,
            "id": message.id,
            "user": description.user,
            "password": description.password,
        }

        def filled(text: str) -> str:
            return _PLACEHOLDER.sub(lambda found: values[found[1]], text)

        parameters = {name: filled(value) for name, value in description.parameters}
        url = _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), description.url)
        return self._session.request(
            "GET" if description.method is Method.GET else "POST",
            url,
            params=parameters if description.method is Method.GET else None,
            data=parameters if description.method is Method.POST else None,
            json=parameters if description.method is Method.JSON else None,
            headers={"Connection": "close", **{name: filled(value) for name, value in description.headers}},
            timeout=(description.connect_timeout, description.answer_timeout),
            allow_redirects=False,
            stream=True,
        )

    def _classify(self, status: int, body: str) -> Result:
        words = quoted(self._without_secrets(body))
        if 200 <= status < 300:
            if self._refused and self._refused.search(body):
                return Result(Outcome.PERMANENT, f"Refusé par la passerelle : {words}")
            if self._accepted.search(body):
                return Result(Outcome.SENT, "Remis à la passerelle")
            return Result(Outcome.UNKNOWN, f"La passerelle n’a dit ni oui ni non : {words}")
        if status in (401, 403, 407):
            raise self._unavailable(
                f"refuse le nom d’utilisateur ou le mot de passe ({status})", "Vérifiez-les dans les réglages."
            )
        if 300 <= status < 400:
            raise self._unavailable(
                f"renvoie vers une autre adresse ({status})", "Demandez la bonne adresse à votre fournisseur."
            )
        if status in (429, 503):
            return Result(Outcome.TRANSIENT, f"La passerelle est occupée ({status}) : {words}")
        if 400 <= status < 500:
            return Result(Outcome.PERMANENT, f"Refusé par la passerelle ({status}) : {words}")
        return Result(Outcome.UNKNOWN, f"La passerelle a échoué ({status}) : le message est peut-être parti.")

    def _not_sent(self, error: requests.RequestException) -> ChannelUnavailableError | None:
        """The failure of a request that cannot have reached the gateway, or None where it may have."""
        if isinstance(error, requests.ConnectTimeout):
            return self._unavailable("ne répond pas", "Vérifiez la connexion à internet, puis réessayez.")
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if isinstance(reason, urllib3.exceptions.NewConnectionError):
            return self._unavailable("ne peut pas être jointe", "Vérifiez son adresse et la connexion à internet.")
        if isinstance(reason, urllib3.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason):
            return self._unavailable("présente un certificat qui n’est pas valable", "Appelez votre fournisseur.")
        return None

    def _without_secrets(self, text: str) -> str:
        """A gateway may repeat what it was told; the journal does not."""
        password = self._description.password
        return text.replace(password, "…") if password else text

    def _root(self) -> str:
        parts = urlsplit(self._description.url)
        return f"{parts.scheme}://{parts.netloc}/"

    def _unavailable(self, what: str, todo: str) -> ChannelUnavailableError:
        return ChannelUnavailableError(f"La passerelle SMS {self._host} {what}.", todo)


def _written(number: str, form: NumberForm) -> str:
    digits = number.removeprefix("+")
    return {NumberForm.PLUS: number, NumberForm.DIGITS: digits, NumberForm.ZEROS: f"00{digits}"}[form]


def _read(answer: requests.Response, deadline: float) -> str:
    """The beginning of the body, within the time for the whole answer."""
    body = b""
    for chunk in answer.iter_content(1024):
        body += chunk
        if len(body) >= MAX_ANSWER_BYTES:
            break
        if time.monotonic() > deadline:
            raise requests.ReadTimeout
    return body[:MAX_ANSWER_BYTES].decode("utf-8", "replace")
