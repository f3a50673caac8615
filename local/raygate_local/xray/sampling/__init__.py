"""Sampling rules with a reservoir that works, and groups.

Gives   `OPERATIONS`: X-Ray's operations about them, by the path of their requests. `groups_of` and `names_of`: the
        groups, for filters.
Source  X-Ray API reference.
"""

from collections.abc import Mapping
from typing import Final

from raygate_local.xray.calls.call import Operation
from raygate_local.xray.sampling.groups import (
    create_group,
    delete_group,
    get_group,
    get_groups,
    groups_of,
    names_of,
    update_group,
)
from raygate_local.xray.sampling.rules import (
    create_sampling_rule,
    delete_sampling_rule,
    get_sampling_rules,
    update_sampling_rule,
)
from raygate_local.xray.sampling.statistics import get_sampling_statistic_summaries
from raygate_local.xray.sampling.targets import get_sampling_targets

OPERATIONS: Final[Mapping[str, Operation]] = {
    "/GetSamplingRules": get_sampling_rules,
    "/CreateSamplingRule": create_sampling_rule,
    "/UpdateSamplingRule": update_sampling_rule,
    "/DeleteSamplingRule": delete_sampling_rule,
    "/SamplingTargets": get_sampling_targets,
    "/SamplingStatisticSummaries": get_sampling_statistic_summaries,
    "/CreateGroup": create_group,
    "/GetGroup": get_group,
    "/Groups": get_groups,
    "/UpdateGroup": update_group,
    "/DeleteGroup": delete_group,
}

__all__ = ["OPERATIONS", "groups_of", "names_of"]
