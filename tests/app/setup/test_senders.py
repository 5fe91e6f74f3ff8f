"""What is typed for e-mails and SMS: each mistake has its sentence, and all is kept or nothing."""

import dataclasses
from pathlib import Path

import pytest

from app.settings import DeskSettings, DeskSettingsError, SmsKind, SmtpSettings, read_settings
from app.setup import senders
from app.setup.senders import TypedEmail, TypedSms, sms_of, smtp_of, typed_email, typed_sms
from merge.channels.http_gateway import Method
from merge.channels.smtp import Security
from merge.recipients import ChannelKind
from tests.app.practice import Practice

EMAIL = TypedEmail(host="smtp.exemple.fr", sender_address="cabinet@exemple.fr")
SMS = TypedSms(
    kind=SmsKind.HTTP,
    url="https://sms.exemple.fr/envoi",
    method=Method.JSON,
    parameters="to = {number}\n\n text = {text} ",
    accepted="OK",
    price="0,069",
)


def test_what_is_right_becomes_settings_and_comes_back_the_same() -> None:
    smtp, wrong = smtp_of(EMAIL)
    assert not wrong
    assert typed_email(smtp) == EMAIL
    sms, wrong = sms_of(SMS)
    assert not wrong
    assert (sms.parameters, sms.price) == ((("to", "{number}"), ("text", "{text}")), 690)
    assert sms_of(typed_sms(sms)) == (sms, {})


def test_no_mail_server_is_no_mistake() -> None:
    assert smtp_of(TypedEmail()) == (SmtpSettings(), {})


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"host": ""}, "host", "Indiquez le nom du serveur d’envoi, par exemple smtp.exemple.fr."),
        ({"port": "70000"}, "port", "Le port est un nombre de 1 à 65535, souvent 587 (STARTTLS) ou 465 (TLS)."),
        ({"port": "²"}, "port", "Le port est un nombre de 1 à 65535, souvent 587 (STARTTLS) ou 465 (TLS)."),
        (
            {"security": Security.NONE},
            "security",
            "Sans chiffrement, seul un serveur de ce poste est possible. Choisissez STARTTLS ou TLS.",
        ),
        (
            {"sender_address": "cabinet@"},
            "sender_address",
            "Cette adresse e-mail est incomplète. Exemple\u00a0: cabinet@exemple.fr",
        ),
        ({"per_minute": "0"}, "per_minute", "Indiquez combien d’e-mails partent par minute, par exemple 60."),
    ],
)
def test_a_mistake_in_the_mail_server_has_its_sentence(change: dict[str, str], field: str, sentence: str) -> None:
    _, wrong = smtp_of(dataclasses.replace(EMAIL, **change))  # type: ignore[arg-type] # a field's own value
    assert wrong == {field: sentence}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://sms.exemple.fr"}, "url"),
        ({"url": "sms.exemple.fr"}, "url"),
        ({"parameters": "to = {number}"}, "parameters"),
        ({"parameters": "text = {text}"}, "parameters"),
        ({"parameters": "to"}, "parameters"),
        ({"headers": "Authorization"}, "headers"),
        ({"accepted": ""}, "accepted"),
        ({"accepted": "("}, "accepted"),
        ({"refused": "("}, "refused"),
        ({"price": "cher"}, "price"),
        ({"per_minute": ""}, "per_minute"),
    ],
)
def test_a_mistake_in_the_gateway_is_said_at_its_field(change: dict[str, str], field: str) -> None:
    _, wrong = sms_of(dataclasses.replace(SMS, **change))  # type: ignore[arg-type] # a field's own value
    assert list(wrong) == [field]


def test_passwords_are_in_the_secret_store_and_not_in_the_file(practice: Practice) -> None:
    desk = practice.desk()
    smtp, _ = smtp_of(EMAIL)
    senders.save(desk, DeskSettings(smtp=smtp), {ChannelKind.EMAIL: "mot-de-passe-secret", ChannelKind.SMS: ""})
    assert "mot-de-passe-secret" not in desk.settings_file.read_text()
    assert senders._senders(desk, DeskSettings(), "").password(ChannelKind.EMAIL) == "mot-de-passe-secret"
    senders.save(desk, DeskSettings(smtp=smtp), {ChannelKind.EMAIL: ""})
    assert senders._senders(desk, DeskSettings(), "").password(ChannelKind.EMAIL) == "mot-de-passe-secret"


def test_when_the_file_cannot_be_written_the_former_password_stays(practice: Practice) -> None:
    desk = practice.desk()
    senders.save(desk, DeskSettings(), {ChannelKind.EMAIL: "ancien"})
    former = read_settings(desk.settings_file)
    desk.settings_file.unlink()
    Path(desk.settings_file).mkdir()
    with pytest.raises(DeskSettingsError):
        senders.save(desk, DeskSettings(city="Dijon"), {ChannelKind.EMAIL: "nouveau"})
    assert senders._senders(desk, former, "").password(ChannelKind.EMAIL) == "ancien"
