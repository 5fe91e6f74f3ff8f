"""A line that is cut, slow or lies anywhere in a sync: nothing wrong is ever shown, and the next run ends right."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cabinet.errors import WebOrthoError
from cli.embedded_portal import EmbeddedPortal
from portal.api.errors import PortalError
from sync.cancel import CancelToken
from sync.report import Outcome, RunReport
from tests.e2e.journey.bad_line import Altered, BadLine, Direction, bad_line
from tests.e2e.journey.clinic import Device, enrolled_device, shown_as
from tests.e2e.journey.conftest import NewCabinet
from tests.e2e.journey.small_export import SmallExport
from tests.rounds import Rounds

PATIENTS = 40
LATE = 2.0
"""Seconds that an answer takes on a slow line."""


class Hurried(CancelToken):
    """Waits for no second try: the line is as it is."""

    def wait(self, seconds: float) -> None:  # noqa: ARG002 - as it is in the token
        self.check()


@dataclass
class Scene:
    """A cabinet's nightly computer behind the line, and the same one beside it to see what the portal shows."""

    line: BadLine
    device: Device
    straight: Device
    export: SmallExport
    night: int = 0

    def change(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """A new export; what the portal shows now, and what it is to show."""
        self.night += 1
        for number in sorted(self.export.names)[:10]:
            self.export.names[number] = f"NOM-{self.night}"
        self.export.names[f"9{self.night:04}"] = "NOUVEAU"
        self.export.names.pop(f"9{self.night - 1:04}", None)
        self.export.write()
        return shown_as(self.straight.shown()), self.device.expected()

    def run(self) -> RunReport:
        return self.device.run_here(cancel=Hurried())

    def live_through(self) -> Exception | None:
        """A night on the line as it is now; what ended it. What is shown is one state, whole, and then the new one."""
        before, after = self.change()
        ended: Exception | None = None
        try:
            self.run()
        except WebOrthoError as error:
            ended = error
        assert isinstance(ended, PortalError | None), ended
        shown = shown_as(self.straight.shown())
        assert shown in (before, after)
        assert ended is not None or shown == after
        self.line.heal()
        self.run()
        assert shown_as(self.straight.shown()) == after
        assert self.run().status is Outcome.CURRENT
        return ended


@pytest.fixture
def scene(portal: EmbeddedPortal, cabinets: Iterator[NewCabinet], tmp_path: Path) -> Iterator[Scene]:
    new = next(cabinets)
    export = SmallExport(tmp_path / "export")
    export.fill(PATIENTS)
    with bad_line(portal.address) as line:
        through = dataclasses.replace(portal, address=line.address)
        device = enrolled_device(tmp_path / "nightly", through, export, new.nightly_code)
        straight = enrolled_device(tmp_path / "practitioner", portal, export, new.practitioner_code)
        scene = Scene(line, device, straight, export)
        scene.run()
        yield scene


def sweep(
    scene: Scene, direction: Direction, *, lasting: bool, cuts: int, places: Iterable[int]
) -> list[Exception | None]:
    """Cut a night at these of so many places, from its first byte to its last."""
    scene.line.heal()
    scene.change()
    scene.run()
    whole = scene.line.passed[direction]
    assert whole > 1000
    ends: list[Exception | None] = []
    for place in places:
        scene.line.cut(direction, place * whole // cuts, lasting=lasting)
        ends.append(scene.live_through())
    return ends


@pytest.mark.parametrize("direction", Direction)
def test_a_line_that_is_cut_and_comes_back_lets_the_same_run_end_right(scene: Scene, direction: Direction) -> None:
    ends = sweep(scene, direction, lasting=False, cuts=5, places=range(5))
    assert not any(ends), ends


@pytest.mark.parametrize("direction", Direction)
def test_a_line_that_stays_cut_ends_the_run_and_the_next_one_ends_right(scene: Scene, direction: Direction) -> None:
    ends = sweep(scene, direction, lasting=True, cuts=5, places=range(5))
    assert any(ends)


@pytest.mark.long
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("direction", Direction)
def test_a_line_that_is_cut_at_a_thousand_places(
    scene: Scene, direction: Direction, lasting: bool, rounds: Rounds
) -> None:
    """A quarter of them in each of the four."""
    sweep(scene, direction, lasting=lasting, cuts=250, places=rounds(250))


def late(answer: bytes) -> list[bytes | float | None]:
    return [LATE, answer]


def doubled(answer: bytes) -> list[bytes | float | None]:
    return [answer, answer]


def doubled_late(answer: bytes) -> list[bytes | float | None]:
    """The second one meets the next question."""
    return [answer, 0.02, answer]


def mislabelled(by: int) -> Altered:
    """Another Content-Length than the body's."""

    def altered(answer: bytes) -> list[bytes | float | None]:
        def other(found: re.Match[bytes]) -> bytes:
            return found[1] + str(max(0, int(found[2]) + by)).encode()

        return [re.sub(rb"(?i)(content-length: )(\d+)", other, answer, count=1)]

    return altered


LIES: dict[str, Altered] = {
    "doubled": doubled,
    "doubled late": doubled_late,
    "a length too short": mislabelled(-3),
    "a length of nothing": mislabelled(-(10**9)),
    "half of it": lambda answer: [answer[: len(answer) // 2], None],
    "nothing": lambda _: [None],
    "another protocol": lambda _: [b"220 smtp.exemple.fr ESMTP\r\n"],
    "an empty page": lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
}


def answers_of_a_night(scene: Scene) -> int:
    scene.line.heal()
    scene.change()
    scene.run()
    return scene.line.answers


@pytest.mark.parametrize("lie", LIES)
def test_a_commits_answer_that_lies_shows_nothing_wrong(scene: Scene, lie: str) -> None:
    """The last answer but one: then the night is told."""
    scene.line.alter(LIES[lie], answers_of_a_night(scene) - 2)
    scene.live_through()


@pytest.mark.long
@pytest.mark.parametrize("lie", LIES)
def test_any_answer_that_lies_shows_nothing_wrong(scene: Scene, lie: str) -> None:
    for place in range(answers_of_a_night(scene)):
        scene.line.alter(LIES[lie], place)
        scene.live_through()


def test_a_slow_commit_is_waited_for(scene: Scene) -> None:
    scene.line.alter(late, answers_of_a_night(scene) - 2)
    assert scene.live_through() is None


@pytest.mark.long
def test_a_line_on_which_every_answer_is_slow_only_takes_longer(scene: Scene) -> None:
    scene.line.alter(late, *range(20))
    assert scene.live_through() is None
