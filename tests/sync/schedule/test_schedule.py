"""The nightly task on each system: what is installed, that it replaces itself, and that nothing of it is left."""

import datetime as dt
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import ScheduleError
from sync.schedule import installing
from sync.schedule.cron import Cron, crontab_lines
from sync.schedule.systemd import Systemd, service_unit, units_of
from sync.schedule.task import NightlyTask, minute_of, next_run, nightly_task
from sync.schedule.windows import FOLDER, NAMESPACE, TaskScheduler, asking_xml, task_xml

COMMAND = ("/opt/Web Ortho/python", "-m", "cli", "sync", "--config", "/home/cabinet/100 % été/sync.toml")
TASK = NightlyTask("dijon21", COMMAND, dt.time(20, 7))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, and a file where each call of its programs is written down."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\n{script}\n')
    (folder / name).chmod(0o755)


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().splitlines()


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=2, max_size=32))
def test_a_cabinet_has_a_minute_of_its_own_in_the_evening(code: str) -> None:
    assert dt.time(20) <= minute_of(code) < dt.time(22)
    assert minute_of(code) == minute_of(code)


def test_cabinets_are_spread_over_the_evening() -> None:
    minutes = Counter(minute_of(f"cabinet{number}") for number in range(1200))
    assert len(minutes) == 120
    assert max(minutes.values()) < 30


@pytest.mark.parametrize(("now", "day"), [("20:06", 6), ("20:07", 7), ("23:00", 7), ("03:00", 6)])
def test_the_next_run_is_tonight_or_tomorrow(now: str, day: int) -> None:
    moment = dt.datetime.fromisoformat(f"2026-10-06T{now}")
    assert next_run(TASK.at, moment) == dt.datetime(2026, 10, day, 20, 7)  # noqa: DTZ001 - the clock on the wall


def test_the_task_calls_this_program_with_its_configuration(tmp_path: Path) -> None:
    task = nightly_task("dijon21", tmp_path / "sync.toml")
    assert task.command == (sys.executable, "-m", "cli", "sync", "--config", str(tmp_path / "sync.toml"))
    assert task.at == minute_of("dijon21")


# Windows


def test_windows_gets_a_task_in_its_own_form() -> None:
    xml = task_xml(TASK)
    assert xml.startswith(b"\xff\xfe<\x00?\x00")
    root = ET.fromstring(xml)  # noqa: S314 - our own
    names = {"t": NAMESPACE}
    assert [child.tag.partition("}")[2] for child in root] == [
        "RegistrationInfo",
        "Triggers",
        "Principals",
        "Settings",
        "Actions",
    ]
    texts = {element.tag.partition("}")[2]: element.text for element in root.iter()}
    assert texts["StartBoundary"] == "2026-01-01T20:07:00"
    assert texts["DaysInterval"] == "1"
    assert (texts["StartWhenAvailable"], texts["MultipleInstancesPolicy"]) == ("true", "IgnoreNew")
    assert (texts["RunOnlyIfNetworkAvailable"], texts["ExecutionTimeLimit"]) == ("true", "PT4H")
    assert texts["Command"] == "/opt/Web Ortho/python"
    assert texts["Arguments"] == '-m cli sync --config "/home/cabinet/100 % été/sync.toml" --planned'
    assert root.find("t:Principals/t:Principal", names).get("id") == root.find("t:Actions", names).get("Context")


@pytest.mark.parametrize(("unattended", "logon"), [(True, "S4U"), (False, "InteractiveToken")])
def test_windows_runs_it_in_the_session_whose_keyring_it_needs(unattended: bool, logon: str) -> None:
    root = ET.fromstring(task_xml(NightlyTask("dijon21", COMMAND, dt.time(20), unattended)))  # noqa: S314 - our own
    assert root.findtext(f".//{{{NAMESPACE}}}LogonType") == logon


def test_windows_is_told_by_schtasks_and_asked_again(programs: Path) -> None:
    kept = f"{programs}/$(echo $name | /usr/bin/tr '\\\\' _).xml"
    program(
        programs,
        "schtasks",
        f'case "$1" in /Query) name="$3";; *) name="$4";; esac\n'
        f'case "$1" in /Create) /bin/cp "$6" {kept};; /Query) [ -f {kept} ] || exit 1; '
        f"/usr/bin/iconv -f utf-16 -t utf-8 {kept};; /Delete) /bin/rm {kept};; esac",
    )
    windows = TaskScheduler()
    assert windows.installed("dijon21").at is None
    windows.install(TASK)
    windows.install(TASK)
    assert windows.installed("dijon21").at == dt.time(20, 7)
    assert len(list(programs.glob("*.xml"))) == 2
    assert windows.remove("dijon21")
    assert not windows.remove("dijon21")
    assert list(programs.glob("*.xml")) == []
    created = [line.partition(" /XML ")[0] for line in asked(programs) if line.startswith("/Create")]
    assert created[:2] == [f"/Create /F /TN {FOLDER}webortho-{kind}-dijon21" for kind in ("sync", "asked")]


def test_windows_looks_every_five_minutes_whether_somebody_asks() -> None:
    root = ET.fromstring(asking_xml(TASK))  # noqa: S314 - our own
    trigger = root.find(f"{{{NAMESPACE}}}Triggers/{{{NAMESPACE}}}TimeTrigger")
    assert trigger is not None
    assert trigger.findtext(f"{{{NAMESPACE}}}Repetition/{{{NAMESPACE}}}Interval") == "PT5M"
    assert trigger.findtext(f"{{{NAMESPACE}}}StartBoundary") == f"2026-01-01T00:0{TASK.asking_offset}:00"
    assert root.findtext(f".//{{{NAMESPACE}}}Arguments", "").endswith("--if-asked")
    assert root.find(f".//{{{NAMESPACE}}}RestartOnFailure") is None


