"""The chain of `examples/compose.yaml`, built and started with the container engine of the namespace that this runs in.

Takes   the tar of a base image, a folder with the wheels of both requirements, and a folder to work in.
Gives   in the last line one JSON object: what was seen of images, containers, traces and the end.
Note    Fluent Bit's image cannot be had without a registry, so the trace generator sends to Raygate directly.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import grpc
import yaml

PROJECT: Final = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "layers" / "raygate" / "python"), str(PROJECT / "local")]

from examples.demo import traffic, wait_until_there, xray_id  # noqa: E402 - its place is known only now
from tests.built.engine import ENGINE  # noqa: E402
from tests.corpus import Captured, captured_one  # noqa: E402
from tests.reencoded import message_of  # noqa: E402

OTLP: Final = "http://127.0.0.1:4318"
PAGE: Final = "http://127.0.0.1:8080"
STATUS: Final = "http://127.0.0.1:55679/status.json"
SHOP: Final = "http://127.0.0.1:5000"
GRPC: Final = "127.0.0.1:4317"
EXPORT: Final = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
OVER_HTTP: Final = "fluent-bit-gzip/001-fluent-bit-gzip-generate.http.json"
OVER_GRPC: Final = "otel-js-json/002-otel-js-json-hierarchical.http.json"
BUILDER: Final = "FROM base\nCOPY . /wheels\nENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels\n"
DIRECT: Final = {"services": {"trace-generator": {"environment": {"OTEL_HOST_ADDR": "raygate:4318"}}}}
PATIENCE_S: Final = 60
IN_PYTHON: Final = "/opt/raygate/bin/python"
WRITES: Final = """
import json, os, sys
def writable(place):
    try:
        os.close(os.open(f"{place}/probe", os.O_CREAT | os.O_WRONLY))
        os.remove(f"{place}/probe")
    except OSError:
        return False
    return True
print(json.dumps({"user": os.getuid(), "writable": [p for p in ("/", "/app", "/opt", "/data", "/tmp") if writable(p)]}))
"""
CREDENTIALS: Final = """
import botocore.session, json, os
open("/data/probe", "w").close()
print(json.dumps([os.getuid(), botocore.session.get_session().get_credentials().access_key]))
"""


def main(image: str, wheels: str, work: str) -> None:
    """Build, start, send, look, stop."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:  # compose passes them on
        del os.environ[name]
    os.environ |= {"DOCKER_BUILDKIT": "1", "COMPOSE_DOCKER_CLI_BUILD": "1", "HOME": work}
    compose = _compose(Path(work))
    _run("docker", "import", image, "base")
    _run("docker", "build", "--quiet", "--tag", "builder", "--file", "-", wheels, put=BUILDER)
    compose("build", "--build-arg", "BASE=base", "--build-arg", "BUILDER=builder", "raygate", "trace-generator")
    seen: dict[str, Any] = {"configured": yaml.safe_load(compose("config")), "bytes": _sizes()}
    compose("up", "--detach", "--no-build", "--no-deps", "raygate", "trace-generator")
    seen["health"] = [_healthy(name) for name in ("raygate", "trace-generator")]
    seen["container"] = json.loads(compose("exec", "-T", "raygate", IN_PYTHON, "-c", WRITES))
    trace_ids = _send_captures()
    routes = list(traffic(SHOP))
    wait_until_there(PAGE, [*trace_ids, *routes])
    seen["documents"] = {file: _documents(trace_id) for file, trace_id in trace_ids}
    seen["routes"] = {path: len(_documents(trace_id)) for path, trace_id in routes}
    seen["spans"] = json.loads(_get(STATUS))["spans"]
    seen["page"] = _get(PAGE).decode()[:15]
    compose("stop", "raygate")
    seen["ended"] = _state("raygate", "{{.State.ExitCode}} {{.State.OOMKilled}}")
    seen["said"] = compose("logs", "--no-color", "raygate")
    compose("start", "raygate")
    _healthy("raygate")
    seen["kept"] = {file: _documents(trace_id) for file, trace_id in trace_ids}
    compose("down", "--volumes")
    seen["profile"] = json.loads(_with_profile(compose, Path(work)))
    sys.stdout.write(json.dumps(seen) + "\n")


