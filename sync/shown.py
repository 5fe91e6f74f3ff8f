"""What the portal shows of one patient, beside what the export says: for a person at the desk."""

import datetime as dt
from dataclasses import dataclass

from cabinet.dossier import Dossier, DossierFormatError, decode
from portal.api.desk_client import DeskClient
from portal.api.errors import PortalRefused
from sync.differences import Differences, differences
from sync.errors import NotCompared
from sync.wording import moment

_REFUSED = {
    "role-not-allowed": (
        "Le portail ne montre un dossier publié qu’à un poste d’accueil ou de praticien.",
        "Pour voir ce qui change, faites-le depuis l’un d’eux.",
    ),
    "not-found": (
        "Le portail ne montre pas ce patient en ce moment.",
        "S’il devrait y être, synchronisez, puis recommencez.",
    ),
}
"""What these refusals mean here."""


@dataclass(frozen=True)
class Comparison:
    """`differences` is None where the export has no dossier of the patient."""

    shown: Dossier
    published_at: dt.datetime
    differences: Differences | None

    @property
    def published(self) -> str:
        """« Publié le 22/11/2026 à 20h07. », by this computer's clocks."""
        return f"Publié le {moment(self.published_at.astimezone().replace(second=0))}."

    @property
    def unchanged(self) -> str:
        """« Sans changement : l’identité, 12 rendez-vous. », or nothing."""
        same = self.differences.unchanged if self.differences else ()
        return f"Sans changement\u00a0: {', '.join(same)}." if same else ""


def compared(client: DeskClient, number: str, now: Dossier | None) -> Comparison:
    """Ask the portal, which writes into the patient's trail that this computer looked.

    Raise `NotCompared` where there is nothing to tell here, `PortalError`.
    """
    try:
        answer = client.shown(number)
        shown = decode(answer.encoded)
    except PortalRefused as refusal:
        if refusal.kind not in _REFUSED:
            raise
        raise NotCompared(*_REFUSED[refusal.kind]) from None
    except DossierFormatError:
        # Raised without it: its words are a part of the dossier.
        raise NotCompared(
            "Ce dossier a été publié par une version plus récente de WebOrtho.", "Mettez WebOrtho à jour sur ce poste."
        ) from None
    return Comparison(shown, answer.published_at, differences(shown, now) if now else None)
