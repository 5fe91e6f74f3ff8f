"""From the command to the first painted window, whole processes, beside a window with nothing in it.

Bytecode is compiled before, as in an installation; the window is painted without a screen (Qt's `offscreen`), so a
graphics card or a slow screen is no part of it.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.state import Remembered, remember
from sync.config import SyncConfig, write_config
from tests.benchmarks.harness import Contender, Sample, Table, compete
from tests.benchmarks.processes import measure

MORE_ROUNDS = 4
"""A start is short: this many times the rounds that were asked for."""
KINDS = {
    "ours": "WebOrtho, première fenêtre",
    "state": "QMainWindow vide, configuration et état lus",
    "bare": "QMainWindow vide",
}


def _of_round(start: Callable[[str], Sample], kind: str, _: int) -> Sample:
    return start(kind)


def run(rounds: int) -> list[Table]:
    with tempfile.TemporaryDirectory(prefix="webortho-start-") as place:
        folder = Path(place)
        config_file, state_dir = folder / "sync.toml", folder / "state"
        # No portal answers there: nothing is asked before the window is painted.
        write_config(SyncConfig("http://127.0.0.1:9", "dijon21"), config_file)
        remember(state_dir, Remembered(screen="home"))
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }

        def start(kind: str) -> Sample:
            command: list[str | Path] = [
                sys.executable,
                "-m",
                "tests.benchmarks.start_window",
                kind,
                config_file,
                state_dir,
            ]
            used = measure(command, env=environment)
            return Sample(used.wall, used.cpu, used.peak_mb)

        for kind in KINDS:
            start(kind)
        contenders = [Contender(name, partial(_of_round, start, kind)) for kind, name in KINDS.items()]
        return [compete("De la commande à la première fenêtre", contenders, MORE_ROUNDS * rounds)]
