"""The function's log lines about some requests, from CloudWatch Logs.

Raises  `LogsError`, one sentence.
Source  CloudWatch Logs API reference, FilterLogEvents.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from raygate.errors import RaygateError

MOST_REQUESTS: Final = 20
MOST_PAGES: Final = 50


class LogsError(RaygateError):
    """The logs could not be asked. The message says why."""


def lines_of(client: Any, group: str, request_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The lines that hold the id of one of the requests."""
    try:
        messages = [message for name in request_ids[:MOST_REQUESTS] for message in _messages(client, group, name)]
    except (BotoCoreError, ClientError) as error:
        raise LogsError(f"The log group {group} cannot be read: {str(error).rstrip('.')}") from error
    return [line for message in messages if (line := _line(message))]


def _messages(client: Any, group: str, request_id: str) -> Iterator[str]:
    asked: dict[str, Any] = {"logGroupName": group, "filterPattern": json.dumps(request_id)}
    for _ in range(MOST_PAGES):
        page = client.filter_log_events(**asked)
        yield from (event["message"] for event in page.get("events", ()))
        if not page.get("nextToken"):
            return
        asked["nextToken"] = page["nextToken"]


def _line(message: str) -> dict[str, Any] | None:
    try:
        line = json.loads(message)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
