"""The tables of filter expressions, and the traces that they speak of."""

import json
from pathlib import Path
from typing import Any

from raygate_local.xray.filters import Facts, facts_of

TABLES = Path(__file__).parent / "filter_tables"
GROUPS = {
    ("group.name", "slow"): "responsetime > 5",
    ("group.arn", "arn:aws:xray:us-east-1:000000000000:group/slow/1"): "responsetime > 5",
    ("group.name", "everything"): "",
}


def table(name: str) -> Any:
    return json.loads((TABLES / f"{name}.json").read_text())


TRACES: dict[str, list[dict[str, Any]]] = {
    name: [one | {"trace_id": f"1-00000000-{place:024x}"} for one in documents]
    for place, (name, documents) in enumerate(table("traces").items())
}
FACTS: dict[str, Facts] = {name: facts_of(documents) for name, documents in TRACES.items()}


def groups(keyword: str, value: str) -> str | None:
    return GROUPS.get((keyword, value))
