"""What is wrong, or worth a look, before anything is sent: grouped, counted, with whom it concerns and the remedy."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from merge import selection_checks
from merge.emails.message import RichBody
from merge.findings import Finding, Gravity, Remedy, finding
from merge.french import agree, enumeration
from merge.letter_checks import LetterChecks, LetterMaker
from merge.merging import RecordProblem, Template
from merge.preparing import Setting, Texts, record_for
from merge.recipients import ChannelKind, Recipient, Selection
from merge.record import IssuedSecret, MergeRecord
from merge.sms.segments import Measure
from merge.sms.text import compose_sms
from merge.texts import audience_of


@dataclass(frozen=True)
class SmsCost:
    """`price` is of one segment, in ten-thousandths of a euro: 690 is 0,069 €."""

    messages: int
    segments: int
    longer: int
    """Messages of more than one segment."""
    price: int

    @property
    def total(self) -> int:
        """Cents, rounded up: an estimate that is never too low."""
        return -(-self.segments * self.price // 100)


@dataclass(frozen=True)
class Report:
    findings: tuple[Finding, ...]
    """Blocking first, then to verify, then information."""
    total: int
    """Messages of the selection."""
    by_channel: Mapping[ChannelKind, int]
    """Without the blocked ones."""
    blocked: Mapping[int, str]
    """By the places of the blocked recipients in the selection, why they are."""
    sms: SmsCost

    def counts(self) -> dict[Gravity, int]:
        """How many points of each gravity."""
        counts = dict.fromkeys(Gravity, 0)
        for found in self.findings:
            counts[found.gravity] += found.count
        return counts

    @property
    def summary(self) -> str:
        """« 57 points relevés sur 1 248 destinataires »."""
        points = sum(found.count for found in self.findings)
        total = agree(self.total, "destinataire", "destinataires")
        return f"{agree(points, 'point relevé', 'points relevés')} sur {total}"


def check(
    selection: Selection,
    setting: Setting,
    texts: Texts,
    dummy: IssuedSecret,
    *,
    letters: LetterMaker | None = None,
    sms_price: int = 0,
    connected: frozenset[str] = frozenset(),
    unread_emails: Sequence[str] = (),
) -> Report:
    """Merge every message with `dummy` secrets (of the real ones' length) and tell what was found.

    `letters` composes the letters, when they are part of the campaign; `connected` are the numbers of patients who
    already use the portal; `unread_emails` what stood in the export where an e-mail address should.
    """
    checking = _Checking(setting, texts, letters, dummy)
    for place, recipient in enumerate(selection.recipients):
        checking.look_at(place, recipient)
    findings = [
        *checking.findings(),
        *selection_checks.unreachable(selection.left_out),
        *selection_checks.bad_emails(unread_emails),
        *selection_checks.same_household(selection.recipients),
        *selection_checks.shared_email(selection.recipients),
        *selection_checks.twice(selection.recipients),
        *selection_checks.birth_date(selection.recipients, texts),
        *selection_checks.no_telephone(selection.recipients, setting.cabinet),
        *selection_checks.no_signatory(selection.recipients, setting.cabinet),
        *selection_checks.left_out(selection.left_out),
        *selection_checks.connected(selection.recipients, connected),
    ]
    rank = list(Gravity)
    findings.sort(key=lambda found: rank.index(found.gravity))
    kept = dict.fromkeys(ChannelKind, 0)
    for place, recipient in enumerate(selection.recipients):
        kept[recipient.channel] += place not in checking.blocked
    measures = checking.sms
    cost = SmsCost(
        len(measures),
        sum(measure.segments for measure in measures),
        sum(measure.segments > 1 for measure in measures),
        sms_price,
    )
    return Report(tuple(findings), len(selection.recipients), kept, checking.blocked, cost)


NO_TEXT = "Le modèle n’a pas de texte pour ce destinataire. Écrivez-le à l’étape du modèle."


class _Checking:
    """Collects what merging each message brings to light."""

    def __init__(self, setting: Setting, texts: Texts, letters: LetterMaker | None, dummy: IssuedSecret) -> None:
        self._setting = setting
        self._texts = texts
        self._letters = LetterChecks(letters) if letters else None
        self._dummy = dummy
        self._problems: dict[tuple[str, str], tuple[RecordProblem, list[Recipient]]] = {}
        self._no_text: list[Recipient] = []
        self._long_sms: list[Recipient] = []
        self._dear_sms: dict[str, list[Recipient]] = defaultdict(list)
        self.sms: list[Measure] = []
        self.blocked: dict[int, str] = {}

    def look_at(self, place: int, recipient: Recipient) -> None:
        record = record_for(recipient, self._setting, dict.fromkeys(recipient.wanted, self._dummy))
        if recipient.channel is ChannelKind.LETTER and self._letters:
            if why := self._letters.look_at(recipient, record):
                self.blocked[place] = why
            return
        templates = self._templates(recipient, record)
        if templates is None:
            self._no_text.append(recipient)
            self.blocked[place] = NO_TEXT
            return
        problems = [problem for template in templates for problem in template.merge(record).problems]
        if problems:
            self.blocked[place] = " ".join(dict.fromkeys(problem.sentence for problem in problems))
            self._note(recipient, problems)
        elif recipient.channel is ChannelKind.SMS and self._texts.sms:
            self._weigh(recipient, record, self._texts.sms)

    def _templates(self, recipient: Recipient, record: MergeRecord) -> tuple[Template | RichBody, ...] | None:
        if recipient.channel is ChannelKind.EMAIL:
            email = self._texts.emails.get(audience_of(record))
            return (email.subject, email.body) if email else None
        if recipient.channel is ChannelKind.SMS and self._texts.sms:
            return (self._texts.sms,)
        return None

    def _note(self, recipient: Recipient, problems: list[RecordProblem]) -> None:
        for key, problem in {(problem.code, problem.field.token): problem for problem in problems}.items():
            self._problems.setdefault(key, (problem, []))[1].append(recipient)

    def _weigh(self, recipient: Recipient, record: MergeRecord, template: Template) -> None:
        sms = compose_sms(template, record)
        self.sms.append(sms.measure)
        for sign in sms.measure.offending:
            self._dear_sms[sign].append(recipient)
        if sms.measure.segments > 1:
            self._long_sms.append(recipient)

    def findings(self) -> Iterator[Finding]:
        if self._letters:
            yield from self._letters.findings()
        if self._no_text:
            yield finding(
                Gravity.BLOCKING,
                "no-text",
                self._no_text,
                title="Aucun texte pour ces destinataires",
                detail="Choisissez un modèle pour leur canal, ou retirez-les.",
                remedy=Remedy.REMOVE,
            )
        for (code, _), (problem, recipients) in sorted(self._problems.items()):
            title = {
                "empty-field": f"{problem.field.description} : valeur manquante",
                "hole": f"{problem.field.description} : valeur manquante dans une phrase",
                "other-pattern": "Mot de passe écrit dans le modèle",
            }[code]
            yield finding(
                Gravity.BLOCKING, code, recipients, title=title, detail=problem.sentence, remedy=Remedy.CORRECT
            )
        if self._dear_sms:
            concerned = list(dict.fromkeys(one for group in self._dear_sms.values() for one in group))
            signs = enumeration([f"« {sign} »" for sign in self._dear_sms])
            yield finding(
                Gravity.VERIFY,
                "sms-characters",
                concerned,
                title="Caractères qui renchérissent le SMS",
                detail=f"{signs} : la longueur permise tombe à 70 caractères. Retirez-les du texte.",
                remedy=Remedy.SHOW,
            )
        if self._long_sms:
            yield finding(
                Gravity.VERIFY,
                "sms-parts",
                self._long_sms,
                title="SMS en plusieurs parties",
                detail="Le texte dépasse un SMS : chaque partie est facturée.",
                remedy=Remedy.SHOW,
            )
