"""Sampling rules and targets, asked for through boto3 and the X-Ray SDK's own poller."""

import pytest
from aws_xray_sdk.core.sampling.connector import ServiceConnector  # type: ignore[import-untyped] # it has no types
from botocore.exceptions import ClientError

from raygate_local.xray import operations, sampling
from raygate_local.xray.sampling import statistics
from raygate_local.xray.store import Store
from tests.unit.local_xray.documents import running

A_CLIENT, ANOTHER = "a" * 24, "b" * 24
NOW = 1_700_000_003.0


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.fixture
def xray(server):
    yield server.client
    for kind in ("sampling_rules", "sampling_state", "sampling_clients", "sampling_statistics", "tags"):
        server.store.records(kind).clear()


class Clock:
    def __init__(self) -> None:
        self.now_s = NOW

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    opened = Store.open(clock=clock)
    yield opened
    opened.close()


def a_rule(**members):
    rule = {
        "RuleName": "mine",
        "ResourceARN": "*",
        "Priority": 100,
        "FixedRate": 0.1,
        "ReservoirSize": 5,
        "ServiceName": "shop",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "GET",
        "URLPath": "/api/*",
        "Version": 1,
    } | members
    return {name: value for name, value in rule.items() if value is not None}


def a_report(**members):
    report = {"RuleName": "mine", "ClientID": A_CLIENT, "Timestamp": NOW, "RequestCount": 100, "SampledCount": 10}
    return report | members


def refusal(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def rules(xray):
    pages = xray.get_paginator("get_sampling_rules").paginate()
    return [record["SamplingRule"] for page in pages for record in page["SamplingRuleRecords"]]


def report(store, *reports):
    return operations.call(store, "/SamplingTargets", {"SamplingStatisticsDocuments": list(reports)})


def create(store, **members):
    operations.call(store, "/CreateSamplingRule", {"SamplingRule": a_rule(**members)})


def test_the_default_rule_is_always_there(xray):
    (rule,) = rules(xray)
    assert (rule["RuleName"], rule["Priority"], rule["FixedRate"], rule["ReservoirSize"]) == (
        "Default",
        10_000,
        0.05,
        1,
    )
    assert {rule[name] for name in ("Host", "HTTPMethod", "URLPath", "ServiceName", "ServiceType", "ResourceARN")} == {
        "*"
    }


def test_rules_are_made_changed_and_deleted(xray):
    made = xray.create_sampling_rule(SamplingRule=a_rule(Attributes={"tier": "gold"}))["SamplingRuleRecord"]
    rule = made["SamplingRule"]
    assert rule == a_rule(RuleARN=rule["RuleARN"], Attributes={"tier": "gold"})
    assert rule["RuleARN"].endswith(":sampling-rule/mine")
    assert made["CreatedAt"] == made["ModifiedAt"]
    update = {"RuleARN": rule["RuleARN"], "FixedRate": 0.5, "Priority": 7}
    changed = xray.update_sampling_rule(SamplingRuleUpdate=update)["SamplingRuleRecord"]
    assert changed["SamplingRule"] == rule | {"FixedRate": 0.5, "Priority": 7}
    assert changed["CreatedAt"] == made["CreatedAt"] <= changed["ModifiedAt"]
    assert [one["RuleName"] for one in rules(xray)] == ["mine", "Default"]
    assert xray.delete_sampling_rule(RuleName="mine")["SamplingRuleRecord"]["SamplingRule"] == changed["SamplingRule"]
    assert [one["RuleName"] for one in rules(xray)] == ["Default"]


def test_rules_come_in_the_order_in_which_they_are_tried(xray):
    for name, priority in (("c", 9999), ("b", 1), ("a", 9999)):
        xray.create_sampling_rule(SamplingRule=a_rule(RuleName=name, Priority=priority))
    assert [one["RuleName"] for one in rules(xray)] == ["b", "a", "c", "Default"]


def test_of_the_default_rule_only_the_rate_and_the_reservoir_change(xray):
    update = {"RuleName": "Default", "FixedRate": 0.01, "ReservoirSize": 0}
    changed = xray.update_sampling_rule(SamplingRuleUpdate=update)["SamplingRuleRecord"]["SamplingRule"]
    assert (changed["FixedRate"], changed["ReservoirSize"], changed["Priority"]) == (0.01, 0, 10_000)
    assert rules(xray) == [changed]
    assert refusal(xray.update_sampling_rule, SamplingRuleUpdate=update | {"Host": "x"})[0] == "InvalidRequestException"
    assert refusal(xray.delete_sampling_rule, RuleName="Default") == (
        "InvalidRequestException",
        "The rule Default cannot be deleted.",
    )


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"RuleName": None}, "Give either RuleName or RuleARN, and not both."),
        ({"RuleARN": "arn:aws:x"}, "Give either RuleName or RuleARN, and not both."),
        ({"RuleName": None, "RuleARN": "arn:aws:x"}, "There is no sampling rule arn:aws:x."),
        ({"RuleName": "Default"}, "There is already a sampling rule Default."),
        ({"Version": 2}, "Version must be 1."),
        ({"FixedRate": 1.5}, "FixedRate must be"),
        ({"Attributes": {str(number): "x" for number in range(6)}}, "6 attributes are more than 5."),
        ({"Attributes": {"k" * 33: "x"}}, "The key of an attribute has 1 to 32 characters."),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(xray, members, message):
    code, said = refusal(xray.create_sampling_rule, SamplingRule=a_rule(**members))
    assert code == "InvalidRequestException"
    assert said.startswith(message)
    assert [one["RuleName"] for one in rules(xray)] == ["Default"]


