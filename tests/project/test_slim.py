"""What is left of botocore in the layer is enough for every call that we make."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from layers.dependencies import slim
from raygate.aws_session import SERVICES, aws_session
from tests.unit.test_aws_session import CALLS, body_of, sent_by

DATA = Path(botocore.__file__).parent / "data"


@pytest.fixture(scope="module")
def slimmed(tmp_path_factory) -> Iterator[Path]:
    """The data of the services that are kept and of two that are not, slimmed."""
    target = tmp_path_factory.mktemp("layer")
    data = target / "botocore" / "data"
    data.mkdir(parents=True)
    for entry in DATA.iterdir():
        if entry.is_file():
            shutil.copy(entry, data)
        elif entry.name in {*SERVICES, "ec2", "sns"}:
            shutil.copytree(entry, data / entry.name)
    slim.main(target)
    yield data
    shutil.rmtree(target)


def test_the_services_that_are_kept_are_those_of_the_session(slimmed):
    assert {folder.name for folder in slimmed.iterdir() if folder.is_dir()} == SERVICES


def _session(data: Path) -> Session:
    session = aws_session()
    session.register_component("data_loader", Loader([str(data)], include_default_search_paths=False))
    return session


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [call for call in CALLS if call[0] != "sts"],
    ids=[operation for service, operation, _ in CALLS if service != "sts"],
)
def test_a_call_is_the_same_with_what_is_left(slimmed, service, operation, arguments: dict[str, Any]):
    ours, theirs = (sent_by(session, service, operation, arguments) for session in (_session(slimmed), Session()))
    assert (ours.method, ours.url, body_of(ours)) == (theirs.method, theirs.url, body_of(theirs))
    assert ours.headers.keys() == theirs.headers.keys()
