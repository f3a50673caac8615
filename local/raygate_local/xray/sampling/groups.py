"""Groups of traces, each with a filter expression: CreateGroup, GetGroup, GetGroups, UpdateGroup, DeleteGroup.

Takes   the store, and an operation's parameters.
Gives   its result. `groups_of`: the expressions of the groups, for filters that name one. `names_of`: their names.
Raises  `InvalidRequestError`; for an expression that cannot be read, with the place in it.
Rules   The group Default is always there and holds every trace. A group's expression names no group.
Source  X-Ray API reference; X-Ray developer guide, "Configure groups"; quotas of the service.
"""

import secrets
from typing import Final

from raygate_local.xray.calls.call import Parameters
from raygate_local.xray.errors import InvalidRequestError
from raygate_local.xray.filters.error import FilterError
from raygate_local.xray.filters.filter import parse
from raygate_local.xray.filters.reading import Groups
from raygate_local.xray.sampling import checks
from raygate_local.xray.sampling.keeping import ALONE, ARN, Json
from raygate_local.xray.sampling.tags import tag
from raygate_local.xray.store import Store

MOST_GROUPS: Final = 25
GROUPS: Final = "groups"
DEFAULT: Final = "Default"
INSIGHTS: Final = {"InsightsEnabled": False, "NotificationsEnabled": False}


def create_group(store: Store, parameters: Parameters) -> Json:
    """One more."""
    name = parameters["GroupName"]
    tags, expression = checks.tags(parameters), _expression(parameters) or ""
    insights = _insights(parameters, INSIGHTS)
    with ALONE:
        if name in _groups(store):
            raise InvalidRequestError(f"There is already a group {name}.")
        if len(_groups(store)) > MOST_GROUPS:
            raise InvalidRequestError(f"There are {MOST_GROUPS} groups already, and there may be no more.")
        arn = f"{ARN}:group/{name}/{secrets.token_hex(10).upper()}"
        tag(store, arn, tags)
        return _keep(store, _group(name, arn, expression, insights))


def get_group(store: Store, parameters: Parameters) -> Json:
    """One by name or ARN."""
    return {"Group": _find(store, parameters)}


def get_groups(store: Store, parameters: Parameters) -> Json:
    """All of them, in one page."""
    checks.no_token(parameters)
    return {"Groups": list(_groups(store).values())}


def update_group(store: Store, parameters: Parameters) -> Json:
    """Change what is given."""
    expression = _expression(parameters)
    with ALONE:
        group = _find(store, parameters)
        if group["GroupName"] == DEFAULT and expression:
            raise InvalidRequestError("The group Default has no filter expression.")
        if expression is not None:
            group["FilterExpression"] = expression
        group["InsightsConfiguration"] = _insights(parameters, group["InsightsConfiguration"])
        return _keep(store, group)


def delete_group(store: Store, parameters: Parameters) -> Json:
    """One less."""
    with ALONE:
        group = _find(store, parameters)
        if group["GroupName"] == DEFAULT:
            raise InvalidRequestError("The group Default cannot be deleted.")
        del store.records(GROUPS)[group["GroupName"]]
        tag(store, group["GroupARN"], None)
    return {}


def groups_of(store: Store) -> Groups:
    """What a filter means that names a group."""

    def expression(keyword: str, value: str) -> str | None:
        member = "GroupName" if keyword == "group.name" else "GroupARN"
        found = [group for group in _groups(store).values() if group[member] == value]
        return str(found[0].get("FilterExpression", "")) if found else None

    return expression


def names_of(store: Store) -> list[str]:
    """Of all groups."""
    return list(_groups(store))


def _groups(store: Store) -> dict[str, Json]:
    return {DEFAULT: _group(DEFAULT, f"{ARN}:group/{DEFAULT}", "", INSIGHTS)} | dict(store.records(GROUPS))


def _group(name: str, arn: str, expression: str, insights: Json) -> Json:
    return {
        "GroupName": name,
        "GroupARN": arn,
        "FilterExpression": expression,
        "InsightsConfiguration": dict(insights),
    }


def _keep(store: Store, group: Json) -> Json:
    store.records(GROUPS)[group["GroupName"]] = group
    return {"Group": group}


def _find(store: Store, parameters: Parameters) -> Json:
    member, value = checks.one_of(parameters, "GroupName", "GroupARN")
    for group in _groups(store).values():
        if group[member] == value:
            return group
    raise InvalidRequestError(f"There is no group {value}.")


def _expression(parameters: Parameters) -> str | None:
    given: str | None = parameters.get("FilterExpression")
    try:
        parse(given or "")
    except FilterError as error:
        raise InvalidRequestError(f"FilterExpression cannot be read: {error}.") from error
    return given


def _insights(parameters: Parameters, before: Json) -> Json:
    given = parameters.get("InsightsConfiguration") or {}
    insights = before | {name: given[name] for name in INSIGHTS if given.get(name) is not None}
    if insights["NotificationsEnabled"] and not insights["InsightsEnabled"]:
        raise InvalidRequestError("NotificationsEnabled needs InsightsEnabled.")
    return insights
