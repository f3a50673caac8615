"""The scans find what they are for, and nothing in the project as it is."""

import json
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from raygate.keys.token import mint
from scans import audit, leaks, licences, sbom
from scans.requirements import FOLDER, ROOT, Pinned, pinned
from tests.project.tree import everything, tracked

SECRET = "x" * 40
AS_IF = {
    "an AWS access key id": "AK" + "IAIOSFODNN7EXAMPLE",
    "an AWS secret key": f"aws_secret_access_key = {SECRET}",
    "a private key": "-----BEGIN RSA PRIV" + "ATE KEY-----",
    "a token of GitHub's": "gh" + f"p_{SECRET[:36]}",
    "a token of Slack's": "xo" + "xb-1234567890-abc",
    "a signed web token": ".".join(["ey" + "J" + SECRET, "ey" + "J" + SECRET, SECRET]),
    "a password in an address": "postgres://app:" + "hunter2@db",
    "a key of Raygate's": mint(b"12345", b"secretsecretsecretse"),
}


def test_nothing_secret_is_in_the_project():
    files = [path for path in everything() if path != leaks.PRETEND]
    assert list(leaks.scan(files, leaks.allowed())) == []


@pytest.mark.parametrize("what", leaks.PATTERNS)
def test_a_secret_is_found_and_not_shown_whole(tmp_path, monkeypatch, what):
    monkeypatch.setattr(leaks, "PROJECT", tmp_path)
    file = tmp_path / "settings.txt"
    file.write_text(f"nothing\n{AS_IF[what]}\n")
    (line,) = leaks.scan([file], set())
    assert line.startswith(f"settings.txt: {what}: ")
    assert AS_IF[what] not in line or len(AS_IF[what]) <= leaks.SHOWN


def test_a_key_that_cannot_be_one_is_no_secret():
    assert list(leaks.secrets_in("rg_abcdefgh_" + "a" * 39)) == []


def test_a_pretend_secret_is_allowed_where_it_is_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(leaks, "PROJECT", tmp_path)
    file = tmp_path / "a.txt"
    file.write_text("postgres://app:" + "hunter2@db")
    assert list(leaks.scan([file], {("a.txt", "postgres://app:" + "hunter2@db")})) == []
    assert len(list(leaks.scan([file], {("b.txt", "postgres://app:" + "hunter2@db")}))) == 2


@pytest.mark.parametrize("file", tracked("requirements/*.txt"), ids=lambda path: path.name)
def test_every_requirement_is_read(file):
    lines = [line for line in file.read_text().splitlines() if line[:1].isalnum()]
    rows = list(pinned(file))
    assert len(rows) == len(lines)
    assert all(row.hashes for row in rows)


def test_what_is_handed_on_has_licences_that_are_allowed():
    wanted = [one for name in licences.HANDED_ON for one in pinned(FOLDER / name)]
    known = list(licences.rows(wanted))
    assert len(known) > 30
    assert [one.name for one, licence in known if not licences.is_allowed(licence)] == []


