"""A patient's browser without a screen: fetches the portal's pages and fills in their forms, over real HTTP."""

from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests

from cabinet.errors import WebOrthoError

TIMEOUT = 30


class VisitFailed(WebOrthoError):
    """A page of the portal did not answer as a patient expects."""


class Visitor:
    """One browser: its cookies, and nothing else, are kept from page to page."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Accept-Language"] = "fr"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._session.close()

    def page(self, path: str) -> str:
        """The HTML of a page. Raise `VisitFailed` for anything but success, or when it leads elsewhere."""
        response = self._session.get(urljoin(self._address, path), timeout=TIMEOUT)
        if response.status_code != 200 or urlsplit(response.url).path != path:
            raise VisitFailed(
                f"La page {path} n’a pas été montrée (réponse {response.status_code}, adresse "
                f"{urlsplit(response.url).path}).",
                "Regardez le journal du portail.",
            )
        return response.text

    def submit(self, path: str, *, then: str, **fields: str) -> str:
        """Fetch a page, fill in its form as a person does, and follow to the page `then`, whose HTML is returned."""
        hidden = _hidden_fields(self.page(path))
        response = self._session.post(
            urljoin(self._address, path),
            data=hidden | fields,
            headers={"Origin": self._address, "Referer": urljoin(self._address, path)},
            timeout=TIMEOUT,
        )
        if response.status_code != 200 or urlsplit(response.url).path != then:
            raise VisitFailed(
                f"Le formulaire de {path} n’a pas été accepté (réponse {response.status_code}, adresse "
                f"{urlsplit(response.url).path}). {_alert(response.text)}".strip(),
                "Regardez le journal du portail.",
            )
        return response.text


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.alert = ""
        self._alert_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[given.get("name", "")] = given.get("value", "")
        if given.get("role") == "alert" or self._alert_depth:
            self._alert_depth += 1

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self._alert_depth = max(0, self._alert_depth - 1)

    def handle_data(self, data: str) -> None:
        if self._alert_depth:
            self.alert = f"{self.alert} {data.strip()}".strip()


def _hidden_fields(html: str) -> dict[str, str]:
    return _read(html).hidden


def _alert(html: str) -> str:
    """What the page's error box says, if it has one."""
    return _read(html).alert


def _read(html: str) -> _FormReader:
    reader = _FormReader()
    reader.feed(html)
    return reader
