"""Whether an installation is well: its database, its schema, its keys, its address, its mail."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from portal.server.cabinets.models import Cabinet
from portal.server.cabinets.registry import digest_key_of
from portal.server.config import PortalConfig
from portal.server.installation import InstallationError
from portal.server.mail.transport import MailConfigError, transport_of
from portal.server.mail.trial import problem_with
from portal.server.sealing import SealBroken

MIGRATE_FIRST = "Lancez d’abord «\u00a0webortho portal migrate\u00a0»."


@dataclass(frozen=True)
class Finding:
    """One line of `webortho portal check`."""

    name: str
    is_well: bool
    sentence: str


def migrate() -> None:
    """Bring the schema up to date. Raise `InstallationError` without a database, or with another one's keys."""
    _require(_database)
    call_command("migrate", verbosity=0, interactive=False)
    _require(_keys)


def require_ready() -> None:
    """Raise `InstallationError` unless the database answers, its schema is current, and the keys open it."""
    for look in (_database, _schema, _keys):
        _require(look)


def require_usable_mail() -> None:
    """Raise `MailConfigError` when no e-mail could ever go out. A mail server that is down now may come back."""
    transport_of(settings.CONFIG)


def findings() -> tuple[Finding, ...]:
    """The state of the whole installation; what depends on a broken part is left out."""
    found: list[Finding] = []
    for look in (_database, _schema, _keys):
        found.append(look())
        if not found[-1].is_well:
            return tuple(found)
    return (*found, _origin(), _mail())


def _require(look: Callable[[], Finding]) -> None:
    finding = look()
    if not finding.is_well:
        raise InstallationError(finding.sentence)


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except Error:
        return Finding("database", False, "La base de données ne répond pas. Vérifiez DATABASE_URL et le serveur.")
    return Finding("database", True, f"La base de données répond ({connection.vendor}).")


def _schema() -> Finding:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding("schema", False, f"La base de données n’est pas à jour. {MIGRATE_FIRST}")
    return Finding("schema", True, "La base de données est à jour.")


def _keys() -> Finding:
    cabinet = Cabinet.objects.order_by("pk").first()
    try:
        if cabinet is not None:
            digest_key_of(cabinet)
    except SealBroken:
        return Finding(
            "keys",
            False,
            "Le fichier de clés n’est pas celui de cette base de données. Reprenez celui de votre sauvegarde.",
        )
    return Finding("keys", True, "Les clés ouvrent la base de données.")


def _origin() -> Finding:
    config: PortalConfig = settings.CONFIG
    if config.origin.startswith("https://"):
        return Finding("origin", True, f"Les patients viennent par {config.origin}.")
    if config.is_loopback:
        return Finding("origin", True, f"L’adresse {config.origin} ne sert que sur cet ordinateur, pour essayer.")
    return Finding(
        "origin",
        False,
        f"L’adresse {config.origin} n’est pas sécurisée. Donnez à WEBORTHO_ORIGIN une adresse https://.",
    )


def _mail() -> Finding:
    try:
        transport = transport_of(settings.CONFIG)
    except MailConfigError as error:
        return Finding("mail", False, str(error))
    if transport is None:
        return Finding(
            "mail",
            False,
            "Aucun serveur d’e-mail n’est réglé\u00a0: ni première visite, ni mot de passe oublié. "
            "Réglez WEBORTHO_SMTP_URL.",
        )
    problem = problem_with(transport)
    return Finding("mail", not problem, problem or "Les e-mails peuvent partir.")
