"""Codes and links around an output on paper: staged before, valid once it is safely written, discarded otherwise."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from merge.record import AccessIssuer, IssuedSecret


@contextmanager
def issued(issuer: AccessIssuer, numbers: tuple[str, ...], *, paper: bool) -> Iterator[Mapping[str, IssuedSecret]]:
    """Secrets by patient's number, for the time of a `with` in which the whole output is written.

    Leaving it normally makes them valid; leaving it by an exception, or by the person's cancel, discards them, and
    what the patients had before goes on living.
    """
    secrets = issuer.stage(numbers, paper=paper)
    try:
        yield secrets
    except BaseException:
        issuer.discard(numbers)
        raise
    issuer.activate(numbers)
