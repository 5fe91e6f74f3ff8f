"""The check's page without its widgets: what was found, what helps, how it is spread, what it costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from msgspec.structs import replace

from app.desk.mailing import look_over, without_blocked
from app.desk.texts import TextFolder
from app.mailing.basis import Basis
from app.mailing.channels import CHANNEL_LABELS
from app.mailing.recipe import Recipe
from app.mailing.refused import Refused, of_recipient
from cabinet.dossier import Dossier
from cabinet.problems import Problem
from merge.checks import Report
from merge.findings import Finding, Gravity, Remedy
from merge.french import agree, money
from merge.recipients import PROCEDURE_ORDER, ChannelKind, Recipient, Selection, household, reach
from portal.api.desk import Account

BAD_EMAIL = "bad-email"
UNREADABLE_EMAIL = "unreadable-email"
"""The code of the reading's problem."""
GRAVITY_LABELS = {Gravity.BLOCKING: "Bloquant", Gravity.VERIFY: "À vérifier", Gravity.INFORMATION: "Information"}


class Action(Enum):
    """What a button of the page does; the value is what stands on it."""

    CORRECT = "Corriger"
    SWITCH = "Basculer"
    GROUP = "Regrouper"
    SHOW = "Voir"
    REMOVE = "Retirer"
    COMPLETE = "Compléter"


_ACTIONS = {
    Remedy.CORRECT: Action.CORRECT,
    Remedy.GROUP: Action.GROUP,
    Remedy.SHOW: Action.SHOW,
    Remedy.REMOVE: Action.REMOVE,
    Remedy.COMPLETE: Action.COMPLETE,
}


@dataclass(frozen=True)
class Row:
    """A finding and what may be done about it."""

    finding: Finding
    actions: tuple[Action, ...]
    switches: tuple[tuple[str, ChannelKind], ...] = ()
    """For « Basculer »: these patients by these channels."""


@dataclass(frozen=True)
class Concerned:
    """A record of a finding, as the list shows it. `number` is "" where the export's line has none that was read."""

    number: str
    patient: str
    addressee: str
    channel: str
    where: str


@dataclass(frozen=True)
class Checked:
    """One check of one selection."""

    selection: Selection
    report: Report
    rows: tuple[Row, ...]
    concerned: dict[str, tuple[Concerned, ...]]
    """By a finding's code."""

    @property
    def sendable(self) -> tuple[Recipient, ...]:
        """« Continuer sans les 9 bloquants »."""
        return without_blocked(self.selection, self.report)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Whose message cannot be made as it is, and why."""
        return tuple(of_recipient(self.selection.recipients[place], why) for place, why in self.report.blocked.items())

    @property
    def blocked(self) -> int:
        return len(self.report.blocked)

    @property
    def unremarked(self) -> str:
        """« 1 191 destinataires sans remarque. »"""
        touched = {number for row in self.rows for number in row.finding.numbers}
        clean = sum(not touched.intersection(one.numbers) for one in self.selection.recipients)
        return f"{agree(clean, 'destinataire', 'destinataires')} sans remarque."

    @property
    def continue_label(self) -> str:
        if not self.blocked:
            return "Suivant\u00a0: Envoi"
        if self.blocked == 1:
            return "Continuer sans le bloquant"
        return f"Continuer sans les {agree(self.blocked, 'bloquant', 'bloquants')}"

    @property
    def sms_cost(self) -> tuple[str, str]:
        """The sum and its explanation; ("", "") without SMS."""
        sms = self.report.sms
        if not sms.messages:
            return "", ""
        single = sms.messages - sms.longer
        parts = agree(single, "simple", "simples")
        if sms.longer:
            parts = f"{parts} et {agree(sms.longer, 'plus long', 'plus longs')}"
        if not sms.price:
            return agree(sms.segments, "SMS", "SMS"), f"{parts}. Indiquez leur prix dans les Réglages."
        price = f"{sms.price / 10_000:.3f}".replace(".", ",")
        return f"{money(sms.total)} HT", f"{agree(sms.segments, 'SMS', 'SMS')} à {price}\u00a0€\u00a0: {parts}."

    @property
    def postage(self) -> str:
        """How many envelopes; "" without letters."""
        letters = [one for one in self.sendable if one.channel is ChannelKind.LETTER]
        if not letters:
            return ""
        envelopes = len({household(one.addressee) for one in letters})
        pages = sum(len(one.dossiers) for one in letters)
        return f"{agree(pages, 'lettre', 'lettres')} dans {agree(envelopes, 'enveloppe', 'enveloppes')}."


def check_all(
    basis: Basis,
    selection: Selection,
    texts: TextFolder,
    accounts: Iterable[Account],
    problems: Sequence[Problem],
) -> Checked:
    """Merge everything with samples. Slow; raise `TemplateError` or `TextError` for the cabinet's own texts."""
    unread = [problem for problem in problems if problem.code == UNREADABLE_EMAIL]
    report = look_over(
        basis,
        selection,
        texts.texts(basis.settings),
        texts.paper(basis.settings),
        accounts=accounts,
        unread_emails=[problem.value for problem in unread],
    )
    people = _people(selection)
    rows = tuple(_row(found, selection) for found in report.findings)
    concerned = {
        found.code: tuple(people[number] for number in found.numbers if number in people) for found in report.findings
    }
    if BAD_EMAIL in concerned:
        concerned[BAD_EMAIL] = tuple(Concerned("", str(one.place), "", "", one.value) for one in unread)
    return Checked(selection, report, rows, concerned)


