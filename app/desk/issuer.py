"""Codes and links for the mail merge: from the portal, or without it as far as the cabinet's policy allows."""

from collections.abc import Mapping

from cabinet.errors import WebOrthoError
from merge.record import DummyIssuer, IssuedSecret, Medium, SecretFor
from portal.api import desk
from portal.api.desk_client import DeskClient
from portal.pages.settings import FirstAccess, FirstAccessPolicy

BIRTH_DATE_IN_WORDS = "date de naissance du patient (JJMMAAAA)"
"""@MDP says what to type, never the date itself."""
SAMPLE_CODE = "ABCD-EFGH-JKMN"
"""As long as a real one, and visibly none."""
NO_CODE_OFFLINE = "Les codes personnels sont faits par le portail : connectez ce poste, puis recommencez."
NO_BIRTH_DATE = (
    "La date de naissance n’est pas connue, et c’est elle qui sert de mot de passe. Complétez la fiche, puis refaites "
    "l’export."
)


class CodesForgottenError(WebOrthoError):
    """The portal knows codes no more that left: after a reset of their dossier, a newer code or a week's absence."""

    def __init__(self) -> None:
        super().__init__(
            "Ces codes et ces liens ont été oubliés ou remplacés entre-temps\u00a0: ils n’ouvriront rien.",
            "Refaites cet envoi.",
        )


class PortalIssuer:
    """The portal makes codes and links (`merge.record.AccessIssuer`)."""

    def __init__(self, client: DeskClient, first_access: FirstAccess) -> None:
        self._client = client
        self._first_access = first_access

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> Mapping[SecretFor, IssuedSecret]:
        asked = [desk.SecretWanted(one.number, one.contact, one.email) for one in wanted]
        staged = self._client.stage_secrets(desk.Medium(medium), asked)
        return {one: self._issued(secret) for one, secret in zip(wanted, staged, strict=True)}

    def activate(self, handles: tuple[str, ...]) -> None:
        """Raise `CodesForgottenError` where some open nothing: the ledger, which asks again, finds out which."""
        if self._client.activate_secrets(handles):
            raise CodesForgottenError

    def discard(self, handles: tuple[str, ...]) -> None:
        self._client.discard_secrets(handles)

    def wrong(self, secrets: Mapping[SecretFor, IssuedSecret]) -> frozenset[str]:
        """Handles of those that would not open their dossier."""
        merged = [
            desk.MergedSecret(
                secret.handle,
                one.number,
                code=secret.password_words if self._first_access.policy is FirstAccessPolicy.PERSONAL_CODE else "",
                link=secret.link,
            )
            for one, secret in secrets.items()
            if secret.handle
        ]
        return frozenset(self._client.verify_secrets(merged).wrong)

    def _issued(self, secret: desk.StagedSecret) -> IssuedSecret:
        if secret.refused or not secret.handle:
            return IssuedSecret("", refused=secret.refused or "Le portail n’a rien préparé pour ce patient.")
        words = secret.code or words_of(self._first_access, secret.number)
        return IssuedSecret(words, secret.link, secret.handle)


class LocalIssuer:
    """Without the portal: what the cabinet's policy says by itself, no link, nothing to activate."""

    def __init__(self, first_access: FirstAccess, without_birth_date: frozenset[str] = frozenset()) -> None:
        """`without_birth_date`: numbers of patients whose birth date the source does not give."""
        self._first_access = first_access
        self._without_birth_date = without_birth_date

    def stage(self, wanted: tuple[SecretFor, ...], medium: Medium) -> Mapping[SecretFor, IssuedSecret]:  # noqa: ARG002 - Protocol
        return {one: self._issued(one.number) for one in wanted}

    def activate(self, handles: tuple[str, ...]) -> None:
        """Nothing was staged."""

    def discard(self, handles: tuple[str, ...]) -> None:
        """Nothing was staged."""

    def _issued(self, number: str) -> IssuedSecret:
        policy = self._first_access.policy
        if policy is FirstAccessPolicy.PERSONAL_CODE:
            return IssuedSecret("", refused=NO_CODE_OFFLINE)
        if policy is FirstAccessPolicy.BIRTH_DATE and number in self._without_birth_date:
            return IssuedSecret("", refused=NO_BIRTH_DATE)
        return IssuedSecret(words_of(self._first_access, number))


def words_of(first_access: FirstAccess, number: str) -> str:
    """@MDP of a patient where no personal code was made; "" under the policy that needs one."""
    match first_access.policy:
        case FirstAccessPolicy.BIRTH_DATE:
            return BIRTH_DATE_IN_WORDS
        case FirstAccessPolicy.PATTERN:
            return first_access.pattern.replace("@ORDRE", number)
        case FirstAccessPolicy.PERSONAL_CODE:
            return ""


def sample_words(first_access: FirstAccess, number: str) -> str:
    """@MDP in a preview, as long as the real one."""
    return words_of(first_access, number) or SAMPLE_CODE


def preview_issuer(first_access: FirstAccess, number: str, site: str) -> DummyIssuer:
    """Secrets for a preview of this patient's letter."""
    return DummyIssuer(sample_words(first_access, number), site)