def test_a_task_on_windows_opens_no_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python.exe"))
    assert nightly_task("dijon21", tmp_path / "sync.toml").command[0] == str(tmp_path / "python.exe")
    (tmp_path / "pythonw.exe").touch()
    assert nightly_task("dijon21", tmp_path / "sync.toml").command[0] == str(tmp_path / "pythonw.exe")


def test_cabinets_do_not_all_look_at_the_same_minute() -> None:
    offsets = Counter(NightlyTask(f"cabinet{n}", COMMAND, dt.time(20)).asking_offset for n in range(1000))
    assert sorted(offsets) == [0, 1, 2, 3, 4]
    assert min(offsets.values()) > 150


# systemd


def test_systemd_gets_a_persistent_timer_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    program(programs, "systemctl", "")
    units = tmp_path / "units"
    systemd = Systemd(units, of_system=False)
    assert systemd.installed("dijon21").at is None
    systemd.install(TASK)
    systemd.install(TASK)
    assert systemd.installed("dijon21").at == dt.time(20, 7)
    assert sorted(path.name for path in units.iterdir()) == [
        "webortho-asked-dijon21.service",
        "webortho-asked-dijon21.timer",
        "webortho-sync-dijon21.service",
        "webortho-sync-dijon21.timer",
    ]
    assert systemd.remove("dijon21")
    assert not systemd.remove("dijon21")
    assert list(units.iterdir()) == []
    timers = "webortho-sync-dijon21.timer webortho-asked-dijon21.timer"
    assert asked(programs)[:2] == [
        "--user daemon-reload",
        f"--user enable --now {timers}",
    ]
    assert asked(programs)[-2:] == [f"--user disable --now {timers}", "--user daemon-reload"]


def test_systemd_takes_away_what_was_installed_before_there_was_a_light_task(programs: Path, tmp_path: Path) -> None:
    program(programs, "systemctl", "")
    systemd = Systemd(tmp_path, of_system=True)
    systemd.install(TASK)
    for file in tmp_path.glob("webortho-asked-*"):
        file.unlink()
    assert systemd.remove("dijon21")
    assert asked(programs)[-2] == "disable --now webortho-sync-dijon21.timer"


def test_systemd_reads_signs_of_its_own_as_they_stand() -> None:
    line = next(line for line in service_unit("dijon21", COMMAND).splitlines() if line.startswith("ExecStart="))
    assert line == (
        'ExecStart="/opt/Web Ortho/python" "-m" "cli" "sync" "--config" "/home/cabinet/100 %% été/sync.toml"'
    )


def test_systemd_stops_a_night_as_a_person_does() -> None:
    """Python ends at once at SIGTERM; a run that Ctrl+C stops is journalled (tests/sync/test_run.py)."""
    assert {"KillSignal=SIGINT", "SuccessExitStatus=130"} <= set(service_unit("dijon21", COMMAND).splitlines())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_itself_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    task = nightly_task("dijon21", tmp_path / "sync.toml")
    files = []
    for name, text in units_of(task).items():
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_system_that_refuses_says_why(programs: Path, tmp_path: Path) -> None:
    program(programs, "systemctl", "echo 'Access denied' >&2; exit 4")
    with pytest.raises(ScheduleError) as refused:
        Systemd(tmp_path, of_system=True).install(TASK)
    assert refused.value.what == "Le planificateur de ce poste (systemctl) refuse\u00a0: Access denied."


# cron


def test_cron_keeps_the_persons_own_lines(programs: Path) -> None:
    table = programs / "table"
    table.write_text("0 6 * * 1 sauvegarde\n")
    program(programs, "crontab", f'[ "$1" = -l ] && exec /bin/cat {table}; exec /bin/cat > {table}')
    cron = Cron()
    assert cron.installed("dijon21").at is None
    cron.install(TASK)
    cron.install(TASK)
    assert cron.installed("dijon21").at == dt.time(20, 7)
    assert len(table.read_text().splitlines()) == 4
    assert cron.remove("dijon21")
    assert not cron.remove("dijon21")
    assert table.read_text() == "0 6 * * 1 sauvegarde\n"


def test_an_account_without_a_crontab_gets_one(programs: Path) -> None:
    table = programs / "table"
    program(
        programs,
        "crontab",
        f'if [ "$1" = -l ]; then [ -f {table} ] && exec /bin/cat {table}; echo "no crontab for root" >&2; exit 1; fi\n'
        f"exec /bin/cat > {table}",
    )
    Cron().install(TASK)
    assert table.read_text().splitlines() == list(crontab_lines(TASK))


def test_crons_lines_are_run_as_they_were_meant(tmp_path: Path) -> None:
    """cron ends a command at a percent sign, unless it is escaped; a shell reads the rest."""
    for line in crontab_lines(TASK):
        command = line.rpartition("* * * ")[2] if "* * * " in line else line.partition("sleep 300; ")[2]
        words = shlex.split(command.replace("\\%", "%").partition(" >/dev/null")[0])
        planned = (*COMMAND, "--planned")
        assert tuple(words) in (planned, (*planned, "--if-due"), (*COMMAND, "--if-asked"))


def test_a_computer_without_any_scheduler_says_what_to_do(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "SYSTEMD_RUNS", programs / "absent")
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(ScheduleError, match="Installez cron"):
        installing.scheduler()
