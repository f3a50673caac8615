"""Raygate: OpenTelemetry traces in, AWS X-Ray segment documents out."""

__version__ = "0.1.0"
