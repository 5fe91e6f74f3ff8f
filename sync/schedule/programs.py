"""The systems' own programs (schtasks, systemctl, crontab): asked in one place, their refusals told in French."""

import subprocess

from sync.errors import ScheduleError

WITHIN = 30


def ask(*command: str, given: bytes = b"", by_hand: str = "") -> str:
    """What the program printed. Raise `ScheduleError` where it is missing, refuses or hangs."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=WITHIN, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(command, type(error).__name__, by_hand) from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().partition("\n")[0]
        raise _refused(command, said or f"code {done.returncode}", by_hand)
    return done.stdout.decode("utf-8", "replace")


def _refused(command: tuple[str, ...], why: str, by_hand: str) -> ScheduleError:
    return ScheduleError(
        f"Le planificateur de ce poste ({command[0]}) refuse\u00a0: {why}.",
        f"Lancez cette commande en tant qu’administrateur\u00a0: {by_hand}"
        if by_hand
        else "Recommencez avec un compte qui a le droit de planifier des tâches.",
    )
