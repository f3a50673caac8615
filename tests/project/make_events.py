"""Makes the files of `events/`: those of the ingest function are what the gateway would hand on for real requests.

Takes   requests of `tests/data/corpus/`, and the events of `replay_events.py` and `deliver_events.py`.
Gives   `made()`, the text of each file in `events/`; run as a program (`make data`) it writes them.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from raygate_local import gateway
from tests.corpus import captured_one
from tests.project.deliver_events import deliver_events
from tests.project.replay_events import REPLAY_EVENTS

EVENTS: Final = Path(__file__).parents[2] / "events"

SOURCES: Final = {
    "traces_protobuf": "otel-python/001-otel-python-generate.http.json",
    "traces_json_gzip": "otel-python-json-gzip/001-otel-python-json-gzip-aws-queue.http.json",
    "traces_malformed": "curl/008-curl-json-invalid.http.json",
    "traces_multi": "otel-go-xray-ecs/002-otel-go-xray-ecs-out.http.json",
}
"""The captured request behind each event."""

DOMAIN: Final = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"


def made() -> dict[str, str]:
    """The text of each event, by its file's name."""
    written = {file: json.dumps(event, indent=2) + "\n" for file, event in (REPLAY_EVENTS | deliver_events()).items()}
    return {f"{name}.json": _event(source) for name, source in SOURCES.items()} | written


def _event(source: str) -> str:
    request = captured_one(source)
    sent = [(name.lower(), value) for name, value in request.headers if name.lower() != "host"]
    through = [("host", DOMAIN), ("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "https")]
    call = gateway.Call(
        method=request.method,
        target=request.path.encode("latin-1"),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in [*through, *sent]],
        body=request.body,
        source_ip="203.0.113.7",
        request_id="JKJaXmPLvHcESHA=",
        at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    event = gateway.event(call)
    event["requestContext"] |= {"accountId": "123456789012", "apiId": DOMAIN.split(".")[0]}
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    EVENTS.mkdir(exist_ok=True)
    for file, text in made().items():
        (EVENTS / file).write_text(text)
