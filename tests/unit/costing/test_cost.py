"""`raygate cost`: the bill is what the formulas of docs/cost.md say, and the page is what the command says."""

import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from raygate.telling import METRICS, OF_A_TENANT
from raygate_local.cli import main
from raygate_local.costing import Load, PriceError, estimate, prices_of
from raygate_local.costing.arithmetic import FormulaError, value
from raygate_local.costing.figures import FIGURES, MEANING
from raygate_local.costing.formulas import ITEMS, QUANTITIES
from raygate_local.costing.prices import OURS
from tests.project.template import resources
from tests.project.tree import PROJECT

PAGE = (PROJECT / "docs" / "cost.md").read_text()


def cost(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["cost", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_page_has_every_formula_and_every_figure():
    rows = [
        *(f"| `{name}` | `{formula}` |" for name, formula in QUANTITIES.items()),
        *(f"| {one.service} | {one.what} | `{one.quantity}` | `{one.price}` |" for one in ITEMS),
        *(f"| `{name}` | {figure:g} | {MEANING[name]} |" for name, figure in FIGURES.items()),
    ]
    assert [row for row in rows if row not in PAGE.splitlines()] == []


def test_a_direct_load_worked_out_by_hand():
    found = estimate(Load(100, memory=1769, with_keys=False), prices_of("us-east-1", "arm64"))
    requests = 100 * 3600 * 730 / 50
    duration_s = (1.2 + 50 * 0.060 + 25) / 1000
    dollars = {one.item.what: one.dollars for one in found.costs}
    assert dollars["requests of 512 KB"] == pytest.approx(requests * 1e-6)
    assert dollars["GB-seconds"] == pytest.approx(requests * duration_s * 1769 / 1024 * 0.0000133334)
    assert dollars["traces recorded"] == pytest.approx(100 * 3600 * 730 / 20 * 5e-6)
    assert dollars["reads of a key"] == dollars["writes of the archive"] == 0
    assert found.dollars == pytest.approx(sum(dollars.values()))


def test_a_buffered_load_pays_for_the_queue_and_the_worker():
    direct = estimate(Load(1000), prices_of("us-east-1", "arm64")).quantities
    buffered = estimate(Load(1000, buffered=True), prices_of("us-east-1", "arm64")).quantities
    assert direct["messages"] == direct["batches"] == 0
    assert buffered["messages"] == buffered["requests"] == 20 * 3600 * 730
    assert buffered["batches"] == buffered["messages"] / 40


@given(st.floats(0.01, 1e6), st.floats(1.01, 10))
def test_more_load_never_costs_less(rate, factor):
    prices = prices_of("us-east-1", "arm64")
    assert estimate(Load(rate * factor), prices).dollars >= estimate(Load(rate), prices).dollars


def test_what_is_cheaper_from_a_number_on_is_cheaper_only_from_there():
    prices = prices_of("us-east-1", "arm64")
    assert prices.dollars("api_requests", 300e6) == pytest.approx(300)
    assert prices.dollars("api_requests", 400e6) == pytest.approx(390)


def test_programs_get_the_same_numbers():
    told = json.loads(cost("--requests-per-second", "2", "--json"))
    said = json.loads(cost("--spans-per-second", "100", "--json"))
    assert told == said
    assert told["dollars"] == pytest.approx(sum(one["dollars"] for one in told["items"]))
    assert told["quantities"]["spans"] == 100 * 3600 * 730


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say either how many spans or how many requests a second"),
        (["--spans-per-second", "1", "--requests-per-second", "1"], "Say either"),
        (["--spans-per-second", "1", "--body-bytes", "5000000"], "is refused"),
        (["--spans-per-second", "1", "--hours", "1000"], "a month has at most 744 hours"),
        (["--spans-per-second", "1", "--region", "moon-1"], "there are no prices for 'moon-1'"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(arguments, sentence):
    done = CliRunner().invoke(main, ["cost", *arguments])
    assert done.exit_code == 2
    assert done.output.startswith("Error: ")
    assert sentence in done.output
    assert done.output.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no JSON", "cannot be read"),
        ("[]", "is no table of prices"),
        ('{"regions": {"eu-west-1": {"alarms": [[null, 0.1]]}}}', "lacks prices"),
    ],
)
def test_prices_that_cannot_be_used_are_told(tmp_path, text, sentence):
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(PriceError, match=sentence):
        prices_of("eu-west-1", "arm64", file)


def test_prices_of_ones_own_are_used(tmp_path):
    table = json.loads(OURS.read_text())
    table["regions"]["eu-west-1"] = {**table["regions"]["us-east-1"], "xray_traces": [[None, 1.0]]}
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(table))
    assert prices_of("eu-west-1", "x86_64", file).dollars("xray_traces", 3) == 3


@pytest.mark.parametrize("formula", ["a ** 2", "unknown + 1", "open('x')", "'text'", "a if a else a", "a.b"])
def test_only_arithmetic_is_a_formula(formula):
    with pytest.raises(FormulaError):
        value(formula, {"a": 1.0})


def test_every_figure_has_its_meaning_and_is_used():
    assert MEANING.keys() == FIGURES.keys()
    formulas = " ".join([*QUANTITIES.values(), *(one.quantity for one in ITEMS)])
    assert [name for name in FIGURES if not re.search(rf"\b{name}\b", formulas)] == []


def test_no_metric_or_alarm_is_left_out_of_the_bill():
    of_the_answer = 6  # requests by answer, the duration, and two sizes
    assert FIGURES["metrics"] >= len(METRICS) + of_the_answer
    assert FIGURES["metrics_by_tenant"] >= len(OF_A_TENANT) + 1
    assert FIGURES["alarms"] >= len(resources("AWS::CloudWatch::Alarm"))
