"""Values that must never be stored: credentials under known keys, and secrets within any text.

Takes   a span, and the keys that the deployment names besides the built-in list.
Gives   the same span when nothing was found; else a new one, with `[redacted]` in the place of a value, or of the
        part of it that was secret. Looks at the attributes of span, resource, events and links, all the way down,
        and at the span's name and status message.
Rules   Keys are compared without regard to case, `_` like `-`. An empty value is left alone.
Source  OpenTelemetry conventions for HTTP headers and URLs; clients.md for `aws.auth.account.access_key`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import orjson

from raygate.memory import MEMORABLE
from raygate.redact.secret_text import REDACTED, names_a_secret, without_secrets
from raygate.repeated import Repeated
from raygate.settings import Settings
from raygate.span import NESTED, Attributes, Event, Link, Resource, Span, Value, copy_of

KEYS = ("aws.auth.account.access_key", "aws.remote.resource.account.access_key", "db.password")
"""Attributes by their whole key."""

NAMES = (
    "authorization",
    "cookie",
    "password",
    "passwd",
    "proxy-authorization",
    "pwd",
    "set-cookie",
    "x-amz-security-token",
    "x-api-key",
)
"""Headers and metadata by their name (`http.request.header.cookie`), and keys that are nothing but such a name."""

CARRIERS = (".header.", ".headers.", ".metadata.")
"""What stands before the name of a header in an attribute's key."""

MAX_KEYS = 4096
"""So many harmless keys are remembered."""

EMPTY: tuple[Value, ...] = ("", None, b"", [], {}, REDACTED)
"""Under a secret key, nothing to hide."""


def normal(key: str) -> str:
    """The form in which keys are compared."""
    return key.lower().replace("_", "-")


def _alone(first: Attributes) -> Attributes:
    """Of keys that repeat the first and the last values are looked at; those in between must not be kept."""
    return dict(first) if isinstance(first, Repeated) else first


def has_no_hint(attributes: Attributes) -> bool:
    """Whether there is nothing to look at more closely: no text that may hold a secret, no map in any value.

    One call that writes them all is half as long as a look at each of them.
    """
    try:
        text = orjson.dumps(attributes)
    except TypeError:  # bytes, or what else JSON lacks
        return False
    brace = text.find(b"{", 1)
    # Only a map begins with a brace and a quote: a quote within a text is escaped.
    if text.find(b"@") >= 0 or (brace >= 0 and text.find(b'{"', brace) >= 0):
        return False
    return text.find(b"=") < 0 or (text.isascii() and not names_a_secret(text.decode()))


class Redaction:
    """The keys of one deployment, and how many values have been replaced so far."""

    def __init__(self, named: tuple[str, ...] = ()) -> None:
        self.count = 0
        self.keys, self.harmless = _keys(named)

    @classmethod
    def of(cls, settings: Settings) -> "Redaction | None":
        """The one that a deployment asks for: with the mapping `adot` none, unless keys are named."""
        return cls(settings.redact_keys) if settings.mapping != "adot" or settings.redact_keys else None

    def finds(self, key: str, value: Value) -> bool:
        """Whether there is anything to replace in this attribute. Nothing is counted."""
        if key not in self.harmless and self._is_secret(key) and value not in EMPTY:
            return True
        if type(value) is str:
            return without_secrets(value) != value
        if type(value) not in NESTED or has_no_hint({key: value}):
            return False
        before, changed = self.count, self._value(value) is not value
        self.count = before
        return changed

    def allows(self, keys: Iterable[str]) -> bool:
        """Whether none of these keys is a secret one."""
        return not any(map(self._is_secret, keys))

    def span(self, span: Span) -> Span:
        """The span without secrets. Its resource is another matter: many spans share it."""
        attributes = span.attributes
        if not (self.harmless.issuperset(attributes) and has_no_hint(attributes)):
            attributes = self.attributes(attributes)
        first = attributes if span.first is span.attributes else self.attributes(_alone(span.first))
        name, message = span.name, span.status_message
        if "=" in name or "@" in name:
            name = self._text(name)
        if message:
            message = self._text(message)
        events = self._events(span.events) if span.events else span.events
        links = self._links(span.links) if span.links else span.links
        if (
            attributes is span.attributes
            and first is span.first
            and events is span.events
            and links is span.links
            and name is span.name
            and message is span.status_message
        ):
            return span
        clean = copy_of(span)
        clean.attributes, clean.first, clean.events, clean.links = attributes, first, events, links
        clean.name, clean.status_message = name, message
        return clean

    def resource(self, resource: Resource) -> Resource:
        """The resource without secrets."""
        attributes = self.attributes(resource.attributes)
        first = attributes if resource.first is resource.attributes else self.attributes(_alone(resource.first))
        if attributes is resource.attributes and first is resource.first:
            return resource
        return Resource(attributes, first, resource.dropped_attributes_count)

    def attributes(self, attributes: Attributes) -> Attributes:
        """The attributes, or the members of a map, without secrets."""
        clean: Attributes = {}
        if not self.harmless.issuperset(attributes):
            for key, value in attributes.items():
                if key not in self.harmless and self._is_secret(key) and value not in EMPTY:
                    clean[key] = REDACTED
            self.count += len(clean)
        for key, value in attributes.items():
            if type(value) is str:
                if ("=" in value or "@" in value) and key not in clean and (text := without_secrets(value)) != value:
                    clean[key] = text
                    self.count += 1
            elif type(value) in NESTED and key not in clean and (below := self._value(value)) is not value:
                clean[key] = below
        return {**attributes, **clean} if clean else attributes

    def _value(self, value: Value) -> Value:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return self.attributes(value)
        if isinstance(value, list):
            items = [self._value(item) for item in value]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        return value

    def _text(self, text: str) -> str:
        clean = without_secrets(text)
        if clean == text:
            return text
        self.count += 1
        return clean

    def _is_secret(self, key: str) -> bool:
        if key in self.harmless:
            return False
        name = normal(key)
        for carrier in CARRIERS:
            name = name.rpartition(carrier)[2] if carrier in name else name
        if name in self.keys or normal(key) in self.keys:
            return True
        if len(key) <= MEMORABLE:
            if len(self.harmless) >= MAX_KEYS:
                self.harmless.clear()
            self.harmless.add(key)
        return False

    def _events(self, events: Sequence[Event]) -> Sequence[Event]:
        clean = [self._event(event) for event in events]
        return events if all(new is old for new, old in zip(clean, events, strict=True)) else clean

    def _event(self, event: Event) -> Event:
        attributes, name = self.attributes(event.attributes), self._text(event.name)
        if attributes is event.attributes and name is event.name:
            return event
        return Event(name, event.time_ns, attributes, event.dropped_attributes_count)

    def _links(self, links: Sequence[Link]) -> Sequence[Link]:
        clean = [self._link(link) for link in links]
        return links if all(new is old for new, old in zip(clean, links, strict=True)) else clean

    def _link(self, link: Link) -> Link:
        attributes = self.attributes(link.attributes)
        if attributes is link.attributes:
            return link
        return Link(
            link.trace_id, link.span_id, link.trace_state, attributes, link.flags, link.dropped_attributes_count
        )


@lru_cache(maxsize=8)
def _keys(named: tuple[str, ...]) -> tuple[frozenset[str], set[str]]:
    """The secret keys, and those that have turned out to be none: kept from one request to the next."""
    return frozenset(map(normal, (*KEYS, *NAMES, *named))), set()
