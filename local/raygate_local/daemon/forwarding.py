"""Documents to a Raygate endpoint over HTTPS with a key, as if it were X-Ray: the same client, another address.

Takes   the endpoint's address, with or without a path, and the headers that hold the key.
Gives   `put_to`: `put` for the pipeline, so that batches, refusals, tries and the queue are those of X-Ray.
Raises  `ForwardError`, one sentence, for an address that is none or that would show the key to the network.
"""

import gzip
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.config import Config
from botocore.session import get_session

from raygate.deliver import Put
from raygate.deliver.client import connect

HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LEVEL: Final = 1
"""gzip's: documents of one batch are much alike."""


class ForwardError(Exception):
    """Nothing can be sent there. The message says why, in one sentence."""


def put_to(url: str, headers: Mapping[str, str], region: str) -> Put:
    """Make the client; no network is touched before the first call."""
    check(url, has_key=bool(headers))
    session = get_session()

    def dressed(params: dict[str, Any], **_: Any) -> None:
        params["headers"].update({**headers, "content-encoding": "gzip"})
        params["body"] = gzip.compress(params["body"], LEVEL)

    session.get_component("event_emitter").register_last("before-call.xray.PutTraceSegments", dressed)
    session.set_default_client_config(Config(signature_version=UNSIGNED))
    return connect(region, session, url.rstrip("/"))


def check(url: str, *, has_key: bool) -> None:
    """Whether this is an address, and one that a key may be sent to."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ForwardError(f"--daemon-to must be an address such as https://traces.example.com, not {url!r}.")
    if has_key and parts.scheme == "http" and parts.hostname not in HERE:
        raise ForwardError("--daemon-to has to be https with a key: anybody on the way could read it otherwise.")
