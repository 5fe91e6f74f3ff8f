"""The desk's endpoints on patients, their codes and links, and announcements (see `portal.api.desk`)."""

from portal.api.desk import (
    AccessesClosed,
    Accounts,
    Activated,
    Announced,
    Claim,
    Claimed,
    Handles,
    Overview,
    Patient,
    SecretsVerified,
    ShownDossier,
    StagedSecrets,
    StageSecrets,
    VerifySecrets,
)
from portal.api.shapes import Role
from portal.server.accounts import initial_secrets
from portal.server.api.endpoint import AT_THE_DESK, Call, endpoint
from portal.server.desk import announcements, patients
from portal.server.desk import overview as figures


@endpoint("GET", "overview", roles=AT_THE_DESK, answer=Overview)
def get_overview(call: Call) -> Overview:
    """What the home page shows, in one small answer."""
    return figures.overview(call.cabinet)


@endpoint("GET", "patients", roles=AT_THE_DESK, answer=Accounts)
def get_accounts(call: Call) -> Accounts:
    """Every number that is or was published, or hidden, with what the portal knows of its accesses."""
    return Accounts(patients.accounts(call.cabinet))


@endpoint("POST", "patients/dossier", roles=AT_THE_DESK, body=Patient, answer=ShownDossier)
def get_dossier(call: Call, body: Patient) -> ShownDossier:
    """What the portal shows of a patient; the patient's trail keeps which device asked."""
    return patients.dossier(call.device, body.number)


@endpoint("POST", "patients/reset", roles=AT_THE_DESK, body=Patient, answer=AccessesClosed)
def reset_patient(call: Call, body: Patient) -> AccessesClosed:
    """Close all accesses of a patient, with their links and codes."""
    return AccessesClosed(patients.reset(call.cabinet, body.number, call.device.name))


@endpoint("POST", "patients/hide", roles=AT_THE_DESK, body=Patient)
def hide_patient(call: Call, body: Patient) -> None:
    """Withdraw a patient at once; the sync does not bring the dossier back."""
    patients.hide(call.cabinet, body.number, call.device.name)


@endpoint("POST", "patients/show", roles=AT_THE_DESK, body=Patient)
def show_patient(call: Call, body: Patient) -> None:
    """No longer hide a patient: the next sync publishes the dossier."""
    patients.show(call.cabinet, body.number, call.device.name)


@endpoint("POST", "patients/erase", roles=(Role.PRACTITIONER,), body=Patient)
def erase_patient(call: Call, body: Patient) -> None:
    """Delete what the portal holds of a patient, for good."""
    patients.erase(call.cabinet, body.number, call.device.name)


@endpoint("POST", "secrets", roles=AT_THE_DESK, body=StageSecrets, answer=StagedSecrets)
def stage_secrets(call: Call, body: StageSecrets) -> StagedSecrets:
    """Links and codes for these addressees, not valid before they are activated."""
    return StagedSecrets(initial_secrets.stage(call.cabinet, body.medium, body.wanted))


@endpoint("POST", "secrets/verify", roles=AT_THE_DESK, body=VerifySecrets, answer=SecretsVerified)
def verify_secrets(call: Call, body: VerifySecrets) -> SecretsVerified:
    """Whether what stands in these letters would open their dossiers; nothing is used up."""
    return initial_secrets.verify(call.cabinet, body.secrets)


@endpoint("POST", "secrets/activate", roles=AT_THE_DESK, body=Handles, answer=Activated)
def activate_secrets(call: Call, body: Handles) -> Activated:
    """What carries them is safely out: they become valid in the place of former ones."""
    return Activated(initial_secrets.activate(call.cabinet, body.handles, call.device.name))


@endpoint("POST", "secrets/discard", roles=AT_THE_DESK, body=Handles)
def discard_secrets(call: Call, body: Handles) -> None:
    """What would have carried them did not leave."""
    initial_secrets.discard(call.cabinet, body.handles)


@endpoint("POST", "announcements/claim", roles=AT_THE_DESK, body=Claim, answer=Claimed)
def claim_patients(call: Call, body: Claim) -> Claimed:
    """Reserve these patients for a campaign, or renew it."""
    return Claimed(announcements.claim(call.device, body.campaign, body.numbers))


@endpoint("POST", "announcements/release", roles=AT_THE_DESK, body=Handles)
def release_patients(call: Call, body: Handles) -> None:
    """Give up what these campaigns of this device reserved."""
    announcements.release(call.device, body.handles)


@endpoint("POST", "announcements", roles=AT_THE_DESK, body=Announced)
def announce(call: Call, body: Announced) -> None:
    """Write down who was informed, how and when."""
    announcements.announce(call.device, body.announcements)
