"""Keys from the command to the door: `raygate keys` writes a file, `raygate serve` lets in who has a key of it."""

import re
from collections.abc import Iterator
from subprocess import PIPE, Popen

import pytest

from tests.process.serving import COMMAND, ENVIRONMENT, ROOT, TIMEOUT_S, Running, ask, post, raygate, running

EXAMPLE = (ROOT / "examples" / "trace.json").read_bytes()
TOKEN = re.compile(r"rg_([a-z2-7]{8})_[a-z2-7]{39}\n")
WRITERS = 4


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("keys") / "keys.json")


def create(file: str, *options: str, stdin: bytes = b"") -> str:
    """A new key, as it is printed."""
    status, output, errors = raygate("keys", "create", "--file", file, "--tenant", "shop", *options, data=stdin)
    assert status == 0, errors
    return output.strip()


@pytest.fixture(scope="module")
def keys(file) -> dict[str, str]:
    """The header lines of some senders."""
    good, revoked, old = (create(file) for _ in range(3))
    assert raygate("keys", "revoke", revoked.split("_")[1], "--file", file)[0] == 0
    assert raygate("keys", "rotate", old.split("_")[1], "--grace", "0s", "--file", file)[0] == 0
    create(file, "--token", "-", stdin=b"from-elsewhere\n")
    create(file, "--token", "may-not-send", "--scope", "none")
    return {
        "right": f"Authorization: Bearer {good}",
        "right in the other header": f"x-api-key: {good}",
        "registered": "x-api-key: from-elsewhere",
        "mistyped": f"x-api-key: {good[:-1]}{'b' if good.endswith('a') else 'a'}",
        "unknown": "x-api-key: another",
        "none": "X-Nothing: at-all",
        "revoked": f"x-api-key: {revoked}",
        "rotated away": f"x-api-key: {old}",
        "without the scope": "x-api-key: may-not-send",
    }


@pytest.fixture(scope="module")
def guarded(keys, file) -> Iterator[Running]:
    """A server that asks for keys; it starts when they are all made."""
    with running("--xray-port", "0", environ={"RAYGATE_AUTH": "keys", "RAYGATE_KEYS_FILE": file}) as server:
        yield server


@pytest.mark.parametrize(
    ("sender", "status"),
    [
        ("right", 200),
        ("right in the other header", 200),
        ("registered", 200),
        ("mistyped", 401),
        ("unknown", 401),
        ("none", 401),
        ("revoked", 401),
        ("rotated away", 401),
        ("without the scope", 403),
    ],
)
def test_who_has_a_key_is_let_in(guarded, keys, sender, status):
    assert ask(guarded.address, post(EXAMPLE, "application/json", keys[sender])).status == status


def test_a_key_in_a_file_is_taken_and_revoked_while_the_server_runs(guarded, file):
    token = create(file)
    request = post(EXAMPLE, "application/json", f"x-api-key: {token}")
    assert ask(guarded.address, request).status == 200
    status, output, _ = raygate("keys", "revoke", token.split("_")[1], "--file", file)
    assert (status, output.startswith(f"The key {token.split('_')[1]} of shop is revoked")) == (0, True)
    assert ask(guarded.address, request).status == 401


def test_the_key_is_alone_on_standard_output(tmp_path):
    file = str(tmp_path / "keys.json")
    status, output, errors = raygate("keys", "create", "--tenant", "shop", environ={"RAYGATE_KEYS_FILE": file})
    assert status == 0
    assert TOKEN.fullmatch(output)
    assert errors.startswith("Key ")
    assert output.strip() not in errors


def test_processes_that_write_at_once_lose_no_key(tmp_path):
    command = [*COMMAND, "keys", "create", "--tenant", "shop", "--file", str(tmp_path / "keys.json")]
    writers = [Popen(command, stdout=PIPE, stderr=PIPE, env=ENVIRONMENT, text=True) for _ in range(WRITERS)]
    tokens = {writer.communicate(timeout=TIMEOUT_S)[0].split("_")[1] for writer in writers}
    output = raygate("keys", "list", "--file", str(tmp_path / "keys.json"))[1]
    assert {line.split()[0] for line in output.splitlines()[1:]} == tokens
    assert len(tokens) == WRITERS


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["list"], {}, "No store of keys is named"),
        (["list", "--table", "keys"], {"AWS_REGION": "eu-west-1"}, "No AWS credentials were found"),
        (["list", "--table", "keys"], {}, "No AWS region is set"),
        (["list", "--table", "keys"], {"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
        (
            ["list", "--table", "keys"],
            {
                "AWS_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "a",
                "AWS_SECRET_ACCESS_KEY": "b",
                "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
            },
            "Could not connect to the endpoint URL",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments, environ, message):
    status, output, errors = raygate("keys", *arguments, environ=environ)
    assert (status, output) == (1, "")
    assert errors.startswith("Error: ")
    assert message in errors
    assert errors.count("\n") == 1
