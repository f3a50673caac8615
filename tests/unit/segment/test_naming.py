"""Where a segment's name comes from, beyond the worked examples."""

import pytest

from raygate.segment.document import Builder
from raygate.segment.naming import sanitized
from raygate.segment.options import Options
from raygate.span import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, Attributes, Span
from tests.builders import a_resource, a_span


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GET /items/{id}", "GET /items/id"),
        ("a,b;c*d\\e\tf\ng", "abcdefg"),
        ("Grüße, 漢字", "Grüße 漢字"),
        ("e\u0301 \u0661 🎉", "e  "),
        ("_.:/%&#=+-@", "_.:/%&#=+-@"),
        ("***", "span"),
        ("", "span"),
        ("x" * 201, "x" * 200),
        ("é" * 101, "é" * 100),
        ("x" * 199 + "漢", "x" * 199 + "\ufffd"),
        ("x" * 198 + "漢", "x" * 198 + "\ufffd\ufffd"),
    ],
)
def test_a_span_name_keeps_the_characters_that_the_exporter_keeps(name, expected):
    assert sanitized(name) == expected


def name_and_namespace(span: Span) -> tuple[str, str]:
    """As the document has them."""
    document = Builder(Options()).build(span)
    return document["name"], document.get("namespace", "")


CANDIDATES = {
    "peer.service": "peer",
    "aws.service": "S3",
    "db.name": "orders",
    "rpc.service": "Cart",
    "http.host": "host.example",
    "net.peer.name": "peer.example",
}


@pytest.mark.parametrize("kind", [INTERNAL, CLIENT, PRODUCER, CONSUMER])
def test_the_candidates_follow_each_other_and_an_empty_one_is_passed_over(kind):
    attributes: Attributes = dict(CANDIDATES)
    for key, expected in CANDIDATES.items():
        assert name_and_namespace(a_span(attributes, kind=kind))[0] == expected
        attributes[key] = ""
    assert name_and_namespace(a_span(attributes, kind=kind))[0] == "op"


def test_the_first_of_repeated_keys_names_a_segment():
    span = a_span({"peer.service": "last"}, first={"peer.service": "first"})
    assert name_and_namespace(span)[0] == "first"


def test_a_server_is_named_by_its_resource_unless_something_nearer_does():
    span = a_span(kind=SERVER, resource=a_resource(service__name="shop"))
    assert name_and_namespace(span) == ("shop", "")
