"""`shop-orders`: a worker that takes what the frontend puts into a queue, in a thread of its own."""

import queue
import threading
from dataclasses import dataclass, field
from typing import Any

from opentelemetry import propagate
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind


@dataclass(slots=True)
class Orders:
    """The queue and its worker."""

    provider: TracerProvider
    waiting: "queue.Queue[dict[str, Any] | None]" = field(default_factory=queue.Queue)

    def start(self) -> threading.Thread:
        """Work until `stop`."""
        worker = threading.Thread(target=self._work, name="orders", daemon=True)
        worker.start()
        return worker

    def send(self, order: dict[str, Any]) -> None:
        """Put it into the queue, with the sender's trace."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        self.waiting.put({"order": order, "carrier": carrier})

    def stop(self) -> None:
        """Finish what waits, then end."""
        self.waiting.put(None)

    def _work(self) -> None:
        tracer = self.provider.get_tracer("shop")
        while (message := self.waiting.get()) is not None:
            context = propagate.extract(message["carrier"])
            attributes = {"messaging.system": "pretend", "messaging.destination.name": "orders"}
            with (
                tracer.start_as_current_span("orders process", context, SpanKind.CONSUMER, attributes),
                tracer.start_as_current_span("store", attributes={"shop.article": message["order"]["article"]}),
            ):
                pass
