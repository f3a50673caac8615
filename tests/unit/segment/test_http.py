"""What the worked examples leave open of the `http` block."""

import pytest

from raygate.segment import Options, convert
from raygate.span import CLIENT, SERVER
from tests.builders import a_span


@pytest.mark.parametrize(
    ("kind", "key", "url"), [(CLIENT, "net.peer.port", "http://h:0/"), (SERVER, "server.port", "http://h:0/")]
)
@pytest.mark.parametrize("port", [None, "", True, 8.0, b""])
def test_a_port_that_is_there_and_is_none_is_port_zero(kind, key, url, port):
    (document,) = convert(
        [a_span({"http.method": "GET", "net.peer.name": "h", "host.name": "h", key: port}, kind=kind)], Options()
    ).documents
    assert document["http"]["request"]["url"] == url
