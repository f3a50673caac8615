"""`raygate explain` in this process: output, JSON, failures."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from raygate_local.cli import main
from tests.corpus import DATA
from tests.process.serving import ROOT

EXAMPLE = str(ROOT / "examples" / "trace.json")
QUERY = "8e2d4f6a1b3c5d70"
BAD_IDS = str(DATA / "corpus/curl/009-curl-json-bad-ids.http.json")


def explain(*arguments, data=b"", **environ):
    return CliRunner(env=environ).invoke(main, ["explain", *arguments], input=data)


def test_every_span_is_explained_in_words():
    result = explain(EXAMPLE)
    assert result.exit_code == 0
    assert result.stdout.count("\nspan ") + 1 == 5
    assert 'http.request.method = "POST"  <- http.request.method' in result.stdout
    assert "RAYGATE_INDEXED_ATTRIBUTES=http.route" in result.stdout


def test_lines_fit_a_terminal():
    widest = max(explain(EXAMPLE).stdout.splitlines(), key=len)
    assert len(widest) <= 80 or " " not in widest.strip(), widest


def test_one_span_can_be_chosen_by_the_beginning_of_its_id():
    result = explain(EXAMPLE, "--span", QUERY[:6].upper())
    assert result.stdout.count("span ") >= 1
    assert result.stdout.startswith(f"span {QUERY}  SELECT stock")
    assert "\nspan " not in result.stdout


def test_json_has_fields_attributes_and_rows():
    (explained,) = json.loads(explain(EXAMPLE, "--span", QUERY, "--json").stdout)
    fields = {one["path"]: one for one in explained["documents"][0]["fields"]}
    assert fields["sql.sanitized_query"]["from"][0]["key"] == "db.query.text"
    assert fields["sql.sanitized_query"]["rows"] == ["db-query-text", "db-system-name"]
    assert {row["id"] for row in explained["rows"]} >= {"db-system-name", "db-query-text"}
    assert {one["key"] for one in explained["attributes"]} >= {"db.query.text", "service.name"}


def test_the_difference_from_adot_names_its_rows():
    result = explain(EXAMPLE, "--diff", "adot", "--span", QUERY)
    assert result.exit_code == 0
    assert '    adot      "SELECT stock"\n    extended  "warehouse"\n    row db-namespace (Databases)' in result.stdout
    assert result.stderr == "1 of 1 spans differ between the mappings extended and adot.\n"
    (told,) = json.loads(explain(EXAMPLE, "--diff", "adot", "--span", QUERY, "--json").stdout)
    name = next(one for one in told["differences"] if one["path"] == "name")
    assert (name["adot"], name["extended"], name["rows"]) == ("SELECT stock", "warehouse", ["db-namespace"])


def test_the_settings_of_the_environment_count():
    result = explain(EXAMPLE, RAYGATE_INDEXED_ATTRIBUTES="http.route")
    assert "annotation[http.route]" in result.stdout


def test_standard_input_is_read():
    assert explain("-", data=Path(EXAMPLE).read_bytes()).stdout == explain(EXAMPLE).stdout


def test_a_rejected_span_is_told_and_the_others_are_explained():
    result = explain(BAD_IDS)
    documents = CliRunner().invoke(main, ["convert", BAD_IDS]).stdout.splitlines()
    assert result.exit_code == 1
    assert "rejected: " in result.stderr
    assert len(re.findall("^span ", result.stdout, re.MULTILINE)) == len(documents)


@pytest.mark.parametrize(
    ("arguments", "data", "environ", "status", "message"),
    [
        (["nowhere.json"], b"", {}, 2, "Error: nowhere.json: No such file or directory.\n"),
        (["-"], b'{"resourceSpans": [', {}, 2, "Error: -: not readable: "),
        (
            ["-"],
            b'{"headers": [], "body_base64": "',
            {},
            2,
            "Error: -: not readable: not a captured request: it is not JSON.\n",
        ),
        (["-"], b'{"headers": [], "body_base64": "?"}', {}, 2, "Error: -: not readable: not a captured request"),
        ([EXAMPLE, "--span", "f00"], b"", {}, 1, f"Error: {EXAMPLE} has no span f00"),
        (
            [EXAMPLE],
            b"",
            {"RAYGATE_MAPING": "adot"},
            2,
            "Error: unknown setting RAYGATE_MAPING; perhaps RAYGATE_MAPPING is meant.\n",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments, data, environ, status, message):
    result = explain(*arguments, data=data, **environ)
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_convert_speaks_json_of_every_file():
    result = CliRunner().invoke(main, ["convert", "--json", EXAMPLE, "nowhere.json", BAD_IDS])
    good, missing, bad = json.loads(result.stdout)
    assert result.exit_code == 2
    assert [document["name"] for document in good["documents"]][:2] == ["shop", "warehouse"]
    assert missing["error"] == "No such file or directory"
    assert bad["rejected"][0]["reason"]
