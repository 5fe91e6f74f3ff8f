"""What a person types or pastes to enrol a computer, understood generously. No Qt."""

import platform
import re
from dataclasses import dataclass

from portal.api.shapes import Role

_SIGN = "[A-HJ-NP-Z2-9]"
_BETWEEN = r"[\s.\u00a0\u2010-\u2015-]*"
_CODE = re.compile(rf"(?<![A-Z0-9])({_SIGN}{{4}}){_BETWEEN}({_SIGN}{{4}}){_BETWEEN}({_SIGN}{{4}})(?![A-Z0-9])")
_ADDRESS = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
_HOST = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(/\S*)?")

ROLES = {
    Role.PRACTITIONER: "Praticien",
    Role.RECEPTION: "Accueil",
    Role.SYNC: "Synchronisation seule",
}


@dataclass(frozen=True)
class Pasted:
    """What was found in a text; empty where nothing was."""

    code: str = ""
    address: str = ""


def understand(text: str) -> Pasted:
    """Find an enrolment code (XXXX-XXXX-XXXX) and a portal's address in anything that was pasted or scanned."""
    address = _ADDRESS.search(text)
    rest = text.replace(address[0], " ") if address else text
    codes = _CODE.findall(rest.upper())
    return Pasted("-".join(codes[-1]) if codes else "", address[0].rstrip("/.,;") if address else "")


def completed_address(typed: str) -> str:
    """`portail.exemple.fr` typed without its https:// gets it; all else stays as it was typed."""
    typed = typed.strip()
    return f"https://{typed}" if _HOST.fullmatch(typed) and "://" not in typed else typed


def wrong_code(typed: str) -> str:
    """Why a code cannot be one, as a sentence; "" when it has the form of one."""
    if not typed.strip():
        return "Tapez le code d’enrôlement reçu de votre hébergeur ou d’un praticien."
    if not understand(typed).code:
        return "Ce code est incomplet. Il a trois groupes de quatre signes, par exemple ABCD-2345-EFGH."
    return ""


def default_device_name() -> str:
    """This computer's own name, as a first proposal."""
    return platform.node() or "Poste"
