"""Nothing is lost, and nothing counted twice, whatever fails: X-Ray, the queue, the bucket, in any mixture.

X-Ray and the stores are plain functions that change their mind at each call. Spans are told apart by their ids, so
that where each of them is can be compared with what the sender is told.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from raygate import pipeline
from raygate.decode import decode
from raygate.deliver import Budget
from raygate.enrich import enrich
from raygate.http_api import accept
from raygate.http_api.refusal import Refusal
from raygate.keep import Stores
from raygate.keep.bundles import read_bundle
from raygate.keep.message import Accepted, unpack
from raygate.making import make
from raygate.request import Outcome, Receipt, Request
from raygate.settings import Settings
from tests.builders import TRACE_ID
from tests.corpus import compact
from tests.fake_stores import Fault, MemoryBucket, MemoryQueue, queued_documents, queued_requests
from tests.fake_xray import Clock, Store

CALLS: Final = ("ThrottledException", "InvalidRequestException", "InternalServerError", "ExpiredTokenException", "")
CODES: Final = ("ThrottledException", "InternalFailure", "InvalidTraceId", "InvalidName", "SomethingNew")
RECEIPT: Final = Receipt("request-1", 1_756_492_480_250)


@dataclass
class Weather:
    """How likely each thing is to fail, and the chance that decides."""

    seed: int
    xray: float
    document: float
    queue: float
    bucket: float
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - chance that can be repeated

    def of(self, likely: float) -> Fault:
        """What happens to a store."""
        return self.chance.choice(("lost", "kept and lost")) if self.chance.random() < likely else ""


@dataclass
class MoodyXRay(Store):
    """Each call meets another mood, and a refusal for good may not be one the next time."""

    weather: Weather = field(default_factory=lambda: Weather(0, 0, 0, 0, 0))

    def put(self, texts: Sequence[str]) -> dict[str, Any]:
        chance = self.weather.chance
        is_stored = chance.random() < 0.5
        if chance.random() < self.weather.xray:
            if is_stored:
                super().put(texts)
            code = chance.choice(CALLS)
            raise ClientError({"Error": {"Code": code}}, "Put") if code else EndpointConnectionError(endpoint_url="x")
        ids = [json.loads(text)["id"] for text in texts]
        refuses = {one: chance.choice(CODES) for one in ids if chance.random() < self.weather.document}
        self.texts += texts
        return Store(refuses, says_which=chance.random() < 0.5, received=self.received, stored=self.stored).put(texts)


CHANCES = st.sampled_from([0.0, 0.0, 0.1, 0.5, 1.0])
WEATHERS = st.builds(Weather, st.integers(0, 2**32), CHANCES, CHANCES, CHANCES, CHANCES)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, set[str]]:
    """A request, and the ids of its valid spans; some of them become two documents."""
    count = draw(st.integers(0, 70))
    invalid = draw(st.sets(st.integers(0, 69), max_size=3))
    split = draw(st.sets(st.integers(0, 69), max_size=3)) - invalid
    spans = [a_span(number, is_valid=number not in invalid, is_split=number in split) for number in range(count)]
    body = compact({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
    valid = {span_id(number) for number in set(range(count)) - invalid}
    return Request(body, "json", tenant="shop"), valid


def span_id(number: int) -> str:
    return f"{number + 1:016x}"


def a_span(number: int, *, is_valid: bool, is_split: bool) -> dict[str, Any]:
    span = {
        "traceId": TRACE_ID if is_valid else "0" * 32,
        "spanId": span_id(number),
        "name": "op",
        "startTimeUnixNano": "1756492480250000000",
        "endTimeUnixNano": "1756492480750000000",
    }
    root = [{"key": "aws.span.kind", "value": {"stringValue": "LOCAL_ROOT"}}]
    return span | ({"kind": 5, "parentSpanId": "f" * 16, "attributes": root} if is_split else {})


@dataclass
class Scene:
    """One request through the pipeline, and where everything is afterwards."""

    request: Request
    weather: Weather
    settings: Settings
    has_queue: bool
    has_bucket: bool

    def __post_init__(self) -> None:
        clock = Clock()
        budget = Budget.of(clock=clock, sleep=clock.sleep, jitter=lambda: 1.0)
        self.xray = MoodyXRay(weather=self.weather)
        self.queue = MemoryQueue(fails=lambda: self.weather.of(self.weather.queue))
        self.bucket = MemoryBucket(fails=lambda: self.weather.of(self.weather.bucket))
        stores = Stores(self.queue if self.has_queue else None, self.bucket if self.has_bucket else None)
        self.outcome: Outcome = pipeline.run(
            self.request, self.settings, self.xray.put, budget, stores=stores, receipt=RECEIPT
        )

    @property
    def status(self) -> int:
        """What the sender is answered."""
        try:
            return accept(self.request, self.outcome).status
        except Refusal as refusal:
            return refusal.status

    def kept(self) -> set[str]:
        """The ids of all documents that are in X-Ray, in the queue, or parked."""
        texts = [*queued_documents(self.queue, self.bucket), *(one.document for one in self.bucket.parked())]
        requests = [one.request for one in queued_requests(self.queue, self.bucket)]
        later = {one for request in requests for ids in documents_of(request, self.settings) for one in ids}
        return self.xray.stored.keys() | {json.loads(text)["id"] for text in texts} | later


def documents_of(request: Request, settings: Settings) -> list[set[str]]:
    """For each span the ids of its documents."""
    made = make(enrich(decode(request, settings).spans, settings).spans, request.tenant, settings, Budget.of(1_000))
    assert made
    ids: dict[int, set[str]] = defaultdict(set)
    for owner, one in zip(made.owners, made.ids, strict=True):
        ids[owner].add(one)
    return list(ids.values())


SCENES = st.builds(
    lambda given_request, weather, mode, has_queue, has_bucket, archive: (
        Scene(
            given_request[0],
            weather,
            Settings(delivery=mode, archive=archive and has_bucket),
            has_queue or mode == "buffered",
            has_bucket,
        ),
        given_request[1],
    ),
    requests(),
    WEATHERS,
    st.sampled_from(["direct", "buffered"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(SCENES)
def test_every_span_is_counted_once(scenes):
    scene, valid = scenes
    outcome = scene.outcome
    states = (outcome.delivered, outcome.queued, outcome.parked.total(), outcome.rejected.total(), outcome.returned)
    assert min(states) >= 0
    assert sum(states) == outcome.spans >= len(valid)


@given(SCENES)
def test_what_is_acknowledged_is_in_x_ray_in_the_queue_or_in_the_bucket(scenes):
    scene, valid = scenes
    if scene.status == 200:
        refused = sum(count for reason, count in scene.outcome.rejected.items() if reason.startswith("X-Ray"))
        kept, documents = scene.kept(), documents_of(scene.request, scene.settings)
        assert len(documents) == len(valid)
        assert sum(not ids <= kept for ids in documents) <= refused
        assert not (refused and scene.has_bucket), "there was a place to park it"


@given(SCENES)
def test_a_sender_sees_200_or_what_makes_it_come_again(scenes):
    scene, valid = scenes
    is_hopeless = (not valid and scene.outcome.spans) or scene.outcome.rejected.total() == scene.outcome.spans
    assert scene.status in ({200, 400} if is_hopeless else {200, 429, 503})
    assert (scene.status in {429, 503}) == bool(scene.outcome.returned)


@given(SCENES)
def test_more_is_counted_as_delivered_queued_or_parked_than_is_there_never(scenes):
    scene, _ = scenes
    parked = {one.id for one in scene.bucket.parked()}
    in_queue = {json.loads(text)["id"] for text in queued_documents(scene.queue, scene.bucket)}
    later = sum(len(decode(one.request, scene.settings).spans) for one in queued_requests(scene.queue, scene.bucket))
    assert scene.outcome.delivered <= len(scene.xray.stored)
    assert scene.outcome.parked.total() <= len(parked)
    assert scene.outcome.queued <= len(in_queue) + later


@given(SCENES)
def test_what_is_in_the_archive_is_the_request(scenes):
    scene, _ = scenes
    found = list(scene.bucket.keys("archive/shop/2025/08/29/18/"))
    assert len(found) <= 1
    for key in found:
        (packed,) = read_bundle(scene.bucket.objects[key])
        kept = unpack(packed)
        assert isinstance(kept, Accepted)
        assert (kept.request_id, kept.received_ms, kept.request.tenant) == ("request-1", RECEIPT.received_ms, "shop")
        assert documents_of(kept.request, scene.settings) == documents_of(scene.request, scene.settings)
    if (
        scene.settings.archive
        and scene.settings.delivery == "direct"
        and scene.outcome.counts.get("archive_failed") == 0
    ):
        assert len(found) == bool(scene.outcome.counts["documents"])


@given(SCENES)
def test_a_request_that_its_sender_repeats_is_in_x_ray_once(scenes):
    scene, _ = scenes
    before = list(scene.xray.texts)
    again = Scene(scene.request, Weather(0, 0, 0, 0, 0), Settings(), has_queue=True, has_bucket=True)
    assert again.outcome.delivered == len(documents_of(scene.request, scene.settings))
    sent = {json.loads(text)["id"]: text for text in again.xray.texts}
    changed = [text for text in before if text != sent[json.loads(text)["id"]]]
    assert all("X-Ray refused it" in text for text in changed), "the same id, and not the same bytes"
