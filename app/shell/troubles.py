"""What goes wrong beside the screens, said once: the strip's sentence and its button. No Qt."""

from enum import Enum

import msgspec

from app.errors import Trouble

OFFLINE = Trouble(
    "Le portail ne répond pas.",
    "Ce qui est affiché date du dernier échange\u00a0; vous pouvez continuer, puis réessayer.",
    offline=True,
)
REFUSED = Trouble(
    "Le portail n’accepte plus ce poste.",
    "Demandez un nouveau code d’enrôlement au praticien, puis saisissez-le dans les Réglages.",
    refused=True,
    section="portal",
)


class Way(Enum):
    """What the strip's button does; its value is the button's label."""

    RETRY = "Réessayer"
    SETUP = "Ouvrir les Réglages"
    """At the trouble's section."""


class Said(msgspec.Struct, frozen=True):
    """What the strip shows."""

    trouble: Trouble
    way: Way


class Troubles:
    """By subject (reading, accounts, …), the last trouble of each, until that subject is renewed."""

    def __init__(self) -> None:
        self._open: dict[str, Trouble] = {}

    def happened(self, subject: str, trouble: Trouble) -> None:
        if trouble.cancelled:
            return
        self._open.pop(subject, None)
        self._open[subject] = trouble

    def renewed(self, subject: str) -> None:
        self._open.pop(subject, None)

    def dismissed(self) -> None:
        """A person has read it."""
        self._open.clear()

    @property
    def subjects(self) -> tuple[str, ...]:
        """What a new try should renew."""
        return tuple(self._open)

    @property
    def said(self) -> Said | None:
        """One sentence for all: a computer that is refused before a portal that is silent, then the newest."""
        troubles = list(self._open.values())
        if any(trouble.refused for trouble in troubles):
            return Said(REFUSED, Way.SETUP)
        own = [trouble for trouble in troubles if not trouble.offline]
        if own:
            return Said(own[-1], Way.SETUP if own[-1].section else Way.RETRY)
        return Said(OFFLINE, Way.RETRY) if troubles else None
