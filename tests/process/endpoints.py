"""The endpoints that the conformance cases want: a real process for each configuration, all before one X-Ray.

Gives   `Endpoints`, which starts a process when it is asked for the first time; `names`, the configurations that a
        case is for; `FAULTS`, what X-Ray does in place of taking documents.
Note    `requires` also names what every endpoint has: `deflate`, `zstd`, a raw socket, a store that is idempotent.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.fake_xray import FakeXRay, Fault, answers, error, hangs, serving
from tests.process.serving import Running, raygate, running

KEY: Final = "test-token-1"
SCOPES: Final = {KEY: "traces:write", "test-token-forbidden": "none"}
"""The keys that the cases know, and what each may do."""

CONFIGURATIONS: Final[dict[str, dict[str, str]]] = {
    "default": {},
    "auth": {"RAYGATE_AUTH": "keys"},
    "limits": {"RAYGATE_MAX_WIRE_BYTES": "1048576", "RAYGATE_MAX_DECOMPRESSED_BYTES": "1048576"},
    "cors": {"RAYGATE_CORS_ALLOWED_ORIGINS": "https://app.example.com"},
    "prefix:/otlp": {"RAYGATE_PATH_PREFIXES": "/otlp"},
    "fault": {},
}
ACCIDENTS: Final = frozenset({"fault"})
"""Where something unforeseen is meant to happen; elsewhere it fails the tests."""

MISSHAPEN: Final = answers(200, b'{"UnprocessedTraceSegments":[{"Id":["x"]}]}')
"""A list where X-Ray has an identifier: nobody foresaw that, and it is a `TypeError` where it is looked up."""

MANY: Final = 20
"""As often as it is tried again."""

FAULTS: Final[dict[str, Sequence[Fault]]] = {
    "store-unavailable": [error(503, "ServiceUnavailableException")] * MANY,
    "throttled": [error(429, "ThrottledException")] * MANY,
    "unexpected-exception": [MISSHAPEN],
    "store-permanent": [error(400, "InvalidRequestException")],
    "deadline-near": [hangs] * MANY,  # until the request's time is up
}


def names(case: Mapping[str, Any]) -> list[str]:
    """Where to run a case: what needs nothing holds for an endpoint that asks everybody for a key, too."""
    required = [name for name in case.get("requires", ()) if name in CONFIGURATIONS]
    return required or ["default", "auth"]


@dataclass(slots=True)
class Endpoints:
    """Processes by configuration, and their X-Ray."""

    xray: FakeXRay
    folder: Path
    stack: ExitStack
    started: dict[str, Running] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Running:
        """The process with that configuration."""
        if name not in self.started:
            environ = CONFIGURATIONS[name] | {"AWS_ENDPOINT_URL_XRAY": self.xray.url}
            if name == "auth":
                environ["RAYGATE_KEYS_FILE"] = str(_keys(self.folder))
            self.started[name] = self.stack.enter_context(running(environ=environ, accidents=name in ACCIDENTS))
        return self.started[name]


@contextmanager
def endpoints(folder: Path) -> Iterator[Endpoints]:
    """Nothing but X-Ray runs until a configuration is asked for."""
    with serving() as xray, ExitStack() as stack:
        places = Endpoints(xray, folder, stack)
        yield places
        for server in places.started.values():
            server.process.terminate()  # all together; the stack waits for each


def _keys(folder: Path) -> Path:
    file = folder / "keys.json"
    for token, scope in SCOPES.items():
        arguments = ["--file", str(file), "--tenant", "shop", "--token", token, "--scope", scope]
        status, _, errors = raygate("keys", "create", *arguments)
        assert status == 0, errors
    return file
