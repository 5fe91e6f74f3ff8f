"""The recipients' page without its widgets: one line a patient, who is written to, who is not and why, the counts."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.mailing.channels import CHANNEL_LABELS
from app.mailing.recipe import Recipe, select
from cabinet.dossier import Dossier
from cabinet.values import fold
from merge.french import agree
from merge.outbox import State
from merge.recipients import ChannelKind, Reason, Recipient, Selection
from portal.api.desk import Account, Showing

ORDERS: tuple[tuple[str, tuple[ChannelKind, ...]], ...] = (
    ("E-mail, sinon SMS, sinon lettre", (ChannelKind.EMAIL, ChannelKind.SMS, ChannelKind.LETTER)),
    ("E-mail, sinon lettre", (ChannelKind.EMAIL, ChannelKind.LETTER)),
    ("SMS, sinon lettre", (ChannelKind.SMS, ChannelKind.LETTER)),
    ("Lettre à tous", (ChannelKind.LETTER,)),
    ("E-mail seulement", (ChannelKind.EMAIL,)),
    ("SMS seulement", (ChannelKind.SMS,)),
)


class Standing(Enum):
    """Why a line is, or is not, written to."""

    WRITTEN = "Recevra"
    REMOVED = "Retiré"
    NOT_CHOSEN = "Non choisi"
    INFORMED = "Déjà informé"
    SIGNED_IN = "Déjà connecté"
    OPTED_OUT = "Ne veut rien"
    UNREACHABLE = "Injoignable"
    ABSENT = "Hors portail"
    WAITING = "Envoi en attente"
    """A message of an earlier mailing has yet to leave."""
    UNCERTAIN = "Envoi à vérifier"
    """A message of an earlier mailing may have arrived."""


_REASONS = {
    Reason.ALREADY_INFORMED: Standing.INFORMED,
    Reason.SIGNED_IN: Standing.SIGNED_IN,
    Reason.OPTED_OUT: Standing.OPTED_OUT,
    Reason.UNREACHABLE: Standing.UNREACHABLE,
}


@dataclass(frozen=True)
class Patients:
    """What the recipients are chosen from."""

    dossiers: Sequence[Dossier]
    accounts: Sequence[Account]
    opted_out: tuple[str, ...]
    today: dt.date
    pending: Callable[[], Mapping[str, State]]
    """Who has something of an earlier mailing to come; slow."""
    accounts_known: bool
    """Whether the portal has told who was informed."""
    dossiers_known: bool
    """Whether the export was read: until then nobody can be chosen."""
    reads_source: bool = True
    """Whether this computer is to read it at all."""


@dataclass(frozen=True)
class Line:
    """A patient. `addressees` and `where` tell of the messages that are about them."""

    number: str
    patient: str
    addressees: str
    channels: str
    where: str
    standing: Standing
    words: str
    """What the search looks into, folded."""

    @property
    def ticked(self) -> bool:
        return self.standing is Standing.WRITTEN

    @property
    def can_tick(self) -> bool:
        """Whether the box changes anything: who cannot be written to has none."""
        return self.standing in (Standing.WRITTEN, Standing.REMOVED, Standing.NOT_CHOSEN)


@dataclass(frozen=True)
class Chosen:
    """What a recipe comes to."""

    selection: Selection
    lines: tuple[Line, ...]

    def count(self, channel: ChannelKind) -> int:
        return self.selection.by_channel()[channel]

    @property
    def total(self) -> int:
        return len(self.selection.recipients)

    @property
    def summary(self) -> str:
        """« 36 destinataires pour 38 patients »."""
        patients = len({number for one in self.selection.recipients for number in one.numbers})
        return f"{agree(self.total, 'destinataire', 'destinataires')} pour {agree(patients, 'patient', 'patients')}"

    def left_out(self) -> tuple[tuple[Standing, int], ...]:
        """Who is not written to, by reason; nobody is counted whom the filters do not let pass."""
        counts = dict.fromkeys(Standing, 0)
        for line in self.lines:
            counts[line.standing] += 1
        silent = (Standing.WRITTEN, Standing.NOT_CHOSEN)
        return tuple((standing, count) for standing, count in counts.items() if count and standing not in silent)


def chosen_from(patients: Patients, recipe: Recipe) -> Chosen:
    """Slow: for a worker's thread."""
    return choose(
        recipe, patients.dossiers, patients.accounts, patients.today, patients.opted_out, pending=patients.pending()
    )


def choose(
    recipe: Recipe,
    dossiers: Sequence[Dossier],
    accounts: Iterable[Account],
    today: dt.date,
    opted_out: Iterable[str],
    *,
    pending: Mapping[str, State] | None = None,
) -> Chosen:
    """Slow with thousands of dossiers: call it off the interface's thread.

    `pending`: patients to whom something of an earlier mailing waits, or may have arrived. Nobody is written to twice.
    """
    accounts, pending = tuple(accounts), pending or {}
    free = [dossier for dossier in dossiers if dossier.number not in pending]
    selection = select(recipe, free, accounts, today, opted_out)
    messages: dict[str, list[Recipient]] = {}
    for recipient in selection.recipients:
        for number in recipient.numbers:
            messages.setdefault(number, []).append(recipient)
    standings = {one.dossier.number: _REASONS[one.reason] for one in selection.left_out}
    absent = {one.number for one in accounts if one.showing is not Showing.SHOWN}
    lines = []
    for dossier in dossiers:
        written = messages.get(dossier.number, [])
        standing = Standing.WRITTEN if written else standings.get(dossier.number)
        if standing is None and dossier.number in recipe.removed and not recipe.by_hand:
            standing = Standing.REMOVED
        if dossier.number in pending:
            standing = Standing.UNCERTAIN if pending[dossier.number] is State.UNKNOWN else Standing.WAITING
        if standing is None and recipe.by_hand:
            standing = Standing.ABSENT if dossier.number in absent else Standing.NOT_CHOSEN
        if standing is not None:
            lines.append(_line(dossier, written, standing))
    return Chosen(selection, tuple(lines))


def found(lines: Iterable[Line], typed: str) -> tuple[Line, ...]:
    """The lines in which every typed word is."""
    words = fold(typed).split()
    return tuple(line for line in lines if all(word in line.words for word in words))


def _line(dossier: Dossier, written: Sequence[Recipient], standing: Standing) -> Line:
    patient = dossier.patient
    name = f"{patient.last_name} {patient.first_name}".strip()
    addressees = ", ".join(dict.fromkeys(one.name for one in written))
    if not written and dossier.addressees:
        first = dossier.addressees[0]
        addressees = f"{first.first_name} {first.last_name}".strip()
    channels = ", ".join(dict.fromkeys(CHANNEL_LABELS[one.channel] for one in written))
    where = ", ".join(dict.fromkeys(_where(one) for one in written))
    words = fold(f"{dossier.number} {name} {addressees} {where} {channels}")
    return Line(dossier.number, name, addressees, channels, where, standing, words)


def _where(recipient: Recipient) -> str:
    if recipient.address:
        return recipient.address
    to = recipient.addressee
    return ", ".join(filter(None, (to.address_1, f"{to.postcode} {to.city}".strip())))
