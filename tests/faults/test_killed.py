"""SIGKILL before and after each request that a function makes, and the event given again: nothing is missing.

As Lambda and SQS have it: a sender without an answer sends its request again; a batch whose function ended comes again
when its messages are seen again; Lambda gives a replay's event again under the same request id.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from raygate.keep import Accepted, Packed, Undelivered, pack
from raygate.keep.bundles import bundle
from raygate.keep.claims import claim
from raygate.keep.layout import archive_key
from raygate.keep.parked import Parked, parked_object
from raygate.keep.sqs import SqsQueue
from raygate.request import Request
from tests.faults.aws import Aws, aws_there
from tests.faults.cloud import Cloud, acknowledge, answer_of, event_of, records_of
from tests.faults.days import Day, Places, Way, check_end, environ
from tests.faults.killer import Killer
from tests.faults.killing import Invocation, Zygote, zygote_there
from tests.faults.load import ENCODINGS, Export, large, one, texts_of
from tests.faults.scenarios import Scenario
from tests.faults.senders import Ledger
from tests.faults.xray import XRay, key_of, xray_there

NOON_MS: Final = 1_795_348_800_000
TIMEOUT_S: Final = 30.0
TRIES: Final = 4
EVERY: Final = "EVERY_MOMENT" in os.environ
"""Five minutes in place of one."""
SIDE_BY_SIDE: Final = frozenset({"PutTraceSegments", "PUT object", "SendMessageBatch"})
SEED: Final = "killed"
MOST_PARKED: Final = 2
"""Of each request."""
REFUSED: Final = Scenario(final={"InvalidTraceId": 0.03}, archive=True)
SHAKEN: Final = Scenario({"UnrecognizedClientException": 0.34}, final={"InvalidTraceId": 0.03}, archive=True)
"""One call of three fails and is not worth another try, so that the rest goes to the queue at once."""


@dataclass
class Stage:
    """What stands in for AWS, and the process that becomes functions."""

    xray: XRay
    aws: Aws
    zygote: Zygote

    def environ(self, scenario: Scenario = SHAKEN, way: Way = "direct") -> dict[str, str]:
        """Of a function."""
        return environ(scenario, way, self.xray, self.aws)

    def put(self, url: str, messages: Sequence[Packed]) -> None:
        """Into a queue."""
        assert all(SqsQueue(url, lambda: self.aws.sqs).send(messages, TIMEOUT_S))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with xray_there() as xray, aws_there() as aws, zygote_there() as zygote, pytest.MonkeyPatch.context() as patch:
        for name, value in environ(SHAKEN, "direct", xray, aws).items():
            patch.setenv(name, value)
        yield Stage(xray, aws, zygote)


def killed_at_each(
    stage: Stage,
    exports: Sequence[Export],
    asks: set[str],
    scene: Callable[[Killer], None],
    scenario: Scenario = SHAKEN,
) -> None:
    """Play the scene with nobody killed, and then once for each moment; afterwards everything has to be there."""
    cloud = Cloud(stage.environ(scenario), stage.aws)
    moments = [Killer()]
    while moments:
        killer = moments.pop(0)
        stage.aws.empty()
        stage.xray.begin(scenario, SEED)
        stage.xray.killer = stage.aws.killer = killer
        scene(killer)
        if not killer.at:
            assert asks <= set(killer.seen), killer.seen
            moments = list(moments_of(killer.seen))
        stage.xray.killer = stage.aws.killer = Killer()
        stage.xray.heal()
        cloud.drain()
        assert cloud.replay("dead-letters")["state"] == "done"
        ledger = Ledger(list(exports), set(range(len(exports))))
        ledger.tries.update(dict.fromkeys(ledger.acknowledged, TRIES))
        check_end(Day(str(killer), "direct", ledger), Places.of(stage.xray, stage.aws), stage.xray)


def moments_of(seen: Sequence[str]) -> Iterator[Killer]:
    """Those that leave the world in different states.

    A read changes nothing; and before a request is after the one before it, unless requests are side by side.
    """
    for number, operation in enumerate(seen, start=1):
        if EVERY or number == 1 or operation in SIDE_BY_SIDE:
            yield Killer(number, "before")
        if EVERY or not operation.startswith("GET "):
            yield Killer(number, "after")


# The ingest function


@pytest.mark.parametrize(
    ("way", "export", "asks"),
    [
        ("direct", one("ingest", 105), {"PutTraceSegments", "PUT object", "SendMessageBatch"}),
        ("buffered", large("ingest"), {"PUT object", "SendMessageBatch"}),
    ],
)
def test_a_request_whose_function_was_killed_is_sent_again(stage, way, export, asks):
    def scene(killer: Killer) -> None:
        invocation = Invocation("ingest", event_of(export, "r-1"), stage.environ(way=way))
        results = (stage.zygote.run(invocation, killer if at == 0 else Killer()) for at in range(TRIES))
        assert any(result and answer_of(result).status == 200 for result in results)

    killed_at_each(stage, [export], asks, scene)


# The worker


EXPORTS: Final = [one("documents", 30), one("request", 20), one("claimed", 10)]
HOT: Final = frozenset({"GET object", "PutTraceSegments", "PUT object", "SendMessageBatch"})


def messages(stage: Stage) -> list[Packed]:
    """Documents, a request, and a request that lies in the bucket."""
    claimed, body = claim(accepted(EXPORTS[2]), "claims/2026/11/22/a")
    stage.aws.bucket.put("claims/2026/11/22/a", body, TIMEOUT_S)
    return [pack(Undelivered(tuple(texts_of(EXPORTS[0])), "shop", "r-1", NOON_MS)), accepted(EXPORTS[1]), claimed]


def accepted(export: Export) -> Packed:
    request = Request(export.body, ENCODINGS[export.content_type], export.coding, tenant="shop")
    return pack(Accepted(request, "r-2", NOON_MS))


@pytest.mark.parametrize("most", ["3", "1"], ids=["the first try", "the last try"])
def test_a_batch_whose_function_was_killed_comes_again(stage, most):
    def scene(killer: Killer) -> None:
        stage.put(stage.aws.queue_url, messages(stage))
        result = None
        while result is None:
            stage.aws.time_passes()
            if not (records := records_of(stage.aws)):
                return  # given up by the queue itself: a dead letter
            environ = stage.environ() | {"RAYGATE_MAX_RECEIVES": most}
            result = stage.zygote.run(Invocation("deliver", {"Records": records}, environ), killer)
            killer = Killer()
        acknowledge(stage.aws, records, {failed["itemIdentifier"] for failed in result["batchItemFailures"]})

    killed_at_each(stage, EXPORTS, set(HOT), scene)


# The replay


def lay_dead_letters(stage: Stage) -> None:
    stage.put(stage.aws.dead_url, messages(stage))


def lay_parked(stage: Stage) -> None:
    for text in (text for export in EXPORTS for text in texts_of(export)[:MOST_PARKED]):
        trace_id, document_id = key_of(text)
        parked = Parked(text, trace_id, document_id, "Old", "told by the fake", "shop", "r-1", NOON_MS, NOON_MS)
        stage.aws.bucket.put(parked.key, parked_object(parked), TIMEOUT_S)


def lay_archive(stage: Stage) -> None:
    for name, exports in (("a", EXPORTS[:2]), ("b", EXPORTS[2:])):
        stored = bundle([accepted(export) for export in exports])
        stage.aws.bucket.put(archive_key("shop", NOON_MS, name), stored, TIMEOUT_S)


ARCHIVE: Final = {"replay": "archive", "from": "2026-11-22T12:00", "to": "2026-11-22T13:00"}


@pytest.mark.parametrize(
    ("asked", "lay", "asks"),
    [
        ({"replay": "dead-letters"}, lay_dead_letters, {"ReceiveMessage", "DeleteMessageBatch"}),
        ({"replay": "parked"}, lay_parked, {"DELETE object"}),
        (ARCHIVE, lay_archive, {"GET object"}),
    ],
    ids=["dead letters", "parked", "archive"],
)
def test_a_replay_whose_function_was_killed_goes_on(stage, asked, lay, asks):
    def scene(killer: Killer) -> None:
        lay(stage)
        invocation = Invocation("replay", asked | {"rate": 100_000}, stage.environ(REFUSED))
        if (result := stage.zygote.run(invocation, killer)) is None:
            stage.aws.time_passes()
            result = stage.zygote.run(invocation, Killer())
        (told,) = result["replays"]
        assert told["state"] == "done"

    parked = [Export(b"", "", "", frozenset(map(key_of, texts_of(export)[:MOST_PARKED])), 8, 0) for export in EXPORTS]
    exports = parked if asked["replay"] == "parked" else EXPORTS
    killed_at_each(stage, exports, asks | {"PutTraceSegments", "PUT object"}, scene, REFUSED)
