"""The session has fewer handlers than botocore's own; the calls that are made with it are the same."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session

from raygate.aws_session import aws_session

CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]}),
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


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=[service for service, *_ in CALLS])
def test_a_call_is_the_one_that_botocores_own_session_makes(service, operation, arguments):
    ours, theirs = (sent_by(session, service, operation, arguments) for session in (aws_session(), Session()))
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
    assert ours.headers.keys() == theirs.headers.keys()
    differing = {name for name in ours.headers if ours.headers[name] != theirs.headers[name]}
    assert differing <= OF_THE_MOMENT


def test_a_handler_for_every_service_is_there_whoever_brought_it(monkeypatch):
    heard: list[str] = []
    further = [("before-call", lambda model, **_: heard.append(model.name)), ("before-call.s3", heard.append)]
    monkeypatch.setattr("raygate.aws_session.BUILTIN_HANDLERS", [*BUILTIN_HANDLERS, *further])
    sent_by(aws_session(), *CALLS[0])
    assert heard == ["PutTraceSegments"]
