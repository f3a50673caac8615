"""`shop-inventory`: the service that the frontend calls."""

from typing import Any

from flask import Flask, jsonify
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider


def create(provider: TracerProvider) -> Flask:
    """The application."""
    app = Flask("shop-inventory")
    FlaskInstrumentor().instrument_app(app, tracer_provider=provider)
    tracer = provider.get_tracer("shop")

    def stock(article: str) -> Any:
        with tracer.start_as_current_span("count", attributes={"shop.article": article}):
            return jsonify({"article": article, "stock": len(article)})

    def limited() -> Any:
        return jsonify({"error": "too many calls"}), 429

    app.add_url_rule("/stock/<article>", "stock", stock)
    app.add_url_rule("/limited", "limited", limited)
    return app
