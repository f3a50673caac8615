"""The other doors of `raygate serve`: what is opened, and what is said where one cannot be."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from raygate.deliver.client import connect
from raygate.settings import Settings
from raygate_local.doors import Asked, Behind, Doors, open_doors
from raygate_local.handling import Handler
from raygate_local.kept.opening import Kept
from raygate_local.listening import ListenError
from raygate_local.status import Status


def opened(**asked: Any) -> tuple[Doors, dict[str, str]]:
    settings, region, places = Settings(), "eu-west-1", dict[str, str]()
    status, put = Status(settings), connect(region)
    handler = Handler(settings, put, lambda _: pytest.fail("nobody sends"))
    behind = Behind(handler, settings, put, Kept(), region, status, lambda *_: None)
    return open_doors(Asked(**asked), behind, places), places


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one.getsockname()[1]


def test_nothing_is_opened_that_nobody_asked_for():
    doors, places = opened()
    assert (doors.sites, doors.welcome, places) == ([], [], {})


def test_the_usual_port_of_grpc_is_given_up_when_somebody_else_has_it(taken):
    doors, places = opened(grpc_port=taken, is_grpc_asked=False)
    assert doors.grpc is None
    (line,) = doors.welcome
    assert line.startswith(f"No OTLP over gRPC: cannot listen on 127.0.0.1:{taken}: the port is in use; choose another")
    assert places == {}


def test_one_that_was_asked_for_is_not(taken):
    with pytest.raises(ListenError, match="the port is in use"):
        opened(grpc_port=taken)


def test_documents_go_on_to_another_endpoint_only_when_some_can_come():
    with pytest.raises(ListenError, match="--daemon-to needs --daemon-port"):
        opened(daemon_to="https://traces.example.com")
