"""What `raygate keys` prints, and where: secrets alone on standard output, explanations beside it."""

import json
import re
import shlex

import click
import pytest
from click.testing import CliRunner, Result

from raygate_local.cli import main
from raygate_local.cli.keys import keys

TOKEN = re.compile(r"rg_[a-z2-7]{8}_[a-z2-7]{39}\n")


def keys_command(line: str, stdin: str = "", environ: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["keys", *shlex.split(line)], input=stdin, env=environ)


@pytest.fixture
def file(tmp_path) -> str:
    return f"--file {tmp_path}/keys.json"


def created(options: str) -> str:
    """A new key's id."""
    return keys_command(f"create {options} --tenant shop").stdout.split("_")[1]


def test_a_key_is_printed_once_alone_and_works(here):
    result = keys_command(f"create {here.option} --tenant shop")
    assert result.exit_code == 0
    assert TOKEN.fullmatch(result.stdout)
    token = result.stdout.strip()
    assert here.admits(token).tenant == "shop"
    assert "it cannot be shown again" in result.stderr
    secret = token.split("_")[2]
    assert all(secret not in keys_command(f"list {here.option} {how}").output for how in ("", "--json"))
    assert secret not in result.stderr


def test_what_a_key_allows_is_explained_beside_it(file):
    result = keys_command(f"create {file} --tenant web --quota 60 --origin https://a.example --expires 2999-01-01")
    expected = (
        r"Key [a-z2-7]{8} of web: traces:write; ends 2999-01-01 00:00 UTC; 60 spans a minute; "
        r"for pages of https://a\.example\. Only its hash is kept, in \S+keys\.json: it cannot be shown again\.\n"
    )
    assert re.fullmatch(expected, result.stderr)


@pytest.mark.parametrize(("given", "stdin"), [("test-token-1", ""), ("-", "test-token-1\n"), ("-", "test-token-1")])
def test_a_given_token_is_registered_and_not_printed(here, given, stdin):
    result = keys_command(f"create {here.option} --tenant shop --token {given}", stdin)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "test-token-1" not in result.stderr
    assert here.admits("test-token-1").tenant == "shop"


def test_a_token_with_a_comma_comes_with_a_warning(file):
    assert "password of Basic" in keys_command(f"create {file} --tenant shop --token a,b").stderr


def test_the_list_is_a_table(file):
    first = created(f"{file} --expires 2999-01-01 --origin https://a.example --origin https://b.example --quota 9")
    second = created(f"{file} --scope none")
    keys_command(f"revoke {second} {file}")
    heading, *rows = keys_command(f"list {file}").stdout.splitlines()
    assert heading.split() == ["ID", "TENANT", "SCOPES", "STATE", "CREATED", "EXPIRES", "QUOTA", "ORIGINS"]
    cells = {row.split("  ")[0]: re.split(r" {2,}", row) for row in rows}
    assert cells[first][1:4] == ["shop", "traces:write", "active"]
    assert cells[first][5:] == ["2999-01-01 00:00 UTC", "9", "https://a.example https://b.example"]
    assert cells[second][1:4] == ["shop", "none", "revoked"]
    assert cells[second][5:] == ["never", "-", "-"]


def test_the_list_is_json_too(here):
    key_id = created(here.option)
    (told,) = json.loads(keys_command(f"list {here.option} --json").stdout)
    assert told.keys() == {"state", "id", "tenant", "scopes", "created", "disabled", "allowed_origins"}
    assert (told["id"], told["state"]) == (key_id, "active")


def test_an_empty_list_says_so(tmp_path, file):
    (tmp_path / "keys.json").write_text("{}")
    result = keys_command(f"list {file}")
    assert (result.stdout, result.stderr) == ("", f"There are no keys in {tmp_path}/keys.json.\n")
    assert keys_command(f"list {file} --json").stdout == "[]\n"


def test_a_record_that_cannot_be_read_is_named_and_obeyed_by_no_terminal(tmp_path, file):
    odd = {"hash": "0" * 64, "id": "odd", "tenant": "shop", "scopes": ["\x1b[2J"]}
    broken = {"id": "broken", "hash": "0" * 64}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [broken, odd]}))
    result = keys_command(f"list {file}")
    assert "?[2J" in result.stdout
    assert result.stderr == "The key 'broken' cannot be read: a key's record lacks 'tenant'.\n"


