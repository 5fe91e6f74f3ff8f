"""Where an installation keeps its things and how it is reached: read once from the environment, then passed on.

WEBORTHO_PORTAL_DIR       data folder: database, key file, mails of the demo   (default: the user's data folder)
DATABASE_URL              PostgreSQL in production                             (default: SQLite in the data folder)
WEBORTHO_ORIGIN           https://portail.exemple.fr: links are built from it alone
WEBORTHO_SMTP_URL         smtp://user@host:587/?tls=starttls, smtps://…, or file:///folder
WEBORTHO_SMTP_PASSWORD_FILE  file that only this account can read
WEBORTHO_MAIL_FROM        sender of the portal's e-mails
WEBORTHO_TRUSTED_PROXIES  addresses whose X-Forwarded-For counts               (default: none)
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class PortalConfig:
    data_dir: Path
    database_url: str
    origin: str
    smtp_url: str
    smtp_password_file: str
    mail_from: str
    trusted_proxies: tuple[str, ...]

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def is_loopback(self) -> bool:
        """On loopback, cookies need not be Secure (DESIGN.md §6): the demo runs without a certificate."""
        return self.host in LOOPBACK_HOSTS

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """What a request's Host header may say, without its port: an IPv6 address stands in brackets there."""
        hosts = dict.fromkeys((self.host, *(sorted(LOOPBACK_HOSTS) if self.is_loopback else ())))
        return tuple(f"[{host}]" if ":" in host else host for host in hosts)

    @property
    def keys_file(self) -> Path:
        return self.data_dir / "keys.json"


def read_config(environ: Mapping[str, str] = os.environ) -> PortalConfig:
    data_dir = Path(environ.get("WEBORTHO_PORTAL_DIR") or user_data_path("webortho-portal")).absolute()
    return PortalConfig(
        data_dir=data_dir,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.sqlite3'}",
        origin=(environ.get("WEBORTHO_ORIGIN") or "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=environ.get("WEBORTHO_SMTP_URL", ""),
        smtp_password_file=environ.get("WEBORTHO_SMTP_PASSWORD_FILE", ""),
        mail_from=environ.get("WEBORTHO_MAIL_FROM") or "WebOrtho <ne-pas-repondre@localhost>",
        trusted_proxies=tuple(p for p in environ.get("WEBORTHO_TRUSTED_PROXIES", "").split(",") if p),
    )
