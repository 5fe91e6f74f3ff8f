"""What a person types to set up e-mails and SMS: checked with sentences, kept whole or not at all. No Qt."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.desk.desk import Desk
from app.desk.facts import Identity
from app.desk.senders import Senders
from app.settings import DeskSettings, SmsKind, SmsSettings, SmtpSettings, write_settings
from cabinet.dossier import Addressee
from cabinet.errors import WebOrthoError
from merge.channels.http_gateway import Method, NumberForm
from merge.channels.smtp import Security, is_loopback
from merge.recipients import ChannelKind, email_of
from merge.record import CabinetFacts
from sync.config import SyncConfig
from sync.secret_store import SecretStore

PRICE_UNIT = 10_000
"""Parts of a euro that `SmsSettings.price` counts."""
Wrong = Mapping[str, str]
"""Name of a field -> the sentence to show below it."""


@dataclass(frozen=True)
class TypedEmail:
    """A form's content. An empty password keeps the one that is stored."""

    host: str = ""
    port: str = "587"
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    sender_name: str = ""
    sender_address: str = ""
    per_minute: str = "60"

    @property
    def is_empty(self) -> bool:
        """Nothing that would send: e-mails are left out."""
        return not (self.host.strip() or self.sender_address.strip() or self.user.strip())


@dataclass(frozen=True)
class TypedSms:
    kind: SmsKind = SmsKind.NONE
    url: str = ""
    method: Method = Method.POST
    parameters: str = ""
    """One « nom = valeur » a line."""
    headers: str = ""
    accepted: str = ""
    refused: str = ""
    number_form: NumberForm = NumberForm.PLUS
    sender: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    file: str = ""
    price: str = ""
    """Euros: « 0,069 »."""
    per_minute: str = "60"


def typed_email(smtp: SmtpSettings) -> TypedEmail:
    """What the form shows of what is kept; the password is never shown."""
    return TypedEmail(
        smtp.host,
        str(smtp.port),
        smtp.security,
        smtp.user,
        "",
        smtp.sender_name,
        smtp.sender_address,
        _decimal(smtp.per_minute),
    )


def typed_sms(sms: SmsSettings) -> TypedSms:
    return TypedSms(
        kind=sms.kind,
        url=sms.url,
        method=sms.method,
        parameters=_lines(sms.parameters),
        headers=_lines(sms.headers),
        accepted=sms.accepted,
        refused=sms.refused,
        number_form=sms.number_form,
        sender=sms.sender,
        user=sms.user,
        file=sms.file,
        price=_decimal(sms.price / PRICE_UNIT) if sms.price else "",
        per_minute=_decimal(sms.per_minute),
    )


def smtp_of(typed: TypedEmail) -> tuple[SmtpSettings, Wrong]:
    """The settings, and what is wrong; the settings are to be used only when nothing is."""
    if typed.is_empty:
        return SmtpSettings(), {}
    wrong: dict[str, str] = {}
    host = typed.host.strip()
    if not re.fullmatch(r"[\w.:-]+", host):
        wrong["host"] = "Indiquez le nom du serveur d’envoi, par exemple smtp.exemple.fr."
    elif typed.security is Security.NONE and not is_loopback(host):
        wrong["security"] = "Sans chiffrement, seul un serveur de ce poste est possible. Choisissez STARTTLS ou TLS."
    port = _whole(typed.port, 1, 65535)
    if port is None:
        wrong["port"] = "Le port est un nombre de 1 à 65535, souvent 587 (STARTTLS) ou 465 (TLS)."
    address = _email(typed.sender_address)
    if not address:
        wrong["sender_address"] = "Cette adresse e-mail est incomplète. Exemple\u00a0: cabinet@exemple.fr"
    pace = _pace(typed.per_minute)
    if pace is None:
        wrong["per_minute"] = "Indiquez combien d’e-mails partent par minute, par exemple 60."
    settings = SmtpSettings(
        host=host,
        port=port or 587,
        security=typed.security,
        user=typed.user.strip(),
        sender_name=typed.sender_name.strip(),
        sender_address=address,
        per_minute=pace or 60,
    )
    return settings, wrong


def sms_of(typed: TypedSms) -> tuple[SmsSettings, Wrong]:
    wrong: dict[str, str] = {}
    price = _price(typed.price)
    if price is None:
        wrong["price"] = "Le prix d’un SMS est un nombre d’euros, par exemple 0,069."
    pace = _pace(typed.per_minute)
    if pace is None:
        wrong["per_minute"] = "Indiquez combien de SMS partent par minute, par exemple 60."
    parameters, headers = _pairs(typed.parameters), _pairs(typed.headers)
    if typed.kind is SmsKind.HTTP:
        wrong |= _wrong_gateway(typed, parameters, headers)
    settings = SmsSettings(
        kind=typed.kind,
        url=typed.url.strip(),
        method=typed.method,
        parameters=parameters or (),
        headers=headers or (),
        accepted=typed.accepted.strip(),
        refused=typed.refused.strip(),
        number_form=typed.number_form,
        sender=typed.sender.strip(),
        user=typed.user.strip(),
        file=typed.file.strip(),
        price=price or 0,
        per_minute=pace or 60,
    )
    return settings, wrong


