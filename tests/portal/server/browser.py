"""A patient's browser and letter-box, for the tests of the pages: forms in, pages and e-mails out."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import msgspec
from django.http import HttpResponse
from django.test import Client

from portal.api.desk import Medium, SecretWanted, StagedSecret
from portal.api.shapes import PublishSettings
from portal.pages.settings import FirstAccess, FirstAccessPolicy, PortalSettings, ProtectionLevel
from portal.server.accounts import initial_secrets
from portal.server.accounts.answers import answer_all
from portal.server.cabinets.models import Cabinet, Device, SettingsDocument
from portal.server.cabinets.settings_store import publish
from portal.server.mail.models import QueuedMail
from portal.server.mail.queue import unseal

PASSWORD = "quatre canards traversent lentement"  # noqa: S105 - of invented patients
OTHER_PASSWORD = "six nuages gris rentrent tard"  # noqa: S105 - as above
CONTACT_EMAIL = "accueil@sourire.exemple.fr"

AT_ONCE = FirstAccess(FirstAccessPolicy.BIRTH_DATE, ProtectionLevel.PROCEDURE)
BY_CODE = FirstAccess(FirstAccessPolicy.PERSONAL_CODE)
BY_PATTERN = FirstAccess(FirstAccessPolicy.PATTERN, ProtectionLevel.PROCEDURE)


class Browser:
    """Keeps its cookies. `address` is where it seems to come from."""

    def __init__(self, address: str = "192.0.2.1", **client: Any) -> None:
        self.client = Client(REMOTE_ADDR=address, **client)

    def get(self, path: str, **extra: Any) -> HttpResponse:
        return self.client.get(path, **extra)  # type: ignore[return-value]  # the test client's answer

    def post(self, path: str, fields: dict[str, str] | None = None, **extra: Any) -> HttpResponse:
        return self.client.post(path, fields or {}, **extra)  # type: ignore[return-value]  # as above

    def sign_in(self, number: str, password: str, code: str = "sourire", **extra: str) -> HttpResponse:
        return self.post("/", {"cabinet_code": code, "patient_number": number, "password": password, **extra})

    def first_visit(self, number: str, secret: str, code: str = "sourire") -> HttpResponse:
        fields = {"cabinet_code": code, "patient_number": number, "secret": secret}
        return self.post("/premiere-visite", fields)

    def forgotten(self, number: str, code: str = "sourire") -> HttpResponse:
        return self.post("/mot-de-passe-oublie", {"cabinet_code": code, "patient_number": number})

    def choose(self, password: str = PASSWORD, email: str = "") -> HttpResponse:
        return self.post("/bienvenue", {"new_password": password, "email": email})

    def is_in(self) -> bool:
        return self.get("/dossier").status_code == 200


def configure(cabinet: Cabinet, **chosen: Any) -> None:
    """Publish a settings document for the cabinet."""
    device = Device.objects.of(cabinet).first()
    assert device is not None
    document = PortalSettings(**{"contact_email": CONTACT_EMAIL, **chosen})
    version = SettingsDocument.objects.of(cabinet).count()
    publish(device, PublishSettings(version, msgspec.Raw(msgspec.json.encode(document))))
    cabinet.refresh_from_db()


def letters() -> list[EmailMessage]:
    """What is in the queue, oldest first, once everything that was asked for is answered; the queue is emptied."""
    answer_all()
    queued = QueuedMail.objects.across_cabinets().select_related("cabinet").order_by("pk")
    messages = [message_from_bytes(unseal(mail).message, policy=default) for mail in queued]
    queued.delete()
    return messages  # type: ignore[return-value]  # the default policy makes EmailMessage


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def path_in(message: EmailMessage) -> str:
    """The path of the link that the letter carries."""
    found = re.search(r"http://testserver(/\S*)", text_of(message))
    assert found is not None, text_of(message)
    return found[1]


def staged(
    cabinet: Cabinet, number: str = "5312", medium: Medium = Medium.LETTER, contact: str = "Anne", email: str = ""
) -> StagedSecret:
    """What a letter, or an e-mail, to this addressee would carry. A code only under the policy `BY_CODE`."""
    [secret] = initial_secrets.stage(cabinet, medium, (SecretWanted(number, contact, email),))
    assert not secret.refused
    return secret


def activate(cabinet: Cabinet, *secrets: StagedSecret) -> None:
    """What carries them is out."""
    assert initial_secrets.activate(cabinet, [secret.handle for secret in secrets]) == ()


def sent(
    cabinet: Cabinet, number: str = "5312", medium: Medium = Medium.LETTER, contact: str = "Anne", email: str = ""
) -> StagedSecret:
    secret = staged(cabinet, number, medium, contact, email)
    activate(cabinet, secret)
    return secret


def path_of(secret: StagedSecret) -> str:
    """The path of the activation link."""
    return secret.link.removeprefix("http://testserver")


def with_access(number: str = "5312", *, email: str = "choisi@exemple.fr", password: str = PASSWORD) -> Browser:
    """The browser of a parent who has finished the first visit behind the mailed link, in the `confirmed` level."""
    browser = Browser()
    browser.first_visit(number, "15042012")
    answer = browser.post(path_in(letters()[0]))
    assert answer.headers["Location"] == "/bienvenue"
    assert browser.choose(password, email).headers["Location"] == "/rendez-vous?avis=bienvenue"
    letters()
    return browser
