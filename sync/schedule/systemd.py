"""systemd: services and timers, of the system for root and of the person otherwise."""

import datetime as dt
import os
import re
from pathlib import Path

from cabinet.system_words import why
from sync.errors import ScheduleError
from sync.schedule.programs import ask
from sync.schedule.task import ASKING_MINUTES, Installed, NightlyTask, asking_name_of, name_of

SYSTEM_UNITS = Path("/etc/systemd/system")


class Systemd:
    name = "systemd"

    def __init__(self, units: Path | None = None, *, of_system: bool | None = None) -> None:
        """`units`: where unit files go, if not where this account's belong."""
        self._of_system = os.geteuid() == 0 if of_system is None else of_system
        own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
        self._units = units or (SYSTEM_UNITS if self._of_system else own)

    def install(self, task: NightlyTask) -> None:
        try:
            self._units.mkdir(parents=True, exist_ok=True)
            for name, text in units_of(task).items():
                (self._units / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise ScheduleError(
                f"Le dossier {self._units} ne peut pas être écrit ({why(error)}).",
                "Recommencez avec un compte qui en a le droit.",
            ) from error
        self._ask("daemon-reload")
        self._ask("enable", "--now", f"{task.name}.timer", f"{task.asking_name}.timer")

    def remove(self, cabinet: str) -> bool:
        names = (name_of(cabinet), asking_name_of(cabinet))
        files = [self._file(name, kind) for name in names for kind in ("timer", "service")]
        if not any(file.exists() for file in files):
            return False
        # Of an installation before the light task there is one timer only, and systemd refuses what it does not have.
        self._ask("disable", "--now", *(f"{name}.timer" for name in names if self._file(name, "timer").exists()))
        for file in files:
            file.unlink(missing_ok=True)
        self._ask("daemon-reload")
        return True

    def installed(self, cabinet: str) -> Installed:
        try:
            text = self._file(name_of(cabinet), "timer").read_text(encoding="utf-8")
        except OSError:
            return Installed(self.name)
        match = re.search(r"^OnCalendar=\*-\*-\* (\d\d):(\d\d):00$", text, re.MULTILINE)
        return Installed(self.name, dt.time(int(match[1]), int(match[2])) if match else None)

    def _file(self, name: str, kind: str) -> Path:
        return self._units / f"{name}.{kind}"

    def _ask(self, *arguments: str) -> None:
        scope = () if self._of_system else ("--user",)
        ask("systemctl", *scope, *arguments)


def units_of(task: NightlyTask) -> dict[str, str]:
    """File name -> content: a service and a timer for the night, and two for who asks in between."""
    evening = f"*-*-* {task.at:%H:%M}:00"
    light = f"*:{task.asking_offset:02}/{ASKING_MINUTES}:00"
    return {
        f"{task.name}.service": service_unit(task.cabinet, task.nightly),
        f"{task.name}.timer": timer_unit(f"chaque soir ({task.cabinet})", evening, persistent=True),
        f"{task.asking_name}.service": service_unit(task.cabinet, task.asking),
        f"{task.asking_name}.timer": timer_unit(f"à la demande d’un poste ({task.cabinet})", light, persistent=False),
    }


def service_unit(cabinet: str, command: tuple[str, ...]) -> str:
    """Stopped as by Ctrl+C, so that the journal says at once that it was."""
    return f"""\
[Unit]
Description=WebOrtho : publie sur le portail ce qui a changé ({cabinet})
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={" ".join(_quoted(part) for part in command)}
TimeoutStartSec=4h
KillSignal=SIGINT
SuccessExitStatus=130
UMask=0077
Nice=10
"""


def timer_unit(when: str, calendar: str, *, persistent: bool) -> str:
    """`persistent`: a time that went by while the computer was off is caught up."""
    return f"""\
[Unit]
Description=WebOrtho : {when}

[Timer]
OnCalendar={calendar}
Persistent={str(persistent).lower()}

[Install]
WantedBy=timers.target
"""


def _quoted(part: str) -> str:
    """One word of ExecStart (systemd.service(5)): percent and dollar signs stand for themselves."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
