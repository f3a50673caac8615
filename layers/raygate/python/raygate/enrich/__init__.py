"""enrich: what a sender could not know, or should not send. Spans in, spans out.

Takes   the spans of a request, as decoded, and the settings. The spans are its own from then on: their parts are
        replaced. What they are made of is not changed.
Gives   `Enriched`: the spans in the same order, and how many values were redacted. `explain` names the rows that apply
        to a span.
Rules   In order: names and forms of newer conventions (`conventions`), what a resource does not say itself
        (`resource`), redaction (`raygate.redact`). With the mapping `adot` there is none of them, unless keys to redact
        are named: then redaction alone, with the built-in list and those keys.
        Spans that share a resource share it afterwards too.
        A span that was found to hold nothing secret when it was read is not looked at again, but for what is added.
"""

from collections.abc import Sequence

from raygate.enrich import conventions
from raygate.enrich import resource as defaults
from raygate.memory import settled
from raygate.records import dataclass
from raygate.redact import Redaction
from raygate.settings import Settings
from raygate.span import Resource, Span, copy_of

__all__ = ["Enriched", "enrich", "explain"]

REDACTION_ID = "redaction"
"""What `explain` calls the last function."""


@dataclass(slots=True)
class Enriched:
    """The spans as the mapping gets them."""

    spans: list[Span]
    redacted: int
    """Values that were replaced, or in which something was."""


def enrich(spans: Sequence[Span], settings: Settings) -> Enriched:
    """Apply what the settings call for to each span, and to each resource once."""
    redaction = Redaction.of(settings)
    if redaction is None:
        return Enriched(list(spans), 0)
    rules, keys = _rules(settings), redaction.keys
    extends, writes_secrets = rules.extends, rules.writes_secrets
    resources: dict[int, Resource] = {}
    before = resource = None
    enriched = []
    for span in spans:
        if extends:
            conventions.apply(span, None)
        if span.cleared_by is not keys or writes_secrets:
            span = redaction.span(span)  # noqa: PLW2901 - the span without them is the one from here on
        if span.resource is not before:
            before = span.resource
            resource = resources.get(id(before))
            if resource is None:
                resource = resources[id(before)] = _enriched(before, rules, redaction)
        if resource is not None:
            span.resource = resource
        enriched.append(span)
    return Enriched(enriched, redaction.count)


@dataclass(slots=True, eq=False)
class _Rules:
    """What a deployment calls for."""

    extends: bool
    writes_secrets: bool
    """A row may write what the deployment has named as secret."""


@settled
def _rules(settings: Settings) -> _Rules:
    extends = settings.mapping != "adot"
    return _Rules(extends, extends and not Redaction(settings.redact_keys).allows(conventions.WRITTEN))


def _enriched(resource: Resource, rules: _Rules, redaction: Redaction) -> Resource:
    """The resource after its functions; known if it came in an earlier request, with what was redacted in it."""
    known = resource.memo.get(rules)
    if known is None:
        before = redaction.count
        new = redaction.resource(defaults.apply(resource) if rules.extends else resource)
        # A resource that knew itself would be in memory until the next garbage collection.
        known = resource.memo[rules] = (None if new is resource else new, redaction.count - before)
    else:
        redaction.count += known[1]
    enriched: Resource | None = known[0]
    return enriched or resource


def explain(span: Span, settings: Settings) -> list[str]:
    """The ids of the rows of `docs/mapping.md` that apply to a span and its resource, in order."""
    used: list[str] = []
    if settings.mapping != "adot":
        conventions.apply(copy_of(span), used)
        defaults.apply(span.resource, used)
    if enrich([copy_of(span)], settings).redacted:
        used.append(REDACTION_ID)
    return used