def _compose(work: Path) -> Callable[..., str]:
    """Debian's `docker-compose`, unpacked, with this file."""
    direct = work / "direct.yaml"
    direct.write_text(json.dumps(DIRECT))
    libraries = ENGINE / "usr" / "lib" / "python3" / "dist-packages"
    program = (
        "/usr/bin/env",
        f"PYTHONPATH={libraries}",
        "/usr/bin/python3",
        str(ENGINE / "usr" / "bin" / "docker-compose"),
    )
    files = ("--file", str(PROJECT / "examples" / "compose.yaml"), "--file", str(direct))

    def call(*words: str) -> str:
        return _run(*program, *files, *words)

    return call


def _run(*command: str, put: str | None = None) -> str:
    done = subprocess.run(command, input=put, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-1_500:]}\n{done.stderr[-1_500:]}")
    return done.stdout


def _sizes() -> dict[str, int]:
    images = ("base", "examples_raygate", "examples_trace-generator")
    return {image: int(_run("docker", "image", "inspect", "--format", "{{.Size}}", image)) for image in images}


def _state(name: str, form: str) -> str:
    return _run("docker", "inspect", "--format", form, f"examples_{name}_1").strip()


def _healthy(name: str) -> str:
    """The word of its health check, once it is no longer starting."""
    until = time.monotonic() + PATIENCE_S
    while (word := _state(name, "{{.State.Health.Status}}")) == "starting" and time.monotonic() < until:
        time.sleep(0.2)
    return word


def _send_captures() -> Sequence[tuple[str, str]]:
    """Two requests of the corpus, by either door: file and trace id."""
    over_http, over_grpc = captured_one(OVER_HTTP), captured_one(OVER_GRPC)
    headers = {name: over_http.header(name) for name in ("content-type", "content-encoding") if over_http.header(name)}
    _get(f"{OTLP}/v1/traces", over_http.body, headers)
    with grpc.insecure_channel(GRPC) as channel:
        channel.unary_unary(EXPORT)(message_of(over_grpc).SerializeToString(), timeout=PATIENCE_S)
    return [(one.file, _trace_id(one)) for one in (over_http, over_grpc)]


def _trace_id(capture: Captured) -> str:
    return message_of(capture).resource_spans[0].scope_spans[0].spans[0].trace_id.hex()


def _documents(trace_id: str) -> list[dict[str, Any]]:
    answer = json.loads(_get(f"{PAGE}/Traces", json.dumps({"TraceIds": [xray_id(trace_id)]}).encode()))
    return [json.loads(segment["Document"]) for trace in answer["Traces"] for segment in trace["Segments"]]


def _get(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=20) as answer:
        content: bytes = answer.read()
        return content


def _with_profile(compose: Callable[..., str], work: Path) -> str:
    """Credentials that their owner alone may read, found by a container that runs as their owner."""
    folder, owner = work / "aws", 4321
    folder.mkdir()
    credentials = folder / "credentials"
    credentials.write_text("[dev]\naws_access_key_id = of-dev\naws_secret_access_key = none\n")
    for path in (folder, credentials):
        os.chown(path, owner, owner)
        path.chmod(0o700 if path is folder else 0o600)
    os.environ |= {"AWS_FOLDER": str(folder), "RAYGATE_USER": str(owner), "AWS_PROFILE": "dev"}
    return compose("run", "--rm", "--no-deps", "-T", "--entrypoint", IN_PYTHON, "raygate", "-c", CREDENTIALS)


if __name__ == "__main__":
    main(*sys.argv[1:])
