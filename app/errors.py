"""Errors as people read them: what happened, what to do next. The one place where foreign exceptions get a sentence."""

import logging

import msgspec

from cabinet.errors import SourceError, SourceNotReady, WebOrthoError
from cabinet.system_words import why
from portal.api.errors import DeviceRefused, PortalUnreachable
from portal.api.guards import Losses
from sync.errors import AlreadyRunning, Cancelled, LossesRefused

_log = logging.getLogger("app")


class Trouble(msgspec.Struct, frozen=True):
    """One sentence each; `todo` may be empty."""

    what: str
    todo: str = ""
    offline: bool = False
    """The portal did not answer: what was shown stays, and the next try may succeed."""
    refused: bool = False
    """The portal does not accept this computer: it must be enrolled again."""
    passing: bool = False
    """The source was in use, being written or out of reach, or another run goes on: the next try may succeed."""
    cancelled: bool = False
    """A person asked for it: nothing to report."""
    section: str = ""
    """Of the settings, by its key there: where it is put right, if it is."""
    losses: Losses | None = None
    """Of an export that was refused for them: a practitioner may publish it in spite of them."""

    @property
    def sentence(self) -> str:
        return f"{self.what} {self.todo}".strip()


def trouble_of(error: BaseException) -> Trouble:
    """What to show for an exception. One that is not ours is logged with its trace, and owned up to."""
    if isinstance(error, WebOrthoError):
        return Trouble(
            error.what,
            error.todo,
            offline=isinstance(error, PortalUnreachable),
            refused=isinstance(error, DeviceRefused),
            passing=isinstance(error, (SourceNotReady, AlreadyRunning)),
            cancelled=isinstance(error, Cancelled),
            section=_section(error),
            losses=error.losses if isinstance(error, LossesRefused) else None,
        )
    if isinstance(error, OSError) and error.filename is not None:
        return Trouble(
            f"Le fichier {error.filename} ne peut pas être lu ou écrit ({why(error)}).",
            "Vérifiez l’espace libre et les droits sur ce dossier, puis réessayez.",
        )
    _log.error("unexpected error in a task", exc_info=error)
    return Trouble(
        "WebOrtho a rencontré une erreur qu’il ne connaît pas. Rien n’est perdu.",
        "Recommencez\u00a0; si elle revient, envoyez le journal de l’application à votre assistance.",
    )


def _section(error: WebOrthoError) -> str:
    if isinstance(error, DeviceRefused):
        return "portal"
    return "source" if isinstance(error, SourceError) and not isinstance(error, SourceNotReady) else ""
