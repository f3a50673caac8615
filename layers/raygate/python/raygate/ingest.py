"""One request in, one answer out: what the Lambda function and the local server call.

Takes   an event of payload format 2.0, and a context that says how much time is left.
Gives   the result for the gateway, always: nothing is raised. An accident is 503, which senders repeat, and never 500,
        for which they drop the spans.
Note    `report` gets one `Report` a request. It decides what is logged and measured; the result does not depend on it.
"""

import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final, Literal, TypeAlias

from botocore.exceptions import BotoCoreError

from raygate import http_api, pipeline
from raygate.aws_session import aws_session
from raygate.deliver import Budget, Put
from raygate.deliver.budget import seconds_for
from raygate.deliver.client import connect
from raygate.errors import CredentialsError, DecodeError, KeyStoreError, NotAllowedError, SettingsError
from raygate.http_api import DOCUMENTS, HEALTH, Answer, Call, Refusal
from raygate.keep import NOWHERE, Stores
from raygate.keep.aws import stores_on_aws
from raygate.keys import Guard, Presented, Principal, guard_of
from raygate.records import dataclass
from raygate.request import Outcome, Receipt, Request
from raygate.settings import Settings

Kind: TypeAlias = Literal["export", "documents", "health", "preflight"]
"""`export`: spans. `documents`: X-Ray's own in their place."""

COUNTED: Final[frozenset[Kind]] = frozenset({"export", "documents"})
"""What brings spans."""
KINDS: Final[dict[str, Kind]] = {HEALTH: "health", DOCUMENTS: "documents"}

ANSWERED: Final = (CredentialsError, NotAllowedError, KeyStoreError, DecodeError)
"""What is raised on purpose on the way, and has an answer of its own."""


@dataclass(slots=True)
class Report:
    """What there is to say about one request. No token, body or attribute value is in it."""

    status: int = 0
    kind: Kind = "export"
    principal: Principal = field(default_factory=Principal)
    """Who sends, once that is known."""
    request: Request | None = None
    receipt: Receipt = field(default_factory=Receipt)
    outcome: Outcome | None = None
    refusal: str = ""
    """Why the answer is not 200."""
    key_store_failed: bool = False
    """Because nobody could say whose key it is."""
    accident: Exception | None = None
    """What nobody foresaw."""
    duration_ms: float = 0.0


Reporter: TypeAlias = Callable[[Report], None]


def now_ms() -> int:
    """The time of a receipt."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Ingest:
    """The handler: `Ingest(settings, put, guard, report)(event, context)`."""

    settings: Settings
    put: Put
    guard: Guard
    report: Reporter
    problem: str = ""
    """Why this endpoint can take nothing, such as a setting that is wrong: health check and exports answer 503."""
    budget: Callable[[float], Budget] = Budget.of
    stores: Stores = NOWHERE
    now_ms: Callable[[], int] = now_ms

    def __call__(self, event: Any, context: Any = None) -> dict[str, Any]:
        """Answer one event."""
        started = time.perf_counter()
        report = Report()
        answer = self._answer(event, context, report)
        report.status = answer.status
        report.duration_ms = (time.perf_counter() - started) * 1_000
        self._tell(report)
        return answer.result()

    def _answer(self, event: Any, context: Any, report: Report) -> Answer:
        call: Call | None = None
        try:
            call = http_api.read(event)
            answer = self._serve(call, self.budget(seconds_for(context)), report)
        except Refusal as error:
            answer = self._refuse(call, error, report)
        except ANSWERED as error:
            report.key_store_failed = isinstance(error, KeyStoreError)
            answer = self._refuse(call, Refusal.of(error), report)
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the sender has to keep its spans
            report.accident = error
            answer = self._refuse(call, Refusal.unavailable("something went wrong here; please send again"), report)
        return http_api.decorated(answer, call, self.settings) if call else answer

    def _refuse(self, call: Call | None, refusal: Refusal, report: Report) -> Answer:
        report.refusal = str(refusal)
        return http_api.refuse_documents(refusal) if report.kind == "documents" else http_api.refuse(call, refusal)

    def _serve(self, call: Call, budget: Budget, report: Report) -> Answer:
        path = http_api.route(call, self.settings)
        if http_api.is_preflight(call):
            report.kind = "preflight"
            return http_api.preflight(call, path, self.settings)
        report.kind = KINDS.get(path, "export")
        if self.problem:
            raise Refusal.unavailable(self.problem)
        return http_api.healthy(call) if path == HEALTH else self._take(call, budget, report)

    def _take(self, call: Call, budget: Budget, report: Report) -> Answer:
        is_export = report.kind == "export"
        report.principal = sender = self.guard(http_api.presented(call))
        report.request = request = (http_api.export if is_export else http_api.posted)(call, sender.tenant)
        report.receipt = receipt = Receipt(call.request_id, self.now_ms())
        if not budget.left_s():
            raise Refusal.unavailable("no time is left for this request")
        way = (self.settings, self.put, budget, sender.admit, self.stores, receipt)
        if is_export:
            report.outcome = pipeline.run(request, *way)
            return http_api.accept(request, report.outcome)
        from raygate.documents import run_documents, texts_of  # noqa: PLC0415 - senders of spans shall not pay for it at a cold start

        taken = run_documents(texts_of(request, self.settings), sender.tenant, *way)
        report.outcome = taken.outcome
        return http_api.accept_documents(taken)

    def _tell(self, report: Report) -> None:
        try:
            self.report(report)
        except Exception:  # noqa: BLE001 - the spans are where they are, and the sender has to know
            traceback.print_exc(file=sys.stderr)


def start(environ: Mapping[str, str], report: Reporter) -> Ingest:
    """The handler for an environment; with a wrong one it is up all the same, and says what is wrong."""
    region = environ.get("AWS_REGION")
    try:
        settings = Settings.from_environ(environ)
        session = aws_session(needs_s3=settings.archive)
        put, guard = connect(region, session), guard_of(settings, region, session)
        stores = stores_on_aws(settings, region, session, None if settings.archive else aws_session)
        return Ingest(settings, put, guard, report, stores=stores)
    except (SettingsError, BotoCoreError, ValueError) as error:
        return Ingest(Settings(), _unconnected, _closed, report, problem=f"not ready: {error}")


def _unconnected(_texts: list[str]) -> Mapping[str, Any]:
    raise SettingsError("X-Ray's client was not made")


def _closed(_presented: Presented) -> Principal:
    raise KeyStoreError("nobody can be let in")
