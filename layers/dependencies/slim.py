"""botocore's data without what the function never asks for: 1.2 MB of JSON less to parse at each cold start.

Takes   the folder that pip has filled.
Gives   the same folder. Of botocore's models the services below stay, and of those that we call ourselves the
        operations that we call, without their documentation and not gzip'd. `endpoints.json` keeps every partition and
        region, and those services. Type stubs, which only editors read, go.
Raises  `KeyError` or `FileNotFoundError` when botocore has no such operation or file: the build fails.
Why     a client's first act is to list the folders of all services, about 440, and to read every endpoint of each. That
        is 40 of the 50 ms that it takes to make X-Ray's client.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

CALLED: Final = {
    "xray": ("PutTraceSegments",),
    "dynamodb": ("GetItem",),
    "sqs": (
        "SendMessageBatch",
        "ReceiveMessage",
        "DeleteMessageBatch",
        "ChangeMessageVisibilityBatch",
        "GetQueueAttributes",
    ),
    "s3": ("PutObject", "GetObject", "ListObjectsV2", "DeleteObject"),
}
"""What we call."""
CREDENTIALS: Final = ("sts", "sso", "sso-oidc", "signin")
"""What botocore calls itself to get credentials."""
ENDPOINTS: Final = {*CALLED, "sts", "portal.sso", "oidc", "signin"}
"""The same services as `endpoints.json` names them."""


def main(target: Path) -> None:
    """Slim what is in this folder."""
    data = target / "botocore" / "data"
    for service in [folder for folder in data.iterdir() if folder.is_dir()]:
        if service.name not in {*CALLED, *CREDENTIALS}:
            shutil.rmtree(service)
    for name, operations in CALLED.items():
        _slim_service(data / name, operations)
    endpoints = _read(data / "endpoints.json")
    for partition in endpoints["partitions"]:
        partition["services"] = {name: row for name, row in partition["services"].items() if name in ENDPOINTS}
    _write(data / "endpoints.json", endpoints)
    for stub in [*target.rglob("*.pyi")]:
        stub.unlink()


def _slim_service(service: Path, operations: tuple[str, ...]) -> None:
    *older, newest = sorted(service.iterdir())  # named by the date of the API
    for folder in older:
        shutil.rmtree(folder)
    model = _read(newest / "service-2.json.gz")
    rules = _read(newest / "endpoint-rule-set-1.json.gz")
    shutil.rmtree(newest)
    newest.mkdir()
    slim = _without_documentation(_with_only(model, operations))
    for parameter in slim.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # botocore reads it there, and fails without
    _write(newest / "service-2.json", slim)
    _write(newest / "endpoint-rule-set-1.json", rules)


def _with_only(model: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The model with these operations, and the shapes that they reach."""
    operations = {name: model["operations"][name] for name in names}
    wanted: set[str] = set()
    found = set(_shapes(operations))
    while found:
        wanted |= found
        found = {shape for name in found for shape in _shapes(model["shapes"][name])} - wanted
    return {**model, "operations": operations, "shapes": {name: model["shapes"][name] for name in sorted(wanted)}}


def _shapes(value: Any) -> Iterator[str]:
    """The shapes that are named anywhere within."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _shapes(one)


def _without_documentation(value: Any) -> Any:
    if isinstance(value, dict):
        # A member may have that name too; what it is then is no text.
        return {
            key: _without_documentation(one)
            for key, one in value.items()
            if key != "documentation" or not isinstance(one, str)
        }
    return [_without_documentation(one) for one in value] if isinstance(value, list) else value


def _read(file: Path) -> Any:
    return json.loads(gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes())


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
