"""One patient's access sheet: a preview with codes that open nothing, then the real one, valid once it is out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.board import Published
from app.desk.desk import Desk
from app.desk.facts import Identity, facts_of, setting_of
from app.desk.issuer import CodesForgottenError, PortalIssuer, preview_issuer
from app.desk.ledger import Ledger, open_outbox
from app.desk.printing import Deliver, Press, PrintReport, preview
from app.settings import read_settings
from cabinet.dossier import Addressee, Dossier
from cabinet.errors import WebOrthoError
from merge.letters.cards import write_cards
from merge.letters.problems import LetterProblem
from merge.preparing import Setting
from merge.recipients import ChannelKind, Recipient
from portal.api.shapes import Self
from portal.pages.settings import FirstAccess
from sync.cancel import CancelToken


class SheetRefused(WebOrthoError):
    """The sheet would be of no use, and nothing was printed."""


@dataclass(frozen=True)
class Sheet:
    """For whom, and what the cabinet says on it."""

    dossier: Dossier
    addressee: Addressee
    setting: Setting
    first_access: FirstAccess

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.addressee, (self.dossier,), ChannelKind.LETTER)

    @property
    def file_name(self) -> str:
        """Without what a file's name may not hold."""
        number = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in self.dossier.number)
        return f"fiche-acces-{number}.pdf"


def sheet_for(
    desk: Desk, identity: Self, published: Published, *, dossier: Dossier, addressee: Addressee, today: dt.date
) -> Sheet:
    """Reads this computer's settings: call it off the interface's thread. Raise `DeskSettingsError`."""
    settings = published.settings
    cabinet = Identity(identity.cabinet_code, identity.cabinet_name, desk.config.portal)
    facts = facts_of(cabinet, settings, read_settings(desk.settings_file))
    return Sheet(dossier, addressee, setting_of(facts, settings.first_access, today), settings.first_access)


def write_preview(sheet: Sheet, path: Path) -> None:
    """The very page that would be printed, with sample codes. Raise `SheetRefused`, `OutputError`."""
    issuer = preview_issuer(sheet.first_access, sheet.dossier.number, sheet.setting.cabinet.site)
    _require(write_cards(preview(sheet.setting, issuer, sheet.recipient), path).refused)


def print_sheet(desk: Desk, sheet: Sheet, path: Path, cancel: CancelToken, deliver: Deliver) -> PrintReport:
    """Write the real sheet to `path`, bring it out, and only then make its codes valid in the place of former ones.

    Raise `SheetRefused`, the portal's errors, `OutputError`, or what `deliver` raises: the former codes live on.
    """
    with (
        desk.portal(cancel) as portal,
        open_outbox(desk.state_dir, desk.config.cabinet, desk.store()) as outbox,
    ):
        press = Press(sheet.setting, PortalIssuer(portal.desk, sheet.first_access), Ledger(outbox, portal.desk))
        report = press.cards((sheet.recipient,), path, cancel=cancel, deliver=deliver)
    _require(report.refused)
    return report


def why_not_yet(error: WebOrthoError) -> str:
    """What is true of a sheet that is out and whose codes are not valid."""
    if isinstance(error, CodesForgottenError):
        return FORGOTTEN
    return NOT_YET


NOT_YET = "La fiche est prête, mais le portail n’a pas répondu\u00a0: ses codes ouvriront dès qu’il répondra."
FORGOTTEN = (
    "Le portail a oublié ou remplacé ces codes entre-temps\u00a0: cette fiche n’ouvrira rien. Jetez-la, puis "
    "préparez-en une autre."
)


def _require(refused: Sequence[LetterProblem]) -> None:
    if refused:
        raise SheetRefused(refused[0].sentence)
