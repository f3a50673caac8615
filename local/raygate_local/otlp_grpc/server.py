"""OTLP over gRPC on a port of its own: `TraceService/Export`, health and reflection as the field expects them.

Takes   a host, a port (0 chooses a free one) and the handler that HTTP goes through too.
Gives   `serve`: a `GrpcServer` that answers until it is stopped; its port.
Raises  `ListenError` in one sentence when the port cannot be had.
Note    Messages are handed over unparsed: the decoder is the same one, and so are its limits. gRPC itself refuses what
        is larger inflated than a body may be, with RESOURCE_EXHAUSTED.
"""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from grpc_health.v1 import health
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import add_HealthServicer_to_server
from grpc_reflection.v1alpha import reflection
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from raygate_local.endpoint import Context
from raygate_local.listening import ListenError
from raygate_local.otlp_grpc.call import DETAILS, answer_of, event_of

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

SERVICE: Final = trace_service_pb2.DESCRIPTOR.services_by_name["TraceService"].full_name
THREADS: Final = 32
MOST_BYTES: Final = 20_971_520
"""Of a message, inflated."""
GRACE_S: Final = 1.0
"""How long running calls may take to end."""


class GrpcServer:
    """One that listens."""

    def __init__(self, server: grpc.Server, health_servicer: health.HealthServicer, port: int) -> None:
        self.port = port
        self._server = server
        self._health = health_servicer

    def stop(self) -> None:
        """Begin no more calls, and let those end that run."""
        self._health.enter_graceful_shutdown()
        self._server.stop(GRACE_S).wait(2 * GRACE_S)


def serve(handler: Handler, host: str, port: int, most_bytes: int = MOST_BYTES) -> GrpcServer:
    """Listen and answer, in threads of its own."""
    # SO_REUSEPORT, gRPC's own habit, would let two servers share the port and each get half of the calls.
    options = [("grpc.max_receive_message_length", most_bytes), ("grpc.so_reuseport", 0)]
    server = grpc.server(ThreadPoolExecutor(THREADS, thread_name_prefix="grpc"), options=options)
    export = grpc.unary_unary_rpc_method_handler(lambda body, context: _export(handler, body, context))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Export": export}),))
    health_servicer = health.HealthServicer()
    for name in ("", SERVICE):
        health_servicer.set(name, HealthCheckResponse.SERVING)
    add_HealthServicer_to_server(health_servicer, server)
    reflection.enable_server_reflection((SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    bound = _bind(server, host, port)
    server.start()
    return GrpcServer(server, health_servicer, bound)


def _bind(server: grpc.Server, host: str, port: int) -> int:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        bound: int = server.add_insecure_port(address)
    except RuntimeError as error:
        reason = "is the port in use? Choose another with --grpc-port, or 0 for any free one"
        raise ListenError(f"Cannot listen on {address} for gRPC: {reason}.") from error
    return bound


def _export(handler: Handler, body: bytes, context: grpc.ServicerContext) -> bytes:
    request_id = str(uuid.uuid4())
    event = event_of(body, context.invocation_metadata(), context.peer(), request_id)
    answer = answer_of(handler(event, Context(request_id)))
    if answer.code is not grpc.StatusCode.OK:
        context.set_trailing_metadata(((DETAILS, answer.details),))
        context.abort(answer.code, answer.message)
    return answer.body
