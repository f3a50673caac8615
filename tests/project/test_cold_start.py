"""What a cold start pays for: the function imports nothing that its first request may not need."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.project.tree import PROJECT, tracked

ENVIRONMENT = {
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "RAYGATE_AUTH": "none",
}
STORES = {"RAYGATE_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/0/spans", "RAYGATE_BUCKET": "kept"}
PATH = os.pathsep.join(map(str, (PROJECT, PROJECT / "layers/raygate/python")))

LOOK = """
import json, sys
from botocore.session import Session
made, make = [], Session.create_client
Session.create_client = lambda self, name, *given, **named: (made.append(name), make(self, name, *given, **named))[1]
from functions.ingest import app
print(json.dumps([app.handler.problem, made, sorted(sys.modules)]))
"""
NEVER = ("boto3", "pydantic", "moto", "raygate_local", "raygate.worker", "raygate.replay", "asyncio", "s3transfer")
LATER = (
    "raygate.decode.otlp_json",
    "raygate.documents",
    "raygate.keep.archive",
    "raygate.keep.redacted",
    "raygate.keep.redacted_json",
)
"""Paid for by the first request that needs it."""


def started(environment: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """Which clients are made, and what is imported, in a process of its own."""
    command = [sys.executable, "-c", LOOK]
    told = subprocess.run(
        command, env={**ENVIRONMENT, **environment, "PYTHONPATH": PATH}, capture_output=True, check=True, timeout=120
    )
    problem, made, modules = json.loads(told.stdout.splitlines()[-1])
    assert problem == ""
    return made, set(modules)


@pytest.mark.parametrize(
    ("environment", "made"),
    [
        ({}, ["xray"]),
        (STORES, ["xray"]),
        (STORES | {"RAYGATE_DELIVERY": "buffered"}, ["xray", "sqs"]),
        (STORES | {"RAYGATE_ARCHIVE": "true"}, ["xray", "s3"]),
        ({"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_TABLE": "keys"}, ["xray", "dynamodb"]),
    ],
    ids=["alone", "direct", "buffered", "archive", "keys"],
)
def test_a_start_makes_and_imports_what_every_request_needs_and_nothing_else(environment, made):
    clients, modules = started(environment)
    assert clients == made
    assert {name for name in (*NEVER, *LATER) if name in modules} == set()


@pytest.mark.parametrize("path", tracked("layers/raygate/**/*.py"), ids=lambda path: path.name)
def test_a_record_of_the_layer_is_made_the_quick_way(path):
    assert path.name == "records.py" or not re.search(
        r"^from dataclasses import .*\bdataclass\b", path.read_text(), re.MULTILINE
    )
