"""SQS and S3 on a socket, moto behind it, with something that happens before or after a call of one's choice."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import boto3
import requests
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

REGION = "us-east-1"
BUCKET = "raygate-kept"
HIDDEN_S = 5
"""The queue's visibility timeout: short, since somebody who was killed holds messages until it is over."""

Moment = tuple[str, Literal["before", "after"]]
"""An operation, such as `SendMessageBatch`, and when."""


@dataclass
class FakeAws:
    """The server; `strike` is called once at the moment that is set."""

    moment: Moment | None = None
    strike: Callable[[], None] = lambda: None
    struck: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    queue_url: str = ""

    def __post_init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        self._perhaps(operation, "before")
        answer: Iterable[bytes] = self._app(environ, start_response)
        self._perhaps(operation, "after")
        return answer

    def set(self, moment: Moment, strike: Callable[[], None]) -> None:
        """From now on."""
        self.struck.clear()
        self.moment, self.strike = moment, strike

    def _perhaps(self, operation: str, when: Literal["before", "after"]) -> None:
        if self.moment == (operation, when):
            self.moment = None
            self.strike()
            self.struck.set()

    @property
    def environ(self) -> dict[str, str]:
        """For a process that keeps things here."""
        return {
            "AWS_ENDPOINT_URL_SQS": self.url,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_REGION": REGION,
            "RAYGATE_QUEUE_URL": self.queue_url,
            "RAYGATE_BUCKET": BUCKET,
        }


@contextmanager
def serving_aws() -> Iterator[FakeAws]:
    """With a queue and a bucket, and nothing in them: what moto holds is the process's, and others were here before."""
    aws = FakeAws()
    server = make_server("127.0.0.1", 0, aws, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        aws.url = f"http://127.0.0.1:{server.server_port}"
        requests.post(f"{aws.url}/moto-api/reset", timeout=HIDDEN_S).raise_for_status()
        sqs = boto3.client("sqs", region_name=REGION, endpoint_url=aws.url)
        hidden = str(HIDDEN_S)
        aws.queue_url = sqs.create_queue(QueueName="kept", Attributes={"VisibilityTimeout": hidden})["QueueUrl"]
        boto3.client("s3", region_name=REGION, endpoint_url=aws.url).create_bucket(Bucket=BUCKET)
        yield aws
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
