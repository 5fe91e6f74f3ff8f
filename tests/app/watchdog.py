"""How long the window was deaf: the longest time between two turns of the event loop."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

EVERY = 5
"""Milliseconds between two looks."""


class Watchdog(QObject):
    """Watches from `start` to `stop`. Tests print or compare with generous limits: machines are slow and shared.

    `longest_wall` counts what anything on this machine did meanwhile; `longest_cpu` only what the interface's own
    thread computed between two turns, so a busy machine does not change it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_wall = 0.0
        self.longest_cpu = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._look)
        self._wall = self._cpu = 0.0

    def start(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """What happened since the last look counts too."""
        self._look()
        self._timer.stop()

    def _look(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self.longest_wall = max(self.longest_wall, wall - self._wall)
        self.longest_cpu = max(self.longest_cpu, cpu - self._cpu)
        self._wall, self._cpu = wall, cpu
