"""The measuring itself: what is counted, who is compared, and that nothing is invented."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import export, letters
from tests.benchmarks.harness import Contender, Interrupted, Sample, Table, compete
from tests.benchmarks.processes import BenchmarkFailed, free_port, measure, serving, tree_cpu, tree_peak_mb
from tests.benchmarks.report import as_json, as_text
from tests.benchmarks.visible import visible_words
from tests.merge.servers import wait_until

BUSY = "import time\nuntil = time.process_time() + 0.3\nwhile time.process_time() < until: pass"
SERVER = """
import socket, subprocess, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    server.accept()[0].close()
    subprocess.run([sys.executable, "-c", sys.argv[2]])
"""
KNOCK = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(1)"


def constant(cpu: float, **figures: float) -> Callable[[int], Sample]:
    return lambda _: Sample(2 * cpu, cpu, 10.0, figures)


def test_cpu_seconds_are_the_command_s_and_its_children_s() -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}]); print('done')"

    usage = measure([sys.executable, "-c", parent])

    assert usage.cpu >= 0.3
    assert usage.output == "done\n"
    assert usage.peak_mb > 1


def test_cpu_seconds_of_a_server_and_of_its_children_that_ended_count() -> None:
    port = free_port()
    with serving([sys.executable, "-c", SERVER, str(port), BUSY], port) as pid:
        for _ in range(2):
            # The server is in its child's work when it does not answer: the second knock waits for the first's.
            measure([sys.executable, "-c", KNOCK, str(port)])
        assert tree_cpu(pid) >= 0.3


def test_the_peak_is_the_command_s_own_however_large_this_process_is() -> None:
    ballast = b"x" * 400_000_000
    small = measure(["true"])
    large = measure([sys.executable, "-c", "b'x' * 100_000_000"])

    assert len(ballast) > 200_000_000
    assert small.peak_mb < 50
    assert 100 < large.peak_mb < 200


def test_cpu_seconds_hold_nothing_of_who_measures() -> None:
    assert measure(["true"]).cpu < measure([sys.executable, "-I", "-S", "-c", ""]).cpu


def test_a_process_that_has_ended_but_is_not_waited_for_is_no_hindrance() -> None:
    with subprocess.Popen(["true"]) as ended:
        wait_until(lambda: has_ended(str(ended.pid)), "it has ended")
        assert tree_peak_mb(os.getpid()) > 5


def test_a_program_that_is_not_there_gives_its_name_and_no_figure() -> None:
    with pytest.raises(BenchmarkFailed, match=r"nowhere-to-be-found ended with 1: [^$]*FileNotFoundError"):
        measure(["nowhere-to-be-found"])


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl+C is heeded here and by what is started here: a shell lets its programs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def has_ended(pid: str) -> bool:
    """Waited for or not: where no process 1 waits for orphans, they stay behind."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.usefixtures("heeded")
def test_a_command_that_is_interrupted_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """Ctrl+C reaches the one who measures alone."""
    told = tmp_path / "told"
    child = f"import os, time; open({str(told)!r}, 'w').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
    starter = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    program = (
        "import sys; from tests.benchmarks.processes import measure; measure([sys.executable, '-c', *sys.argv[1:]])"
    )
    with subprocess.Popen([sys.executable, "-c", program, starter, child], stderr=subprocess.PIPE) as measuring:
        try:
            wait_until(lambda: told.exists() and told.read_text().endswith("\n"), "the command has begun")
            measuring.send_signal(signal.SIGINT)
            measuring.communicate(timeout=60)
        finally:
            measuring.kill()

    assert measuring.returncode == -signal.SIGINT
    wait_until(lambda: has_ended(told.read_text().strip()), "it has ended")


@pytest.mark.usefixtures("heeded")
def test_a_measuring_that_is_interrupted_while_its_command_ends_is_interrupted_as_any() -> None:
    with pytest.raises(KeyboardInterrupt):
        measure(["sh", "-c", f"kill -INT {os.getpid()}"])


def test_a_program_that_fails_gives_its_words_and_no_figure() -> None:
    with pytest.raises(BenchmarkFailed, match="ended with 3: no disk"):
        measure([sys.executable, "-c", "import sys; print('no disk', file=sys.stderr); sys.exit(3)"])


def test_a_server_that_ends_at_once_gives_its_words() -> None:
    with pytest.raises(BenchmarkFailed, match="taken"), serving([sys.executable, "-c", "print('taken')"], free_port()):
        pass


