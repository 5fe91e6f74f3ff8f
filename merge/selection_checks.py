"""What a selection shows by itself, before any text is merged: who is missing, who is there twice."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cabinet.dossier import Patient
from cabinet.values import fold
from merge.fields import BY_NAME
from merge.findings import Finding, Gravity, Remedy, finding
from merge.french import agree
from merge.preparing import Texts
from merge.recipients import ChannelKind, LeftOut, Reason, Recipient, email_of, household
from merge.record import CabinetFacts

MAX_SHOWN = 3
"""Names that a sentence quotes; the list has the rest."""


def unreachable(missed: tuple[LeftOut, ...]) -> Iterator[Finding]:
    numbers = tuple(one.dossier.number for one in missed if one.reason is Reason.UNREACHABLE)
    if numbers:
        yield Finding(
            Gravity.BLOCKING,
            "unreachable",
            "Aucun moyen de contact",
            "Ni e-mail, ni mobile, ni adresse dans les canaux choisis. Complétez la fiche, ou donnez la carte d’accès "
            "au prochain rendez-vous.",
            Remedy.CORRECT,
            numbers,
            len(numbers),
        )


def bad_emails(values: Sequence[str]) -> Iterator[Finding]:
    """Addresses that the reading refused: who is behind them goes by another channel, or is unreachable."""
    if values:
        yield Finding(
            Gravity.VERIFY,
            "bad-email",
            "Adresses e-mail mal écrites",
            f"Exemple\u00a0: «\u00a0{values[0]}\u00a0». Ces destinataires sont joints autrement, s’ils peuvent l’être. "
            "Corrigez les adresses dans le logiciel du cabinet, puis refaites l’export.",
            Remedy.SHOW,
            (),
            len(values),
        )


def same_household(recipients: tuple[Recipient, ...]) -> Iterator[Finding]:
    homes: dict[tuple[str, ...], list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        if recipient.channel is not ChannelKind.SMS:
            homes[(recipient.channel, *household(recipient.addressee))].append(recipient)
    crowded = [recipient for home in homes.values() if len(home) > 1 for recipient in home]
    if crowded:
        spared = len(crowded) - sum(len(home) > 1 for home in homes.values())
        yield finding(
            Gravity.VERIFY,
            "same-household",
            crowded,
            title="Plusieurs enfants à la même adresse",
            detail=f"Les regrouper économise {agree(spared, 'envoi', 'envois')}.",
            remedy=Remedy.GROUP,
        )


def twice(recipients: tuple[Recipient, ...]) -> Iterator[Finding]:
    """The same person twice among a patient's addressees, or the same patient twice in the export."""
    letters: dict[tuple[object, ...], list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        if recipient.channel is ChannelKind.LETTER:
            patients = tuple(
                (fold(one.last_name), fold(one.first_name), one.birth_date) for one in _patients(recipient)
            )
            first_name = fold(recipient.addressee.first_name)
            letters[first_name, household(recipient.addressee), patients].append(recipient)
    doubled = [recipient for same in letters.values() if len(same) > 1 for recipient in same]
    if doubled:
        yield finding(
            Gravity.VERIFY,
            "twice",
            doubled,
            title="La même lettre deux fois à la même personne",
            detail="Son nom et son adresse sont deux fois dans les fiches, pour le même patient. Corrigez-les, ou "
            "retirez l’une des deux lettres.",
            remedy=Remedy.SHOW,
        )


def _patients(recipient: Recipient) -> Iterator[Patient]:
    return (dossier.patient for dossier in recipient.dossiers)


def shared_email(recipients: tuple[Recipient, ...]) -> Iterator[Finding]:
    """One address for people who don't live together: often a typing error, and somebody else would read."""
    by_email: dict[str, list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        if recipient.channel is ChannelKind.EMAIL:
            by_email[email_of(recipient.addressee)].append(recipient)
    shared = [
        recipient
        for group in by_email.values()
        if len({household(one.addressee) for one in group}) > 1
        for recipient in group
    ]
    if shared:
        names = [recipient.name for recipient in shared[:MAX_SHOWN]]
        yield finding(
            Gravity.VERIFY,
            "shared-email",
            shared,
            title="Une même adresse e-mail pour plusieurs foyers",
            detail=f"{', '.join(names)}{'…' if len(shared) > MAX_SHOWN else ''} : vérifiez qu’elle est bien la leur.",
            remedy=Remedy.SHOW,
        )


def birth_date(recipients: tuple[Recipient, ...], texts: Texts) -> Iterator[Finding]:
    """A birth date beside the number in one message opens the door to whoever reads it (SECURITY.md)."""
    written = {channel for channel in (ChannelKind.EMAIL, ChannelKind.SMS) if BY_NAME["PNAIS"] in texts.fields(channel)}
    concerned = [recipient for recipient in recipients if recipient.channel in written]
    if concerned:
        yield finding(
            Gravity.VERIFY,
            "birth-date",
            concerned,
            title="Date de naissance dans le texte",
            detail="Avec l’identifiant, elle peut ouvrir le dossier à qui lit le message. Retirez @PNAIS du modèle.",
            remedy=Remedy.SHOW,
        )


def no_telephone(recipients: tuple[Recipient, ...], cabinet: CabinetFacts) -> Iterator[Finding]:
    """Every shipped letter and e-mail invites to call."""
    concerned = [one for one in recipients if one.channel is not ChannelKind.SMS]
    if concerned and not cabinet.phone.strip():
        yield finding(
            Gravity.VERIFY,
            "no-telephone",
            concerned,
            title="Pas de téléphone du cabinet",
            detail="Ces messages invitent à appeler le cabinet, sans dire à quel numéro. Écrivez-le dans Portail, "
            "avec l’adresse, puis publiez.",
            remedy=Remedy.COMPLETE,
        )


def no_signatory(recipients: tuple[Recipient, ...], cabinet: CabinetFacts) -> Iterator[Finding]:
    """No practitioner's name is known: the cabinet's stands for it (`CabinetFacts.signatory`)."""
    concerned = [one for one in recipients if one.channel is not ChannelKind.SMS]
    if concerned and cabinet.signatory == cabinet.name:
        yield finding(
            Gravity.INFORMATION,
            "no-signatory",
            concerned,
            title="Signés du nom du cabinet",
            detail="Pour qu’un praticien les signe, indiquez son nom dans les Réglages, Cabinet, avec la ville.",
            remedy=Remedy.COMPLETE,
        )


def left_out(missed: tuple[LeftOut, ...]) -> Iterator[Finding]:
    texts = {
        Reason.ALREADY_INFORMED: ("already-informed", "Déjà informés", "Une annonce leur a déjà été envoyée."),
        Reason.SIGNED_IN: (
            "signed-in",
            "Déjà connectés",
            "Leur dossier a été ouvert\u00a0: une relance est inutile.",
        ),
        Reason.OPTED_OUT: ("opted-out", "Ne veulent pas d’annonces", "Ils l’ont demandé : rien ne leur est envoyé."),
    }
    for reason, (code, title, detail) in texts.items():
        numbers = tuple(one.dossier.number for one in missed if one.reason is reason)
        if numbers:
            yield Finding(Gravity.INFORMATION, code, title, detail, Remedy.SHOW, numbers, len(numbers))


def connected(recipients: tuple[Recipient, ...], connected: frozenset[str]) -> Iterator[Finding]:
    there = [recipient for recipient in recipients if connected.issuperset(recipient.numbers)]
    if there:
        yield finding(
            Gravity.INFORMATION,
            "connected",
            there,
            title="Déjà connectés au portail",
            detail="Ils ont déjà leurs codes. Vous pouvez les retirer.",
            remedy=Remedy.REMOVE,
        )
