"""The portal as the reception desk uses it: one method a thing to do, typed shapes in and out.

The shapes and what each request does are in `portal.api.desk`. Every method raises `PortalUnreachable`,
`PortalRefused` or `DeviceRefused`, and may be repeated. What is asked for many is sent `MAX_AT_ONCE` at a time: when a
later part fails, the earlier ones are done, and repeating the whole does them again without harm.
"""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from portal.api.conversation import Conversation, get, path_of, sending
from portal.api.desk import (
    MAX_AT_ONCE,
    AccessesClosed,
    Account,
    Accounts,
    Activated,
    Announced,
    Announcement,
    Answer,
    Claim,
    Claimed,
    Devices,
    EnrolmentCode,
    Handles,
    KnownDevice,
    Medium,
    MergedSecret,
    Message,
    MessageAnswered,
    MessageRead,
    Messages,
    NewDevice,
    Overview,
    Patient,
    PublishedVersion,
    SecretsVerified,
    SecretWanted,
    SettingsHistory,
    ShownDossier,
    StagedSecret,
    StagedSecrets,
    StageSecrets,
    TakenElsewhere,
    VerifySecrets,
)
from portal.api.shapes import Role
from portal.api.transport import Message as Request

Item = TypeVar("Item")


class DeskClient(Conversation):
    """A reception's or a practitioner's computer and its portal."""

    def overview(self) -> Overview:
        """What the home page shows."""
        return self._ask(get("/overview"), Overview)

    def accounts(self) -> tuple[Account, ...]:
        """Every number that is or was published, or hidden."""
        return self._ask(get("/patients"), Accounts).accounts

    def shown(self, number: str) -> ShownDossier:
        """What the portal shows of a patient. The patient's trail keeps that this computer asked."""
        return self._ask(sending("POST", "/patients/dossier", Patient(number)), ShownDossier)

    def reset(self, number: str) -> int:
        """Close all accesses of a patient, with their links and codes; how many accesses there were."""
        return self._ask(sending("POST", "/patients/reset", Patient(number)), AccessesClosed).closed

    def hide(self, number: str) -> None:
        """Withdraw a patient at once; the sync does not bring the dossier back."""
        self._tell(sending("POST", "/patients/hide", Patient(number)))

    def show(self, number: str) -> None:
        """No longer hide a patient: the next sync publishes the dossier."""
        self._tell(sending("POST", "/patients/show", Patient(number)))

    def erase(self, number: str) -> None:
        """Delete what the portal knows of a patient, for good. Needs the practitioner's role."""
        self._tell(sending("POST", "/patients/erase", Patient(number)))

    def stage_secrets(self, medium: Medium, wanted: Iterable[SecretWanted]) -> tuple[StagedSecret, ...]:
        """Links and codes for these addressees, in their order; not valid before `activate_secrets`."""
        staged: list[StagedSecret] = []
        for part in _parts(wanted):
            request = sending("POST", "/secrets", StageSecrets(medium, part))
            answered = self._ask(request, StagedSecrets).secrets
            # A secret that goes to the wrong letter opens somebody else's dossier.
            if [secret.number for secret in answered] != [one.number for one in part]:
                raise self._misunderstood()
            staged += answered
        return tuple(staged)

    def verify_secrets(self, secrets: Iterable[MergedSecret]) -> SecretsVerified:
        """Whether these would open their dossiers; uses nothing up."""
        valid = 0
        wrong: list[str] = []
        for part in _parts(secrets):
            verified = self._ask(sending("POST", "/secrets/verify", VerifySecrets(part)), SecretsVerified)
            valid += verified.valid
            wrong += verified.wrong
        return SecretsVerified(valid, tuple(wrong))

    def activate_secrets(self, handles: Iterable[str]) -> tuple[str, ...]:
        """What carries them is safely out: they become valid and replace the former ones of the same addressee.

        Answers those that open nothing, forgotten or replaced meanwhile.
        """
        unknown: list[str] = []
        for part in _parts(handles):
            unknown += self._ask(sending("POST", "/secrets/activate", Handles(part)), Activated).unknown
        return tuple(unknown)

    def discard_secrets(self, handles: Iterable[str]) -> None:
        """What would have carried them did not leave."""
        self._tell_in_parts("/secrets/discard", handles)

    def messages(self) -> tuple[Message, ...]:
        """What patients wrote, newest first."""
        return self._ask(get("/messages"), Messages).messages

    def mark_read(self, message: str, read: bool) -> None:
        self._tell(sending("POST", f"/messages/{message}/read", MessageRead(read)))

    def answer(self, message: str, answer: Answer) -> MessageAnswered:
        """Answer by e-mail, or keep a note of an answer by telephone. The same answer again is not sent again."""
        return self._ask(sending("POST", f"/messages/{message}/answer", answer), MessageAnswered)

    def claim(self, campaign: str, numbers: Iterable[str]) -> tuple[TakenElsewhere, ...]:
        """Reserve these patients for a campaign, or renew it; those that another device is writing to."""
        taken: list[TakenElsewhere] = []
        for part in _parts(numbers):
            taken += self._ask(sending("POST", "/announcements/claim", Claim(campaign, part)), Claimed).taken
        return tuple(taken)

    def release(self, campaigns: Iterable[str]) -> None:
        """Give up what these campaigns reserved."""
        self._tell_in_parts("/announcements/release", campaigns)

    def announce(self, announcements: Iterable[Announcement]) -> None:
        """Write down who was informed, how and when."""
        for part in _parts(announcements):
            self._tell(sending("POST", "/announcements", Announced(part)))

    def settings_history(self) -> tuple[PublishedVersion, ...]:
        """The published versions of the settings, newest first."""
        return self._ask(get("/settings/history"), SettingsHistory).versions

    def devices(self) -> tuple[KnownDevice, ...]:
        """The cabinet's computers that are enrolled. Needs the practitioner's role, as the next two."""
        return self._ask(get("/devices"), Devices).devices

    def new_enrolment_code(self, role: Role) -> EnrolmentCode:
        """A one-time code that enrols one more computer."""
        return self._ask(sending("POST", "/devices/enrolment-codes", NewDevice(role)), EnrolmentCode)

    def revoke_device(self, device: int) -> None:
        """That computer's token is worth nothing from now on."""
        self._tell(Request("POST", path_of(f"/devices/{device}/revoke")))

    def _tell_in_parts(self, path: str, handles: Iterable[str]) -> None:
        for part in _parts(handles):
            self._tell(sending("POST", path, Handles(part)))


def _parts(items: Iterable[Item]) -> Iterable[tuple[Item, ...]]:
    """As few requests' worth as possible; none for nothing."""
    rest = iter(items)
    while part := tuple(islice(rest, MAX_AT_ONCE)):
        yield part
