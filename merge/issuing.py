"""Codes and links around an output on paper: staged before, valid once it is safely written, discarded otherwise."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from cabinet.errors import WebOrthoError
from merge.record import AccessIssuer, IssuedSecret, Medium, SecretFor


@contextmanager
def staged(
    issuer: AccessIssuer, wanted: tuple[SecretFor, ...], medium: Medium
) -> Iterator[Mapping[SecretFor, IssuedSecret]]:
    """Secrets for the time of a `with` in which the whole output is written; whoever wrote it activates them.

    Leaving it by an exception, or by the person's cancel, discards them: what the patients had before goes on living.
    """
    secrets = issuer.stage(wanted, medium)
    try:
        yield secrets
    except BaseException:
        give_up(issuer, handles_of(secrets.values()))
        raise


def handles_of(secrets: Iterable[IssuedSecret]) -> tuple[str, ...]:
    """What there is to activate or to discard, each once."""
    return tuple(dict.fromkeys(secret.handle for secret in secrets if secret.handle))


def give_up(issuer: AccessIssuer, handles: tuple[str, ...]) -> None:
    """Discard what was staged in vain. Where the portal is away it forgets them by itself: they were never valid."""
    if handles:
        with suppress(WebOrthoError):
            issuer.discard(handles)
