"""Sampling rules: GetSamplingRules, CreateSamplingRule, UpdateSamplingRule, DeleteSamplingRule.

Takes   the store, and an operation's parameters as they come in JSON.
Gives   its result. `rules_of`: all rules, in the order in which they are tried. `modified_s`: when one changed last.
Raises  `InvalidRequestError`; `RuleLimitExceededError` when there are too many.
Rules   The rule Default is always there, is tried last, and only its rate and its reservoir can be changed.
Source  X-Ray API reference; X-Ray developer guide, "Configure sampling rules"; quotas of the service.
"""

from typing import Any, Final

from raygate_local.xray.calls.call import Parameters
from raygate_local.xray.errors import InvalidRequestError, RuleLimitExceededError
from raygate_local.xray.sampling import checks
from raygate_local.xray.sampling.keeping import ALONE, ARN, Json
from raygate_local.xray.sampling.statistics import STATISTICS
from raygate_local.xray.sampling.tags import tag
from raygate_local.xray.store import Store

MOST_RULES: Final = 25
MOST_ATTRIBUTES: Final = 5
LONGEST_ATTRIBUTE: Final = 32
MATCHED: Final = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath")
"""What a request is compared with."""

RULES: Final = "sampling_rules"
STATE: Final = "sampling_state"
DEFAULT: Final = "Default"
CHANGEABLE: Final = frozenset({"RuleName", "RuleARN", "FixedRate", "ReservoirSize", "SamplingRateBoost"})
"""Of the rule Default."""
CLIENTS: Final = "sampling_clients"


def get_sampling_rules(store: Store, parameters: Parameters) -> Json:
    """All of them, in one page."""
    checks.no_token(parameters)
    return {"SamplingRuleRecords": sorted(_records(store).values(), key=_place)}


def create_sampling_rule(store: Store, parameters: Parameters) -> Json:
    """One more."""
    given, tags = parameters["SamplingRule"], checks.tags(parameters)
    name = _name(given)
    rule = {"RuleName": name, "RuleARN": _arn(name), "Attributes": {}} | _members(given)
    if given["Version"] != 1:
        raise InvalidRequestError("Version must be 1.")
    with ALONE:
        records = _records(store)
        if name in records:
            raise InvalidRequestError(f"There is already a sampling rule {name}.")
        if len(records) > MOST_RULES:
            raise RuleLimitExceededError(f"There are {MOST_RULES} sampling rules already, and there may be no more.")
        now_s = store.clock()
        record = {"SamplingRule": rule | {"Version": 1}, "CreatedAt": now_s, "ModifiedAt": now_s}
        tag(store, _arn(name), tags)
        return _keep(store, name, record)


def update_sampling_rule(store: Store, parameters: Parameters) -> Json:
    """Change what is given."""
    given = parameters["SamplingRuleUpdate"]
    name, changes = _name(given), _members(given)
    if name == DEFAULT and not {member for member in given if given[member] is not None} <= CHANGEABLE:
        raise InvalidRequestError("Of the rule Default only FixedRate and ReservoirSize can be changed.")
    with ALONE:
        record = _record(store, name)
        record["SamplingRule"] |= changes
        return _keep(store, name, record | {"ModifiedAt": store.clock()})


def delete_sampling_rule(store: Store, parameters: Parameters) -> Json:
    """One less."""
    name = _name(parameters)
    if name == DEFAULT:
        raise InvalidRequestError("The rule Default cannot be deleted.")
    with ALONE:
        record = _record(store, name)
        del store.records(RULES)[name]
        for kind in (CLIENTS, STATISTICS):
            store.records(kind).pop(name, None)
        store.records(STATE)[RULES] = {"modified_s": store.clock()}
        tag(store, _arn(name), None)
        return {"SamplingRuleRecord": record}


def rules_of(store: Store) -> list[Json]:
    """All rules, the first to be tried first."""
    return [record["SamplingRule"] for record in sorted(_records(store).values(), key=_place)]


def modified_s(store: Store) -> float:
    """When one was made, changed or deleted last; 0 when never."""
    return float(store.records(STATE).get(RULES, {"modified_s": 0})["modified_s"])


def _records(store: Store) -> dict[str, Json]:
    return {DEFAULT: _default()} | dict(store.records(RULES))


def _record(store: Store, name: str) -> Json:
    records = _records(store)
    if name not in records:
        raise InvalidRequestError(f"There is no sampling rule {name}.")
    return records[name]


def _keep(store: Store, name: str, record: Json) -> Json:
    store.records(RULES)[name] = record
    store.records(STATE)[RULES] = {"modified_s": record["ModifiedAt"]}
    return {"SamplingRuleRecord": record}


def _place(record: Json) -> tuple[Any, ...]:
    return record["SamplingRule"]["Priority"], record["SamplingRule"]["RuleName"]


def _default() -> Json:
    rule = {"RuleName": DEFAULT, "RuleARN": _arn(DEFAULT), "Priority": 10_000, "FixedRate": 0.05, "ReservoirSize": 1}
    return {
        "SamplingRule": rule | dict.fromkeys(MATCHED, "*") | {"Version": 1, "Attributes": {}},
        "CreatedAt": 0,
        "ModifiedAt": 0,
    }


def _arn(name: str) -> str:
    return f"{ARN}:sampling-rule/{name}"


def _name(given: Parameters) -> str:
    """Of a rule that is given by name or by ARN."""
    by, value = checks.one_of(given, "RuleName", "RuleARN")
    if by == "RuleName":
        return value
    prefix, _, name = value.partition(":sampling-rule/")
    if prefix != ARN or not name:
        raise InvalidRequestError(f"There is no sampling rule {value}.")
    return name


def _members(given: Parameters) -> Json:
    """What a rule asks for and does; only what is given."""
    found: Json = {member: given.get(member) for member in (*MATCHED, "SamplingRateBoost")}
    found["Priority"] = checks.number(given, "Priority", 1, 9_999)
    found["FixedRate"] = checks.number(given, "FixedRate", 0, 1)
    found["ReservoirSize"] = checks.number(given, "ReservoirSize", 0)
    found["Attributes"] = _attributes(given)
    return {member: value for member, value in found.items() if value is not None}


def _attributes(given: Parameters) -> Json | None:
    attributes: Json | None = given.get("Attributes")
    if attributes and len(attributes) > MOST_ATTRIBUTES:
        raise InvalidRequestError(f"{len(attributes)} attributes are more than {MOST_ATTRIBUTES}.")
    if any(not 0 < len(key) <= LONGEST_ATTRIBUTE for key in attributes or ()):
        raise InvalidRequestError(f"The key of an attribute has 1 to {LONGEST_ATTRIBUTE} characters.")
    return attributes
