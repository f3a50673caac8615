"""The session has fewer handlers than botocore's own; the calls that are made with it are the same."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session

from raygate.aws_session import aws_session

QUEUE = "https://sqs.eu-west-1.amazonaws.com/0/spans"
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]}),
    ("sqs", "send_message_batch", {"QueueUrl": QUEUE, "Entries": [{"Id": "0", "MessageBody": "a"}]}),
    ("sqs", "receive_message", {"QueueUrl": QUEUE, "MessageAttributeNames": ["All"]}),
    ("s3", "put_object", {"Bucket": "kept", "Key": "parked/a b.json", "Body": b"{}", "ContentType": "text/plain"}),
    ("s3", "get_object", {"Bucket": "kept", "Key": "claims/a"}),
    ("s3", "list_objects_v2", {"Bucket": "kept", "Prefix": "parked/é"}),
    ("s3", "delete_object", {"Bucket": "kept", "Key": "parked/a"}),
    ("dynamodb", "get_item", {"TableName": "keys", "Key": {"hash": {"S": "0"}}}),
    (
        "sts",
        "assume_role_with_web_identity",
        {"RoleArn": "a" * 20, "RoleSessionName": "me", "WebIdentityToken": "a token"},
    ),
]
OF_THE_MOMENT = {"X-Amz-Date", "Authorization", "amz-sdk-invocation-id", "User-Agent"}


class SentError(Exception):
    """Instead of the network."""


def sent_by(session: Session, service: str, operation: str, arguments: dict[str, Any]) -> AWSPreparedRequest:
    requests: list[AWSPreparedRequest] = []

    def take(request: AWSPreparedRequest, **_: Any) -> None:
        requests.append(request)
        raise SentError

    client: Any = session.create_client(service)
    client.meta.events.register_first("before-send", take)
    with pytest.raises(SentError):
        getattr(client, operation)(**arguments)
    (request,) = requests
    return request


def body_of(request: AWSPreparedRequest) -> Any:
    """What goes over the wire, also where it is made while it is sent."""
    body: Any = request.body
    return body.read() if hasattr(body, "read") else body


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=[operation for _, operation, _ in CALLS])
def test_a_call_is_the_one_that_botocores_own_session_makes(service, operation, arguments):
    ours, theirs = (sent_by(session, service, operation, arguments) for session in (aws_session(), Session()))
    assert (ours.method, ours.url, body_of(ours)) == (theirs.method, theirs.url, body_of(theirs))
    assert ours.headers.keys() == theirs.headers.keys()
    differing = {name for name in ours.headers if ours.headers[name] != theirs.headers[name]}
    assert differing <= OF_THE_MOMENT


def test_a_handler_for_every_service_is_there_whoever_brought_it(monkeypatch):
    heard: list[str] = []
    further = [("before-call", lambda model, **_: heard.append(model.name)), ("before-call.ec2", heard.append)]
    monkeypatch.setattr("raygate.aws_session.BUILTIN_HANDLERS", [*BUILTIN_HANDLERS, *further])
    sent_by(aws_session(), *CALLS[0])
    assert heard == ["PutTraceSegments"]


def test_without_a_bucket_the_session_has_none_of_s3s_handlers(monkeypatch):
    heard: list[str] = []
    further = [("before-call.s3", lambda model, **_: heard.append(model.name))]
    monkeypatch.setattr("raygate.aws_session.BUILTIN_HANDLERS", [*BUILTIN_HANDLERS, *further])
    of_s3 = next(call for call in CALLS if call[0] == "s3")
    sent_by(aws_session(needs_s3=False), *of_s3)
    assert heard == []
    sent_by(aws_session(), *of_s3)
    assert heard == ["PutObject"]
