"""What a run does beside itself: in order, and over when the run is."""

import time
from threading import Event

from sync.aside import Meanwhile


def test_work_is_done_beside_who_gives_it() -> None:
    given, done = Event(), Event()

    def work() -> None:
        assert given.wait(20)
        done.set()

    with Meanwhile() as meanwhile:
        meanwhile.do(work)
        given.set()
        assert done.wait(20)


def test_works_follow_each_other_and_the_end_waits_for_the_last() -> None:
    """A later reading is never replaced by an earlier one that took longer to write."""
    done: list[int] = []

    def work(number: int) -> None:
        time.sleep(0.05 / number)
        done.append(number)

    with Meanwhile() as meanwhile:
        for number in (1, 2, 3):
            meanwhile.do(lambda number=number: work(number))  # type: ignore[misc]

    assert done == [1, 2, 3]
