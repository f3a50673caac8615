"""`template.yaml` as plain values; an intrinsic such as `!Ref Mapping` is `{"Ref": "Mapping"}`."""

from typing import Any, Final

import yaml

from tests.project.tree import PROJECT


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _intrinsic(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)

TEMPLATE: Final[dict[str, Any]] = yaml.load((PROJECT / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of the resources of that type, by logical name."""
    return {name: row.get("Properties", {}) for name, row in TEMPLATE["Resources"].items() if row["Type"] == kind}
