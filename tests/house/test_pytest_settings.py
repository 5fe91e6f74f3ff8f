"""What pytest refuses in every test: warnings, the network beyond this machine, and markers that nobody declared."""

import socket
import warnings
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("something is wrong", stacklevel=1)


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_the_network_is_blocked_but_for_this_machine() -> None:
    # An address of the documentation's (RFC 5737): nobody is there.
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("@pytest.mark.slwo\ndef test_it(): pass", {"errors": 1}),
        ("@pytest.mark.xfail\ndef test_it(): pass", {"failed": 1}),
        ("@pytest.mark.long\ndef test_it(): assert False", {"deselected": 1}),
    ],
    ids=["unknown marker", "expected failure that passes", "long test"],
)
def test_a_slip_is_not_passed_over(body: str, outcome: dict[str, int], pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(f"import pytest\n{body}")

    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", ".")

    done.assert_outcomes(**outcome)