def test_revoking_says_how_soon_it_works(here):
    key_id = created(here.option)
    result = keys_command(f"revoke {key_id} {here.option}")
    assert result.exit_code == 0
    assert f"The key {key_id} of shop is revoked: it stops working within 60 s" in result.stdout
    assert f"The key {key_id} of shop is already revoked" in keys_command(f"revoke {key_id} {here.option}").stdout


def test_rotating_prints_the_new_key_alone(here):
    key_id = created(here.option)
    result = keys_command(f"rotate {key_id} {here.option} --grace 1h")
    assert TOKEN.fullmatch(result.stdout)
    assert here.admits(result.stdout.strip()).tenant == "shop"
    assert re.search(rf"^The old key {key_id} ends \d{{4}}-\d\d-\d\d \d\d:\d\d UTC\.$", result.stderr, re.MULTILINE)
    assert f"The old key {key_id} ended " in keys_command(f"rotate {key_id} {here.option} --grace 0s").stderr


def test_the_environment_names_the_store(tmp_path):
    environ = {"RAYGATE_KEYS_FILE": f"{tmp_path}/keys.json"}
    assert TOKEN.fullmatch(keys_command("create --tenant shop", environ=environ).stdout)
    assert "shop" in keys_command("list", environ=environ).stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("create --tenant shop", "No store of keys is named"),
        ("create --tenant shop --file a --table b", "Two stores are named"),
        ("list FILE", "There is no file "),
        ("revoke nobody KEYS", "There is no key 'nobody'"),
        ("rotate nobody KEYS", "There is no key 'nobody'"),
        ("rotate abc KEYS --grace soon", "A duration looks like 24h or 90d, not 'soon'"),
        ("rotate abc KEYS --expires soon", "A time looks like 90d or 2027-01-31, not 'soon'"),
        ("revoke a KEYS", "'a' is ambiguous"),
        ("create --tenant shop KEYS --expires 2001-01-01", "The time '2001-01-01' is not in the future"),
        ("create --tenant shop KEYS --scope all", "There is no scope 'all'"),
        ("create --tenant shop KEYS --quota 0", "A quota is at least 1"),
        ("create --tenant shop KEYS --origin x", "An origin looks like"),
        ("create --tenant shop KEYS --token ''", "The token is empty"),
        ("create --tenant shop KEYS --token known", "This token is a key already"),
        ("create --tenant 'é' KEYS", "A tenant has 1 to 128"),
        ("create --tenant shop BROKEN", "BROKEN.json is not JSON"),
        ("create --tenant shop --file /dev/null/keys.json", "/dev/null/keys.json cannot be written"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_changes_nothing(tmp_path, line, message):
    known = f"--file {tmp_path}/keys.json"
    for key_id in ("abc", "abd"):
        stored = {"hash": f"{key_id}0" * 16, "id": key_id, "tenant": "shop"}
        (tmp_path / f"{key_id}.json").write_text(json.dumps(stored))
    (tmp_path / "keys.json").write_text(
        json.dumps({"keys": [json.loads((tmp_path / f"{one}.json").read_text()) for one in ("abc", "abd")]})
    )
    keys_command(f"create --tenant shop --token known {known}")
    (tmp_path / "BROKEN.json").write_text("{")
    before = (tmp_path / "keys.json").read_text()
    named = {"KEYS": known, "FILE": f"--file {tmp_path}/none.json", "BROKEN": f"--file {tmp_path}/BROKEN.json"}
    result = keys_command(re.sub("KEYS|FILE|BROKEN", lambda found: named[found[0]], line))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith(".\n")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert (tmp_path / "keys.json").read_text() == before


@pytest.mark.parametrize("name", sorted(keys.commands))
def test_every_command_has_help_with_examples(name):
    result = keys_command(f"{name} --help")
    assert result.exit_code == 0
    assert f"\n    raygate keys {name} " in result.stdout


def test_every_example_is_one_that_the_command_understands():
    texts = [keys.help or "", *(command.help or "" for command in keys.commands.values())]
    examples = re.findall(r"^ *raygate keys (\w+) (.*)$", "\n".join(texts), re.MULTILINE)
    assert {name for name, _ in examples} == keys.commands.keys()
    for name, rest in examples:
        command = keys.commands[name]
        arguments = shlex.split(rest.partition("<")[0])
        assert isinstance(command.make_context(name, arguments), click.Context)
