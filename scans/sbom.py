"""What the layer `dependencies` is made of, for machines: a CycloneDX list of `requirements/run.txt`, with licences.

Takes   the command `cyclonedx-py` of `.venv-scan`; the file to write; the folders of built layers, if there are any.
Gives   CycloneDX 1.6 in JSON, the same bytes for the same requirements. Status 1 when the list lacks a package that is
        required, or that lies in a layer.
Note    Addresses of package indexes are taken out: where a package was fetched says nothing about what it is.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from scans.findings import told
from scans.licences import rows
from scans.requirements import FOLDER, Pinned, normal, pinned

COMMAND: Final = Path(".venv-scan/bin/cyclonedx-py")
LAYER: Final = FOLDER / "run.txt"
OPTIONS: Final = ("requirements", str(LAYER), "--of", "JSON", "--sv", "1.6", "--output-reproducible", "-o", "-")
TIMEOUT_S: Final = 60


def completed(bill: dict[str, Any], layer: Sequence[Pinned]) -> dict[str, Any]:
    """The tool's list with licences and hashes, without addresses and line numbers."""
    licences = {one.name: licence for one, licence in rows(layer)}
    hashes = {one.name: one.hashes for one in layer}
    for component in bill["components"]:
        name = component["name"]
        component.pop("description", None)
        component.pop("externalReferences", None)
        component["hashes"] = [{"alg": "SHA-256", "content": text} for text in hashes.get(name, ())]
        if licences.get(name):
            component["licenses"] = [{"expression": licences[name]}]
    return bill


def packages_in(layer: Path) -> set[str]:
    """Those that pip has put there."""
    return {normal(path.name.partition("-")[0]) for path in layer.glob("*.dist-info")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("layers", type=Path, nargs="*")
    given = parser.parse_args(arguments)
    output: Path = given.output
    layer = list(pinned(LAYER))
    done = subprocess.run([str(COMMAND), *OPTIONS], capture_output=True, text=True, timeout=TIMEOUT_S, check=True)  # noqa: S603 - ours
    bill = completed(json.loads(done.stdout), layer)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(bill, indent=2) + "\n")
    listed = {normal(component["name"]) for component in bill["components"]}
    wanted = {one.name for one in layer}.union(*map(packages_in, given.layers))
    return told(
        "sbom", f"{len(listed)} packages in {output}", [f"not listed: {name}" for name in sorted(wanted - listed)]
    )


if __name__ == "__main__":
    sys.exit(main())
