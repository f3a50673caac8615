"""The command `raygate` before anything runs: help, versions, and what keeps a server from starting."""

import socket

import pytest

from raygate import __version__
from raygate_local.cli import main
from tests.process.serving import raygate


def test_alone_it_helps():
    status, output, _ = raygate()
    assert status == 0
    assert all(f"  {name} " in output for name in main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help(name):
    status, output, _ = raygate(name, "--help")
    assert status == 0
    assert output.startswith(f"Usage: raygate {name} ")
    assert main.commands[name].help


def test_it_knows_its_version():
    assert raygate("--version") == (0, f"raygate {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["serv"], "Did you mean 'serve'?"),
        (["serve", "--hots", "::1"], "'--host'"),
        (["serve", "--port", "70000"], "0<=x<=65535"),
        (["serve", "--xray", "azure"], "'local', 'aws'"),
    ],
)
def test_a_typing_error_gets_a_hint(arguments, hint):
    status, _, errors = raygate(*arguments)
    assert status == 2
    assert hint in errors


@pytest.mark.parametrize("option", ["--port", "--xray-port"])
def test_a_port_in_use_is_one_sentence(option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": "0", "--xray-port": "0"} | {option: port}
        status, output, errors = raygate("serve", *(part for pair in ports.items() for part in pair))
    expected = f"the port is in use; choose another with {option}, or 0 for any free one"
    assert (status, output, errors) == (1, "", f"Error: Cannot listen on 127.0.0.1:{port}: {expected}.\n")


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["--xray", "aws"], {}, "No AWS region is set"),
        (["--xray", "aws"], {"AWS_REGION": "eu-west-1"}, "No AWS credentials were found"),
        (["--xray", "aws"], {"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
        ([], {"RAYGATE_MAX_SPANS": "many"}, "RAYGATE_MAX_SPANS must be a whole number from 1 to 1000000, not 'many'"),
        ([], {"RAYGATE_SPANS": "1"}, "unknown setting RAYGATE_SPANS"),
        ([], {"AWS_ENDPOINT_URL_XRAY": "localhost:8080"}, "AWS_ENDPOINT_URL_XRAY"),
        (["--host", "192.0.2.1"], {}, "this machine has no such address"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence(arguments, environ, message):
    status, output, errors = raygate("serve", "--port", "0", "--xray-port", "0", *arguments, environ=environ)
    assert (status, output) == (2 if "RAYGATE_" in message else 1, "")
    assert errors.startswith("Error: ")
    assert errors.endswith(".\n")
    assert message in errors
    assert errors.count("\n") == 1