def grouped(recipe: Recipe) -> Recipe:
    """« Regrouper »."""
    return replace(recipe, group=True)


def switched(recipe: Recipe, row: Row) -> Recipe:
    """« Basculer »: everybody of this finding who can be reached otherwise."""
    for number, channel in row.switches:
        recipe = recipe.by_channel((number,), channel)
    return recipe


def _row(found: Finding, selection: Selection) -> Row:
    switches = tuple(_switches(found, selection))
    actions = [_ACTIONS[found.remedy]]
    if switches:
        actions.append(Action.SWITCH)
    return Row(found, tuple(actions), switches)


def _switches(found: Finding, selection: Selection) -> Iterable[tuple[str, ChannelKind]]:
    """Who is blocked, or costs more, and could be written to by another channel."""
    if found.gravity is Gravity.INFORMATION or not found.code.startswith(_SWITCHABLE):
        return
    written = {number: one for one in selection.recipients for number in one.numbers}
    dossiers: dict[str, Dossier] = {one.dossier.number: one.dossier for one in selection.left_out}
    dossiers |= {dossier.number: dossier for one in selection.recipients for dossier in one.dossiers}
    for number in found.numbers:
        dossier = dossiers.get(number)
        if dossier is None or not dossier.addressees:
            continue
        now = written[number].channel if number in written else None
        addressee = written[number].addressee if number in written else dossier.addressees[0]
        other = next((kind for kind in PROCEDURE_ORDER if kind is not now and reach(addressee, kind) is not None), None)
        if other is not None:
            yield number, other


_SWITCHABLE = (
    "incomplete-address",
    "unfit-address",
    "wrong-postcode",
    "unreachable",
    "sms-parts",
    "sms-characters",
    "width",
    "overflow",
)


def _people(selection: Selection) -> dict[str, Concerned]:
    people: dict[str, Concerned] = {}
    for missed in selection.left_out:
        people[missed.dossier.number] = _concerned(missed.dossier, None)
    for one in selection.recipients:
        for dossier in one.dossiers:
            people[dossier.number] = _concerned(dossier, one)
    return people


def _concerned(dossier: Dossier, recipient: Recipient | None) -> Concerned:
    patient = dossier.patient
    addressee = recipient.addressee if recipient else next(iter(dossier.addressees), None)
    where = ""
    if addressee is not None:
        where = (
            recipient.address
            if recipient and recipient.address
            else ", ".join(
                filter(
                    None, (addressee.address_1, addressee.address_2, f"{addressee.postcode} {addressee.city}".strip())
                )
            )
        )
    return Concerned(
        dossier.number,
        f"{patient.last_name} {patient.first_name}".strip(),
        f"{addressee.first_name} {addressee.last_name}".strip() if addressee else "",
        CHANNEL_LABELS[recipient.channel] if recipient else "",
        where,
    )
