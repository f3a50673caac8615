"""The simulation loses and invents nothing, behaves as its rules say, and docs/scaling.md has its numbers."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import paper
from simulation.__main__ import main, table
from simulation.bucket import Bucket
from simulation.clock import Clock
from simulation.run import run
from simulation.scenario import Scenario
from simulation.scenarios import SCENARIOS
from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

PAGE = (PROJECT / "docs" / "scaling.md").read_text()
NAMED = re.findall(r"^\.venv/bin/python -m simulation (\w+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_page_has_the_numbers_of_the_simulation(name):
    assert f"python -m simulation {name}\n```\n\n" + "\n".join(table(name, seed=1)) + "\n" in PAGE


def test_the_page_has_every_table_once():
    assert sorted(NAMED) == sorted(SCENARIOS)
    assert "python -m simulation.paper\n```\n\n" + "\n".join(paper.table()) + "\n" in PAGE


def test_the_defaults_are_those_of_the_template():
    parameters = {
        "api_rate": "ThrottlingRate",
        "api_burst": "ThrottlingBurst",
        "ingest_concurrency": "ReservedConcurrency",
        "deliver_concurrency": "DeliverConcurrency",
        "batch_size": "DeliverBatchSize",
        "window_s": "DeliverWindowSeconds",
        "max_receives": "MaxReceives",
    }
    scenario = Scenario(1)
    assert {name: getattr(scenario, name) for name in parameters} == {
        name: TEMPLATE["Parameters"][parameter]["Default"] for name, parameter in parameters.items()
    }
    assert resources("AWS::SQS::Queue")["Queue"]["VisibilityTimeout"] == scenario.visibility_s


scenarios = st.builds(
    Scenario,
    spans_per_second=st.floats(10, 2_000),
    spans_per_request=st.integers(1, 300),
    seconds=st.just(5.0),
    delivery=st.sampled_from(["direct", "buffered"]),
    spike=st.sampled_from([None, (1.0, 2.0)]),
    spike_factor=st.floats(0.5, 10),
    outage=st.sampled_from([None, (1.0, 4.0), (0.0, 2_000.0)]),
    api_rate=st.floats(1, 100),
    api_burst=st.floats(1, 100),
    ingest_concurrency=st.integers(1, 20),
    batch_size=st.integers(1, 50),
    max_receives=st.integers(1, 4),
    quota=st.floats(50, 2_600),
    seed=st.integers(0, 1_000),
)


@settings(max_examples=25)
@given(scenarios, st.floats(0.1, 500))
def test_every_span_is_in_one_place_at_every_moment(scenario, moment):
    spans = run(scenario, until=moment)
    assert spans.settles()
    assert min(spans.delivered, spans.queued, spans.dead, spans.lost, spans.with_senders) >= 0


@settings(max_examples=15)
@given(scenarios)
def test_in_the_end_every_span_is_delivered_or_given_up(scenario):
    spans = run(scenario)
    assert spans.with_senders == spans.queued == 0
    assert spans.offered == spans.delivered + spans.dead + spans.lost


def test_the_same_seed_is_the_same_run_and_another_is_not():
    assert run(Scenario(500, seconds=10)) == run(Scenario(500, seconds=10))
    assert run(Scenario(500, seconds=10)) != run(Scenario(500, seconds=10, seed=2))


def test_x_ray_takes_no_more_than_its_quota():
    spans = run(Scenario(5_000, seconds=20, delivery="buffered", quota=1_000), until=20)
    assert spans.delivered <= 1_000 * 21
    assert spans.xray_throttled


@pytest.mark.parametrize("delivery", ["direct", "buffered"])
def test_an_outage_costs_no_span(delivery):
    spans = run(Scenario(500, seconds=60, outage=(5, 40), delivery=delivery))
    assert (spans.delivered, spans.lost, spans.dead) == (spans.offered, 0, 0)
    assert spans.oldest_s > 40


def test_a_message_that_is_taken_too_often_is_a_dead_letter():
    spans = run(Scenario(500, seconds=10, outage=(0, 2_000), max_receives=2))
    assert (spans.delivered, spans.dead) == (0, spans.offered)


def test_a_gateway_that_throttles_costs_nothing_as_long_as_senders_come_again():
    spans = run(Scenario(2_000, seconds=5, spike=(1, 2), spike_factor=10, quota=1e9))
    assert spans.throttled
    assert spans.delivered == spans.offered


def test_without_an_instance_the_sender_drops_its_spans():
    spans = run(replace(SCENARIOS["flood"]["direct"], ingest_concurrency=5, seconds=70))
    assert spans.failed
    assert spans.lost >= spans.failed * 100


def test_a_bucket_gives_what_has_come_in_and_never_more_than_it_holds():
    bucket = Bucket(10, 20)
    assert bucket.take(20, 0)
    assert not bucket.take(1, 0.05)
    assert bucket.take(10, 1)
    assert not bucket.take(21, 100)
    assert bucket.take(20, 100)


def test_events_come_in_order_and_equal_ones_as_they_were_put():
    clock = Clock()
    seen: list[str] = []
    for seconds, name in [(2, "c"), (1, "a"), (1, "b"), (9, "never")]:
        clock.after(seconds, seen.append, name)
    clock.run(until=5)
    assert (seen, clock.now) == (["a", "b", "c"], 2)


def test_the_command_prints_a_table_and_knows_its_names(capsys):
    main(["spike", "--seed", "3"])
    assert capsys.readouterr().out.startswith("spike, seed 3\n\n| scenario |")
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "'nothing' is none of quota, spike" in capsys.readouterr().err
