"""The Windows Task Scheduler: one task as XML (schema 1.2 of its documentation), registered by schtasks."""

import datetime as dt
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from sync.errors import ScheduleError
from sync.schedule.programs import ask
from sync.schedule.task import Installed, NightlyTask

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
FOLDER = "\\WebOrtho\\"
_DECLARATION = '<?xml version="1.0" encoding="UTF-16"?>\n'
_FIRST_DAY = dt.date(2026, 1, 1)
"""A daily trigger needs a day to start from; any past one does."""


class TaskScheduler:
    name = "Planificateur de tâches de Windows"

    def install(self, task: NightlyTask) -> None:
        # schtasks reads the XML from a file, in UTF-16 as it writes it itself.
        with tempfile.TemporaryDirectory(prefix="webortho-") as folder:
            file = Path(folder) / "tache.xml"
            file.write_bytes(task_xml(task))
            ask("schtasks", "/Create", "/F", "/TN", FOLDER + task.name, "/XML", str(file))

    def remove(self, cabinet: str) -> bool:
        if self.installed(cabinet).at is None:
            return False
        ask("schtasks", "/Delete", "/F", "/TN", _path(cabinet))
        return True

    def installed(self, cabinet: str) -> Installed:
        try:
            said = ask("schtasks", "/Query", "/TN", _path(cabinet), "/XML", "ONE")
        except ScheduleError:
            return Installed(self.name)
        return Installed(self.name, _time_in(said))


def task_xml(task: NightlyTask) -> bytes:
    """The task's definition, in UTF-16 with its mark. Elements stand in the order that the schema asks for."""
    root = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _add(root, "RegistrationInfo", Description="Publie chaque soir sur le portail WebOrtho ce qui a changé.")
    trigger = _add(_add(root, "Triggers"), "CalendarTrigger")
    _add(trigger, StartBoundary=f"{_FIRST_DAY}T{task.at:%H:%M:%S}", Enabled="true")
    _add(trigger, "ScheduleByDay", DaysInterval="1")
    logon = "S4U" if task.unattended else "InteractiveToken"
    principal = _add(_add(root, "Principals"), "Principal", LogonType=logon, RunLevel="LeastPrivilege")
    principal.set("id", "Author")
    settings = _add(
        root,
        "Settings",
        MultipleInstancesPolicy="IgnoreNew",
        DisallowStartIfOnBatteries="false",
        StopIfGoingOnBatteries="false",
        StartWhenAvailable="true",
        RunOnlyIfNetworkAvailable="true",
        Enabled="true",
        WakeToRun="false",
        ExecutionTimeLimit="PT4H",
    )
    _add(settings, "RestartOnFailure", Interval="PT30M", Count="3")
    actions = _add(root, "Actions")
    actions.set("Context", "Author")
    _add(actions, "Exec", Command=task.command[0], Arguments=subprocess.list2cmdline(task.command[1:]))
    return b"\xff\xfe" + (_DECLARATION + ET.tostring(root, encoding="unicode")).encode("utf-16-le")


def _add(parent: ET.Element, tag: str = "", **texts: str) -> ET.Element:
    """A child with one element for each text; without `tag`, the texts alone."""
    element = ET.SubElement(parent, tag) if tag else parent
    for name, text in texts.items():
        ET.SubElement(element, name).text = text
    return element


def _time_in(xml: str) -> dt.time | None:
    try:
        # schtasks' own answer about a task of this computer; an XML declaration would contradict the decoded text.
        root = ET.fromstring(xml.partition("?>")[2] or xml)  # noqa: S314 - the system's own program wrote it
    except ET.ParseError:
        return None
    start = root.findtext(f".//{{{NAMESPACE}}}StartBoundary")
    return dt.datetime.fromisoformat(start).time() if start else None


def _path(cabinet: str) -> str:
    return f"{FOLDER}webortho-sync-{cabinet}"
