"""Fixtures of the API's tests."""

from collections.abc import Iterator

import pytest

from tests.portal.api.crooked import Crooked
from tests.portal.api.listening import listening


@pytest.fixture
def crooked() -> Iterator[Crooked]:
    server = Crooked()
    with listening(server.answer) as port:
        server.address = f"http://127.0.0.1:{port}"
        yield server
        server.released.set()
