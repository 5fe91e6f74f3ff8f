"""systemd: a service and a persistent timer, of the system for root and of the person otherwise."""

import datetime as dt
import os
import re
from pathlib import Path

from sync.errors import ScheduleError
from sync.schedule.programs import ask
from sync.schedule.task import Installed, NightlyTask

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
            self._file(task.name, "service").write_text(service_unit(task), encoding="utf-8")
            self._file(task.name, "timer").write_text(timer_unit(task), encoding="utf-8")
        except OSError as error:
            raise ScheduleError(
                f"Le dossier {self._units} ne peut pas être écrit ({error.strerror}).",
                "Recommencez avec un compte qui en a le droit.",
            ) from error
        self._ask("daemon-reload")
        self._ask("enable", "--now", f"{task.name}.timer")

    def remove(self, cabinet: str) -> bool:
        name = f"webortho-sync-{cabinet}"
        files = [self._file(name, kind) for kind in ("timer", "service")]
        if not any(file.exists() for file in files):
            return False
        self._ask("disable", "--now", f"{name}.timer")
        for file in files:
            file.unlink(missing_ok=True)
        self._ask("daemon-reload")
        return True

    def installed(self, cabinet: str) -> Installed:
        try:
            text = self._file(f"webortho-sync-{cabinet}", "timer").read_text(encoding="utf-8")
        except OSError:
            return Installed(self.name)
        match = re.search(r"^OnCalendar=\*-\*-\* (\d\d):(\d\d):00$", text, re.MULTILINE)
        return Installed(self.name, dt.time(int(match[1]), int(match[2])) if match else None)

    def _file(self, name: str, kind: str) -> Path:
        return self._units / f"{name}.{kind}"

    def _ask(self, *arguments: str) -> None:
        scope = () if self._of_system else ("--user",)
        ask("systemctl", *scope, *arguments)


def service_unit(task: NightlyTask) -> str:
    return f"""\
[Unit]
Description=WebOrtho : publie sur le portail ce qui a changé ({task.cabinet})
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={" ".join(_quoted(part) for part in task.command)}
TimeoutStartSec=4h
UMask=0077
Nice=10
"""


def timer_unit(task: NightlyTask) -> str:
    return f"""\
[Unit]
Description=WebOrtho : chaque soir ({task.cabinet})

[Timer]
OnCalendar=*-*-* {task.at:%H:%M}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def _quoted(part: str) -> str:
    """One word of ExecStart (systemd.service(5)): percent and dollar signs stand for themselves."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