@pytest.mark.parametrize(
    "change", [{"FixedRate": 1.1}, {"FixedRate": -0.1}, {"Priority": 0}, {"Priority": 10_000}, {"ReservoirSize": -1}]
)
def test_a_change_that_cannot_be_is_refused(xray, change):
    xray.create_sampling_rule(SamplingRule=a_rule())
    before = rules(xray)
    code, message = refusal(xray.update_sampling_rule, SamplingRuleUpdate={"RuleName": "mine"} | change)
    assert (code, message.split()[0]) == ("InvalidRequestException", next(iter(change)))
    assert rules(xray) == before


def test_what_is_not_there_cannot_be_changed_or_deleted_and_what_is_there_not_be_made(xray):
    assert refusal(xray.update_sampling_rule, SamplingRuleUpdate={"RuleName": "x"})[1] == "There is no sampling rule x."
    assert refusal(xray.delete_sampling_rule, RuleName="x")[1] == "There is no sampling rule x."
    xray.create_sampling_rule(SamplingRule=a_rule())
    assert refusal(xray.create_sampling_rule, SamplingRule=a_rule())[1] == "There is already a sampling rule mine."


def test_there_is_a_greatest_number_of_rules(xray):
    for number in range(25):
        xray.create_sampling_rule(SamplingRule=a_rule(RuleName=f"rule {number}"))
    code, message = refusal(xray.create_sampling_rule, SamplingRule=a_rule())
    assert (code, "25 sampling rules" in message) == ("RuleLimitExceededException", True)


def test_the_tags_of_a_rule_go_with_it(xray):
    tags = [{"Key": "team", "Value": "shop"}]
    arn = xray.create_sampling_rule(SamplingRule=a_rule(), Tags=tags)["SamplingRuleRecord"]["SamplingRule"]["RuleARN"]
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
    xray.delete_sampling_rule(RuleARN=arn)
    xray.create_sampling_rule(SamplingRule=a_rule())
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


@pytest.mark.parametrize("keys", [["aws:team"], [str(number) for number in range(51)]])
def test_tags_that_cannot_be_are_refused(xray, keys):
    tags = [{"Key": key, "Value": "x"} for key in keys]
    code, message = refusal(xray.create_sampling_rule, SamplingRule=a_rule(), Tags=tags)
    assert (code, "tag" in message) == ("InvalidRequestException", True)


def test_one_who_samples_alone_gets_the_whole_reservoir(store):
    create(store)
    answer = report(store, a_report(), a_report(RuleName="gone"))
    assert answer["SamplingTargetDocuments"] == [
        {"RuleName": "mine", "FixedRate": 0.1, "ReservoirQuota": 5, "ReservoirQuotaTTL": 1_700_000_033, "Interval": 10}
    ]
    assert answer["UnprocessedStatistics"] == [
        {"RuleName": "gone", "ErrorCode": "404", "Message": "There is no sampling rule gone."}
    ]
    assert answer["LastRuleModification"] == NOW


def test_two_share_the_reservoir_and_one_who_stays_away_leaves_it_to_the_other(store, clock):
    create(store)

    def quota(client):
        (target,) = report(store, a_report(ClientID=client))["SamplingTargetDocuments"]
        return target["ReservoirQuota"]

    def in_ten_seconds():
        clock.now_s += 10

    assert (quota(A_CLIENT), quota(ANOTHER)) == (5, 0)  # all is taken, until the first reports again
    in_ten_seconds()
    assert (quota(A_CLIENT), quota(ANOTHER)) == (2, 3)
    in_ten_seconds()
    assert sorted([quota(A_CLIENT), quota(ANOTHER)]) == [2, 3]
    for _ in range(4):
        in_ten_seconds()
        last = quota(ANOTHER)
    assert last == 5


