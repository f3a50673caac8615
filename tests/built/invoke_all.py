"""Every event of `events/` through the SAM CLI, with the container engine of the namespace that this runs in.

Takes   the image's tar, and a folder to work in.
Gives   a line of JSON for each event: its name and the function's result. AWS is moto, on the engine's bridge.
        The first event of each function has a container of its own, by `sam local invoke`; the others go to
        `sam local start-lambda`, whose containers stay warm.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

PROJECT: Final = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "layers" / "raygate" / "python"), str(PROJECT / "local")]

from tests.built.artefact import HERE  # noqa: E402 - its place is known only now
from tests.built.test_events import FILES, fill, function_of  # noqa: E402
from tests.project.make_events import EVENTS  # noqa: E402

IMAGE: Final = "raygate-python"
BRIDGE: Final = "172.17.0.1"
SAM: Final = PROJECT / ".venv-sam" / "bin" / "sam"
WARM: Final = ("127.0.0.1", 3001)
PATIENCE_S: Final = 60
REGION: Final = "eu-west-1"
PRETEND: Final = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": REGION}
FIRST: Final = "        RAYGATE_MAPPING:"
"""Where variables are that all functions have, in the built template."""


def main(image: str, work: str, *events: str) -> None:
    """Invoke them all, or those that are named."""
    os.environ |= PRETEND | {"SAM_CLI_TELEMETRY": "0"}
    subprocess.run(["docker", "import", image, IMAGE], check=True, stdout=subprocess.DEVNULL)  # noqa: S607 - the engine's
    server = ThreadedMotoServer(ip_address="0.0.0.0", port=0, verbose=False)  # noqa: S104 - within the namespace
    server.start()
    url = f"http://{BRIDGE}:{server.get_host_and_port()[1]}"
    os.environ["AWS_ENDPOINT_URL_STS"] = url  # SAM asks whose account it is, and waits for long where nobody answers
    template = _with_endpoints(url)
    try:
        variables = Path(work, "variables.json")
        variables.write_text(json.dumps({"Parameters": _stores(url)}))
        options: list[str | Path] = ["--template", template, "--env-vars", variables, "--region", REGION]
        options += ["--invoke-image", IMAGE, "--skip-pull-image", "--parameter-overrides", f"Architecture={HERE}"]
        _invoke_all(events or FILES, options, Path(work, "warm.log"))
    finally:
        template.unlink()
        server.stop()


def _invoke_all(events: Sequence[str], options: Sequence[str | Path], log: Path) -> None:
    cold = {function_of(name): name for name in reversed(events)}
    with _warm(options, log) as invoke:
        for name in events:
            result = _cold(name, options) if cold[function_of(name)] == name else invoke(name)
            sys.stdout.write(json.dumps({"event": name, "result": result}) + "\n")
            sys.stdout.flush()


def _with_endpoints(url: str) -> Path:
    """The built template, and in it where AWS is: SAM passes only variables that a template has."""
    built = PROJECT / ".aws-sam" / HERE / "template.yaml"
    more = "".join(f"        AWS_ENDPOINT_URL_{service}: {url}\n" for service in ("XRAY", "SQS", "S3", "DYNAMODB"))
    text = built.read_text()
    assert text.count(FIRST) == 1
    changed = built.with_name("invoked.yaml")
    changed.write_text(text.replace(FIRST, more + FIRST))
    return changed


def _stores(url: str) -> dict[str, str]:
    s3 = boto3.client("s3", endpoint_url=url, region_name=REGION)
    for bucket in ("kept", "otlp-files"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    fill(s3, "kept")
    sqs = boto3.client("sqs", endpoint_url=url, region_name=REGION)
    queue, dead = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("queue", "dead"))
    return {
        "RAYGATE_AUTH": "none",
        "RAYGATE_BUCKET": "kept",
        "RAYGATE_QUEUE_URL": queue,
        "RAYGATE_DEAD_LETTER_QUEUE_URL": dead,
    }


def _cold(name: str, options: Sequence[str | Path]) -> Any:
    """A container for this event alone."""
    command = [SAM, "local", "invoke", function_of(name), "--event", EVENTS / f"{name}.json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return {"failed": done.stderr[-3_000:], "said": done.stdout[-500:]}


@contextmanager
def _warm(options: Sequence[str | Path], log: Path) -> Iterator[Callable[[str], Any]]:
    """Lambda's own API: a function's container takes all events that come for it."""
    command = [SAM, "local", "start-lambda", "--warm-containers", "LAZY", *options]
    config = Config(read_timeout=PATIENCE_S, retries={"total_max_attempts": 1})
    client = boto3.client("lambda", endpoint_url="http://{}:{}".format(*WARM), region_name=REGION, config=config)

    def invoke(name: str) -> Any:
        try:
            event = (EVENTS / f"{name}.json").read_bytes()
            return json.load(client.invoke(FunctionName=function_of(name), Payload=event)["Payload"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to see it
            return {"failed": repr(error), "said": log.read_text()[-3_000:]}

    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_for(process, log)
            yield invoke
        finally:
            process.terminate()


def _wait_for(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(WARM, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"sam local start-lambda does not listen: {log.read_text()[-3_000:]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