@pytest.mark.parametrize(
    ("metadata", "licence", "allowed"),
    [
        ("License-Expression: MIT", "MIT", True),
        ("License-Expression: MPL-2.0 AND (Apache-2.0 OR MIT)", "MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("License-Expression: MIT OR GPL-3.0-only", "MIT OR GPL-3.0-only", True),
        ("License-Expression: MIT AND GPL-3.0-only", "MIT AND GPL-3.0-only", False),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT", True),
        ("License: 3-Clause BSD License", "BSD-3-Clause", True),
        ("License-Expression: AGPL-3.0-only", "AGPL-3.0-only", False),
        ("License: ask us", "ask us", False),
        ("Summary: says nothing", "", False),
    ],
)
def test_a_licence_is_read_and_judged(tmp_path, metadata, licence, allowed):
    (tmp_path / "METADATA").write_text(f"Metadata-Version: 2.1\nName: one\nVersion: 1\n{metadata}\n")
    assert licences.licence_of(PathDistribution(tmp_path)) == licence
    assert licences.is_allowed(licence) is allowed


def test_a_package_that_is_missing_here_has_no_known_licence_unless_it_is_for_others():
    everywhere, elsewhere = Pinned("no-such", "1", "", ()), Pinned("no-such", "1", "sys_platform == 'win32'", ())
    assert [licence for _, licence in licences.rows([everywhere, elsewhere])] == [""]


def reporting(tmp_path, monkeypatch, text):
    """A `pip-audit` that says this."""
    (tmp_path / "report").write_text(text)
    command = tmp_path / "pip-audit"
    command.write_text(f"#!/bin/sh\ncat '{tmp_path}/report'\nexit 1\n")
    command.chmod(0o755)
    monkeypatch.setattr(audit, "COMMAND", command)


def rows_of_all(**extra):
    every = {(one.name, one.version) for file in FOLDER.glob("*.txt") for one in pinned(file)}
    return [{"name": name, "version": version, "vulns": [], **extra} for name, version in sorted(every)]


def test_a_vulnerability_fails_the_scan(tmp_path, monkeypatch, capsys):
    rows = rows_of_all()
    rows[0]["vulns"] = [{"id": "PYSEC-1", "fix_versions": ["9"]}]
    reporting(tmp_path, monkeypatch, json.dumps({"dependencies": rows}))
    assert audit.main([]) == 1
    told = capsys.readouterr().out
    assert f"{rows[0]['name']} {rows[0]['version']}: PYSEC-1, mended in 9" in told
    assert "NOT AUDITED" not in told


def test_what_is_sound_passes_in_silence(tmp_path, monkeypatch, capsys):
    reporting(tmp_path, monkeypatch, json.dumps({"dependencies": rows_of_all()}))
    assert audit.main(["--strict"]) == 0
    assert "NOT AUDITED" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "no JSON", json.dumps({"dependencies": rows_of_all(skip_reason="away")})])
def test_where_nothing_can_be_known_it_says_so_loudly(tmp_path, monkeypatch, capsys, text):
    reporting(tmp_path, monkeypatch, text)
    assert (audit.main([]), audit.main(["--strict"])) == (0, 1)
    assert capsys.readouterr().out.count("NOT AUDITED") == 2


def test_the_list_of_the_layer_names_no_place_and_every_licence():
    bill = {"components": [{"name": "six", "version": "1", "description": "line 1", "externalReferences": [{}]}]}
    done = sbom.completed(bill, [Pinned("six", "1", "", ("ab",))])["components"][0]
    assert done == {
        "name": "six",
        "version": "1",
        "hashes": [{"alg": "SHA-256", "content": "ab"}],
        "licenses": [{"expression": "MIT"}],
    }


def test_what_lies_in_a_layer_and_is_not_listed_is_found(tmp_path, monkeypatch, capsys):
    layer = tmp_path / "python"
    (layer / "six-1.17.0.dist-info").mkdir(parents=True)
    command = tmp_path / "cyclonedx-py"
    names = [one.name for one in pinned(FOLDER / "run.txt")]
    command.write_text(f"#!/bin/sh\necho '{json.dumps({'components': [{'name': name} for name in names]})}'\n")
    command.chmod(0o755)
    monkeypatch.setattr(sbom, "COMMAND", command)
    assert sbom.main([str(tmp_path / "sbom.json"), str(layer)]) == 0
    (layer / "Left_Over-1.0.dist-info").mkdir()
    assert sbom.main([str(tmp_path / "sbom.json"), str(layer)]) == 1
    assert "not listed: left-over" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "sbom.json").read_text())["components"]) == len(names)


def test_the_policies_that_are_passed_over_have_a_reason_each():
    lines = (ROOT / "scans" / "checkov.yaml").read_text().partition("skip-check:\n")[2].splitlines()
    assert lines
    assert [line for line in lines if len(line.partition(" # ")[2]) < 20] == []


def test_every_scan_is_a_verb_of_the_makefile():
    verbs = (ROOT / "Makefile").read_text()
    scans = [path.stem for path in Path(ROOT / "scans").glob("*.py") if "def main(" in path.read_text()]
    assert [name for name in scans if f"-m scans.{name}" not in verbs] == []
