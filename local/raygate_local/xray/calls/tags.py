"""Tags of groups and sampling rules: TagResource, UntagResource, ListTagsForResource.

Source  X-Ray API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from raygate_local.xray.calls.call import Operation, Parameters
from raygate_local.xray.errors import ResourceNotFoundError, TooManyTagsError
from raygate_local.xray.sampling import OPERATIONS as SAMPLING
from raygate_local.xray.sampling.checks import MOST_TAGS
from raygate_local.xray.sampling.keeping import ALONE
from raygate_local.xray.sampling.tags import TAGS
from raygate_local.xray.store import Store


def tag_resource(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Add these, or give them other values."""
    arn = _known(store, parameters)
    with ALONE:
        tags = store.records(TAGS).get(arn, {}) | {one["Key"]: one["Value"] for one in parameters["Tags"]}
        if len(tags) > MOST_TAGS:
            raise TooManyTagsError(f"{arn} would have {len(tags)} tags, more than {MOST_TAGS}.")
        store.records(TAGS)[arn] = tags
    return {}


def untag_resource(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Take these away."""
    arn = _known(store, parameters)
    with ALONE:
        tags = store.records(TAGS).get(arn, {})
        store.records(TAGS)[arn] = {key: value for key, value in tags.items() if key not in parameters["TagKeys"]}
    return {}


def list_tags_for_resource(store: Store, parameters: Parameters) -> dict[str, Any]:
    """All of them, in one page."""
    tags = store.records(TAGS).get(_known(store, parameters), {})
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "/TagResource": tag_resource,
    "/UntagResource": untag_resource,
    "/ListTagsForResource": list_tags_for_resource,
}


def _known(store: Store, parameters: Parameters) -> str:
    arn = str(parameters["ResourceARN"])
    if arn not in _arns(store):
        raise ResourceNotFoundError(f"There is no group or sampling rule {arn}.")
    return arn


def _arns(store: Store) -> Iterator[str]:
    for group in SAMPLING["/Groups"](store, {})["Groups"]:
        yield group["GroupARN"]
    for record in SAMPLING["/GetSamplingRules"](store, {})["SamplingRuleRecords"]:
        yield record["SamplingRule"]["RuleARN"]
