"""What the application relies on in Qt for Python, and a release of it has broken."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class Teller(QObject):
    told = Signal(bool)


@pytest.mark.parametrize("value", [True, False])
def test_a_signal_that_carries_a_truth_value_costs_no_reference_to_it(value: bool) -> None:
    """Before Python 3.12 True and False are counted: a signal that takes one away ends the program in the end."""
    teller = Teller()
    teller.told.connect(lambda _: None)
    before = sys.getrefcount(value)
    for _ in range(20):
        teller.told.emit(value)
    assert abs(sys.getrefcount(value) - before) < 10
