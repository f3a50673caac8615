"""X-Ray, asked: through botocore, whichever it is.

Takes   `--xray`: `local`, `aws` or an address; without it AWS_ENDPOINT_URL_XRAY, else the local X-Ray's port.
Gives   `Xray`: summaries of a span of time, the documents of traces, where they can be looked at, its destination.
Raises  `XrayError`, one sentence with what to do.
Note    An X-Ray on this machine needs no credentials: pretend ones are used, and no proxy is in between.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)
from botocore.session import Session

from raygate.errors import RaygateError
from raygate_local.sending.endpoint import LOOPBACK
from raygate_local.target import NO_CREDENTIALS, NO_REGION, PRETEND, PRETEND_REGION
from raygate_local.terminal.screen import plain
from raygate_local.unreadable import UnreadableError

LOCAL: Final = "http://127.0.0.1:8080"
ENDPOINT: Final = "AWS_ENDPOINT_URL_XRAY"
MOST_IDS: Final = 5
"""BatchGetTraces takes no more at once."""

TRACE_ID: Final = re.compile(r"(?:1-)?([0-9a-fA-F]{8})-?([0-9a-fA-F]{24})")

DENIED: Final = frozenset({"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"})
EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"})


class XrayError(RaygateError):
    """X-Ray could not be asked. The message says why and what to do, in one sentence."""


class WordError(XrayError, UnreadableError):
    """It was not asked: what was typed names no trace, or no X-Ray."""


def trace_id_of(text: str) -> str:
    """X-Ray's form of a trace id, given in either form or as the address of its page."""
    found = TRACE_ID.fullmatch(text.rstrip("/").rpartition("/")[2].strip())
    if not found:
        raise WordError(f"{text!r} is no trace id: it is 32 hexadecimal digits, or 1-8 digits-24 digits.")
    return f"1-{found[1]}-{found[2]}".lower()


@dataclass(frozen=True, slots=True)
class Xray:
    """One X-Ray."""

    client: Any
    url: str
    """`""` for AWS's own."""
    region: str
    session: Session
    is_here: bool
    """Whether it is on this machine, and needs no credentials."""

    def summaries(
        self, start_s: float, end_s: float, expression: str = "", kind: str = "Event"
    ) -> list[dict[str, Any]]:
        """The traces of a span of time, as they come; by default by the time at which they arrived."""
        asked: dict[str, Any] = {
            "StartTime": datetime.fromtimestamp(start_s, UTC),
            "EndTime": datetime.fromtimestamp(end_s, UTC),
            "TimeRangeType": kind,
        }
        if expression:
            asked["FilterExpression"] = expression
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("get_trace_summaries", **asked)
            found += page.get("TraceSummaries", ())
            if not page.get("NextToken"):
                return found
            asked["NextToken"] = page["NextToken"]

    def documents(self, trace_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """The documents of those of the traces that are there."""
        found: dict[str, list[dict[str, Any]]] = {}
        for start in range(0, len(trace_ids), MOST_IDS):
            for trace in self._traces(list(trace_ids[start : start + MOST_IDS])):
                texts = [segment["Document"] for segment in trace.get("Segments", ())]
                found.setdefault(trace["Id"], []).extend(json.loads(text) for text in texts)
        return found

    def _traces(self, trace_ids: list[str]) -> Iterator[dict[str, Any]]:
        asked: dict[str, Any] = {"TraceIds": trace_ids}
        while True:
            page = self.call("batch_get_traces", **asked)
            yield from page.get("Traces", ())
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def trace(self, trace_id: str) -> list[dict[str, Any]]:
        """The documents of one trace."""
        documents = self.documents([trace_id]).get(trace_id)
        if not documents:
            raise XrayError(f"{self.name} has no trace {trace_id}: it may not have come yet, or be too old.")
        return documents

    def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Ask it."""
        try:
            answer: Mapping[str, Any] = getattr(self.client, operation)(**parameters)
        except (BotoCoreError, ClientError) as error:
            raise XrayError(self._why(error)) from error
        return answer

    @property
    def name(self) -> str:
        """For a sentence."""
        return f"The X-Ray on {self.url}" if self.url else f"X-Ray in {self.region}"

    def page(self, trace_id: str) -> str:
        """Where the trace can be looked at."""
        if self.url:
            return f"{self.url.rstrip('/')}/traces/{trace_id}"
        console = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}"
        return f"{console}#xray:traces/{trace_id}"

    def _why(self, error: Exception) -> str:
        if isinstance(error, NoCredentialsError):
            return NO_CREDENTIALS
        if isinstance(error, EndpointConnectionError) and self.url:
            return f"No X-Ray answers on {self.url}: start one with `raygate serve`, or name another with --xray."
        if isinstance(error, HTTPClientError | BotoConnectionError):
            return f"{self.name} cannot be reached: {str(error).rstrip('.')}."
        return f"{self.name} refuses: {_refusal(error)}"


def _refusal(error: Exception) -> str:
    if not isinstance(error, ClientError):
        return f"{str(error).rstrip('.')}."
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", "")).rstrip(".")
    if code in DENIED:
        return f"these credentials may not do that ({error.operation_name}): give them the permission."
    if code in EXPIRED:
        return f"the credentials are not valid any more ({code}): log in again."
    if code.isdigit():  # botocore found no error of X-Ray's in the answer, only a status
        return f"it answers {code}, and not as X-Ray does: is the address right?"
    return f"{plain(message) or code}."


def connect(asked: str | None, environ: Mapping[str, str]) -> Xray:
    """A client for that X-Ray; nothing is asked yet."""
    url = _url(asked, environ)
    if url and not url.startswith(("http://", "https://")):
        raise WordError(f"--xray is local, aws or an address such as {LOCAL}, not {url!r}.")
    is_here = bool(url) and urlsplit(url).hostname in LOOPBACK
    try:
        session = _own_session() if is_here else Session()
        region = environ.get("AWS_REGION") or session.get_config_variable("region")
        client = session.create_client(
            "xray",
            region_name=region or (PRETEND_REGION if url else None),
            endpoint_url=url or None,
            config=_config(is_here),
        )
    except NoRegionError as error:
        raise XrayError(NO_REGION) from error
    except (BotoCoreError, ValueError) as error:
        raise XrayError(f"boto cannot be used: {str(error).rstrip('.')}.") from error
    return Xray(client, url, region or PRETEND_REGION, session, is_here)


def _own_session() -> Session:
    """A session that has credentials, whatever profile the environment names."""
    session = Session(session_vars={"profile": (None, None, None, None)})
    session.set_credentials(PRETEND["AWS_ACCESS_KEY_ID"], PRETEND["AWS_SECRET_ACCESS_KEY"])
    return session


def _url(asked: str | None, environ: Mapping[str, str]) -> str:
    if asked == "aws":
        return ""
    if asked == "local":
        return LOCAL
    return asked or environ.get(ENDPOINT) or LOCAL


def _config(is_here: bool) -> Config:  # noqa: FBT001 - it is the one thing that decides
    patience = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    return patience.merge(Config(proxies={})) if is_here else patience
