"""Groups of traces, asked for through boto3."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from raygate_local.xray.filters import facts_of, parse
from raygate_local.xray.sampling import groups_of, names_of
from tests.unit.local_xray.documents import START_S, a_document, a_trace_id, running

NOTHING = {"InsightsEnabled": False, "NotificationsEnabled": False}


@pytest.fixture(scope="module")
def server():
    with running() as one:
        yield one


@pytest.fixture
def xray(server):
    yield server.client
    server.store.records("groups").clear()
    server.store.clear()


def refusal(call, **parameters):
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def groups(xray):
    return [one for page in xray.get_paginator("get_groups").paginate() for one in page["Groups"]]


def test_the_default_group_is_always_there(xray):
    (group,) = groups(xray)
    assert (group["GroupName"], group["FilterExpression"], group["InsightsConfiguration"]) == ("Default", "", NOTHING)
    assert group["GroupARN"].endswith(":group/Default")


def test_groups_are_made_found_changed_and_deleted(xray):
    made = xray.create_group(GroupName="slow", FilterExpression="responsetime > 5")["Group"]
    arn = made["GroupARN"]
    assert made == {
        "GroupName": "slow",
        "GroupARN": arn,
        "FilterExpression": "responsetime > 5",
        "InsightsConfiguration": NOTHING,
    }
    assert xray.get_group(GroupName="slow")["Group"] == xray.get_group(GroupARN=arn)["Group"] == made
    insights = {"InsightsEnabled": True}
    xray.update_group(GroupARN=arn, FilterExpression="responsetime > 2", InsightsConfiguration=insights)
    xray.update_group(GroupName="slow", InsightsConfiguration={"NotificationsEnabled": True})
    changed = xray.get_group(GroupName="slow")["Group"]
    assert changed["FilterExpression"] == "responsetime > 2"
    assert changed["InsightsConfiguration"] == {"InsightsEnabled": True, "NotificationsEnabled": True}
    assert [one["GroupName"] for one in groups(xray)] == ["Default", "slow"]
    xray.delete_group(GroupName="slow")
    assert [one["GroupName"] for one in groups(xray)] == ["Default"]
    assert refusal(xray.get_group, GroupARN=arn) == ("InvalidRequestException", f"There is no group {arn}.")


def test_a_group_may_go_without_an_expression_and_then_holds_everything(server, xray):
    xray.create_group(GroupName="all")
    assert groups_of(server.store)("group.name", "all") == ""
    assert parse('group.name = "all"', groups_of(server.store)).matches(facts_of([a_document()]))


def test_an_expression_that_cannot_be_read_is_refused_with_its_place(xray):
    message = "FilterExpression cannot be read: unknown keyword falt: did you mean fault? (column 1)."
    assert refusal(xray.create_group, GroupName="bad", FilterExpression="falt") == ("InvalidRequestException", message)
    xray.create_group(GroupName="good", FilterExpression="fault")
    assert refusal(xray.update_group, GroupName="good", FilterExpression="falt")[1] == message
    assert refusal(xray.create_group, GroupName="of groups", FilterExpression='group.name = "good"')[1] == (
        'FilterExpression cannot be read: there is no group with the name "good" (column 14).'
    )
    assert [one["GroupName"] for one in groups(xray)] == ["Default", "good"]


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("create_group", {"GroupName": "Default"}),
        ("create_group", {"GroupName": "loud", "InsightsConfiguration": {"NotificationsEnabled": True}}),
        ("update_group", {"GroupName": "Default", "FilterExpression": "fault"}),
        ("update_group", {"GroupName": "gone", "FilterExpression": "fault"}),
        ("update_group", {"FilterExpression": "fault"}),
        ("delete_group", {"GroupName": "Default"}),
        ("delete_group", {"GroupName": "gone"}),
        ("get_group", {"GroupName": "a", "GroupARN": "b"}),
        ("get_group", {}),
        ("get_groups", {"NextToken": "mine"}),
    ],
)
def test_what_cannot_be_done_with_groups_is_refused(xray, operation, parameters):
    code, message = refusal(getattr(xray, operation), **parameters)
    assert (code, message.endswith(".")) == ("InvalidRequestException", True)
    assert [one["GroupName"] for one in groups(xray)] == ["Default"]


def test_a_name_is_taken_once_and_there_is_a_greatest_number_of_groups(xray):
    for number in range(25):
        xray.create_group(GroupName=f"group {number}", FilterExpression="fault")
    assert refusal(xray.create_group, GroupName="group 7")[1] == "There is already a group group 7."
    code, message = refusal(xray.create_group, GroupName="one more")
    assert (code, "25 groups" in message) == ("InvalidRequestException", True)


def test_the_tags_of_a_group_go_with_it(server, xray):
    tags = [{"Key": "team", "Value": "shop"}]
    arn = xray.create_group(GroupName="tagged", Tags=tags)["Group"]["GroupARN"]
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
    xray.delete_group(GroupName="tagged")
    assert arn not in server.store.records("tags")


def test_traces_are_found_by_their_group(server, xray):
    server.put(
        a_document(1, trace_id=a_trace_id(1), end_time=START_S + 9),
        a_document(2, trace_id=a_trace_id(2), end_time=START_S + 1),
    )
    arn = xray.create_group(GroupName="slow", FilterExpression="responsetime > 5")["Group"]["GroupARN"]
    start = datetime.fromtimestamp(START_S, UTC)

    def found(expression):
        answer = xray.get_trace_summaries(StartTime=start, EndTime=start, FilterExpression=expression)
        return [one["Id"] for one in answer["TraceSummaries"]]

    assert found('group.name = "slow"') == found(f'group.arn = "{arn}"') == [a_trace_id(1)]
    assert found('group.name != "slow"') == [a_trace_id(2)]
    assert found('group.name = "Default"') == [a_trace_id(1), a_trace_id(2)]
    assert names_of(server.store) == ["Default", "slow"]
    code, message = refusal(
        xray.get_trace_summaries, StartTime=start, EndTime=start, FilterExpression='group.name = "x"'
    )
    assert (code, "(column 14)" in message) == ("InvalidRequestException", True)
