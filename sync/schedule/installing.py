"""Which scheduler this computer has."""

import shutil
import sys
from pathlib import Path

from sync.errors import ScheduleError
from sync.schedule.cron import Cron
from sync.schedule.systemd import Systemd
from sync.schedule.task import Scheduler
from sync.schedule.windows import TaskScheduler

SYSTEMD_RUNS = Path("/run/systemd/system")
"""There where systemd is what started this computer (sd_booted(3))."""


def scheduler() -> Scheduler:
    """Raise `ScheduleError` where there is none."""
    if sys.platform == "win32":
        return TaskScheduler()
    if SYSTEMD_RUNS.is_dir() and shutil.which("systemctl"):
        return Systemd()
    if shutil.which("crontab"):
        return Cron()
    raise ScheduleError(
        "Ce poste n’a pas de planificateur de tâches connu de WebOrtho.",
        "Installez cron, ou faites lancer «\u00a0webortho sync\u00a0» chaque soir par votre propre programme.",
    )
