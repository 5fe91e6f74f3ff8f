"""Which scheduler this computer has."""

import shutil
import sys
from pathlib import Path

from sync.errors import ScheduleError
from sync.schedule.task import Scheduler

SYSTEMD_RUNS = Path("/run/systemd/system")
"""There where systemd is what started this computer (sd_booted(3))."""


def scheduler() -> Scheduler:
    """Raise `ScheduleError` where there is none."""
    if sys.platform == "win32":
        from sync.schedule.windows import TaskScheduler  # noqa: PLC0415 - the evening's run needs none of them

        return TaskScheduler()
    if SYSTEMD_RUNS.is_dir() and shutil.which("systemctl"):
        from sync.schedule.systemd import Systemd  # noqa: PLC0415 - as above

        return Systemd()
    if shutil.which("crontab"):
        from sync.schedule.cron import Cron  # noqa: PLC0415 - as above

        return Cron()
    raise ScheduleError(
        "Ce poste n’a pas de planificateur de tâches connu de WebOrtho.",
        "Installez cron, ou faites lancer «\u00a0webortho sync\u00a0» chaque soir par votre propre programme.",
    )
