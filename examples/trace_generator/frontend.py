"""`shop-frontend`: what people and `make demo` call. Each route makes a trace of its own kind.

Gives   a Flask application; `GET /` lists the routes. Every answer names its trace, so that it can be looked up.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import requests
from botocore.session import get_session
from flask import Flask, Response, jsonify, request
from opentelemetry import trace
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlite3 import SQLite3Instrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind, Status, StatusCode

from examples.trace_generator.orders import Orders

Route = Callable[[], Any]


class StockError(Exception):
    """There is nothing left of an article."""


def create(provider: TracerProvider, orders: Orders, inventory: str) -> Flask:
    """The application; `inventory` is the address of the other service."""
    app = Flask("shop-frontend")
    # Only what the routes are called for is traced: neither the list nor the pretended AWS.
    FlaskInstrumentor().instrument_app(app, tracer_provider=provider, excluded_urls="pretend-aws,/$")
    RequestsInstrumentor().instrument(tracer_provider=provider)
    SQLite3Instrumentor().instrument(tracer_provider=provider)
    BotocoreInstrumentor().instrument(tracer_provider=provider)
    routes = Routes(provider.get_tracer("shop"), orders, inventory)
    for path, route in routes.all().items():
        app.add_url_rule(path, path, _naming(route))
    app.add_url_rule(
        "/", "list", lambda: jsonify({path: (route.__doc__ or "") for path, route in routes.all().items()})
    )
    app.add_url_rule(
        "/pretend-aws", "aws", lambda: Response("{}", content_type="application/x-amz-json-1.0"), methods=["POST"]
    )
    return app


def _naming(route: Route) -> Route:
    """The route, its answer naming the trace."""

    def named() -> Any:
        context = trace.get_current_span().get_span_context()
        body, status = route()
        return jsonify({"trace_id": f"{context.trace_id:032x}"} | body), status

    named.__doc__ = route.__doc__
    return named


class Routes:
    """What can be asked for."""

    def __init__(self, tracer: trace.Tracer, orders: Orders, inventory: str) -> None:
        self.tracer = tracer
        self.orders = orders
        self.inventory = inventory

    def all(self) -> dict[str, Route]:
        """By path."""
        return {
            "/generate": self.generate,
            "/generate-hierarchical": self.generate_hierarchical,
            "/error": self.error,
            "/exception": self.exception,
            "/throttled": self.throttled,
            "/sql": self.sql,
            "/aws": self.aws,
            "/queue": self.queue,
            "/outgoing": self.outgoing,
        }

    def generate(self) -> Any:
        """One span within the request's."""
        with self.tracer.start_as_current_span("generate", attributes={"shop.article": "teapot"}):
            time.sleep(0.01)
        return {"made": 1}, 200

    def generate_hierarchical(self) -> Any:
        """A tree: checkout, with payment and shipping below, and a label below shipping."""
        with self.tracer.start_as_current_span("checkout", attributes={"enduser.id": "ada"}):
            with self.tracer.start_as_current_span("payment", attributes={"shop.amount": 12.5}):
                time.sleep(0.01)
            with self.tracer.start_as_current_span("shipping"), self.tracer.start_as_current_span("label"):
                time.sleep(0.005)
        return {"made": 4}, 200

    def error(self) -> Any:
        """The sender's mistake: 404."""
        return {"error": "no such article"}, 404

    def exception(self) -> Any:
        """A fault, with an exception and its cause."""
        span = trace.get_current_span()
        try:
            self._take_from_stock()
        except StockError as error:
            span.record_exception(error)
            span.set_status(Status(StatusCode.ERROR, str(error)))
        return {"error": "out of stock"}, 500

    def throttled(self) -> Any:
        """A call that is answered 429."""
        answer = requests.get(f"{self.inventory}/limited", timeout=5)
        return {"inventory": answer.status_code}, 200

    def sql(self) -> Any:
        """A query to a database."""
        database = sqlite3.connect(":memory:")
        try:
            cursor = database.cursor()
            cursor.execute("CREATE TABLE articles (name TEXT, stock INTEGER)")
            cursor.execute("INSERT INTO articles VALUES (?, ?)", ("teapot", 3))
            stock = cursor.execute("SELECT stock FROM articles WHERE name = ?", ("teapot",)).fetchone()
        finally:
            database.close()
        return {"stock": stock[0]}, 200

    def aws(self) -> Any:
        """A call of DynamoDB, which this program answers itself."""
        client: Any = get_session().create_client(
            "dynamodb",
            region_name="us-east-1",
            endpoint_url=f"{request.host_url}pretend-aws",
            aws_access_key_id="pretend",
            aws_secret_access_key="pretend",  # noqa: S106 - nobody checks it
        )
        client.put_item(TableName="orders", Item={"id": {"S": "1"}})
        return {"table": "orders"}, 200

    def queue(self) -> Any:
        """A message to a queue, and a worker that takes it."""
        with self.tracer.start_as_current_span(
            "orders publish",
            kind=SpanKind.PRODUCER,
            attributes={"messaging.system": "pretend", "messaging.destination.name": "orders"},
        ):
            self.orders.send({"article": "teapot"})
        return {"sent": 1}, 200

    def outgoing(self) -> Any:
        """A call of another service, over HTTP."""
        answer = requests.get(f"{self.inventory}/stock/teapot", timeout=5)
        return {"stock": answer.json()["stock"]}, 200

    def _take_from_stock(self) -> None:
        try:
            {"cup": 1}["teapot"]
        except KeyError as error:
            raise StockError("no teapot is left") from error
