"""X-Ray's client: made once, outside of the handler, its connections kept.

Gives   `connect`: `put` for `deliver`. Credentials and endpoint are botocore's own settings, such as
        `AWS_ENDPOINT_URL_XRAY`.
Note    The body is written by orjson and put in the place of botocore's: a third of a call's own cost. The first call
        goes botocore's whole way, those after it a shorter one (`repeating.py`). Signing, credentials and endpoints
        stay botocore's.
Note    botocore's client and not boto3's: it is there about 40 ms sooner at a cold start. Its own retries are off,
        since `deliver` knows what is worth a retry and how much time there is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import botocore
import orjson
from botocore.config import Config
from botocore.parsers import ResponseParserError
from botocore.session import Session, get_session

from raygate import __version__
from raygate.deliver.fate import Put
from raygate.deliver.repeating import Repeated
from raygate.lanes import SIDE_BY_SIDE

DOCUMENTS: Final = "TraceSegmentDocuments"

CONFIG: Final = Config(
    connect_timeout=2,
    read_timeout=4,
    retries={"mode": "standard", "total_max_attempts": 1},
    max_pool_connections=SIDE_BY_SIDE,
    tcp_keepalive=True,
    # Whole, since botocore puts its own together anew twice a call: a fifth of the call's cost.
    user_agent=f"raygate/{__version__} Botocore/{botocore.__version__}",
)


def connect(region: str | None = None, session: Session | None = None, url: str | None = None) -> Put:
    """Make the client; no network is touched before the first call. `url` is for what only speaks as X-Ray does."""
    client: Any = (session or get_session()).create_client("xray", region_name=region, endpoint_url=url, config=CONFIG)
    events, repeated = client.meta.events, None

    def learn(params: dict[str, Any], request_signer: Any, **_: Any) -> None:
        nonlocal repeated
        repeated = Repeated.of(client, params, request_signer)

    events.register("provide-client-params.xray.PutTraceSegments", _set_aside)
    events.register("before-call.xray.PutTraceSegments", learn)
    events.register("before-call.xray.PutTraceSegments", _put_in)
    events.register("before-parse.xray.PutTraceSegments", _check)

    def put(texts: list[str]) -> Mapping[str, Any]:
        response: Mapping[str, Any] = (
            _again(repeated, texts) if repeated else client.put_trace_segments(**{DOCUMENTS: texts})
        )
        return response

    return put


def body_of(texts: Sequence[str]) -> bytes:
    """The body of PutTraceSegments."""
    return orjson.dumps({DOCUMENTS: texts})


def _set_aside(params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Give botocore no documents to write."""
    context[DOCUMENTS] = params[DOCUMENTS]
    return {DOCUMENTS: []}


def _put_in(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = body_of(context.pop(DOCUMENTS))


def _again(repeated: Repeated, texts: Sequence[str]) -> Mapping[str, Any]:
    response = repeated.send(body_of(texts))
    answer = _check(response)
    return answer if response["status_code"] == 200 else repeated.parse(response)


def _check(response_dict: dict[str, Any], **_: Any) -> Any:
    """Refuse an answer that is not X-Ray's: botocore takes a web page with 200 for success."""
    try:
        answer = orjson.loads(response_dict["body"])
    except ValueError:
        answer = None
    if _is_answer(answer):
        return answer
    if response_dict["status_code"] < 300:
        raise ResponseParserError("the answer to PutTraceSegments is none")
    response_dict["body"] = b""  # botocore fails on some of these; the status says enough
    return None


def _is_answer(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    entries = answer.get("UnprocessedTraceSegments") or []
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
