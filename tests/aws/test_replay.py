"""The replay function as it is deployed, moto for S3, SQS and X-Ray: every sample of `events/`, every case."""

import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from functions.replay import app
from raygate.aws_session import aws_session
from raygate.keep import KeepError, Stores, Undelivered, pack
from raygate.keep.aws import stores_on_aws
from raygate.keep.bundles import bundle
from raygate.keep.claims import claim
from raygate.keep.layout import archive_key
from raygate.keep.parked import Parked, parked_object, read_parked
from raygate.keep.stores import Bucket, Object, Queue
from raygate.replay import reporting
from raygate.replay.asked import AskedError
from raygate.replay.aws import site_on_aws
from raygate.replay.function import LeftError
from raygate.replay.replaying import Site
from raygate.settings import Settings
from tests.corpus import event_cases
from tests.fake_xray import Clock, Store
from tests.unit.replay.stage import TRACE, a_document, a_message, a_request, an_id

EVENTS = Path(__file__).parents[2] / "events"
NOON_MS = 1_795_348_800_000  # 2026-11-22 12:00 UTC, the hour of the samples
TIMEOUT_S = 30.0


def an_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_bytes())
    return event


@dataclass
class Aws:
    """What is there, and where it is."""

    site: Site
    bucket: Bucket
    queue: Queue
    dead: Queue
    xray: Store
    s3: Any
    sqs: Any
    reads: list[tuple[str, str]]

    def dead_count(self) -> int:
        """Messages in the dead-letter queue, none of them hidden."""
        url = self.site.settings.dead_letter_queue_url
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
        return int(attributes["ApproximateNumberOfMessages"])


class Read:
    """A bucket whose reads are known."""

    def __init__(self, bucket: Bucket, name: str, reads: list[tuple[str, str]]) -> None:
        self.bucket, self.name, self.reads = bucket, name, reads
        self.put, self.keys, self.delete = bucket.put, bucket.keys, bucket.delete

    def get(self, key: str) -> Object | None:
        self.reads.append((self.name, key))
        return self.bucket.get(key)


