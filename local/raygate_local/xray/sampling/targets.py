"""GetSamplingTargets: those who sample report what they did, and are told what to do until they report again.

Takes   the store, and an operation's parameters.
Gives   for each reported rule its rate, the part of its reservoir, until when that counts, when to report again; what
        could not be processed; when a rule changed last.
Note    What is reported for boosts of the rate is looked at, and no rate is boosted.
Source  X-Ray API reference, GetSamplingTargets.
"""

from dataclasses import asdict
from typing import Final

from raygate_local.xray.calls.call import Parameters
from raygate_local.xray.sampling.keeping import ALONE, Json
from raygate_local.xray.sampling.reservoir import INTERVAL_S, Client, grant
from raygate_local.xray.sampling.rules import CLIENTS, modified_s, rules_of
from raygate_local.xray.sampling.statistics import count
from raygate_local.xray.store import Store

UNKNOWN: Final = "404"


def get_sampling_targets(store: Store, parameters: Parameters) -> Json:
    """Count what is reported, and divide the reservoirs anew."""
    reports = parameters["SamplingStatisticsDocuments"]
    boosts = parameters.get("SamplingBoostStatisticsDocuments") or []
    with ALONE:
        rules = {rule["RuleName"]: rule for rule in rules_of(store)}
        return {
            "SamplingTargetDocuments": [
                _target(store, rules[one["RuleName"]], one) for one in reports if one["RuleName"] in rules
            ],
            "LastRuleModification": modified_s(store),
            "UnprocessedStatistics": [_unprocessed(one) for one in reports if one["RuleName"] not in rules],
            "UnprocessedBoostStatistics": [_unprocessed(one) for one in boosts if one["RuleName"] not in rules],
        }


def _target(store: Store, rule: Json, report: Json) -> Json:
    records, name = store.records(CLIENTS), rule["RuleName"]
    clients = {one: Client(**kept) for one, kept in records.get(name, {}).items()}
    clients = grant(rule["ReservoirSize"], clients, report["ClientID"], report["RequestCount"], store.clock())
    records[name] = {one: asdict(client) for one, client in clients.items()}
    count(store, name, report)
    mine = clients[report["ClientID"]]
    return {
        "RuleName": name,
        "FixedRate": rule["FixedRate"],
        "ReservoirQuota": mine.quota,
        "ReservoirQuotaTTL": mine.until_s,
        "Interval": INTERVAL_S,
    }


def _unprocessed(report: Json) -> Json:
    name = report["RuleName"]
    return {"RuleName": name, "ErrorCode": UNKNOWN, "Message": f"There is no sampling rule {name}."}
