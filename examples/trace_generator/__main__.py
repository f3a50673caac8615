"""`python -m examples.trace_generator`: the shop on port 5000; `PORT` for another.

Stop it with Ctrl-C or SIGTERM: spans that wait are sent first.
"""

import os
import signal
import sys
import threading

from werkzeug.serving import BaseWSGIServer, make_server

from examples.trace_generator import frontend, inventory
from examples.trace_generator.orders import Orders
from examples.trace_generator.telemetry import provider_of

PORT = 5000


def main() -> None:
    """Serve until a signal comes."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", PORT))
    providers = {name: provider_of(f"shop-{name}") for name in ("frontend", "inventory", "orders")}
    orders = Orders(providers["orders"])
    behind = make_server("127.0.0.1", 0, inventory.create(providers["inventory"]), threaded=True)
    front = make_server(
        host, port, frontend.create(providers["frontend"], orders, f"http://127.0.0.1:{behind.port}"), threaded=True
    )
    threads = [orders.start(), *(_serving(server) for server in (behind, front))]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sys.stdout.write(f"The shop is open on http://{host}:{front.port}\n")
    sys.stdout.flush()
    stop.wait()
    front.shutdown()
    behind.shutdown()
    orders.stop()
    for thread in threads:
        thread.join(5)
    for provider in providers.values():
        provider.shutdown()


def _serving(server: BaseWSGIServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    return thread


if __name__ == "__main__":
    main()