@pytest.fixture
def aws(monkeypatch) -> Iterator[Aws]:
    """Buckets and queues of a deployment, and the function set up for them."""
    with mock_aws():
        s3, sqs = boto3.client("s3"), boto3.client("sqs")
        for name in ("ours", "otlp-files", "otlp-archive"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        live = sqs.create_queue(QueueName="live", Attributes={"RedrivePolicy": policy})["QueueUrl"]
        settings = Settings(bucket="ours", queue_url=live, dead_letter_queue_url=dead)
        session = aws_session()
        site, xray, reads = site_on_aws(settings, "eu-west-1", session), Store(), list[tuple[str, str]]()
        named, letters = site.bucket_named, site.letters

        def at_once(url: str | None) -> Any:
            found: Any = letters(url)
            return replace(found, wait_s=0)

        site = replace(site, put=xray.put, letters=at_once, bucket_named=lambda name: Read(named(name), name, reads))
        clock = Clock()
        monkeypatch.setattr(app.handler, "site", site)
        monkeypatch.setattr(app.handler, "clock", clock)
        monkeypatch.setattr(app.handler, "sleep", clock.sleep)
        stores, others = (
            stores_on_aws(settings, "eu-west-1", session),
            stores_on_aws(replace(settings, queue_url=dead), "eu-west-1", session),
        )
        yield Aws(site, *_both(stores), _queue(others), xray, s3, sqs, reads)


def _both(stores: Stores) -> tuple[Bucket, Queue]:
    assert stores.bucket
    return stores.bucket, _queue(stores)


def _queue(stores: Stores) -> Queue:
    assert stores.queue
    return stores.queue


class Context:
    """Lambda's, with so many answers of "there is time" and then none."""

    def __init__(self, name: str = "run-1", looks: int = 10**9) -> None:
        self.aws_request_id, self.looks = name, looks

    def get_remaining_time_in_millis(self) -> int:
        self.looks -= 1
        return 900_000 if self.looks >= 0 else 10_000


def run(event: Any, context: Any = None) -> list[dict[str, Any]]:
    replays: list[dict[str, Any]] = app.handler(event, context or Context())["replays"]
    assert all(one.get("unaccounted", 0) == 0 for one in replays)
    return replays


# The cases


CASES = [case for case in event_cases() if case["id"] in {"RP-08", "RP-09", "RP-11", "RP-13"}]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_an_event_of_a_bucket_is_handled_as_its_case_says(case, aws, monkeypatch):
    body = a_request([1]).request.body
    metadata = {"Metadata": {"content-type": "application/json"}}
    aws.s3.put_object(Bucket="otlp-archive", Key="day=2026-03-12/part 1.pb.gz", Body=gzip.compress(body), **metadata)
    if case.get("fault"):
        monkeypatch.setattr(app.handler, "site", replace(aws.site, put=unreachable))
    expect = case["expect"]
    if expect["raises"]:
        with pytest.raises(LeftError):
            app.handler(case["event"], Context())
        assert aws.xray.stored == {}
        return
    run(case["event"])
    assert aws.reads == [(one["bucket"], one["key"]) for one in expect.get("reads", [])]
    assert len(aws.xray.stored) == expect.get("accepted_spans", 1)


def unreachable(_: list[str]) -> dict[str, Any]:
    raise EndpointConnectionError(endpoint_url="https://xray.eu-west-1.amazonaws.com")


def test_there_are_four_cases():
    assert len(CASES) == 4


# The samples


def test_replay_archive_sends_what_came_in_its_span_of_time(aws):
    inside, outside = [NOON_MS, NOON_MS + 7_199_999], [NOON_MS - 1, NOON_MS + 7_200_000]
    for at, at_ms in enumerate([*inside, *outside], 1):
        stored = bundle([a_message([at], at_ms=at_ms)])
        aws.bucket.put(archive_key("shop", at_ms, f"b{at}"), stored, TIMEOUT_S)
    aws.bucket.put(archive_key("other", NOON_MS, "b9"), bundle([a_message([9], "other", NOON_MS)]), TIMEOUT_S)
    (result,) = run(an_event("replay_archive"))
    assert (result["state"], result["delivered"], result["objects"]) == ("done", 2, 2)
    assert set(aws.xray.stored) == {an_id(1), an_id(2)}
    assert "s3cret" not in "".join(aws.xray.texts)
    assert len(list(aws.bucket.keys("archive/"))) == 5


@pytest.mark.parametrize("tenant", ["a b/c+d%20", "-", "ü", ""])
def test_any_name_of_a_tenant_leads_to_its_part_of_the_archive_and_of_what_is_parked(tenant, aws):
    for number, name in enumerate([tenant, "shop"], 1):
        stored = bundle([a_message([number], name, NOON_MS)])
        aws.bucket.put(archive_key(name, NOON_MS, "b"), stored, TIMEOUT_S)
        one = Parked(a_document(number), TRACE, an_id(number), "InvalidName", "", name, "r", NOON_MS, NOON_MS)
        aws.bucket.put(one.key, parked_object(one), TIMEOUT_S)
    for event in (an_event("replay_archive"), {"replay": "parked"}):
        (result,) = run(event | {"tenant": tenant}, Context(event["replay"]))
        assert (result["state"], result["delivered"]) == ("done", 1)
    assert aws.xray.received == {an_id(1): 2}
    everybody = {name: value for name, value in an_event("replay_archive").items() if name != "tenant"}
    assert run(everybody, Context("all"))[0]["delivered"] == 2


def test_replay_dead_letters_sends_and_deletes_them_and_leaves_what_it_cannot_read(aws):
    messages = [a_message([1, 2]), pack(Undelivered((a_document(3),), "shop")), replace(a_message([4]), body="AAAA")]
    assert all(aws.dead.send(messages, TIMEOUT_S))
    (result,) = run(an_event("replay_dead_letters"))
    assert (result["state"], result["delivered"], result["unreadable"], result["requests"]) == ("done", 3, 1, 3)
    assert set(aws.xray.stored) == {an_id(1), an_id(2), an_id(3)}
    assert aws.dead_count() == 1


def test_the_dead_letter_queue_is_also_found_behind_the_queue(aws):
    settings = replace(aws.site.settings, dead_letter_queue_url="")
    letters: Any = site_on_aws(settings, "eu-west-1", aws_session()).letters(None)
    assert letters.url == aws.site.settings.dead_letter_queue_url
    alone = replace(settings, queue_url=settings.queue_url.replace("live", "dead"))
    assert site_on_aws(alone, "eu-west-1", aws_session()).letters(None) is None


def test_replay_parked_sends_some_again_and_keeps_what_is_refused_again(aws):
    for number, code, tenant in [
        (1, "InvalidSegment", "shop"),
        (2, "InvalidSegment", "shop"),
        (3, "InvalidName", "shop"),
        (4, "InvalidSegment", "other"),
    ]:
        one = Parked(a_document(number), TRACE, an_id(number), code, "why", tenant, "r", NOON_MS, NOON_MS)
        aws.bucket.put(one.key, parked_object(one), TIMEOUT_S)
    aws.xray.refuses = {an_id(2): "InvalidTraceId"}
    (result,) = run(an_event("replay_parked"))
    assert (result["state"], result["delivered"], result["parked"], result["found"]) == ("done", 1, 1, 2)
    stored = [aws.bucket.get(key) for key in aws.bucket.keys("parked/")]
    left = {parked.id: parked.code for parked in (read_parked(one) for one in stored if one)}
    assert left == {an_id(2): "InvalidTraceId", an_id(3): "InvalidName", an_id(4): "InvalidSegment"}


def test_replay_object_sends_what_is_in_one_object_of_any_bucket(aws):
    put_part(aws)
    (result,) = run(an_event("replay_object"))
    assert (result["state"], result["delivered"]) == ("done", 2)


@pytest.mark.parametrize("name", ["s3_notification", "eventbridge_object"])
def test_an_event_of_an_object_sends_it_once_however_often_it_comes(name, aws):
    put_part(aws)
    (first,) = run(an_event(name), Context("run-1"))
    (again,) = run(an_event(name), Context("run-2"))
    assert (first["delivered"], again["skipped"], again["found"]) == (2, 2, 2)
    assert set(aws.xray.received.values()) == {1}


def put_part(aws: Aws) -> None:
    lines = b"\n".join(a_request([number]).request.body for number in (1, 2))
    key = "day=2026-11-22/part 1.json.gz"
    metadata = {"content-type": "application/x-ndjson"}
    aws.s3.put_object(Bucket="otlp-files", Key=key, Body=gzip.compress(lines), Metadata=metadata)


def test_an_object_that_is_not_there_is_told_and_not_asked_for_again(aws):
    (result,) = run(an_event("eventbridge_object"))
    assert (result["state"], result["unreadable"]) == ("done", 1)


def test_replay_schedule_goes_on_with_what_was_interrupted_and_then_takes_the_dead_letters(aws):
    stored = bundle([a_message([number], at_ms=NOON_MS) for number in range(1, 601)])
    aws.bucket.put(archive_key("shop", NOON_MS, "b"), stored, TIMEOUT_S)
    (result,) = run(an_event("replay_archive"), Context("run-1", looks=800))
    assert result["state"] == "interrupted"
    assert result["resume"] == {"replay": "resume", "id": "run-1"}
    assert 0 < result["delivered"] < 600
    assert all(aws.dead.send([a_message([700])], TIMEOUT_S))
    first, second = run(an_event("replay_schedule"), Context("run-2"))
    assert (first["id"], first["state"], first["skipped"]) == ("run-1", "done", result["delivered"])
    assert (second["replay"], second["delivered"]) == ("dead-letters", 1)
    assert set(aws.xray.received.values()) == {1}
    assert len(aws.xray.stored) == 601
    assert [one["replay"] for one in run(an_event("replay_schedule"), Context("run-3"))] == ["dead-letters"]


def test_replay_resume_goes_on_with_the_one_that_it_names(aws):
    stored = bundle([a_message([number], at_ms=NOON_MS) for number in range(1, 301)])
    aws.bucket.put(archive_key("shop", NOON_MS, "b"), stored, TIMEOUT_S)
    resume = an_event("replay_resume")
    (first,) = run(an_event("replay_archive"), Context(resume["id"], looks=400))
    (second,) = run(resume, Context("run-2"))
    assert (first["state"], second["id"], second["state"]) == ("interrupted", first["id"], "done")
    assert (second["skipped"], second["delivered"]) == (first["delivered"], 300 - first["delivered"])
    assert set(aws.xray.received.values()) == {1}


def test_lambdas_own_second_try_of_an_event_goes_on_with_the_first(aws):
    stored = bundle([a_message([number], at_ms=NOON_MS) for number in range(1, 301)])
    aws.bucket.put(archive_key("shop", NOON_MS, "b"), stored, TIMEOUT_S)
    (first,) = run(an_event("replay_archive"), Context("run-1", looks=400))
    (second,) = run(an_event("replay_archive"), Context("run-1"))
    assert first["state"] == "interrupted"
    assert (second["state"], second["skipped"] + second["delivered"]) == ("done", 300)
    assert set(aws.xray.received.values()) == {1}


def test_a_dry_run_counts_and_touches_nothing(aws):
    assert all(aws.dead.send([a_message(range(1, 101), bad=2), a_message([200])], TIMEOUT_S))
    (result,) = run(an_event("replay_dead_letters") | {"dry_run": True, "rate": 10})
    counted = {name: result[name] for name in ("requests", "spans", "rejected", "documents", "calls", "seconds")}
    assert counted == {"requests": 2, "spans": 103, "rejected": 2, "documents": 101, "calls": 3, "seconds": 11}
    assert aws.xray.received == {}
    assert aws.dead_count() == 2
    assert list(aws.bucket.keys("replays/")) == []


def test_a_claimed_body_is_read_from_the_bucket(aws):
    message, body = claim(a_message([1]), "claims/2026/11/22/a")
    aws.bucket.put("claims/2026/11/22/a", body, TIMEOUT_S)
    assert all(aws.dead.send([message], TIMEOUT_S))
    (result,) = run(an_event("replay_dead_letters"))
    assert result["delivered"] == 1


def test_a_store_that_cannot_be_reached_fails_the_function(aws, monkeypatch):
    settings = replace(aws.site.settings, bucket="nobodys", dead_letter_queue_url=f"{aws.site.settings.queue_url}x")
    monkeypatch.setattr(app.handler, "site", site_on_aws(settings, "eu-west-1", aws_session()))
    for name in ("replay_archive", "replay_dead_letters"):
        with pytest.raises(KeepError):
            app.handler(an_event(name), Context())


def test_what_is_not_there_to_be_replayed_is_said(aws, monkeypatch):
    with pytest.raises(AskedError, match="there is no replay 'nobody'"):
        run({"replay": "resume", "id": "nobody"})
    run({"replay": "parked", "id": "mine"})
    with pytest.raises(AskedError, match="'mine' is another replay's"):
        run({"replay": "parked", "id": "mine", "tenant": "shop"})
    monkeypatch.setattr(app.handler, "site", replace(aws.site, bucket=None, letters=lambda _: None))
    with pytest.raises(AskedError, match="there is no dead-letter queue"):
        run({"replay": "dead-letters"})
    with pytest.raises(AskedError, match="bucket: there is none"):
        run({"replay": "parked"})


def test_a_run_is_a_line_in_the_log_and_its_numbers_are_metrics(aws, capsys, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(reporting.log.registered_handler, "stream", stream)
    put_part(aws)
    run(an_event("replay_object"))
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert (line["message"], line["found"], line["delivered"], line["state"]) == ("replay_done", 2, 2, "done")
    metrics = json.loads(capsys.readouterr().out)
    assert metrics["ReplaySpansFound"] == metrics["ReplaySpansDelivered"] == [2]
    assert metrics["ReplaySpansUnaccounted"] == [0]
