"""The Windows Task Scheduler: tasks as XML (schema 1.2 of its documentation), registered by schtasks."""

import datetime as dt
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from sync.errors import ScheduleError
from sync.schedule.programs import ask
from sync.schedule.task import ASKING_MINUTES, Installed, NightlyTask, asking_name_of, name_of

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
            for name, xml in ((task.name, task_xml(task)), (task.asking_name, asking_xml(task))):
                file.write_bytes(xml)
                ask("schtasks", "/Create", "/F", "/TN", FOLDER + name, "/XML", str(file))

    def remove(self, cabinet: str) -> bool:
        names = [name for name in (name_of(cabinet), asking_name_of(cabinet)) if _known(name)]
        for name in names:
            ask("schtasks", "/Delete", "/F", "/TN", FOLDER + name)
        return bool(names)

    def installed(self, cabinet: str) -> Installed:
        return Installed(self.name, _time_in(_known(name_of(cabinet))))


def task_xml(task: NightlyTask) -> bytes:
    """The night's task: every day, caught up where the computer was off, tried again where it failed."""
    trigger = ET.Element("CalendarTrigger")
    _add(trigger, StartBoundary=f"{_FIRST_DAY}T{task.at:%H:%M:%S}", Enabled="true")
    _add(trigger, "ScheduleByDay", DaysInterval="1")
    words = "Publie chaque soir sur le portail WebOrtho ce qui a changé."
    return _encoded(_task(words, trigger, task.nightly, unattended=task.unattended, tries_again=True))


def asking_xml(task: NightlyTask) -> bytes:
    """The light task: every few minutes, without an end."""
    trigger = ET.Element("TimeTrigger")
    _add(trigger, "Repetition", Interval=f"PT{ASKING_MINUTES}M", StopAtDurationEnd="false")
    _add(trigger, StartBoundary=f"{_FIRST_DAY}T00:{task.asking_offset:02}:00", Enabled="true")
    words = "Regarde si un autre poste du cabinet demande une synchronisation WebOrtho."
    return _encoded(_task(words, trigger, task.asking, unattended=task.unattended))


def _task(
    description: str,
    trigger: ET.Element,
    command: tuple[str, ...],
    *,
    unattended: bool,
    tries_again: bool = False,
) -> ET.Element:
    """A task's definition. Elements stand in the order that the schema asks for."""
    root = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _add(root, "RegistrationInfo", Description=description)
    _add(root, "Triggers").append(trigger)
    logon = "S4U" if unattended else "InteractiveToken"
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
    if tries_again:
        _add(settings, "RestartOnFailure", Interval="PT30M", Count="3")
    actions = _add(root, "Actions")
    actions.set("Context", "Author")
    _add(actions, "Exec", Command=command[0], Arguments=subprocess.list2cmdline(command[1:]))
    return root


def _encoded(root: ET.Element) -> bytes:
    """In UTF-16 with its mark."""
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


def _known(name: str) -> str:
    """What the scheduler has under this name, as XML; "" where it has nothing."""
    try:
        return ask("schtasks", "/Query", "/TN", FOLDER + name, "/XML", "ONE")
    except ScheduleError:
        return ""
