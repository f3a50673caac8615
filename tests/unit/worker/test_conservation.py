"""Whatever is in a batch, and whatever X-Ray, queue and bucket do: every span is counted once, and none is lost."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from raygate.decode import decode
from raygate.errors import DecodeError
from raygate.keep import MessageError, Packed, Undelivered, unpack
from raygate.keep.parked import read_parked
from raygate.settings import Settings
from raygate.worker.report import states
from raygate_local.kept.queue import KeptQueue
from tests.fake_xray import Store
from tests.unit.worker.batches import Scene, an_accepted, an_undelivered, throttled

NUMBERS = st.integers(1, 200)
NAMES = st.sets(NUMBERS, max_size=8).map(lambda numbers: [f"{number:016x}" for number in numbers])
UNREADABLE = st.builds(Packed, st.sampled_from(["AAAA", "{}", "?"]), st.just({"content-type": "application/json"}))
MESSAGES = st.one_of(
    st.lists(NUMBERS, max_size=60, unique=True).map(lambda numbers: an_undelivered(*numbers)),
    st.builds(
        lambda numbers, bad: an_accepted(*numbers, bad=bad),
        st.lists(NUMBERS, max_size=60, unique=True),
        st.integers(0, 2),
    ),
    UNREADABLE,
)


def span_ids(packed: Packed) -> set[str]:
    """The ids in a message, none of one that nobody can read."""
    try:
        kept = unpack(packed)
        if isinstance(kept, Undelivered):
            return {json.loads(text)["id"] for text in kept.texts}
        return {span.span_id for span in decode(kept.request, Settings()).spans}
    except (MessageError, DecodeError):
        return set()


def ids_in(queue: KeptQueue) -> set[str]:
    found: set[str] = set()
    for record in queue.receive(1_000):
        named = {name: value["stringValue"] for name, value in record["messageAttributes"].items()}
        found |= span_ids(Packed(record["body"], named))
    return found


@settings(max_examples=60)
@given(
    messages=st.lists(MESSAGES, min_size=1, max_size=6),
    refused=NAMES,
    slow=NAMES,
    is_away=st.booleans(),
    says_which=st.booleans(),
    there=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    receives=st.integers(1, 3),
)
def test_received_is_the_sum_of_the_states_and_nothing_is_lost(messages, there, receives, **xray):
    with TemporaryDirectory() as folder, Scene(Path(folder), Settings(max_receives=2)) as scene:
        scene.has_queue, scene.has_bucket, scene.has_dead_letters = there
        refuses = dict.fromkeys(xray["refused"], "InvalidSegment")
        scene.xray = Store(refuses=refuses, says_which=xray["says_which"])
        if xray["slow"] or xray["is_away"]:
            scene.throttles = throttled() if xray["is_away"] else throttled(*xray["slow"])
        failures = scene.run(*messages, receives=receives)
        report = scene.reports[-1]
        for counted in (report.spans(), *(states([one]) for one in report.settled)):
            assert counted["received"] == counted.total() - counted["received"]
        objects = [stored for key in scene.bucket.keys("parked/") if (stored := scene.bucket.get(key))]
        parked = {read_parked(stored).id for stored in objects}
        left = [message for number, message in enumerate(messages) if f"m-{number}" in failures]
        waiting = {one for message in left for one in span_ids(message)}
        somewhere = scene.xray.stored.keys() | parked | ids_in(scene.queue) | ids_in(scene.dead) | waiting
        assert {one for message in messages for one in span_ids(message)} <= somewhere
