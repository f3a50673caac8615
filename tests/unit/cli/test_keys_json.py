"""`raygate keys` for programs."""

import json

import pytest
from click.testing import CliRunner

from raygate_local.cli import main


@pytest.fixture
def keys(tmp_path):
    def run(*arguments):
        return json.loads(
            CliRunner().invoke(main, ["keys", *arguments, "--file", str(tmp_path / "k.json"), "--json"]).stdout
        )

    return run


def test_a_key_is_made_listed_rotated_and_revoked(keys):
    made = keys("create", "--tenant", "shop", "--expires", "90d")
    assert made["token"].startswith(f"rg_{made['id']}_")
    (listed,) = keys("list")
    assert {**listed, "token": made["token"]} == made
    rotated = keys("rotate", made["id"], "--grace", "1h")
    assert rotated["old"]["id"] == made["id"]
    assert rotated["token"] != made["token"]
    revoked = keys("revoke", rotated["id"])
    assert (revoked["id"], revoked["was_revoked_already"]) == (rotated["id"], False)
    assert keys("revoke", rotated["id"])["was_revoked_already"]
