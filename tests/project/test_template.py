"""`template.yaml` agrees with the code: handlers, settings, makefiles, and limits that are set, not inherited."""

import ast
import re
from dataclasses import fields, replace

import pytest

from raygate.reporting import METRICS
from raygate.settings import PREFIX, Settings
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

FUNCTIONS = resources("AWS::Serverless::Function")
LAYERS = resources("AWS::Serverless::LayerVersion")

LOCAL = {"RAYGATE_KEYS_FILE"}
"""Settings that mean nothing on Lambda."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_handler_exists(name):
    module, function = FUNCTIONS[name]["Handler"].rsplit(".", 1)
    source = PROJECT / FUNCTIONS[name]["CodeUri"] / f"{module}.py"
    assigned = [
        target
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]
    defined = {node.id for node in assigned if isinstance(node, ast.Name)}
    assert function in defined


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_folder_holds_one_module(name):
    folder = PROJECT / FUNCTIONS[name]["CodeUri"]
    assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["app.py"]


def test_every_function_is_in_the_template():
    folders = {path.name for path in (PROJECT / "functions").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {function["CodeUri"].strip("/").rsplit("/", 1)[-1] for function in FUNCTIONS.values()}


def test_the_settings_are_the_fields_of_settings():
    names = {name for name in environment("IngestFunction") if name.startswith(PREFIX)}
    assert names == {PREFIX + field.name.upper() for field in fields(Settings)} - LOCAL


def test_the_defaults_are_those_of_settings():
    deployed = Settings.from_environ(environment("IngestFunction"))
    assert deployed == replace(Settings(), keys_table="KeysTable")


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_its_makefile_target(name):
    makefile = PROJECT / LAYERS[name]["ContentUri"] / "Makefile"
    assert re.search(rf"^build-{name}:", makefile.read_text(), re.MULTILINE)


@pytest.mark.parametrize("architecture", TEMPLATE["Parameters"]["Architecture"]["AllowedValues"])
def test_every_architecture_has_its_platforms(architecture):
    assert (PROJECT / "layers" / "dependencies" / architecture / "platforms.txt").is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_limit_of_a_function_is_inherited(name):
    assert {"MemorySize", "Timeout", "LoggingConfig", "Role"} <= FUNCTIONS[name].keys()


@pytest.mark.parametrize("group", resources("AWS::Logs::LogGroup").values(), ids=list(resources("AWS::Logs::LogGroup")))
def test_every_log_is_kept_for_a_time(group):
    assert "RetentionInDays" in group


@pytest.mark.parametrize("file", ["template.yaml", "samconfig.toml"])
def test_no_account_number_is_in(file):
    assert re.findall(r"\b\d{12}\b", (PROJECT / file).read_text()) == []


def environment(function: str) -> dict[str, str]:
    """The function's variables when nobody gives a parameter; a resource is its logical name."""
    variables = FUNCTIONS[function]["Environment"]["Variables"]
    defaults = {name: row.get("Default") for name, row in TEMPLATE["Parameters"].items()}
    return {
        name: str(defaults.get(value["Ref"], value["Ref"]) if isinstance(value, dict) else value)
        for name, value in variables.items()
    }


def test_every_alarm_watches_a_metric_that_the_function_writes():
    alarms = resources("AWS::CloudWatch::Alarm")
    assert {alarm["Namespace"] for alarm in alarms.values()} == {"Raygate"}
    assert {alarm["MetricName"] for alarm in alarms.values()} <= set(METRICS.values())
    assert "SpansUnaccounted" in {alarm["MetricName"] for alarm in alarms.values()}
