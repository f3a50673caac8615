"""`make demo`, as a person starts it, on free ports: what arrives is what the shop's routes did."""

import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.demo import ROUNDS, xray_id
from tests.process.kept_traffic import wait_until
from tests.process.serving import ENVIRONMENT, ROOT, TIMEOUT_S

PORTS = ("port", "grpc-port", "xray-port", "status-port", "shop-port")
PATIENCE_S = 120


class Demo:
    """The demo, running."""

    def __init__(self) -> None:
        free = [part for port in PORTS for part in (f"--{port}", "0")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "examples.demo", *free],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT | {"PATH": str(Path(sys.executable).parent), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        late = threading.Timer(PATIENCE_S, self.process.kill)
        late.start()
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        late.cancel()
        self.said = "\n".join(self.lines)

    def place(self, name: str) -> str:
        found = re.search(rf"^{name}\s+(http\S+)", self.said, re.MULTILINE)
        assert found, self.said
        return found[1]

    def stop(self) -> str:
        self.process.terminate()
        rest, _ = self.process.communicate(timeout=TIMEOUT_S)
        return rest


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    one = Demo()
    yield one
    one.stop()


def ask(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=TIMEOUT_S) as answer:
        return json.loads(answer.read())


def documents(demo: Demo, route: str) -> list[dict[str, Any]]:
    """The documents of a trace that this route makes now."""
    try:
        with urllib.request.urlopen(f"{demo.place('Shop')}{route}", timeout=TIMEOUT_S) as answer:
            told = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            told = json.loads(error.read())
    wanted = xray_id(told["trace_id"])
    found: list[dict[str, Any]] = []

    def have_arrived() -> bool:
        traces = ask(f"{demo.place('Traces')}/Traces", {"TraceIds": [wanted]})["Traces"]
        found[:] = [json.loads(one["Document"]) for trace in traces for one in trace["Segments"]]
        return len(found) >= DOCUMENTS[route]

    assert wait_until(have_arrived), f"{route}: {len(found)} of {DOCUMENTS[route]} documents arrived"
    return found


DOCUMENTS = {
    "/generate": 2,
    "/generate-hierarchical": 5,
    "/error": 1,
    "/exception": 1,
    "/throttled": 3,
    "/sql": 4,
    "/aws": 2,
    "/queue": 4,
    "/outgoing": 4,
}
"""How many spans a route makes."""


def test_it_says_that_fluent_bit_is_not_there_and_goes_on(demo):
    assert "Fluent Bit is not installed: the shop sends to Raygate directly." in demo.said


def test_it_lists_the_traces_and_shows_one_as_a_waterfall(demo):
    assert f"{len(DOCUMENTS) * ROUNDS} traces arrived" in demo.said
    for name in ("checkout", "payment", "shipping", "label"):
        assert re.search(rf"^.*{name}.*$", demo.said, re.MULTILINE), demo.said


def test_the_hierarchical_route_makes_its_tree(demo):
    by_name = {one["name"]: one for one in documents(demo, "/generate-hierarchical")}
    parents = {name: one.get("parent_id") for name, one in by_name.items()}
    assert parents == {
        "shop-frontend": None,
        "checkout": by_name["shop-frontend"]["id"],
        "payment": by_name["checkout"]["id"],
        "shipping": by_name["checkout"]["id"],
        "label": by_name["shipping"]["id"],
    }
    for one in by_name.values():
        outer = next((other for other in by_name.values() if other["id"] == one.get("parent_id")), one)
        assert outer["start_time"] <= one["start_time"] <= one["end_time"] <= outer["end_time"]
    assert by_name["payment"]["end_time"] - by_name["payment"]["start_time"] >= 0.01
    assert by_name["checkout"]["user"] == "ada"


def test_each_route_looks_as_the_mapping_says(demo):
    of = {route: documents(demo, route) for route in DOCUMENTS}
    assert [one["http"]["response"]["status"] for one in of["/error"]] == [404]
    assert [(one["error"], one["fault"]) for one in of["/error"]] == [(True, False)]
    (failed,) = of["/exception"]
    assert failed["fault"]
    assert [one["type"] for one in failed["cause"]["exceptions"]][-2:] == [
        "examples.trace_generator.frontend.StockError",
        "KeyError",
    ] or failed["cause"]["exceptions"][0]["type"].endswith("StockError")
    assert any(one["throttle"] for one in of["/throttled"])
    assert {one["sql"]["database_type"] for one in of["/sql"] if "sql" in one} == {"sqlite"}
    (call,) = (one for one in of["/aws"] if one.get("namespace") == "aws")
    assert (call["aws"]["operation"], call["aws"]["table_name"]) == ("PutItem", "orders")
    assert {one["name"] for one in of["/outgoing"]} >= {"shop-frontend", "shop-inventory", "count"}
    (worker,) = (one for one in of["/queue"] if one["name"] == "orders process")
    assert worker["parent_id"] == next(one["id"] for one in of["/queue"] if one["name"] == "orders publish")


def test_the_status_page_adds_up(demo):
    spans = ask(f"{demo.place('Status')}/status.json")["spans"]
    assert spans["received"] >= ROUNDS * sum(DOCUMENTS.values())
    assert spans["received"] == spans["delivered"]
    assert spans["unaccounted"] == 0


def test_it_stops_cleanly():
    demo = Demo()
    demo.stop()
    assert demo.process.returncode in {0, 143}


def test_a_port_in_use_is_told_at_once_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = [part for one in PORTS if one != "port" for part in (f"--{one}", "0")]
        done = subprocess.run(
            [sys.executable, "-m", "examples.demo", "--port", str(port), *free],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert (done.returncode, done.stdout) == (1, "")
    expected = f"Error: Cannot listen on 127.0.0.1:{port}: the port is in use; choose another with --port, or 0 for any"
    assert done.stderr.startswith(f"It did not start:\n{expected}")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(
    not shutil.which("chromium") and "CI" not in os.environ, reason="NOT TESTED IN A BROWSER, for want of Chromium"
)
def test_the_picture_of_the_readme_can_be_made_again(tmp_path):
    picture = tmp_path / "viewer.png"
    done = subprocess.run(
        [sys.executable, "-m", "examples.picture", str(picture)],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    for file in (picture, ROOT / "docs" / "viewer.png"):
        assert struct.unpack(">II", file.read_bytes()[16:24]) == (1280, 720)
    assert picture.stat().st_size > 30_000
