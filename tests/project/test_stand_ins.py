"""What stands in for a module in the layer has what others take from it, and the functions do not miss the rest."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import botocore
import pytest

from layers.dependencies import stand_ins

INSTALLED = Path(botocore.__file__).parent.parent
UNASKED = [path.name for path in INSTALLED.glob("botocore/data/[a-z]*/") if path.name != "xray"]
"""Services of botocore that take long to copy."""
PACKAGES = ("aws_lambda_powertools", "botocore", "urllib3", "google")
REPLACED = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in stand_ins.STAND_INS]
GONE = ("html.parser", "importlib.metadata", "zipfile", "google.protobuf.text_format", "typing_extensions")
LOOK = """
import json, sys
import botocore.client, botocore.handlers, botocore.waiter, urllib3, urllib3.http2.probe
from aws_lambda_powertools import Logger, Metrics
from botocore.session import Session
from google.protobuf import json_format, message_factory, struct_pb2, timestamp_pb2
early = sorted(sys.modules)
client = Session().create_client("xray", region_name="eu-west-1")
from aws_lambda_powertools.utilities import jmespath_utils
print(json.dumps({
    "places": [botocore.client.__file__, urllib3.__file__, message_factory.__file__],
    "documentation": client.put_trace_segments.__doc__,
    "paginator": client.get_paginator("get_trace_summaries").paginate.__doc__,
    "struct": json_format.MessageToDict(json_format.ParseDict({"a": [1.5, None]}, struct_pb2.Struct())),
    "text": str(timestamp_pb2.Timestamp(seconds=1)),
    "queried": jmespath_utils.query({"a": '{"b": 1}'}, "powertools_json(a).b"),
    "early": early,
}))
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory) -> Iterator[Path]:
    """Those packages as pip has installed them here, with what stands in."""
    target: Path = tmp_path_factory.mktemp("layer")
    for name in PACKAGES:
        shutil.copytree(INSTALLED / name, target / name, ignore=shutil.ignore_patterns("__pycache__", *UNASKED))
    stand_ins.main(target)
    yield target
    shutil.rmtree(target)


def test_the_packages_work_with_them(layer):
    paths = os.pathsep.join(map(str, (layer, INSTALLED)))
    command = [sys.executable, "-S", "-c", LOOK]  # what is installed may import things at each start
    told = subprocess.run(command, env={"PYTHONPATH": paths}, capture_output=True, check=True, timeout=60)
    found = json.loads(told.stdout)
    assert all(place.startswith(str(layer)) for place in found["places"])
    assert (found["documentation"], found["paginator"]) == ("", "")
    assert (found["struct"], found["text"]) == ({"a": [1.5, None]}, "seconds: 1\n")
    assert found["queried"] == 1
    assert set(GONE) & set(found["early"]) == set()


@pytest.mark.parametrize("replaced", REPLACED)
def test_it_has_what_others_take_from_it(layer, replaced):
    source = layer / f"{replaced.replace('.', '/')}.py"
    text = (source if source.is_file() else source.with_suffix("") / "__init__.py").read_text()
    scope: dict[str, object] = {}
    exec(text, scope)  # noqa: S102 - what the build writes
    taken = {
        alias.name
        for path in layer.rglob("*.py")
        if replaced.rpartition(".")[2] in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and f".{replaced}".endswith(f".{node.module}")
        for alias in node.names
    }
    modules = {path.stem for path in source.with_suffix("").glob("*.py")} if not source.is_file() else set()
    assert taken - scope.keys() - modules == set()


def test_a_package_that_lacks_what_is_replaced_stops_the_build(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"_message\.abi3\.so"):
        stand_ins.main(tmp_path)
    native = tmp_path / stand_ins.NATIVE
    native.parent.mkdir(parents=True)
    native.touch()
    with pytest.raises(FileNotFoundError, match="botocore/docs/__init__"):
        stand_ins.main(tmp_path)
