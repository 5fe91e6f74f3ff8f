"""`run.py` sets a machine up once, says what it lacks, and takes up a set-up that was interrupted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from set_up import system
from set_up.environment import Environment
from set_up.system import Program

ROOT = Path(__file__).resolve().parents[2]
WRK = Program("wrk", "charger le portail")
RSYNC = Program("rsync", "comparer")

BACK_END = """
import zipfile
from pathlib import Path

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "small-1-py3-none-any.whl"
    info = "small-1.dist-info"
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        wheel.writestr("small.pth", str(Path.cwd()))
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH: a Debian that has wrk installed, and writes down what apt-get is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in {
        "dpkg-query": "echo 'wrk installed'; echo 'gone not-installed'; exit 1",
        "apt-get": f'echo "$DEBIAN_FRONTEND $*" >> {tmp_path}/asked',
        "env": 'exec /usr/bin/env "$@"',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Environment:
    """A project that needs no package and installs itself without a network."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "lock-demo.txt").write_text("")
    (tmp_path / "back_end.py").write_text(BACK_END)
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "back_end"\nbackend-path = ["."]\n'
    )
    return Environment(tmp_path)


def test_what_dpkg_has_installed_is_not_missing(programs: Path) -> None:
    assert system.missing([WRK, RSYNC, Program("gone", "rien")]) == [RSYNC, Program("gone", "rien")]


def test_a_mail_server_is_not_replaced_by_another(programs: Path) -> None:
    (programs / "dpkg-query").write_text(
        "#!/bin/sh\ncase \"$*\" in *Provides*) echo 'installed mail-transport-agent (= 1), postfix-lmdb';; esac\n"
    )
    mail_server = Program("opensmtpd", "remettre", unless="mail-transport-agent")

    assert system.missing([mail_server, RSYNC]) == [RSYNC]


def test_nothing_is_asked_of_apt_when_nothing_is_missing(
    programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    system.install([WRK])

    assert capsys.readouterr().out == ""
    assert not (tmp_path / "asked").exists()


def test_root_installs_what_is_missing_after_saying_so(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    system.install([WRK, RSYNC])

    assert capsys.readouterr().out.splitlines()[:2] == [
        "Programmes du système à installer\u00a0:",
        "  rsync                     pour comparer",
    ]
    assert (tmp_path / "asked").read_text().splitlines() == [
        "noninteractive update --quiet=2",
        "noninteractive install --yes --no-install-recommends rsync --quiet=2",
    ]


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["no sudo", "sudo refuses"])
def test_without_the_right_to_install_the_command_is_printed_and_nothing_is_done(
    sudo: str | None,
    programs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if sudo:
        (programs / "sudo").write_text(f"#!/bin/sh\n{sudo}\n")
        (programs / "sudo").chmod(0o755)

    with pytest.raises(SystemExit) as stopped:
        system.install([RSYNC])

    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "Ce compte n’a pas le droit d’installer des programmes. Demandez à l’administrateur de lancer cette commande, "
        "puis recommencez\u00a0:\n  apt-get update && apt-get install --yes --no-install-recommends rsync\n"
    )
    assert not (tmp_path / "asked").exists()


def test_sudo_without_a_password_installs(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (programs / "sudo").write_text('#!/bin/sh\n[ "$1" = -n ] && exit 0\nexec "$@"\n')
    (programs / "sudo").chmod(0o755)

    system.install([RSYNC])

    assert "install --yes --no-install-recommends rsync" in (tmp_path / "asked").read_text()


def test_a_failed_installation_shows_what_apt_said_and_stops(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (programs / "apt-get").write_text("#!/bin/sh\necho 'E: no space left' >&2\nexit 100\n")

    with pytest.raises(SystemExit):
        system.install([RSYNC])

    said = capsys.readouterr().err
    assert said.startswith("E: no space left\n")
    assert "L’installation des programmes du système a échoué\u00a0: apt-get dit pourquoi ci-dessus." in said


def test_without_apt_the_command_says_what_it_does_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    system.install([WRK, RSYNC])

    assert capsys.readouterr().out == (
        "Sans apt-get, run.py n’installe aucun programme du système. Ce qui demande wrk, rsync est sauté s’il manque.\n"
    )


def test_an_environment_is_made_once_and_again_when_its_lock_file_changes(small: Environment) -> None:
    assert not small.is_ready(["demo"])

    small.make("demo")

    assert small.is_ready(["demo"])
    assert subprocess.run([small.program("python"), "-c", "import back_end"], cwd="/", check=False).returncode == 0
    small.lock_file("demo").write_text("# changed\n")
    assert not small.is_ready(["demo"])
    small.make("demo")
    assert small.is_ready(["demo"])


def test_an_interrupted_set_up_is_begun_again_from_nothing(small: Environment) -> None:
    small.make("demo")
    small.unfinished.touch()
    half = small.folder / "half-installed"
    half.touch()

    assert not small.is_ready(["demo"])
    small.make("demo")

    assert small.is_ready(["demo"])
    assert not half.exists()


def test_an_environment_whose_interpreter_is_gone_is_made_again(small: Environment) -> None:
    small.make("demo")
    small.program("python").unlink()

    assert not small.is_ready(["demo"])
    small.make("demo")

    assert small.is_ready(["demo"])


def test_a_package_that_is_not_the_locked_one_stops_the_set_up(
    small: Environment, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wheels = small.root / "wheels"
    wheels.mkdir()
    (wheels / "click-8.2.1-py3-none-any.whl").write_bytes(b"not the one that was locked")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    small.lock_file("demo").write_text("click==8.2.1 \\\n    --hash=sha256:" + "0" * 64 + "\n")

    with pytest.raises(SystemExit):
        small.make("demo")

    said = capfd.readouterr().err
    assert "DO NOT MATCH THE HASHES" in said
    assert "L’installation des bibliothèques Python a échoué" in said
    assert not small.is_ready(["demo"])


def test_an_unknown_command_is_answered_with_the_list() -> None:
    done = subprocess.run([sys.executable, ROOT / "run.py", "dmeo"], capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(
        "«\u00a0dmeo\u00a0» n’est pas une commande de run.py.\nCommandes\u00a0:\n  python3 run.py demo"
    )
