"""Django's settings, made from the installation's `PortalConfig`. Only what is used is switched on.

No admin, no django.contrib.auth, no session framework: a patient's access and session are tables of ours that carry
the cabinet (portal.server.accounts).
"""

import dj_database_url

from portal.server.config import read_config
from portal.server.request_log import LOGGING_CONFIG as LOGGING_SETTINGS
from portal.server.sealing import KeyFile, Sealer

CONFIG = read_config()
SEALER = Sealer(KeyFile(CONFIG.keys_file))

SECRET_KEY = SEALER.django_secret()
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
ROOT_URLCONF = "portal.server.urls"
WSGI_APPLICATION = "portal.server.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "portal.server.cabinets",
    "portal.server.publishing",
    "portal.server.accounts",
    "portal.server.contact",
    "portal.server.mail",
    "portal.server.desk",
    "portal.server.nights",
]
MIDDLEWARE = [
    "portal.server.request_log.RequestLogMiddleware",
    "portal.server.headers.SecurityHeadersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.server.accounts.middleware.SessionMiddleware",
]

DATABASES = {"default": dj_database_url.parse(CONFIG.database_url, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

# OWASP's argon2id parameters; Django's default of 100 MiB would let twenty sign-ins at once exhaust a small server.
PASSWORD_HASHERS = ["portal.server.accounts.passwords.OwaspArgon2Hasher"]

CSRF_COOKIE_SECURE = not CONFIG.is_loopback
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.server.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [CONFIG.origin]
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "fr"
LOGGING = LOGGING_SETTINGS
