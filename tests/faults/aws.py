"""SQS and S3 over real HTTP, moto behind them, that behave as a scenario says.

Gives   `Aws`: a queue, the dead letters behind it and a bucket, new for each day; `environ` for the functions; what is
        in them, looked at from behind, so that nothing is received by looking.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import boto3
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer

from raygate.keep import Bucket, Object, Packed
from raygate.keep.s3 import S3Bucket
from tests import fake_aws
from tests.fake_aws import FakeAws, Fault, answers, error, hangs, keeps_and_resets, resets
from tests.faults.chance import chance, drawn
from tests.faults.killer import Killer
from tests.faults.scenarios import Scenario

REGION: Final = "eu-west-1"
VISIBILITY_S: Final = 360
"""As in the template. Nobody waits for it: see `time_passes`."""
MAX_RECEIVES: Final = 3


NOBODY_WAITS: Final = (b'"WaitTimeSeconds": 1', b'"WaitTimeSeconds": 0')
"""This queue knows at once what is in it."""

NUMBERS: Final = count(1)
"""Of days. All of moto's servers in a process have the same queues and buckets."""


class Handler(fake_aws.Handler):
    """One connection."""

    server: "Aws"

    def handle_one(self) -> None:
        """Any request, unless a fault comes first."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).replace(*NOBODY_WAITS)
        operation = self.headers.get("x-amz-target", "").rpartition(".")[2] or f"{self.command} object"
        number = self.server.killer.count(operation)
        if self.server.killer.strikes(number, "before"):
            self.close_connection = True
        elif fault := self.server.fault_for(operation, number):
            fault(self, body)
        else:
            answer = self.passed_on(body)
            if self.server.killer.strikes(number, "after"):
                self.close_connection = True
            else:
                self.send(*answer)

    def passed_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        """Moto's answer. What comes for a queue is noted: it may be kept although nobody hears of it."""
        if self.headers.get("x-amz-target", "").endswith(".SendMessageBatch"):
            with self.server.lock:
                self.server.came += map(_entry, json.loads(body)["Entries"])
        return super().passed_on(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one  # noqa: N815 - the names that the server calls


class Aws(FakeAws):
    """The server."""

    def __init__(self, moto_port: int) -> None:
        super().__init__(moto_port)
        self.RequestHandlerClass = Handler
        behind: Any = {"region_name": REGION, "endpoint_url": f"http://127.0.0.1:{moto_port}"}
        self.sqs, self.s3 = boto3.client("sqs", **behind), boto3.client("s3", **behind)
        self.begin(Scenario(), "")

    def begin(self, scenario: Scenario, seed: object) -> None:
        """Another day, and nothing is kept."""
        self.play()
        self.scenario, self.seed, self.is_healed = scenario, seed, False
        self.killer = Killer()
        self.came: list[Packed] = []
        number = next(NUMBERS)
        self.bucket_name, self._live, self._dead = (f"{kind}-{number}" for kind in ("kept", "live", "dead"))
        self.s3.create_bucket(Bucket=self.bucket_name, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.dead_url = self.sqs.create_queue(QueueName=self._dead)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{DEFAULT_ACCOUNT_ID}:{self._dead}"
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": MAX_RECEIVES})
        attributes: Any = {"VisibilityTimeout": str(VISIBILITY_S), "RedrivePolicy": policy}
        self.queue_url = self.sqs.create_queue(QueueName=self._live, Attributes=attributes)["QueueUrl"]

    def empty(self) -> None:
        """Nothing is kept, in the same queue and bucket."""
        for name in (self._live, self._dead):
            queue = get_backend("sqs")[DEFAULT_ACCOUNT_ID][REGION].queues[name]
            queue._messages.clear()
            queue.pending_messages.clear()
        for key in list(self.behind()):
            self.bucket.delete(key)

    def handle_error(self, *_: Any) -> None:
        """A client that was killed is no accident of the server's."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(*_)

    def heal(self) -> None:
        """The day is over. What hangs is let go."""
        self.is_healed = True
        self.released.set()
        self.released = threading.Event()

    def fault_for(self, operation: str, number: int) -> Fault | None:
        """What happens to this request. Only what keeps something fails: without the rest nothing would be tried."""
        if self.is_healed or operation not in {"SendMessageBatch", "PUT object"}:
            return None
        shares = self.scenario.queue if operation == "SendMessageBatch" else self.scenario.bucket
        name = drawn(shares, chance("aws", self.seed, operation, number))
        return FAULTS[name] if name else None

    @property
    def environ(self) -> dict[str, str]:
        """For a function that keeps things here."""
        return {
            "AWS_ENDPOINT_URL_SQS": self.url,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_REGION": REGION,
            "RAYGATE_QUEUE_URL": self.queue_url,
            "RAYGATE_DEAD_LETTER_QUEUE_URL": self.dead_url,
            "RAYGATE_MAX_RECEIVES": str(MAX_RECEIVES),
            "RAYGATE_BUCKET": self.bucket_name,
        }

    @property
    def bucket(self) -> Bucket:
        """The bucket, without its faults."""
        return S3Bucket(self.bucket_name, lambda: self.s3)

    def behind(self) -> dict[str, Object]:
        """What is in the bucket."""
        backend: Any = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]
        return {name: Object(key.value) for name, key in backend.buckets[self.bucket_name].keys.items()}

    def waiting(self) -> list[Packed]:
        """What is in the queue, hidden or not."""
        return [_packed(message) for message in self._messages(self._live)]

    def dead(self) -> list[Packed]:
        """The dead letters, hidden or not."""
        return [_packed(message) for message in self._messages(self._dead)]

    def came_twice(self) -> list[Packed]:
        """Messages that came for a queue more than once, word for word."""
        times = Counter(one.body for one in self.came)
        return [one for one in self.came if times[one.body] > 1]

    def time_passes(self) -> None:
        """Whatever is hidden for somebody is seen again."""
        for name in (self._live, self._dead):
            for message in self._messages(name):
                message.visible_at = 0.0

    def _messages(self, name: str) -> list[Any]:
        backend: Any = get_backend("sqs")[DEFAULT_ACCOUNT_ID][REGION]
        return list(backend.queues[name]._messages)


def _entry(entry: Mapping[str, Any]) -> Packed:
    named = {name: value["StringValue"] for name, value in entry["MessageAttributes"].items()}
    return Packed(entry["MessageBody"], named)


def _packed(message: Any) -> Packed:
    named = {name: value["StringValue"] for name, value in message.message_attributes.items()}
    return Packed(message.body, named)


def partly(handler: fake_aws.Handler, body: bytes) -> None:
    """SQS keeps every second message of a call, and says so."""
    asked = json.loads(body)
    kept, failed = asked["Entries"][1::2], asked["Entries"][::2]
    told: dict[str, Any] = {"Successful": []}
    if kept:
        del handler.headers["content-length"]
        _, answer, _ = handler.passed_on(json.dumps(asked | {"Entries": kept}).encode())
        told = json.loads(answer)
    told["Failed"] = [{"Id": one["Id"], "Code": "InternalError", "SenderFault": False} for one in failed]
    handler.send(200, json.dumps(told).encode(), {"content-type": "application/x-amz-json-1.0"})


FAULTS: Final[Mapping[str, Fault]] = {
    "down": error(503, "ServiceUnavailable"),
    "reset": resets,
    "kept and reset": keeps_and_resets,
    "hangs": hangs,
    "garbage": answers(200, b"<html>Welcome to the hotel</html>"),
    "partly": partly,
}


@contextmanager
def aws_there() -> Iterator[Aws]:
    """SQS and S3 on a socket, for a while."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    server = Aws(moto.get_host_and_port()[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.heal()
        server.shutdown()
        server.server_close()
        thread.join()
        moto.stop()
