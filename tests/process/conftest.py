"""One running server for all tests that do not change it."""

from collections.abc import Iterator

import pytest

from tests.process.serving import Running, running


@pytest.fixture(scope="session")
def server() -> Iterator[Running]:
    """`raygate serve` with its local X-Ray, on free ports."""
    with running("--xray-port", "0") as one:
        yield one
