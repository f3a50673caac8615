"""What became of each attribute: which fields show it, how X-Ray finds it, and why nothing shows it.

Takes   a journey, and its explained fields.
Gives   a `Fate` for each attribute of span, resource, events and links, in that order.
Rules   Whether a setting makes an attribute searchable is found by trying that setting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from raygate.segment import Document, annotations, aws, cause, http, leftovers, sql
from raygate.segment.values import SCALARS
from raygate.settings import Settings
from raygate.span import Value
from raygate_local.explain.fields import text_of
from raygate_local.explain.journey import Journey, documents_of, with_own_resource
from raygate_local.explain.model import End, Fate, Field
from raygate_local.explain.places import Place, read

ATTRIBUTES: Final = frozenset({"attribute", "resource", "event attribute", "link attribute"})
OF_THE_SPAN: Final = frozenset({"attribute", "resource"})

SEARCH: Final = {
    "name": "service()",
    "user": "user",
    "http.request.url": "http.url",
    "http.request.method": "http.method",
    "http.request.user_agent": "http.useragent",
    "http.request.client_ip": "http.clientip",
    "http.response.status": "http.status",
}
"""Fields by which X-Ray's filter expressions find a trace, besides annotations; by the keyword."""

ACCOUNTED_FOR: Final = {
    "http": http.CONSUMED,
    "aws": aws.CONSUMED,
    "sql": sql.CONSUMED,
    "cause": cause.STATUS_TEXT,
    "user": frozenset({leftovers.USER}),
    "annotations": frozenset({annotations.FROM_SPAN}),
}
"""Who accounts for which attributes, whether or not it shows them."""

NO_VALUE: Final = "it has no value"
NO_RESOURCE: Final = "a subsegment does not store the attributes of its resource; its service's segment does"
NOT_KEPT: Final = "of events only exceptions, failures of AWS calls and sizes are kept"
NOT_SCALAR: Final = "an annotation is a text, a number or a boolean, and this is none"
NOT_EXAMINED: Final = "there were too many to look at this one"
UNKNOWN: Final = "no field shows it"


def fates(journey: Journey, fields: Sequence[Sequence[Field]], settings: Settings, unexamined: int) -> Iterator[Fate]:
    """One for each attribute."""
    told = read(journey.span)
    tried = frozenset(list(told)[: len(told) - unexamined])
    by_place = {place: Fate(place, value) for place, value in told.items() if place.kind in ATTRIBUTES}
    for at, document in enumerate(fields):
        for field in document:
            for source in field.shown:
                if fate := by_place.get(source.place):
                    fate.ends.append(End(at, field.path, search_of(field.way, journey.fitted[at].document)))
            for source in field.decided_by:
                if fate := by_place.get(source.place):
                    fate.decides.append(field.path)
    for place, fate in by_place.items():
        if not fate.ends:
            fate.why = _why(journey, fate) if place in tried else NOT_EXAMINED
        if place in tried and not fate.is_searchable and place.kind in OF_THE_SPAN:
            fate.setting = _setting(journey, place, settings)
        yield fate


def search_of(way: Sequence[str | int], document: Document) -> str:
    """The word of a filter expression that finds the field; `""` when there is none.

    Of a subsegment X-Ray indexes the annotations, and its name when it is a call of another service.
    """
    if way[0] == "annotations":
        return f"annotation[{way[1]}]" if len(way) > 1 else ""
    if "type" in document and not (way == ("name",) and "namespace" in document):
        return ""
    return SEARCH.get(text_of(way), "")


def _setting(journey: Journey, place: Place, settings: Settings) -> str:
    """The setting under which it is an annotation; `""` when there is none."""
    key = leftovers.RESOURCE_PREFIX + place.key if place.kind == "resource" else place.key
    if "," in key or key != key.strip() or not key:
        return ""
    indexed = replace(settings, indexed_attributes=(*settings.indexed_attributes, key))
    span = replace(journey.enriched, resource=with_own_resource(journey.enriched))
    before = [_annotations(document) for document in journey.converted]
    after = [_annotations(document) for document in documents_of(span, indexed)]
    return f"RAYGATE_INDEXED_ATTRIBUTES={','.join(indexed.indexed_attributes)}" if after != before else ""


def _annotations(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("annotations", {})
    return found


def _why(journey: Journey, fate: Fate) -> str:
    place, value = fate.place, fate.value
    if value is None:
        return NO_VALUE
    if place.kind == "resource" and all("type" in document for document in journey.converted):
        return NO_RESOURCE
    if place.kind == "event attribute":
        return NOT_KEPT
    if place.kind == "attribute" and (owner := _owner(place.key)):
        return f"`{owner}` accounts for it, and shows {'what it decides' if fate.decides else 'nothing of it'} here"
    return _not_an_annotation(value) or UNKNOWN


def _owner(key: str) -> str:
    return next((name for name, keys in ACCOUNTED_FOR.items() if key in keys), "")


def _not_an_annotation(value: Value) -> str:
    return "" if type(value) in SCALARS else NOT_SCALAR
