"""cron, where there is no systemd: three lines of the person's crontab."""

import datetime as dt
import re
import shlex

from sync.errors import ScheduleError
from sync.schedule.programs import ask
from sync.schedule.task import ASKING_MINUTES, Installed, NightlyTask


class Cron:
    name = "cron"

    def install(self, task: NightlyTask) -> None:
        self._write([*_without(self._lines(), task.cabinet), *crontab_lines(task)])

    def remove(self, cabinet: str) -> bool:
        lines = self._lines()
        kept = _without(lines, cabinet)
        if kept == lines:
            return False
        self._write(kept)
        return True

    def installed(self, cabinet: str) -> Installed:
        for line in self._lines():
            if line.endswith(_mark(cabinet)) and (match := re.match(r"(\d+) (\d+) \* \* \* ", line)):
                return Installed(self.name, dt.time(int(match[2]), int(match[1])))
        return Installed(self.name)

    @staticmethod
    def _lines() -> list[str]:
        try:
            return ask("crontab", "-l").splitlines()
        except ScheduleError as error:
            # An account without a crontab is refused: it has no lines.
            if "no crontab" in error.what or "code 1" in error.what:
                return []
            raise

    @staticmethod
    def _write(lines: list[str]) -> None:
        ask("crontab", "-", given="".join(f"{line}\n" for line in lines).encode())


def crontab_lines(task: NightlyTask) -> tuple[str, str, str]:
    """Every evening; after a start, if the evening before was missed; and every few minutes, if somebody asks.

    A percent sign would end a command.
    """
    command, asking = (shlex.join(words).replace("%", "\\%") for words in (task.nightly, task.asking))
    mark = _mark(task.cabinet)
    return (
        f"{task.at.minute} {task.at.hour} * * * {command} >/dev/null 2>&1 {mark}",
        f"@reboot sleep 300; {command} --if-due >/dev/null 2>&1 {mark}",
        f"{task.asking_offset}-59/{ASKING_MINUTES} * * * * {asking} >/dev/null 2>&1 {mark}",
    )


def _without(lines: list[str], cabinet: str) -> list[str]:
    return [line for line in lines if not line.endswith(_mark(cabinet))]


def _mark(cabinet: str) -> str:
    return f"# webortho-sync-{cabinet}"
