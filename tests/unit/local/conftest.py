"""The stores of keys, for the tests about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.unit.local.key_stores import Place, a_place


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    """DynamoDB within this process, one for all tests of a file: its clients take long to make."""
    with mock_aws():
        yield


@pytest.fixture(params=["file", "table"])
def here(request: pytest.FixtureRequest, tmp_path: Path, cloud: None) -> Place:
    """Each store in turn."""
    return a_place(request.param, tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    """A file of its own."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return a_place("file", folder)