def test_contenders_take_turns_and_their_medians_are_compared() -> None:
    turns: list[str] = []
    costs = {"ours": iter([1.0, 9.0, 2.0]), "theirs": iter([4.0, 3.0, 5.0])}

    def contender(name: str) -> Contender:
        def run(_: int) -> Sample:
            turns.append(name)
            return Sample(1.0, next(costs[name]), 1.0)

        return Contender(name, run)

    table = compete("job", [contender("ours"), contender("theirs")], 3)

    assert turns == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert [line.median.cpu for line in table.lines if line.median] == [2.0, 4.0]
    assert as_text(table).splitlines()[3].split()[1:5] == ["1.000", "4.000", "1.00×", "2.00×"]


def test_there_are_never_fewer_than_three_rounds() -> None:
    rounds: list[int] = []

    def run(number: int) -> Sample:
        rounds.append(number)
        return Sample(1.0, 1.0, 1.0)

    compete("job", [Contender("ours", run)], 1)

    assert rounds == [0, 1, 2]


def test_who_takes_minutes_runs_in_the_first_round_alone() -> None:
    rounds: list[int] = []

    def slow(number: int) -> Sample:
        rounds.append(number)
        return Sample(1.0, 1.0, 1.0)

    compete("job", [Contender("ours", constant(1.0)), Contender("slow", slow, once=True)], 3)

    assert rounds == [0]


def test_an_interrupted_measuring_gives_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    def until_a_key(number: int) -> Sample:
        if number == 1:
            raise KeyboardInterrupt
        return Sample(1.0, 7.0, 1.0)

    with pytest.raises(Interrupted) as stopped:
        compete("job", [Contender("ours", constant(1.0)), Contender("theirs", until_a_key)], 3)

    ours, theirs = stopped.value.table.lines
    assert theirs.median is not None
    assert (theirs.median.cpu, theirs.note) == (7.0, "interrompu\u00a0: 1\u00a0tour sur 3")
    assert ours.note == theirs.note
    said = capsys.readouterr().err.splitlines()
    assert said == ["  job, tour 1 sur 3\u00a0: ours", "  job, tour 1 sur 3\u00a0: theirs"]


def test_tables_that_were_complete_are_printed_before_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(rounds: int) -> Iterator[Table]:
        yield compete("first", [Contender("ours", constant(1.0))], rounds)
        raise Interrupted(Table("second", ()))

    monkeypatch.setattr(sys, "argv", ["bench", "letters", "--json"])
    monkeypatch.setattr(letters, "run", run)

    assert bench.main() == 130
    printed = json.loads(capsys.readouterr().out)
    assert [table["title"] for table in printed["benchmarks"]["letters"]] == ["first", "second"]


def test_a_peer_that_is_not_installed_is_named_without_a_figure() -> None:
    absent = Contender("theirs", constant(1.0), missing="pas installé")

    table = compete("job", [Contender("ours", constant(1.0, octets=1234)), absent], 3)

    assert " ".join(as_text(table).splitlines()[-1].split()) == "theirs — — — — — — pas mesuré : pas installé"
    assert as_json(table)["contenders"][1] == {"name": "theirs", "missing": "pas installé"}  # type: ignore[index]


def test_the_export_has_the_sizes_it_says_and_a_night_changes_one_patient_in_a_hundred(tmp_path: Path) -> None:
    def rows(name: str) -> list[list[str]]:
        with (tmp_path / name).open(encoding="cp1252", newline="") as file:
            return list(csv.reader(file, delimiter=";"))[1:]

    export.write_export(tmp_path, 200)
    before = rows("rendez_vous.csv")
    assert [len(rows(name)) for name in ("patients.csv", "echeances.csv", "honoraires.csv")] == [200, 1200, 1200]
    assert len(before) == 200 * export.APPOINTMENTS_EACH
    export.change_export(tmp_path, 1)
    after = rows("rendez_vous.csv")

    assert len({row[0] for row in after if row not in before}) == 2
    assert len(after) == len(before) + 2


def test_visible_words_are_what_a_person_reads() -> None:
    html = (
        "<head><title>No</title></head><p>Né <b>le</b>\n 3&nbsp;mai</p><svg><title>no</title></svg><script>no</script>"
    )

    assert visible_words(html) == ["Né", "le", "3", "mai"]
