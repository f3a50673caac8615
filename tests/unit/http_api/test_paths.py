"""Which paths are served."""

import pytest

from raygate.http_api.paths import HEALTH, TRACES, resolve


@pytest.mark.parametrize(
    "path", ["/v1/traces", "/v1/traces/", "//v1/traces", "/v1//traces//", "/v1/traces?x=1", "/v1/traces/?/health"]
)
def test_slashes_too_many_and_queries_are_forgiven(path):
    assert resolve(path, "$default", ()) == TRACES


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1/trace",
        "/V1/Traces",
        "/v1%2Ftraces",
        "/v1/traces/v1/traces",
        "/v1/metrics",
        "/v1/logs",
        "/v1development/profiles",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "/otlp/v1/traces",
        "/prod/v1/traces",
        "/healthz",
    ],
)
def test_every_other_path_is_unknown(path):
    assert resolve(path, "$default", ()) is None


@pytest.mark.parametrize(
    ("path", "stage", "served"),
    [
        ("/prod/v1/traces", "prod", TRACES),
        ("/v1/traces", "prod", TRACES),
        ("/v1/traces", "v1", TRACES),
        ("/v1/v1/traces", "v1", TRACES),
        ("/prod/health", "prod", HEALTH),
        ("/production/v1/traces", "prod", None),
        ("/prod/prod/v1/traces", "prod", None),
    ],
)
def test_a_stage_may_be_in_the_path(path, stage, served):
    assert resolve(path, stage, ()) == served


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("/otlp/v1/traces", TRACES),
        ("/a/b/v1/traces", TRACES),
        ("/prod/otlp/v1/traces", TRACES),
        ("/v1/traces", TRACES),
        ("/otlp/a/b/v1/traces", None),
        ("/otlp2/v1/traces", None),
    ],
)
def test_prefixes_are_served_with_and_without_the_stage(path, served):
    assert resolve(path, "prod", ("/otlp", "/a/b")) == served
