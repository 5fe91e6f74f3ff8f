"""What it costs to let an initial secret open a dossier at once, measured on this cabinet's own patients. No Qt here.

The same reckoning as the project's security notes: dates are tried on numbers that follow one another, and the portal
looks at sixty such tries a day for a whole cabinet.
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from portal.pages.settings import FirstAccess, FirstAccessPolicy
from sync.wording import number

TRIES_A_DAY = 60
"""What the portal lets through of first visits whose secret opens at once (`portal.server.throttle`)."""
DAYS = 365


@dataclass(frozen=True)
class Risk:
    """Figures of a cabinet whose patients' birth dates are known."""

    patients: int
    dates: int
    """Days between the oldest and the youngest patient: what somebody who guesses has to try."""

    @property
    def bits(self) -> float:
        return math.log2(self.dates) if self.dates > 1 else 0.0

    @property
    def opened_by_one_date(self) -> float:
        """Dossiers that one date opens on average when it is tried on every number."""
        return self.patients / self.dates if self.dates else 0.0

    @property
    def opened_a_year(self) -> float:
        """Dossiers opened in a year by somebody who never stops guessing, with the portal's limits."""
        return TRIES_A_DAY * DAYS / self.dates if self.dates else 0.0


def measured(birth_dates: Iterable[dt.date | None]) -> Risk:
    """Patients without a birth date cannot sign in by it and do not count."""
    known = [date for date in birth_dates if date is not None]
    return Risk(len(known), (max(known) - min(known)).days + 1 if known else 0)


def sentences(first_access: FirstAccess, risk: Risk) -> tuple[str, ...]:
    """What to show before « ouvre le dossier aussitôt » can be chosen."""
    if first_access.policy is FirstAccessPolicy.PERSONAL_CODE:
        return ("Un code personnel de 12 signes ne se devine pas (59 bits)\u00a0: le risque est très faible.",)
    if first_access.policy is FirstAccessPolicy.PATTERN:
        return (
            "Qui connaît ce modèle et un numéro de patient ouvre son dossier au premier essai.",
            "Les numéros se suivent\u00a0: tous les dossiers dont la première visite reste à faire sont exposés.",
        )
    if not risk.patients:
        return (
            "Une date de naissance se devine\u00a0: environ 4\u00a0400 dates possibles, soit 12 bits.",
            "La CNIL en demande 50.",
        )
    measure = (
        f"Vos {number(risk.patients)} patients sont nés sur {number(risk.dates)} jours\u00a0: une date de naissance "
        f"vaut {risk.bits:.0f} bits. La CNIL en demande 50."
    )
    opened = _decimal(risk.opened_by_one_date) if risk.opened_by_one_date >= 0.1 else "moins de 0,1"
    once = f"Une même date, essayée sur tous les numéros, ouvre {opened} dossier en moyenne."
    always = (
        "Malgré les limites du portail, quelqu’un qui essaie sans cesse ouvrirait environ "
        f"{_decimal(risk.opened_a_year)} dossiers par an, parmi ceux dont la première visite reste à faire."
    )
    return measure, once, always


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