Pairs = tuple[tuple[str, str], ...]


def _wrong_gateway(typed: TypedSms, parameters: Pairs | None, headers: Pairs | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    url = typed.url.strip()
    if not re.fullmatch(r"https://[^\s/]+.*|http://(localhost|127\.0\.0\.1|\[::1\])([:/].*)?", url):
        wrong["url"] = "L’adresse de la passerelle commence par https://. Recopiez-la de sa documentation."
    if parameters is None:
        wrong["parameters"] = "Écrivez un paramètre par ligne\u00a0: nom = valeur."
    elif not any("{number}" in value for _, value in parameters) and "{number}" not in url:
        wrong["parameters"] = "Il manque {number}, là où la passerelle attend le numéro. Exemple\u00a0: to = {number}"
    elif not any("{text}" in value for _, value in parameters) and "{text}" not in url:
        wrong["parameters"] = "Il manque {text}, là où la passerelle attend le texte. Exemple\u00a0: text = {text}"
    if headers is None:
        wrong["headers"] = "Écrivez un en-tête par ligne\u00a0: nom = valeur."
    for name, pattern in (("accepted", typed.accepted), ("refused", typed.refused)):
        try:
            re.compile(pattern)
        except re.error:
            wrong[name] = "Ce modèle de réponse n’est pas une expression valable."
    if not typed.accepted.strip():
        wrong["accepted"] = "Indiquez ce que la réponse contient quand le SMS est accepté, par exemple OK."
    return wrong


def facts_for(config: SyncConfig, name: str) -> CabinetFacts:
    """What a trial message says of the cabinet."""
    identity = Identity(config.cabinet, name or config.cabinet, config.portal)
    return CabinetFacts(identity.code, identity.name, identity.site, identity.sign_in_url)


class _Typed:
    """A secret store whose one password is what was just typed; all else is the real one's."""

    def __init__(self, store: SecretStore, password: str) -> None:
        self._store = store
        self._password = password

    def get(self, name: str) -> str | None:
        return self._password or self._store.get(name)

    def put(self, name: str, value: str) -> None:
        self._store.put(name, value)

    def delete(self, name: str) -> None:
        self._store.delete(name)


def try_email(desk: Desk, typed: TypedEmail, to: str, facts: CabinetFacts) -> str:
    """Send a real e-mail as typed, before anything is saved; the sentence to show. Raise `WebOrthoError`."""
    smtp, _ = smtp_of(typed)
    said = _senders(desk, DeskSettings(smtp=smtp), typed.password).try_email(to, facts)
    return f"L’e-mail d’essai est parti vers {to.strip()}. {_sentence(said)}"


def try_sms(desk: Desk, typed: TypedSms, to: str, facts: CabinetFacts) -> str:
    """Send a real SMS as typed, before anything is saved. Raise `WebOrthoError`."""
    sms, _ = sms_of(typed)
    said = _senders(desk, DeskSettings(sms=sms), typed.password).try_sms(to, facts)
    return f"Le SMS d’essai est parti vers {to.strip()}. {_sentence(said)}"


def _senders(desk: Desk, settings: DeskSettings, password: str) -> Senders:
    return Senders(settings, _Typed(desk.store(), password), desk.config.cabinet, desk.base)


def _sentence(said: str) -> str:
    return said if not said or said.endswith(".") else f"{said}."


def save(desk: Desk, settings: DeskSettings, passwords: Mapping[ChannelKind, str]) -> None:
    """Keep the settings and the passwords that were typed (an empty one stays as it is), or nothing.

    Raise `SecretStoreError` or `DeskSettingsError`; what was kept before is then as it was.
    """
    senders = Senders(settings, desk.store(), desk.config.cabinet, desk.base)
    typed = {channel: password for channel, password in passwords.items() if password}
    former = {channel: senders.password(channel) for channel in typed}
    try:
        for channel, password in typed.items():
            senders.keep_password(channel, password)
        write_settings(settings, desk.settings_file)
    except WebOrthoError:
        # The store may be what failed: then nothing was kept in it either.
        with contextlib.suppress(WebOrthoError):
            for channel, password in former.items():
                senders.keep_password(channel, password)
        raise


def _email(typed: str) -> str:
    return email_of(Addressee(email=typed))


def _whole(typed: str, least: int, most: int) -> int | None:
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and least <= int(text) <= most else None


def _number(typed: str) -> float | None:
    text = typed.strip().replace(",", ".").replace("\u00a0", "").replace("€", "").strip()
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) else None


def _pace(typed: str) -> float | None:
    pace = _number(typed)
    return pace if pace is not None and 0 < pace <= 60_000 else None


def _price(typed: str) -> int | None:
    """Ten-thousandths of a euro; 0 for nothing typed."""
    if not typed.strip():
        return 0
    euros = _number(typed)
    return None if euros is None else round(euros * PRICE_UNIT)


def _pairs(text: str) -> Pairs | None:
    """« nom = valeur » lines; None where one is not."""
    pairs: list[tuple[str, str]] = []
    for line in filter(str.strip, text.splitlines()):
        name, sign, value = line.partition("=")
        if not sign or not name.strip():
            return None
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _lines(pairs: Pairs) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs)


def _decimal(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
