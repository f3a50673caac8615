"""Metrics in the form of Powertools."""

import json

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from raygate import telling

COUNTS = {"Requests": 1, "RequestsRefused": False, "Duration": 1.25, "BytesIn": 17, "OldestAge": 3}
UNITS = {"Duration": MetricUnit.Milliseconds, "BytesIn": MetricUnit.Bytes, "OldestAge": MetricUnit.Seconds}


def test_what_is_written_at_once_is_what_powertools_writes_one_by_one(capsys):
    one_by_one = EphemeralMetrics(namespace="Raygate")
    one_by_one.add_dimension("tenant", "acme")
    for name, value in COUNTS.items():
        one_by_one.add_metric(name, UNITS.get(name, MetricUnit.Count), value)
    one_by_one.flush_metrics()
    telling.say_of("acme", COUNTS)
    theirs, ours = map(json.loads, capsys.readouterr().out.splitlines())
    del theirs["_aws"]["Timestamp"], ours["_aws"]["Timestamp"]
    assert ours == theirs


def test_a_flush_leaves_nothing_for_the_next(capsys):
    telling.say_of("acme", COUNTS)
    telling.say_of("other", {"Requests": 2})
    _, other = map(json.loads, capsys.readouterr().out.splitlines())
    assert other["tenant"] == "other"
    assert other["Requests"] == [2.0]
    assert "BytesIn" not in other
