"""Which requests an EntitySelectorExpression asks for.

Takes   `service(…)`, `id(…)` or `edge(…, …)`, as in filter expressions; nothing for every edge.
Gives   `select`: the member of the answer that the statistics are, and a function that picks what was seen out of a
        trace's sightings.
Raises  `InvalidRequestError` for what is no such expression.
Source  X-Ray API reference, GetTimeSeriesServiceStatistics.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, TypeAlias

from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.filters import Facts, Filter, FilterError, parse
from raygate_local.xray.filters.parts import Part
from raygate_local.xray.graph.sightings import Seen, Service, Sightings

Choose: TypeAlias = Callable[[Sightings], Iterator[Seen]]

SERVICE: Final = "ServiceSummaryStatistics"
EDGE: Final = "EdgeSummaryStatistics"


def select(expression: str | None) -> tuple[str, Choose]:
    """The member, and the function."""
    text = (expression or "").strip()
    if not text:
        return EDGE, lambda sightings: (seen for _, _, seen in sightings.called)
    if text.lower().startswith("id("):
        text = f"service({text})"
    wanted = _parse(text)
    if text.lower().startswith("edge("):
        return EDGE, _edges(wanted)
    if text.lower().startswith("service("):
        return SERVICE, _services(wanted)
    raise InvalidRequestError("EntitySelectorExpression must be service(…), id(…) or edge(…, …).")


def _parse(text: str) -> Filter:
    try:
        return parse(text)
    except FilterError as error:
        raise InvalidRequestError(f"EntitySelectorExpression is not valid: {error}") from error


def _services(wanted: Filter) -> Choose:
    @cache
    def is_wanted(service: Service) -> bool:
        return wanted.matches(Facts(segments=[_part(service)]))

    def choose(sightings: Sightings) -> Iterator[Seen]:
        yield from (seen for place, seen in sightings.served if is_wanted(sightings.services[place]))

    return choose


def _edges(wanted: Filter) -> Choose:
    @cache
    def is_wanted(source: Service, target: Service) -> bool:
        return wanted.matches(Facts(segments=[_part(source), _part(target)], edges=[(0, 1, {"name": [target.name]})]))

    def choose(sightings: Sightings) -> Iterator[Seen]:
        services = sightings.services
        yield from (seen for source, target, seen in sightings.called if is_wanted(services[source], services[target]))

    return choose


def _part(service: Service) -> Part:
    """As a filter sees it."""
    given = {"name": service.name, "type": service.type, "account.id": service.account_id}
    return {keyword: [value] for keyword, value in given.items() if value}
