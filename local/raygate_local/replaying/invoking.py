"""A replay that the deployed function does: asked for here, done there, and its answer waited for.

Takes   the function's name, as the stack's output `ReplayFunction` tells it, or its ARN; the request.
Gives   `invoke`: the results, as the function gives them.
Raises  `InvokeError`, one sentence, when it cannot be asked or has failed.
Rules   Asked once: a second time would make a second replay, beside the first. It has a name of ours, so that it can be
        gone on with although its answer was not heard.
Source  AWS Lambda API reference, Invoke: `FunctionError`, `errorType`, `errorMessage`.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError, ReadTimeoutError
from botocore.session import Session

from raygate.errors import RaygateError
from raygate.replay.asked import Asked, DeadLetters, Resume, Schedule

LONGEST_S: Final = 930
"""A function ends after fifteen minutes."""
CONFIG: Final = Config(
    connect_timeout=5, read_timeout=LONGEST_S, retries={"mode": "standard", "total_max_attempts": 1}, tcp_keepalive=True
)

REFUSED: Final[Mapping[str, str]] = {
    "ResourceNotFoundException": "no function {function!r} in {region}: the stack's output ReplayFunction names it",
    "AccessDeniedException": "these credentials may not invoke {function!r}: they need lambda:InvokeFunction",
    "TooManyRequestsException": "Lambda has no instance for {function!r} now: try again in a minute",
}
OURS: Final = frozenset({"AskedError", "KeepError"})
"""Errors whose message says everything."""


class InvokeError(RaygateError):
    """The function did not do it. The message says why."""


def event(asked: Asked, name: str) -> dict[str, Any]:
    """What the function is invoked with: what was said, and a name for what is to be remembered."""
    told: dict[str, Any] = asked.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    if isinstance(asked, DeadLetters | Resume | Schedule) or asked.dry_run:
        return told
    return {"id": name, **told}


def invoke(function: str, request: Mapping[str, Any], session: Session, region: str | None) -> list[dict[str, Any]]:
    """Ask, and wait. Without a region it is boto's own."""
    try:
        client: Any = session.create_client("lambda", region_name=region, config=CONFIG)
        answer = client.invoke(FunctionName=function, Payload=orjson.dumps(request))
        told = _read(answer["Payload"].read())
    except NoRegionError as error:
        raise InvokeError("no region is set: AWS_REGION names it") from error
    except ReadTimeoutError as error:
        raise InvokeError(f"{function!r} has not answered within {LONGEST_S} s{_resume(request)}") from error
    except ClientError as error:
        raise InvokeError(_refused(error, function, client.meta.region_name)) from error
    except (BotoCoreError, ValueError) as error:
        raise InvokeError(f"{function!r} cannot be invoked: {error}") from error
    if answer.get("FunctionError"):
        raise InvokeError(_failed(told, function, request))
    replays = told.get("replays")
    if not isinstance(replays, list):
        raise InvokeError(f"{function!r} is not the replay function: the stack's output ReplayFunction names it")
    return replays


def _read(payload: bytes) -> dict[str, Any]:
    told = orjson.loads(payload)
    return told if isinstance(told, dict) else {}


def _refused(error: ClientError, function: str, region: str) -> str:
    told = error.response.get("Error", {})
    code = str(told.get("Code", ""))
    if code in REFUSED:
        return REFUSED[code].format(function=function, region=region)
    return f"Lambda does not invoke {function!r}: {code}: {told.get('Message', '')}"


def _failed(told: Mapping[str, Any], function: str, request: Mapping[str, Any]) -> str:
    kind, message = str(told.get("errorType", "")), str(told.get("errorMessage", ""))
    if kind in OURS:
        return message
    return f"{function!r} failed: {': '.join(filter(None, (kind, message)))}{_resume(request)}"


def _resume(request: Mapping[str, Any]) -> str:
    name = request.get("id")
    return f"; go on with --resume {name}" if name else ""
