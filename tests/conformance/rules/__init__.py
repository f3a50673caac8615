"""Cases of our own, in the shape of the shared ones: what the rules of OTLP/HTTP say beyond their examples.

Gives   `RULES`, requests over HTTP; `EVENTS`, events of the gateway. Each has a section of the shared cases.
"""

from typing import Final

from tests.conformance.rules import bodies, door, events, failures, json_mapping, paths, types
from tests.conformance.rules.form import Case

RULES: Final[tuple[Case, ...]] = (
    *paths.CASES,
    *door.CASES,
    *types.CASES,
    *bodies.CASES,
    *json_mapping.CASES,
    *failures.CASES,
)
EVENTS: Final[tuple[Case, ...]] = events.CASES
