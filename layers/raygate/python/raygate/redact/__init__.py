"""Values that must never be stored: which they are, and what stands in their place."""

from raygate.redact.redaction import Redaction
from raygate.redact.secret_text import REDACTED

__all__ = ["REDACTED", "Redaction"]
