"""Every captured request of a real sender: the built function does with it what the source tree's handler does."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from raygate.ingest import Ingest
from raygate.keys import guard_of
from raygate.settings import Settings
from tests.built import gateway
from tests.built.deployed import NAME, deployed
from tests.built.gateway import Gateway
from tests.corpus import Captured, captured
from tests.fake_xray import FakeXRay, Store, serving
from tests.process.serving import Answer
from tests.process.serving import ask as send
from tests.project.test_template import environment

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulator is a program for Linux"),
]

OPEN = {"RAYGATE_AUTH": "none"}
"""The senders had other keys than ours."""


@dataclass(frozen=True, slots=True)
class Both:
    """The built function, with its X-Ray, and the source tree's handler: each behind a gateway."""

    built: Gateway
    xray: FakeXRay
    source: Gateway
    store: Store


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    settings, store = Settings.from_environ(environment(NAME) | OPEN), Store()
    handler = Ingest(settings, store.put, guard_of(settings), report=lambda _: None)
    with (
        serving() as xray,
        deployed(tmp_path_factory.mktemp("lambda"), OPEN | {"AWS_ENDPOINT_URL_XRAY": xray.url}) as built,
        gateway.serving([lambda event: handler(json.loads(event))]) as source,
    ):
        yield Both(built, xray, source, store)


def ask(through: Gateway, capture: Captured) -> Answer:
    with through.watched():
        return send(through.address, capture.wire(), capture.method)


@pytest.mark.parametrize("capture", captured(), ids=lambda capture: capture.file)
def test_answer_and_documents_are_those_of_the_source_tree(capture: Captured, both: Both):
    both.store.texts.clear()
    expected = ask(both.source, capture)
    taken = Store()
    both.xray.play(taken)
    assert ask(both.built, capture) == expected
    assert sorted(taken.texts) == sorted(both.store.texts)  # calls go side by side, in any order
