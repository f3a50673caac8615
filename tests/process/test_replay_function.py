"""`raygate replay --function`: the deployed function does it, over Lambda's own API, with S3 and SQS of moto."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from raygate.keep import Undelivered, pack
from tests.fake_xray import FakeXRay, Store, error, serving
from tests.process.fake_lambda import Function, Lambda, lambda_there
from tests.process.serving import raygate
from tests.process.test_replay_commands import RECEIVED_MS, SPAN, There, in_aws, moto
from tests.unit.replay.stage import a_document, a_message, an_id

__all__ = ["moto"]

NAME = "raygate-ReplayFunction-1ABC"


@pytest.fixture(scope="module")
def xray() -> Iterator[FakeXRay]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def deployed() -> Iterator[Lambda]:
    with lambda_there() as server:
        yield server


@pytest.fixture
def there(deployed, xray, moto, tmp_path) -> Iterator[There]:
    """A command that knows nothing of the stores: the function does."""
    xray.play(Store())
    for one in in_aws(moto, tmp_path.name, xray):
        deployed.play({NAME: Function("functions.replay.app", one.environ)})
        own = {name: one.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")}
        yield replace(one, environ=own | {"AWS_ENDPOINT_URL_LAMBDA": deployed.url}, options=["--function", NAME])


def test_a_dry_run_and_then_the_replay_are_done_by_the_function_and_told_here(there, deployed):
    there.archive(a_message([1, 2], at_ms=RECEIVED_MS), a_message([3], at_ms=RECEIVED_MS, bad=1))
    status, output, errors = there.run("replay", *SPAN, "--dry-run")
    assert (status, errors) == (0, "")
    assert "1 object, 2 requests, 4 spans, 3 documents in 1 call" in output
    assert there.received == {}
    status, output, errors = there.run("replay", *SPAN, "--tenant", "shop", "--rate", "100")
    assert (status, errors) == (0, "")
    assert output.startswith("4 spans found = 3 delivered + 1 rejected.\n")
    assert there.received == {an_id(number): 1 for number in (1, 2, 3)}
    span = {"replay": "archive", "from": "2025-08-01T00:00:00Z", "to": "2025-10-01T00:00:00Z"}
    dry, real = deployed.events
    assert dry == {**span, "dry_run": True}
    assert real == {**span, "tenant": "shop", "rate": 100, "id": real["id"]}
    assert real["id"].startswith("archive-20")


def test_what_is_interrupted_there_can_be_gone_on_with_there(there):
    there.give_up(a_message([1, 2]), pack(Undelivered((a_document(3),))))
    there.xray.play(Store(), *[error(403, "ExpiredTokenException")] * 9)
    status, output, errors = there.run("replay", "--dead-letters")
    assert (status, errors) == (1, "")
    assert f"Go on with: raygate replay --function {NAME} --resume dead-letters\n" in output
    there.xray.play(Store())
    status, output, errors = there.run("replay", "--resume", "dead-letters", "--json")
    assert (status, errors) == (0, "")
    assert (json.loads(output)["state"], json.loads(output)["delivered"]) == ("done", 3)


def test_what_the_function_refuses_is_told_in_its_words(there):
    status, output, errors = there.run("replay", "--resume", "never")
    assert (status, output, errors) == (1, "", "Error: id: there is no replay 'never'.\n")


REFUSALS = [
    ((404, "ResourceNotFoundException"), f"no function '{NAME}' in eu-west-1: the stack's output ReplayFunction"),
    ((403, "AccessDeniedException"), f"these credentials may not invoke '{NAME}': they need lambda:InvokeFunction"),
    ((429, "TooManyRequestsException"), f"Lambda has no instance for '{NAME}' now: try again in a minute"),
    ((500, "ServiceException"), f"Lambda does not invoke '{NAME}': ServiceException: told by the fake"),
]


@pytest.mark.parametrize(("refusal", "told"), REFUSALS, ids=[refusal[1] for refusal, _ in REFUSALS])
def test_what_lambda_refuses_is_a_sentence(refusal, told, there, deployed):
    deployed.refuses = refusal
    status, output, errors = there.run("replay", "--dead-letters")
    assert (status, output, errors.count("\n")) == (1, "", 1)
    assert told in errors
    assert deployed.events == []


def test_a_function_that_fails_or_is_another_one_is_a_sentence(there, deployed):
    deployed.functions[NAME] = Function("functions.replay.app", {"RAYGATE_TYPO": "1"})
    status, output, errors = there.run("replay", *SPAN)
    assert (status, output) == (1, "")
    assert errors.startswith(f"Error: '{NAME}' failed: SettingsError: unknown setting RAYGATE_TYPO")
    assert "; go on with --resume archive-20" in errors
    deployed.functions[NAME] = replace(deployed.functions[NAME], timeout_s=0.05)
    assert "Task timed out after 0.05 seconds" in there.run("replay", "--dead-letters")[2]
    deployed.functions[NAME] = Function("tests.process.another_function", {})
    assert f"'{NAME}' is not the replay function" in there.run("replay", "--dead-letters")[2]


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:9"}, f"'{NAME}' cannot be invoked: Could not connect"),
        ({"AWS_REGION": ""}, "no region is set: AWS_REGION names it"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "cannot be invoked: Unable to locate credentials"),
    ],
)
def test_a_function_that_cannot_be_reached_is_a_sentence(environ, told, there):
    status, output, errors = there.run("replay", "--dead-letters", **environ)
    assert (status, output) == (1, "")
    assert told in errors


def test_what_belongs_to_a_replay_of_this_machine_does_not_go_with_it():
    for option in ("--data", "--xray"):
        status, _, errors = raygate("replay", "--dead-letters", "--function", NAME, option, "x")
        assert status == 2
        assert "--data and --xray do not go with --function, which has its own." in errors