def test_a_change_of_the_rules_is_told_to_those_who_report(store, clock):
    modified = []
    for path, parameters in (
        (None, {}),
        ("/CreateSamplingRule", {"SamplingRule": a_rule()}),
        ("/UpdateSamplingRule", {"SamplingRuleUpdate": {"RuleName": "mine", "FixedRate": 0.3}}),
        ("/DeleteSamplingRule", {"RuleName": "mine"}),
    ):
        clock.now_s += 1
        if path:
            operations.call(store, path, parameters)
        modified.append(report(store, a_report(RuleName="Default"))["LastRuleModification"])
    assert modified == [0, NOW + 2, NOW + 3, NOW + 4]


def test_reports_are_added_up_by_rule_and_ten_seconds(store, clock, monkeypatch):
    monkeypatch.setattr(statistics, "PAGE", 2)
    create(store)
    report(store, a_report(BorrowCount=1), a_report(ClientID=ANOTHER, RequestCount=1, SampledCount=1))
    report(store, a_report(RuleName="Default", RequestCount=7, SampledCount=0))
    clock.now_s += 10
    report(store, a_report(RequestCount=3, SampledCount=2))

    def summaries():
        found, token = [], None
        while True:
            page = operations.call(store, "/SamplingStatisticSummaries", {"NextToken": token})
            found += [tuple(one.values()) for one in page["SamplingStatisticSummaries"]]
            token = page.get("NextToken")
            if token is None:
                return found

    assert summaries() == [
        ("Default", 1_700_000_000, 7, 0, 0),
        ("mine", 1_700_000_000, 101, 11, 1),
        ("mine", 1_700_000_010, 3, 2, 0),
    ]
    clock.now_s += statistics.KEPT_S
    assert summaries() == []


def test_a_report_is_answered_as_the_model_says(xray):
    xray.create_sampling_rule(SamplingRule=a_rule())
    boosts = {"RuleName": "gone", "ServiceName": "shop", "Timestamp": NOW, "AnomalyCount": 1, "TotalCount": 2}
    answer = xray.get_sampling_targets(
        SamplingStatisticsDocuments=[a_report()],
        SamplingBoostStatisticsDocuments=[boosts | {"SampledAnomalyCount": 1}],
    )
    (target,) = answer["SamplingTargetDocuments"]
    assert (target["ReservoirQuota"], target["Interval"]) == (5, 10)
    assert target["ReservoirQuotaTTL"] > answer["LastRuleModification"]
    assert [one["RuleName"] for one in answer["UnprocessedBoostStatistics"]] == ["gone"]
    (summary,) = xray.get_sampling_statistic_summaries()["SamplingStatisticSummaries"]
    assert (summary["RuleName"], summary["RequestCount"], summary["BorrowCount"]) == ("mine", 100, 0)


def test_a_token_of_somebody_else_is_refused(xray):
    for call in (xray.get_sampling_rules, xray.get_sampling_statistic_summaries):
        assert refusal(call, NextToken="bWluZQ==")[0] == "InvalidRequestException"


def test_the_x_ray_sdk_gets_its_rules_and_targets(xray):
    xray.create_sampling_rule(SamplingRule=a_rule(ReservoirSize=3))
    connector = ServiceConnector()
    connector.setup_xray_client(None, None, xray)
    fetched = connector.fetch_sampling_rules()
    assert [(one.name, one.rate) for one in fetched] == [("mine", 0.1), ("Default", 0.05)]
    mine = fetched[0]
    mine.increment_request_count()
    targets, modified_s = connector.fetch_sampling_target([mine])
    assert (targets["mine"]["quota"], targets["mine"]["interval"]) == (3, 10)
    assert targets["mine"]["TTL"] > modified_s > 0


def test_rules_and_shares_outlive_a_restart(tmp_path, clock):
    for expected in (5, 0):
        store = Store.open(tmp_path, clock=clock)
        try:
            if expected:
                create(store)
            client = A_CLIENT if expected else ANOTHER
            (target,) = report(store, a_report(ClientID=client))["SamplingTargetDocuments"]
            assert target["ReservoirQuota"] == expected
        finally:
            store.close()


def test_every_operation_has_the_path_of_the_model():
    paths = {operations.name_of(path) for path in sampling.OPERATIONS}
    assert paths == {
        *("GetSamplingRules", "CreateSamplingRule", "UpdateSamplingRule", "DeleteSamplingRule"),
        *("GetSamplingTargets", "GetSamplingStatisticSummaries"),
        *("CreateGroup", "GetGroup", "GetGroups", "UpdateGroup", "DeleteGroup"),
    }
