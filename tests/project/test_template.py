"""`template.yaml` agrees with the code: handlers, settings, makefiles, and limits that are set, not inherited."""

import ast
import re
from dataclasses import fields, replace

import pytest

from raygate.settings import PREFIX, Settings
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

FUNCTIONS = resources("AWS::Serverless::Function")
LAYERS = resources("AWS::Serverless::LayerVersion")

GLOBALS = TEMPLATE["Globals"]["Function"]

OF_THE_STACK = ("keys_table", "queue_url", "bucket", "dead_letter_queue_url", "max_receives", "max_wire_bytes")
"""Settings that name a resource, or follow from one."""

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
    names = {name for function in FUNCTIONS for name in environment(function) if name.startswith(PREFIX)}
    assert names == {PREFIX + field.name.upper() for field in fields(Settings)} - LOCAL


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_defaults_are_those_of_settings(name):
    deployed = Settings.from_environ(environment(name))
    given = {field: getattr(deployed, field) for field in OF_THE_STACK}
    assert deployed == replace(Settings(), **given)
    assert (deployed.queue_url, deployed.bucket) == ("Queue", "Bucket")


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
    variables = {**GLOBALS["Environment"]["Variables"], **FUNCTIONS[function]["Environment"]["Variables"]}
    defaults = {name: row.get("Default") for name, row in TEMPLATE["Parameters"].items()}
    return {
        name: str(defaults.get(value["Ref"], value["Ref"]) if isinstance(value, dict) else value)
        for name, value in variables.items()
    }
