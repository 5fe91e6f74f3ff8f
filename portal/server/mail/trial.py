"""Whether e-mails could go out now: the mail server is asked as far as its password, and no mail is sent."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import replace

from portal.server.mail.transport import FolderTransport, SmtpTransport

PATIENCE = 10.0
"""Seconds: somebody waits for the answer."""


def problem_with(transport: SmtpTransport | FolderTransport) -> str:
    """Why no e-mail would go out, and what to do, for the hoster; "" when they would."""
    if isinstance(transport, FolderTransport):
        return _problem_with_folder(transport)
    where = f"Le serveur d’e-mail {transport.host}, port {transport.port},"
    try:
        server = replace(transport, timeout=PATIENCE).connected()
    except smtplib.SMTPAuthenticationError as error:
        return (
            f"{where} refuse le compte ou son mot de passe (code {error.smtp_code}). "
            "Vérifiez le compte dans WEBORTHO_SMTP_URL et le fichier de WEBORTHO_SMTP_PASSWORD_FILE."
        )
    except ssl.SSLCertVerificationError:
        return (
            f"{where} montre un certificat qui n’est pas valable. "
            "Écrivez dans WEBORTHO_SMTP_URL le nom que porte son certificat, ou faites-le renouveler."
        )
    except smtplib.SMTPNotSupportedError:
        return (
            f"{where} ne propose pas le chiffrement ou la connexion demandés. "
            "Vérifiez le port dans WEBORTHO_SMTP_URL, ou essayez «\u00a0smtps://\u00a0»."
        )
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return (
            f"{where} ne répond pas comme attendu ({type(error).__name__}). "
            "Vérifiez WEBORTHO_SMTP_URL et le pare-feu\u00a0; les e-mails attendent."
        )
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()
    return ""


def _problem_with_folder(transport: FolderTransport) -> str:
    folder = transport.folder
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return ""
    return f"Le dossier {folder} ne peut pas recevoir d’e-mails. Donnez à ce compte le droit d’y écrire."
