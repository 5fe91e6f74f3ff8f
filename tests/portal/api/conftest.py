"""Fixtures of the API's tests."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.portal.api.crooked import Crooked


@pytest.fixture
def crooked() -> Iterator[Crooked]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Crooked(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=server.serve, args=(listener,))
        thread.start()
        yield server
        server.released.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
