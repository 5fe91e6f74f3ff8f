"""What the application relies on in Qt for Python, and a release of it has broken."""

import subprocess
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


IMPORTS_LATER = """
import linecache, sys
{first}
sys.modules.pop("colorsys", None)
import colorsys
print(colorsys.__file__ in linecache.cache)
"""


@pytest.mark.parametrize(("first", "is_read"), [("import PySide6.QtCore", True), ("import app.plain_imports", False)])
def test_qt_reads_no_module_s_source_once_it_was_told_not_to(first: str, is_read: bool) -> None:
    """It reads each that is imported after it, which takes longer than to import it.

    Once Qt for Python itself reads none, `app.plain_imports` has nothing to do any more.
    """
    code = IMPORTS_LATER.format(first=first)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert ended.stdout == f"{is_read}\n"
